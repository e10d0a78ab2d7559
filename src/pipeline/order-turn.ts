import { type Outcome, outcomeOf, type SkipReason } from '../destinations/outcomes.ts'
import { testingOf } from '../destinations/testing.ts'
import type { EventId } from '../event/event.ts'
import { cancelId, paidId, purchaseId } from '../event/event-ids.ts'
import { takesBack } from '../event/names.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { type Outlet, withoutByte } from './outlet.ts'
import type { Prepared } from './prepare.ts'

/** How long an event of an order waits behind an earlier one that is not finished. */
const LONGEST_TURN = 10 * MINUTE
/** How soon it looks again. */
const LOOK_AGAIN = 3 * SECOND

/** What the order's other events mean for one that takes it back. */
export type Turn = { readonly wait: number } | { readonly skip: SkipReason }

/**
 * Events of one order reach a connection in the order placed, paid, refunded, cancelled. A refund or a cancellation
 * whose purchase is still on its way waits, at most 10 min; one whose purchase was not sent here is not sent either; where
 * the purchase is from before the connection, a platform that would take the restated value for a new purchase is told
 * nothing; and a platform that knows refund and cancellation by one name is told of the same money once. By number; events
 * whose turn it is are not in the map.
 */
export const orderTurns = async (outlet: Outlet, batch: readonly Prepared[]): Promise<ReadonlyMap<number, Turn>> => {
  const turns = new Map<number, Turn>()
  const going = new Set(batch.map(({ seq }) => seq))
  for (const prepared of batch) {
    const turn = takesBack(prepared.name) ? await turnOf(outlet, prepared, going) : undefined
    if (turn) turns.set(prepared.seq, turn)
  }
  return turns
}

/** What became of a purchase that the platform may know of: by us, by the tag beside us, or it is not known. */
const KNOWN_THERE: ReadonlySet<Found | undefined> = new Set([
  'delivered',
  'sent',
  'ambiguous',
  'superseded',
  'switched_off',
  'twin_counted',
])

const turnOf = async (
  outlet: Outlet,
  { seq, event, receivedAt }: Prepared,
  going: ReadonlySet<number>,
): Promise<Turn | undefined> => {
  const { runtime, destination } = outlet
  const orderId = event?.commerce?.orderId
  if (!event || !orderId || destination.accepts[event.name] === null) return undefined
  const testing = testingOf(outlet) !== undefined
  const now = runtime.clock.now()
  const wait = { wait: Math.min(now + LOOK_AGAIN, receivedAt + LONGEST_TURN) }
  // Either way: it may have come by a clock that was set back since.
  const open = Math.abs(now - receivedAt) < LONGEST_TURN
  const purchases = await Promise.all([purchaseId(orderId), paidId(orderId)].map((id) => outcomeAt(outlet, id, going)))
  if (open && purchases.includes('waiting')) return wait
  const ours = purchases.filter((outcome) => outcome !== undefined && outcome !== 'before_connection')
  if (ours.length === 0 && destination.restates) return { skip: 'before_connection' }
  if (ours.length > 0 && !ours.some((outcome) => isKnown(outcome, testing))) return { skip: 'purchase_not_sent' }
  const oneName = destination.accepts.order_refunded === destination.accepts.order_cancelled
  if (event.name === 'order_refunded' && oneName && !destination.restates) {
    const cancelled = await outcomeAt(outlet, cancelId(orderId), going)
    if (cancelled === 'delivered' || cancelled === 'sent' || cancelled === 'ambiguous') return { skip: 'covered' }
    const cancellation = await runtime.store.seqOf(outlet.shop.shop, cancelId(orderId))
    if (cancelled === 'waiting' && open && (cancellation ?? seq) < seq) return wait
  }
  // A refund of before takes its part back first; the cancellation tells what that left.
  return event.name === 'order_cancelled' && open && (await isRefundParked(outlet, orderId, seq)) ? wait : undefined
}

/** Most parked events looked through for a refund of an order. */
const LOOK = 1000

/** An order does not know its refunds, so one that waits to be sent again is looked for among all that do. */
const isRefundParked = async (
  { runtime: { store }, shop, connection }: Outlet,
  orderId: string,
  before: number,
): Promise<boolean> => {
  const parked = await store.parked(shop.shop, connection.id, LOOK)
  const earlier = parked.flatMap(({ seq }) => (seq < before ? [seq] : []))
  if (earlier.length === 0) return false
  const stored = await store.readSeqs(shop.shop, earlier)
  return stored.some(({ name, event }) => name === 'order_refunded' && event?.commerce?.orderId === orderId)
}

type Found = Outcome | 'waiting'

/** In test mode the platform knows of what was tested, as far as it knows anything. */
const isKnown = (outcome: Found | undefined, testing: boolean): boolean =>
  outcome === 'waiting' || KNOWN_THERE.has(outcome) || (testing && outcome === 'tested')

/** What became of an event at this connection; undefined for one that the shop never had. What is `going` is on its way. */
const outcomeAt = async (outlet: Outlet, id: EventId, going: ReadonlySet<number>): Promise<Found | undefined> => {
  const { runtime, shop, connection, lanes } = outlet
  const { store } = runtime
  const seq = await store.seqOf(shop.shop, id)
  if (seq === undefined) return undefined
  if (going.has(seq)) return 'waiting'
  const [byte] = await store.ledger(shop.shop, connection.id, seq, seq)
  const outcome = outcomeOf(byte ?? 0)
  if (outcome === 'parked') return 'waiting'
  if (outcome !== undefined) return outcome
  return withoutByte(lanes, seq)
}
