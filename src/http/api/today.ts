import {
  EXPLAINED,
  OUTCOMES,
  type Outcome,
  type OutcomeState,
  outcomeOf,
  stateOf,
} from '../../destinations/outcomes.ts'
import { isPurchase } from '../../destinations/told.ts'
import type { EventName } from '../../event/names.ts'
import { compact } from '../../lib/json.ts'
import { fromMinor } from '../../lib/money.ts'
import { dayStart } from '../../lib/zone.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import { type Waiting, waitingOf } from '../../pipeline/waiting.ts'
import type { Rollup } from '../../store/rollup.ts'
import type { ShopRecord } from '../../store/store.ts'
import { accountOf } from './account.ts'
import type { Day } from './days.ts'

/** A shop's running day: its orders and where they are, and what usually goes wrong. */
export interface Today {
  /** YYYY-MM-DD where the shop is. */
  readonly day: string
  readonly currency?: string
  readonly orders: Money
  readonly platforms: readonly PlatformToday[]
  readonly checks: readonly Check[]
}

export interface Money {
  readonly count: number
  /** Decimal text in the shop's currency. */
  readonly value: string
}

/** look: it goes on, and somebody should look. stopped: nothing goes until somebody acts. */
export type Light = 'ok' | 'look' | 'paused' | 'stopped'

/** Today's orders at one connection. Accounted for are all but those that are `missing`. */
export interface PlatformToday {
  readonly connection: number
  readonly destination: { readonly slug: string; readonly name: string }
  readonly account?: string
  readonly light: Light
  /** Why the light is not green, in plain words, where more is known than the figures say. */
  readonly trouble?: string
  readonly delivered: Money
  /** In line, held, or to be sent again. */
  readonly waiting: number
  /** Nobody knows what became of them. */
  readonly missing: number
  /** Why orders were not delivered, most first. */
  readonly reasons: readonly {
    readonly outcome: Outcome
    readonly state: OutcomeState
    readonly explained: string
    readonly count: number
  }[]
  /**
   * Delivered although the browser's side did not tell: where our tags report, those whose tag said nothing or that it
   * failed (`tag`); else those of which no browser told at all (`browser`).
   */
  readonly recovered: Money & { readonly by: 'tag' | 'browser' }
}

/** `ok` is absent where there is nothing yet to judge by. */
export type Check =
  | { readonly check: 'tag'; readonly ok?: boolean; readonly beacons: number }
  | { readonly check: 'identifiers'; readonly ok?: boolean; readonly without: number }
  | {
      readonly check: 'failures'
      readonly ok?: boolean
      readonly dead: number
      readonly connections: readonly number[]
    }
  | { readonly check: 'funnel'; readonly ok?: boolean; readonly missing: readonly EventName[] }
  | { readonly check: 'days'; readonly ok?: boolean; readonly silent: readonly string[] }

/** What a shopper passes on the way to an order. */
const FUNNEL: readonly EventName[] = ['product_viewed', 'product_added', 'checkout_started', 'order_placed']
/** Told by browsers only. */
const BY_PIXEL: ReadonlySet<EventName> = new Set(['page_viewed', 'product_viewed', 'collection_viewed', 'cart_viewed'])

const MOST_CAUSES = 50

/** `days`: the shop's last days, the running one at the end. */
export const todayOf = async (runtime: Runtime, shop: ShopRecord, days: readonly Day[]): Promise<Today> => {
  const { store, destinations } = runtime
  const waiting = await waitingOf(store, shop)
  const causes = await Promise.all(
    waiting.map(async ({ connection }) => ({
      connection: connection.id,
      dead: (await store.deadCauses(shop.shop, connection.id, MOST_CAUSES)).reduce((sum, { count }) => sum + count, 0),
    })),
  )
  const { day, rollups } = days.at(-1) ?? { day: '', rollups: [] }
  const { currency, timezone } = shop.facts
  const placed = rollups.filter(({ connection, outcome, name }) => !connection && !outcome && name === 'order_placed')
  const orders = { ...sumOf(placed, currency), value: worthOf(rollups, currency) }
  return compact<Today>({
    day,
    currency,
    orders,
    platforms: waiting.map((one) => {
      const own = rollups.filter(({ connection }) => connection === one.connection.id)
      const definition = destinations.get(one.connection.destination)
      const figures = platformToday(own, orders.count, one, (dayStart(day, timezone) ?? 0) < one.connection.createdAt)
      return compact<PlatformToday>({
        connection: one.connection.id,
        destination: { slug: one.connection.destination, name: definition?.name ?? one.connection.destination },
        account: accountOf(definition, one.connection),
        light: lightOf(one, figures),
        trouble: one.connection.trouble,
        ...figures,
        delivered: sumOf(own.filter(isDelivered), currency),
        recovered: recoveredOf(own.filter(isDelivered), currency),
      })
    }),
    checks: checksOf(days, shop, causes),
  })
}

const sumOf = (rollups: readonly Pick<Rollup, 'count' | 'value'>[], currency: string | undefined): Money => ({
  count: rollups.reduce((sum, { count }) => sum + count, 0),
  value: fromMinor(BigInt(Math.round(rollups.reduce((sum, { value }) => sum + value, 0))), currency),
})

const recoveredOf = (delivered: readonly Rollup[], currency: string | undefined): PlatformToday['recovered'] => {
  const sums = delivered.flatMap(({ recovered }) => recovered ?? [])
  const noTag = sums.map((one) => one.noTag)
  const all = delivered.reduce((sum, { count }) => sum + count, 0)
  const byTag = noTag.reduce((sum, { count }) => sum + count, 0) < all
  return byTag
    ? { ...sumOf(noTag, currency), by: 'tag' }
    : {
        ...sumOf(
          sums.map((one) => one.noBrowser),
          currency,
        ),
        by: 'browser',
      }
}

/** Arrivals are counted without their value, so the connection that has settled most of it tells. */
const worthOf = (rollups: readonly Rollup[], currency: string | undefined): string => {
  const settled = Map.groupBy(
    rollups.filter(({ connection, name }) => connection && name === 'order_placed'),
    ({ connection }) => connection,
  )
  const values = [...settled.values()].map((own) => own.reduce((sum, { value }) => sum + value, 0))
  return fromMinor(BigInt(Math.round(Math.max(0, ...values))), currency)
}

const isDelivered = ({ name, outcome }: Rollup): boolean => {
  const known = outcomeOf(outcome)
  return isPurchase(name) && known !== undefined && stateOf(known) === 'delivered'
}

const lightOf = (
  { connection, parked }: Waiting,
  { missing, reasons }: Pick<PlatformToday, 'missing' | 'reasons'>,
): Light => {
  if (connection.state === 'needs_auth') return 'stopped'
  if (connection.state === 'paused') return 'paused'
  const failed = reasons.some(({ state }) => state === 'dead') || parked.some(({ kind }) => kind === 'person')
  return connection.trouble !== undefined || missing > 0 || failed ? 'look' : 'ok'
}

/** Orders without a byte wait in line; where nothing is in line they are from before the connection, or lost. */
const platformToday = (
  own: readonly Rollup[],
  orders: number,
  { inLine }: Waiting,
  isNew: boolean,
): Pick<PlatformToday, 'waiting' | 'missing' | 'reasons'> => {
  const counts = new Map<Outcome, number>()
  for (const { name, outcome, count } of own) {
    const known = outcomeOf(outcome)
    if (name === 'order_placed' && known !== undefined) counts.set(known, (counts.get(known) ?? 0) + count)
  }
  const settled = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const rest = Math.max(0, orders - settled)
  const isOld = rest > 0 && inLine === 0 && isNew
  if (isOld) counts.set('before_connection', (counts.get('before_connection') ?? 0) + rest)
  return {
    waiting: (counts.get('parked') ?? 0) + (inLine > 0 ? rest : 0),
    missing: inLine > 0 || isOld ? 0 : rest,
    reasons: [...counts]
      .filter(([outcome, count]) => count > 0 && outcome !== 'parked' && stateOf(outcome) !== 'delivered')
      .map(([outcome, count]) => ({ outcome, state: stateOf(outcome), explained: EXPLAINED[outcome], count }))
      .toSorted((a, b) => b.count - a.count),
  }
}

/** The five mistakes that are made most, each with what is seen of it now. "24 hours" are yesterday and today. */
const checksOf = (
  days: readonly Day[],
  { installedAt, facts }: ShopRecord,
  causes: readonly { readonly connection: number; readonly dead: number }[],
): readonly Check[] => {
  const recent = days.slice(-2).flatMap(({ rollups }) => rollups)
  const arrived = (rollups: readonly Rollup[], wanted: (name: EventName) => boolean): number =>
    rollups
      .filter(({ connection, outcome, name }) => !connection && !outcome && wanted(name))
      .reduce((sum, { count }) => sum + count, 0)
  const any = arrived(recent, () => true) > 0
  const beacons = arrived(recent, (name) => BY_PIXEL.has(name))
  // What one platform cannot match another can: an event without any identifier is left out by all of them.
  const without = Math.min(
    ...causes.map((one) =>
      recent
        .filter(({ connection, outcome }) => connection === one.connection && outcome === OUTCOMES.no_identifier)
        .reduce((sum, { count }) => sum + count, 0),
    ),
  )
  const dead = causes.reduce((sum, one) => sum + one.dead, 0)
  const missing = FUNNEL.filter((step) => arrived(recent, (name) => name === step) === 0)
  const lived = days.slice(0, -1).filter(({ day }) => (dayStart(day, facts.timezone) ?? 0) >= installedAt)
  const silent = lived.filter(({ rollups }) => arrived(rollups, () => true) === 0).map(({ day }) => day)
  return [
    { check: 'tag', beacons, ...(any || beacons > 0 ? { ok: beacons > 0 } : {}) },
    {
      check: 'identifiers',
      without: causes.length === 0 ? 0 : without,
      ...(any && causes.length > 0 ? { ok: without === 0 } : {}),
    },
    {
      check: 'failures',
      dead,
      connections: causes.flatMap((one) => (one.dead > 0 ? [one.connection] : [])),
      ok: dead === 0,
    },
    { check: 'funnel', missing, ...(any ? { ok: missing.length === 0 } : {}) },
    { check: 'days', silent, ...(lived.length > 0 ? { ok: silent.length === 0 } : {}) },
  ]
}
