import type { Destination } from '../../destinations/destination.ts'
import { type OutcomeState, outcomeOf, stateOf } from '../../destinations/outcomes.ts'
import { EVENT_NAMES, type EventName } from '../../event/names.ts'
import { compact } from '../../lib/json.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import { waitingOf } from '../../pipeline/waiting.ts'
import { LAG_BOUNDS } from '../../store/rollup.ts'
import type { Connection, ShopRecord } from '../../store/store.ts'
import type { Day } from './days.ts'

/** What became of a connection's events over the last days, and how it stands with its platform. */
export interface Course {
  /** Oldest first. Events count for the day on which they arrived. */
  readonly days: readonly ({ readonly day: string } & Counts)[]
  readonly events: readonly ({ readonly name: EventName; readonly platformName?: string } & Counts)[]
  /** Accepted events by how long it took; the bound in ms, null for the open class. */
  readonly lags: readonly { readonly within: number | null; readonly count: number }[]
  /** When the oldest event that waits was received, ms since 1970. */
  readonly oldestWaits?: number
  readonly limits: {
    /** Events in one request, and requests per second that the platform allows. */
    readonly batch: number
    readonly perSecond: number
    readonly scope: 'connection' | 'account' | 'app'
    readonly inFlight: number
    readonly maxAge: number
  }
  /** Until when nothing is sent after failures, ms since 1970, and after how many. */
  readonly pausedUntil?: number
  readonly failures: number
  readonly answers: readonly {
    readonly at: number
    readonly ms: number
    readonly status: number
    readonly events: number
    readonly refused: number
    readonly answer: string
  }[]
}

type Counts = Readonly<Record<OutcomeState, number>>

const ANSWERS_SHOWN = 10

export const courseOf = async (
  { store, clock }: Runtime,
  shop: ShopRecord,
  [connection, destination]: readonly [Connection, Destination],
  days: readonly Day[],
): Promise<Course> => {
  const [attempts, all] = await Promise.all([
    store.attempts(shop.shop, { connection: connection.id, limit: ANSWERS_SHOWN }),
    waitingOf(store, shop),
  ])
  const waiting = all.find((one) => one.connection.id === connection.id)
  const own = days.map(({ day, rollups }) => ({
    day,
    rollups: rollups.filter((one) => one.connection === connection.id),
  }))
  const rollups = own.flatMap((one) => one.rollups)
  const lags = new Array<number>(LAG_BOUNDS.length + 1).fill(0)
  for (const { lag = [] } of rollups)
    for (const [place, count] of lag.entries()) lags[place] = (lags[place] ?? 0) + count
  const live = waiting?.lanes.find(({ kind }) => kind === 'live')
  const { batch, rate, inFlight, maxAge } = destination.limits
  return compact<Course>({
    days: own.map((one) => ({ day: one.day, ...countsOf(one.rollups) })),
    events: EVENT_NAMES.map((name) => ({ name, counts: countsOf(rollups.filter((one) => one.name === name)) }))
      .filter(({ counts }) => Object.values(counts).some((count) => count > 0))
      .map(({ name, counts }) =>
        compact<Course['events'][number]>({ name, platformName: destination.accepts[name] ?? undefined, ...counts }),
      ),
    lags: lags.map((count, place) => ({ within: LAG_BOUNDS[place] ?? null, count })),
    oldestWaits: waiting?.oldest,
    limits: { batch, perSecond: rate.perSecond, scope: rate.scope, inFlight, maxAge },
    pausedUntil: live && live.due > clock.now() ? live.due : undefined,
    failures: live?.tries ?? 0,
    answers: attempts.map(({ at, ms, status, seqs, refused, answer }) => ({
      at,
      ms,
      status,
      events: seqs.length,
      refused,
      answer,
    })),
  })
}

const countsOf = (rollups: Day['rollups']): Counts => {
  const counts = { delivered: 0, skipped: 0, waiting: 0, dead: 0 }
  for (const { outcome, count } of rollups) {
    const known = outcomeOf(outcome)
    if (known !== undefined) counts[stateOf(known)] += count
  }
  return counts
}
