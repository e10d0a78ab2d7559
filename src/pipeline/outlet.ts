import type { CommonSettings } from '../destinations/common-settings.ts'
import { maxAgeOf } from '../destinations/deadline.ts'
import type { Destination } from '../destinations/destination.ts'
import type { Outcome } from '../destinations/outcomes.ts'
import { mapEvent, TOO_LARGE } from '../destinations/plan.ts'
import { testingOf } from '../destinations/testing.ts'
import { notAfterReceipt } from '../destinations/told.ts'
import { type EventName, isOrderEvent } from '../event/names.ts'
import { HOUR, SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import type { Connection, Lane, NewEvent, ShopRecord } from '../store/store.ts'
import { eventWait } from './backoff.ts'
import { costAwaitedUntil } from './catalogue.ts'
import type { Fate, Sendable } from './exchange.ts'
import { heldUntil } from './hold.ts'
import type { Turn } from './order-turn.ts'
import type { Prepared } from './prepare.ts'
import { route } from './route.ts'
import type { Runtime } from './runtime.ts'
import type { Result } from './settle.ts'

/** A connection with everything that sending through it needs. */
export interface Outlet {
  readonly runtime: Runtime
  readonly shop: ShopRecord
  readonly connection: Connection
  readonly destination: Destination
  /** Parsed by the destination's schema. */
  readonly settings: CommonSettings
  /** The connection's own, as they were when its pass began. */
  readonly lanes: readonly Lane[]
}

const isOlder = (lanes: readonly Lane[], seq: number): boolean =>
  seq < (lanes.find(({ kind }) => kind === 'live')?.from ?? 1)

/** What a number is that has no byte yet: on its way, or from before the connection and not asked for. */
export const withoutByte = (lanes: readonly Lane[], seq: number): 'waiting' | 'before_connection' =>
  isOlder(lanes, seq) && !lanes.some(({ kind, position, to = 0 }) => kind === 'backfill' && seq > position && seq <= to)
    ? 'before_connection'
    : 'waiting'

/** Platforms are told which events are history: those from before the connection, and those that came as such. */
export const isBackfill = ({ lanes }: Pick<Outlet, 'lanes'>, { seq, event }: Prepared): boolean =>
  event?.origin === 'backfill' || isOlder(lanes, seq)

/** What earlier rounds did with an event: failed tries, and since when the platform may have it. */
export interface Before {
  readonly tries: number
  readonly unsureSince?: number
  /** Why it was parked. */
  readonly code?: string
  /** What the other events of its order mean for it. */
  readonly turn?: Turn | undefined
}

/** Whether an event goes out, waits, or ends here, decided with what is known now. */
export const decide = (outlet: Outlet, prepared: Prepared, before: Before): Sendable | Result => {
  const { seq, name, receivedAt, event } = prepared
  try {
    return decided(outlet, prepared, before)
  } catch (fault) {
    // One event that trips over a bug of ours must not hold up the others.
    const { runtime, shop, destination } = outlet
    runtime.log.error('mapper crashed', {
      shop: shop.shop,
      destination: destination.slug,
      seq,
      fault: whatFailed(fault),
    })
    const base = { seq, name, receivedAt, event, message: fault instanceof Error ? fault.name : 'unknown' }
    // Once may be the moment's doing; twice it is the event.
    if (before.code === CRASHED) return { ...base, outcome: 'mapper_crash' }
    const { tries, unsureSince } = before
    const due = runtime.clock.now() + eventWait(1, undefined, runtime.clock.random())
    const unsure = unsureSince === undefined ? {} : { unsureSince }
    return { ...base, outcome: 'parked', parked: { kind: 'retry', due, tries: tries + 1, ...unsure }, code: CRASHED }
  }
}

const CRASHED: Outcome = 'mapper_crash'

const decided = (outlet: Outlet, prepared: Prepared, { tries, unsureSince, turn }: Before): Sendable | Result => {
  const { runtime, shop, destination, settings } = outlet
  const { seq, name, receivedAt, event } = prepared
  const now = runtime.clock.now()
  const base = { seq, name, receivedAt, event }
  const test = testingOf(outlet) !== undefined
  if (!event) return { ...base, outcome: prepared.gone ?? 'expired' }
  if (event.origin === 'live' && isOrderEvent(event.name) && placedAt(event) < wholeSecond(shop.installedAt))
    return { ...base, outcome: 'before_connection' }
  const way = route(event, { destination, settings, policy: shop.policy, now, test })
  if ('skip' in way) {
    // Young enough when it came and too old now: that is no decision, it could not be sent in time.
    const young = receivedAt - Date.parse(event.occurredAt) <= maxAgeOf(destination, event)
    if (way.skip === 'too_old' && young) {
      const outcome = runtime.breakers.isRetired(destination.slug) ? 'api_version' : 'expired'
      return { ...base, outcome, parked: { kind: 'dead', due: 0, tries } }
    }
    return { ...base, outcome: way.skip, ...(way.field === undefined ? {} : { code: way.field }) }
  }
  if (unsureSince !== undefined && now > mergedUntil(destination, settings, name, unsureSince))
    return { ...base, outcome: 'ambiguous', parked: { kind: 'dead', due: 0, tries, unsureSince } }
  const visit = heldUntil(event, receivedAt, { known: prepared.visitKnown }, runtime.options.hold, now)
  const cost = costAwaitedUntil({ event, receivedAt, isAwaited: prepared.catalogueAwaited === true }, settings, now)
  const due = visit === undefined || cost === undefined ? (visit ?? cost) : Math.max(visit, cost)
  const unsure = unsureSince === undefined ? {} : { unsureSince }
  if (due !== undefined) return { ...base, outcome: 'parked', parked: { kind: 'hold', due, tries, ...unsure } }
  if (turn && 'skip' in turn) return { ...base, outcome: turn.skip }
  if (turn) return { ...base, outcome: 'parked', parked: { kind: 'hold', due: turn.wait, tries, ...unsure } }
  const mapped = mapEvent(destination, settings, notAfterReceipt(event, receivedAt), {
    limited: way.limited,
    backfill: isBackfill(outlet, prepared),
    test,
    now: new Date(now),
  })
  if ('skip' in mapped)
    return { ...base, outcome: mapped.skip, ...(mapped.field === undefined ? {} : { code: mapped.field }) }
  return { index: seq, items: mapped.items, prepared }
}

/**
 * Until when a repeat of an event whose first outcome is unknown may be sent: while the platform merges it, less an hour
 * for its clock and ours. Where nothing is merged, not even once more, unless the merchant would rather count twice.
 */
const mergedUntil = (
  destination: Destination,
  { prefer }: CommonSettings,
  name: EventName,
  unsureSince: number,
): number => {
  const merging = destination.dedup(name)
  if (merging !== undefined) return unsureSince + merging.window - HOUR
  return prefer === 'completeness' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** Shopify's times have whole seconds: an order of the second of the installation is not older than it. */
const wholeSecond = (at: number): number => at - (at % SECOND)

const placedAt = (event: NonNullable<Prepared['event']>): number =>
  Date.parse(event.commerce?.placedAt ?? event.occurredAt) || 0

export const isSendable = (decided: Sendable | Result): decided is Sendable => 'items' in decided

/** The result of a fate that is about this event; undefined for one about the request as a whole. */
export const resultOf = (
  outlet: Outlet,
  { prepared, items }: Sendable,
  fate: Fate | undefined,
  before: Before,
): Result | undefined => {
  const { runtime, destination } = outlet
  const { seq, name, receivedAt, event } = prepared
  const base = { seq, name, receivedAt, event }
  const now = runtime.clock.now()
  const unsure = before.unsureSince === undefined ? {} : { unsureSince: before.unsureSince }
  if (!fate || fate.outcome === 'failed') return undefined
  if (fate.outcome === 'accepted' && testingOf(outlet)) return { ...base, outcome: 'tested' }
  if (fate.outcome === 'accepted')
    return {
      ...base,
      // What is asked about later is only sent until then.
      outcome: destination.proof === 'none' || fate.poll !== undefined ? 'sent' : 'delivered',
      carried: [...new Set(items.flatMap((item) => destination.carries(item)))],
      ...(fate.poll === undefined ? {} : { unconfirmed: true as const }),
      ...(fate.note === undefined ? {} : { note: fate.note.slice(0, 200) }),
    }
  if (fate.outcome === 'rejected') return { ...base, outcome: 'rejected', code: fate.code, message: fate.message }
  if (fate.outcome === 'left')
    return { ...base, outcome: 'parked', parked: { kind: 'singly', due: now, tries: before.tries, ...unsure } }
  if (fate.outcome === 'too_large') {
    const { skip, field = '' } = TOO_LARGE
    return { ...base, outcome: skip, code: field, message: `It is larger than ${destination.name} takes.` }
  }
  const tries = before.tries + 1
  return {
    ...base,
    outcome: 'parked',
    parked: { kind: 'retry', due: now + eventWait(tries, fate.after, runtime.clock.random()), tries, ...unsure },
    code: fate.code,
    ...(fate.message === undefined ? {} : { message: fate.message }),
  }
}

/** A moment later, for an event whose order has another one in this very round: requests of a round overtake each other. */
const NEXT_ROUND = SECOND

/**
 * Of a batch, in the log's order, what goes now: an event that takes an order back never travels in one round with its
 * order's purchase, unless the platform knows only one value per order.
 */
export const oneRoundEach = (
  { destination, runtime }: Outlet,
  batch: readonly Sendable[],
  beforeOf: (sendable: Sendable) => Before | undefined,
): { readonly go: readonly Sendable[]; readonly later: readonly Result[] } => {
  if (destination.restates) return { go: batch, later: [] }
  const orders = new Set<string>()
  const go: Sendable[] = []
  const later: Result[] = []
  for (const sendable of batch) {
    const { seq, name, receivedAt, event } = sendable.prepared
    const orderId = isOrderEvent(name) ? event?.commerce?.orderId : undefined
    if (orderId !== undefined && orders.has(orderId)) {
      const { tries = 0, unsureSince } = beforeOf(sendable) ?? {}
      const unsure = unsureSince === undefined ? {} : { unsureSince }
      const parked = { kind: 'hold', due: runtime.clock.now() + NEXT_ROUND, tries, ...unsure } as const
      later.push({ seq, name, receivedAt, event, outcome: 'parked', parked })
    } else go.push(sendable)
    if (orderId !== undefined) orders.add(orderId)
  }
  return { go, later }
}

/**
 * Where an order has one value at the platform, of several of its events only the newest is sent: all of them carry the
 * newest value. Splits a batch, in the log's order, into what goes and what is superseded.
 */
export const newestOfOrder = (
  { destination }: Outlet,
  batch: readonly Sendable[],
): { readonly go: readonly Sendable[]; readonly superseded: readonly Result[] } => {
  if (!destination.restates) return { go: batch, superseded: [] }
  const newest = new Map<string, Sendable>()
  for (const sendable of batch) {
    const orderId = sendable.prepared.event?.commerce?.orderId
    const known = orderId === undefined ? undefined : newest.get(orderId)
    if (orderId !== undefined && (known === undefined || known.index < sendable.index)) newest.set(orderId, sendable)
  }
  const isNewest = (sendable: Sendable) => {
    const orderId = sendable.prepared.event?.commerce?.orderId
    return orderId === undefined || newest.get(orderId) === sendable
  }
  return {
    go: batch.filter(isNewest),
    superseded: batch
      .filter((sendable) => !isNewest(sendable))
      .map(({ prepared: { seq, name, receivedAt, event } }) => ({
        seq,
        name,
        receivedAt,
        event,
        outcome: 'superseded',
      })),
  }
}

/**
 * Joined forms of orders and checkouts, kept at their first send so that a later send tells the same story. What was only
 * tried out told none.
 */
export const joinedOf = (outlet: Outlet, sent: readonly Sendable[], now: number): NewEvent[] =>
  (testingOf(outlet) ? [] : sent).flatMap(({ prepared: { event, subject, sentBefore } }) =>
    event && !sentBefore && (isOrderEvent(event.name) || event.name === 'checkout_started')
      ? [{ event, subject, receivedAt: now }]
      : [],
  )

/** Of the requests of a round, those whose attempt is kept: all that tell something, and a sample of the rest. */
export const keptAttempts = <A extends { refused: number; status: number; carriesOrder: boolean }>(
  { runtime }: Outlet,
  attempts: readonly A[],
): A[] =>
  attempts.filter(
    (attempt) =>
      attempt.refused > 0 ||
      attempt.carriesOrder ||
      attempt.status < 200 ||
      attempt.status >= 300 ||
      runtime.clock.random() * runtime.options.attemptSample < 1,
  )
