import { OUTCOMES, type Outcome, stateOf } from '../destinations/outcomes.ts'
import { isPurchase } from '../destinations/told.ts'
import type { Event } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { tagSignal } from '../event/tag-flags.ts'
import { toMinor } from '../lib/money.ts'
import { LAG_BOUNDS, quarterHour, type Recovered, type RollupDelta, type Sum } from '../store/rollup.ts'
import { addRecovered } from '../store/rollup-rows.ts'
import type { NewAttempt, Settlement } from '../store/settlement.ts'
import type { NewEvent, NewParked, ParkedKind } from '../store/store.ts'

/** What was decided about one event, before it is written down. */
export interface Result {
  readonly seq: number
  readonly name: EventName
  readonly receivedAt: number
  /** Undefined when the body is gone; it is counted all the same, with no value. */
  readonly event: Event | undefined
  readonly outcome: Outcome
  /** With outcome `parked`: why and until when. */
  readonly parked?: {
    readonly kind: ParkedKind
    readonly due: number
    readonly tries: number
    readonly unsureSince?: number
  }
  readonly code?: string
  readonly message?: string
  /** The platform is asked later whether it took it: when and with what is counted then. */
  readonly unconfirmed?: true
  /** Identifiers that the sent items carried. */
  readonly carried?: readonly string[]
  /** When the platform took it, ms since 1970, where that is not now. */
  readonly takenAt?: number
  /** What the platform remarked on an event that it took. */
  readonly note?: string
  /** What its byte said before, where there is one to be overwritten. */
  readonly was?: Outcome
}

/** The bytes of numbers from … to that had none before; a number without a result gets 0, which leaves it as it is. */
export const bytesOf = (results: readonly Result[], from: number, to: number): Uint8Array => {
  const bytes = new Uint8Array(to - from + 1)
  for (const { seq, outcome, was } of results) if (was === undefined) bytes[seq - from] = OUTCOMES[outcome]
  return bytes
}

/** The parts of a settlement that follow from results at a destination: bytes that change, parked rows and rollups. */
export const settle = (
  results: readonly Result[],
  attempts: readonly NewAttempt[],
  joined: readonly NewEvent[],
  now: number,
  slug: string,
): Pick<Settlement, 'park' | 'overwrite' | 'attempts' | 'rollups' | 'joined'> => {
  return {
    park: results.flatMap((result) => parkedOf(result, now)),
    overwrite: results.flatMap((result) =>
      result.was && result.outcome !== result.was ? [{ seq: result.seq, outcome: OUTCOMES[result.outcome] }] : [],
    ),
    attempts,
    rollups: rollupsOf(slug, results, now),
    joined,
  }
}

const parkedOf = (result: Result, now: number): NewParked[] => {
  // Of dead letters somebody asks what they died of: where no platform said it, the outcome does.
  const code = result.code ?? (stateOf(result.outcome) === 'dead' ? result.outcome : undefined)
  const told = {
    ...(code === undefined ? {} : { code }),
    ...(result.message === undefined ? {} : { message: result.message.slice(0, 500) }),
  }
  if (result.outcome === 'parked' && result.parked)
    return [{ seq: result.seq, ...result.parked, ...told, parkedAt: now }]
  if (stateOf(result.outcome) !== 'dead') return []
  return [
    {
      seq: result.seq,
      kind: 'dead',
      due: 0,
      tries: result.parked?.tries ?? 0,
      ...told,
      ...(result.event ? { copy: result.event } : {}),
      parkedAt: now,
    },
  ]
}

const rollupsOf = (slug: string, results: readonly Result[], now: number): RollupDelta[] => {
  const deltas = new Map<string, { -readonly [K in keyof RollupDelta]: RollupDelta[K] }>()
  const add = (result: Result, outcome: number, count: 1 | -1) => {
    const { name, event } = result
    const bucket = quarterHour(result.receivedAt)
    const key = `${bucket} ${name} ${outcome}`
    const delta = deltas.get(key) ?? { bucket, name, outcome, count: 0, value: 0 }
    deltas.set(key, delta)
    delta.count += count
    const value = count * (event ? minorValue(event) : 0)
    delta.value += value
    if (!event || (outcome !== OUTCOMES.delivered && outcome !== OUTCOMES.sent)) return
    const recovered = recoveredOf(slug, event, { count, value })
    if (recovered) delta.recovered = addRecovered(delta.recovered, recovered)
    // When it was taken and with what is told once, where it is known that it was.
    if (result.unconfirmed || count < 0) return
    const lag = [...(delta.lag ?? LAG_BOUNDS.map(() => 0).concat(0))]
    const from = Date.parse(event.occurredAt) || result.receivedAt
    const place = LAG_BOUNDS.findIndex((bound) => (result.takenAt ?? now) - from <= bound)
    const at = place === -1 ? LAG_BOUNDS.length : place
    lag[at] = (lag[at] ?? 0) + count
    delta.lag = lag
    const carried: Record<string, number> = { ...delta.carried }
    for (const name of result.carried ?? []) carried[name] = (carried[name] ?? 0) + count
    delta.carried = carried
    if (result.note) delta.notes = { ...delta.notes, [result.note]: (delta.notes?.[result.note] ?? 0) + count }
  }
  for (const result of results) {
    if (result.was === result.outcome) continue
    if (result.was) add(result, OUTCOMES[result.was], -1)
    add(result, OUTCOMES[result.outcome], 1)
  }
  return [...deltas.values()]
}

/** What a purchase that was sent adds to what the server recovered; undefined where the browser told of it as well. */
const recoveredOf = (slug: string, event: Event, sum: Sum): Recovered | undefined => {
  if (!isPurchase(event.name) || tagSignal(event, slug) === 'fired') return undefined
  // Only a browser tells its own id: where the pixel saw no more than the cart, that much was told.
  return { noTag: sum, noBrowser: event.identity?.clientId === undefined ? sum : { count: 0, value: 0 } }
}

/** Of the shop's own currency only: the pixel tells the shopper's, and sums of several currencies say nothing. */
const minorValue = ({ commerce, store }: Event): number => {
  const { value, currency } = commerce ?? {}
  const foreign = store?.currency !== undefined && currency !== store.currency
  return value === undefined || foreign ? 0 : Number(toMinor(value, currency) ?? 0n)
}
