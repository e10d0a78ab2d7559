import type { Destination } from '../../destinations/destination.ts'
import { EXPLAINED, OUTCOMES, type Outcome, outcomeOf, stateOf } from '../../destinations/outcomes.ts'
import { retiredNotice, sunsetNotice } from '../../destinations/sunset.ts'
import { isPurchase } from '../../destinations/told.ts'
import type { EventName } from '../../event/names.ts'
import { DAY, HOUR } from '../../lib/duration.ts'
import { compact } from '../../lib/json.ts'
import { fromMinor } from '../../lib/money.ts'
import { expiryNotice, expiryOf } from '../../pipeline/expiring.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import { PARKED_SEEN, waitingOf } from '../../pipeline/waiting.ts'
import { RETENTION_SETTING, retentionOf } from '../../store/keeping-times.ts'
import { LAG_BOUNDS, quarterHour, type Recovered, type Rollup, type Sum } from '../../store/rollup.ts'
import { addRecovered } from '../../store/rollup-rows.ts'
import type { Attempt } from '../../store/settlement.ts'
import type { Connection, ConnectionState, ShopRecord } from '../../store/store.ts'
import { accountOf } from './account.ts'
import { testedBy } from './tested.ts'

/** A shop's last 24 hours, out of rollups and lanes only: the cost does not grow with the number of events. */
export interface Overview {
  readonly cameIn: {
    readonly total: number
    readonly byName: readonly { readonly name: EventName; readonly count: number }[]
    /** 24 counts, oldest first, the last one for the running hour. */
    readonly byHour: readonly number[]
  }
  readonly connections: readonly ConnectionOverview[]
}

export interface ConnectionOverview {
  readonly id: number
  readonly destination: { readonly slug: string; readonly name: string }
  readonly state: ConnectionState
  /** Why it is not active, in plain words. */
  readonly trouble?: string
  /** Which of the platform's accounts. */
  readonly account?: string
  /** In test mode: what the platform does with events instead of counting them. */
  readonly tested?: string
  /** What should be seen to before long: events that will expire, an interface that the platform ends. */
  readonly notice?: string
  /** What the platform took, whether it said so or not. */
  readonly delivered: number
  /** Of these, what it has not confirmed: it never does, or it has not been asked yet. */
  readonly unconfirmed: number
  readonly skipped: readonly ReasonCount[]
  readonly dead: readonly ReasonCount[]
  /** What the platform remarked on events that it took, most frequent first. */
  readonly notes: readonly { readonly text: string; readonly count: number }[]
  /** Events in line right now, whenever they came. */
  readonly waiting: {
    readonly inLine: number
    readonly parked: number
    readonly forPerson: number
    readonly more: boolean
  }
  readonly purchases: Worth & {
    /** Those for which no tag of ours reported that it fired, and those whose visit no browser told of. */
    readonly recovered: { readonly noTag: Worth; readonly noBrowser: Worth }
  }
  /** Time from the event to its acceptance; within so many ms, null for longer than the last class. */
  readonly lag?: { readonly p50: number | null; readonly p95: number | null }
  readonly lastTrouble?: { readonly at: number; readonly status: number; readonly answer: string }
}

/** So many purchases and their sum, as decimal text. */
export interface Worth {
  readonly count: number
  readonly value: string
  readonly currency?: string
}

export interface ReasonCount {
  readonly outcome: Outcome
  readonly explained: string
  readonly count: number
}

/** Of the platform's remarks, the most frequent. */
const NOTES_SHOWN = 3
/** Newest attempts looked through for trouble. */
const ATTEMPTS_SHOWN = 20

export const overviewOf = async (
  { store, clock, destinations, breakers }: Runtime,
  shop: ShopRecord,
): Promise<Overview> => {
  const now = clock.now()
  const [waiting, rollups, kept] = await Promise.all([
    waitingOf(store, shop),
    store.rollups(shop.shop, quarterHour(now - DAY)),
    store.setting(RETENTION_SETTING),
  ])
  return {
    cameIn: cameIn(rollups, now),
    connections: await Promise.all(
      waiting.map(async ({ connection, inLine, parked, ...rest }) => {
        const attempts = await store.attempts(shop.shop, { connection: connection.id, limit: ATTEMPTS_SHOWN })
        const forPerson = parked.filter((event) => event.kind === 'person').length
        const destination = destinations.get(connection.destination)
        return connectionOverview(connection, {
          destination,
          isRetired: breakers.isRetired(connection.destination),
          rollups: rollups.filter((rollup) => rollup.connection === connection.id),
          waiting: { inLine, parked: parked.length - forPerson, forPerson, more: parked.length === PARKED_SEEN },
          expires: destination && expiryOf(rest, destination.limits, retentionOf(kept), now),
          attempts,
          currency: shop.facts.currency,
          now,
        })
      }),
    ),
  }
}

const cameIn = (rollups: readonly Rollup[], now: number): Overview['cameIn'] => {
  const names = new Map<EventName, number>()
  const byHour = new Array<number>(24).fill(0)
  const thisHour = Math.floor(now / HOUR)
  for (const { bucket, name, outcome, count, connection } of rollups) {
    if (outcome !== 0 || connection !== undefined) continue
    names.set(name, (names.get(name) ?? 0) + count)
    const hour = 23 - (thisHour - Math.floor(bucket / HOUR))
    // The oldest bucket may begin in the hour before the first one shown.
    const shown = Math.max(0, Math.min(23, hour))
    byHour[shown] = (byHour[shown] ?? 0) + count
  }
  const byName = [...names].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
  return { total: byName.reduce((sum, { count }) => sum + count, 0), byName, byHour }
}

const connectionOverview = (
  connection: Connection,
  facts: {
    readonly destination: Destination | undefined
    readonly isRetired: boolean
    readonly rollups: readonly Rollup[]
    readonly waiting: ConnectionOverview['waiting']
    readonly expires: number | undefined
    readonly attempts: readonly Attempt[]
    readonly currency: string | undefined
    readonly now: number
  },
): ConnectionOverview => {
  const counts = new Map<Outcome, number>()
  const lags = new Array<number>(LAG_BOUNDS.length + 1).fill(0)
  let bought: Sum = { count: 0, value: 0 }
  let recovered: Recovered = { noTag: bought, noBrowser: bought }
  const notes = new Map<string, number>()
  for (const { outcome: code, name, count, value, lag, notes: told, recovered: added } of facts.rollups) {
    const outcome = outcomeOf(code)
    if (outcome === undefined || code === OUTCOMES.parked) continue
    counts.set(outcome, (counts.get(outcome) ?? 0) + count)
    lag?.forEach((events, index) => {
      lags[index] = (lags[index] ?? 0) + events
    })
    for (const [text, events] of Object.entries(told ?? {})) notes.set(text, (notes.get(text) ?? 0) + events)
    if (isPurchase(name) && stateOf(outcome) === 'delivered') {
      bought = { count: bought.count + count, value: bought.value + value }
      recovered = addRecovered(recovered, added)
    }
  }
  const reasons = (state: 'skipped' | 'dead'): readonly ReasonCount[] =>
    [...counts]
      .filter(([outcome, count]) => stateOf(outcome) === state && count > 0)
      .map(([outcome, count]) => ({ outcome, explained: EXPLAINED[outcome], count }))
      .sort((a, b) => b.count - a.count)
  const failed = facts.attempts.find(({ status, refused }) => status < 200 || status >= 300 || refused > 0)
  return compact<ConnectionOverview>({
    id: connection.id,
    destination: { slug: connection.destination, name: facts.destination?.name ?? connection.destination },
    state: connection.state,
    trouble: connection.trouble,
    account: accountOf(facts.destination, connection),
    tested: testedBy(facts.destination, connection),
    notice: noticeOf(facts),
    delivered: (counts.get('delivered') ?? 0) + (counts.get('sent') ?? 0),
    unconfirmed: counts.get('sent') ?? 0,
    skipped: reasons('skipped'),
    dead: reasons('dead'),
    notes: [...notes]
      .map(([text, count]) => ({ text, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, NOTES_SHOWN),
    waiting: facts.waiting,
    purchases: {
      ...worthOf(bought, facts.currency),
      recovered: {
        noTag: worthOf(recovered.noTag, facts.currency),
        noBrowser: worthOf(recovered.noBrowser, facts.currency),
      },
    },
    lag: lagOf(lags),
    lastTrouble: failed && { at: failed.at, status: failed.status, answer: failed.answer },
  })
}

const worthOf = ({ count, value }: Sum, currency: string | undefined): Worth =>
  compact<Worth>({ count, value: fromMinor(BigInt(Math.round(value)), currency), currency })

const noticeOf = (facts: {
  readonly destination: Destination | undefined
  readonly isRetired: boolean
  readonly expires: number | undefined
  readonly now: number
}): string | undefined => {
  const { destination, isRetired, expires, now } = facts
  const told = [
    expires === undefined ? undefined : expiryNotice(expires, now),
    destination && (isRetired ? retiredNotice(destination) : sunsetNotice(destination, now)),
  ].filter((text) => text !== undefined)
  return told.length === 0 ? undefined : told.join(' ')
}

/** Percentiles of a histogram over LAG_BOUNDS, each as the upper bound of its class; undefined without any event. */
export const lagOf = (classes: readonly number[]): ConnectionOverview['lag'] | undefined => {
  const total = classes.reduce((sum, events) => sum + events, 0)
  if (total === 0) return undefined
  const percentile = (share: number): number | null => {
    let seen = 0
    const index = classes.findIndex((events) => {
      seen += events
      return seen >= total * share
    })
    return LAG_BOUNDS[index] ?? null
  }
  return { p50: percentile(0.5), p95: percentile(0.95) }
}
