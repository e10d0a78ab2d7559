import { EXPLAINED, type Outcome, outcomeOf, stateOf } from '../destinations/outcomes.ts'
import type { Shop } from '../event/event.ts'
import { paidId } from '../event/event-ids.ts'
import { DAY } from '../lib/duration.ts'
import type { Connection, ConnectionId, Lane, OrderRecord, ParkedEvent, Store } from '../store/store.ts'
import { withoutByte } from './outlet.ts'

/**
 * Every order is in exactly one of these at every connection. refused: by the platform. suppressed: not sent, by decision.
 * dead: it should have been sent and was not. missing: Shopify told of it only in passing; the order itself is not here.
 */
export const AUDIT_STATES = ['delivered', 'waiting', 'refused', 'suppressed', 'dead', 'missing'] as const
export type AuditState = (typeof AUDIT_STATES)[number]

/** What became of an order at one connection. */
export interface AuditCell {
  readonly connection: ConnectionId
  readonly state: AuditState
  readonly outcome: Outcome | 'waiting' | 'missing'
  /** The reason in plain words. */
  readonly explained: string
  /** What the platform said, where it refused. */
  readonly code?: string
  readonly message?: string
}

export interface AuditedOrder {
  readonly orderId: string
  readonly name?: string
  /** ms since 1970. */
  readonly placedAt?: number
  readonly value?: string
  readonly currency?: string
  readonly channel?: string
  readonly refunded?: string
  readonly isCancelled: boolean
  /** Where its purchase stands in the log. */
  readonly seq?: number
  readonly cells: readonly AuditCell[]
}

/** A page of an audit, newest orders first; `next` is where the following one begins. */
export interface AuditPage {
  readonly orders: readonly AuditedOrder[]
  readonly next?: string
}

/** Orders placed from `from` on and before `until`; ms since 1970. */
export interface AuditPeriod {
  readonly from: number
  readonly until: number
}

type Books = Pick<Store, 'connections' | 'lanes' | 'ledger' | 'ordersOfDay' | 'parkedSeqs' | 'seqOf'>

/**
 * The orders of a period with what became of each at every connection, `limit` at a time, at most. `after` is the `next`
 * of a page before: anything else throws (`isAuditPlace` tells), for beginning again would never end.
 */
export const auditPage = async (
  store: Books,
  shop: Shop,
  { from, until }: AuditPeriod,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<AuditPage> => {
  const [connections, lanes] = await Promise.all([store.connections(shop), store.lanes(shop)])
  const last = Math.floor((until - 1) / DAY)
  const first = Math.floor(from / DAY)
  let { day, before } = beginning(last, after)
  const found: OrderRecord[] = []
  let next: string | undefined
  while (day >= first) {
    const asked = limit - found.length
    const orders = await store.ordersOfDay(shop, day, { limit: asked, ...(before === undefined ? {} : { before }) })
    found.push(...orders.filter(({ placedAt }) => placedAt === undefined || (placedAt >= from && placedAt < until)))
    const lowest = orders.at(-1)
    if (orders.length === asked && lowest) {
      before = lowest.orderId
      if (found.length < limit) continue
      next = `${day}-${before}`
      break
    }
    day--
    before = undefined
  }
  const columns = await Promise.all(connections.map((connection) => cellsOf(store, connection, lanes, found)))
  const orders = found.map(
    (order, place): AuditedOrder =>
      audited(
        order,
        columns.flatMap((column) => column[place] ?? []),
      ),
  )
  return { orders, ...(next === undefined ? {} : { next }) }
}

/** Whether a text is where a page of an audit begins. */
export const isAuditPlace = (text: string): boolean => placeIn(text) !== undefined

interface Place {
  readonly day: number
  /** The order after which the page begins; absent at the beginning of the day. */
  readonly before?: string | undefined
}

/** A day since 1970 and the id of an order, which need not be Shopify's: your own server names its orders as it likes. */
const PLACE = /^(-?\d{1,6})-(.{1,100})$/

const placeIn = (text: string): Place | undefined => {
  const [, day, before] = PLACE.exec(text) ?? []
  return day === undefined || before === undefined ? undefined : { day: Number(day), before }
}

const beginning = (last: number, after: string | undefined): Place => {
  if (after === undefined) return { day: last }
  const place = placeIn(after)
  if (!place) throw new RangeError('no place in an audit')
  return place.day > last ? { day: last } : place
}

const audited = (order: OrderRecord, cells: readonly AuditCell[]): AuditedOrder => {
  const { cancelledAt, ...told } = order
  return { ...told, isCancelled: cancelledAt !== undefined, cells }
}

/** What became of some orders at a connection, in their order. */
const cellsOf = async (
  store: Books,
  connection: Connection,
  allLanes: readonly Lane[],
  orders: readonly OrderRecord[],
): Promise<readonly AuditCell[]> => {
  const { shop, id } = connection
  const lanes = allLanes.filter((lane) => lane.connection === id)
  const placed = await outcomesAt(
    store,
    connection,
    lanes,
    orders.map(({ seq }) => seq),
  )
  // A purchase that counts when it is paid has its outcome there.
  const paid = await Promise.all(
    orders.map(({ orderId }, place) =>
      placed[place] === 'waits_for_payment' ? store.seqOf(shop, paidId(orderId)) : undefined,
    ),
  )
  const atPayment = await outcomesAt(store, connection, lanes, paid)
  const outcomes = orders.map((_, place) => atPayment[place] ?? placed[place])
  const seqs = orders.map(({ seq }, place) => paid[place] ?? seq)
  const spoken = seqs.flatMap((seq, place) => (seq !== undefined && hasWords(outcomes[place]) ? [seq] : []))
  const rows = await store.parkedSeqs(
    shop,
    id,
    [...new Set(spoken)].sort((a, b) => a - b),
  )
  const parked = new Map(rows.map((row) => [row.seq, row]))
  return outcomes.map((outcome, place) => cellOf(id, outcome, parked.get(seqs[place] ?? 0)))
}

/** Whether a row beside the ledger says more. */
const hasWords = (outcome: Outcome | 'waiting' | undefined): boolean =>
  outcome !== undefined && outcome !== 'waiting' && (outcome === 'parked' || stateOf(outcome) === 'dead')

const cellOf = (
  connection: ConnectionId,
  outcome: Outcome | 'waiting' | undefined,
  parked: ParkedEvent | undefined,
): AuditCell => {
  if (outcome === undefined) return { connection, state: 'missing', outcome: 'missing', explained: EXPLAINED_MISSING }
  const words = {
    ...(parked?.code === undefined ? {} : { code: parked.code }),
    ...(parked?.message === undefined ? {} : { message: parked.message }),
  }
  if (outcome === 'waiting') return { connection, state: 'waiting', outcome, explained: EXPLAINED_WAITING }
  return { connection, state: auditState(outcome), outcome, explained: EXPLAINED[outcome], ...words }
}

const EXPLAINED_MISSING = 'Missing: Converlay heard of this order but has not got it. It is being fetched from Shopify.'
const EXPLAINED_WAITING = 'Waiting: it is on its way out, or the connection cannot send at the moment.'

const auditState = (outcome: Outcome): AuditState => {
  // What was only tested counted nothing at the platform.
  if (outcome === 'rejected') return 'refused'
  const state = stateOf(outcome)
  return state === 'skipped' ? 'suppressed' : state
}

/** Numbers that lie no further apart are read in one go: a byte each. */
const NEAR = 4096

/** The outcomes of some numbers, in their order; undefined where there is no number. */
const outcomesAt = async (
  store: Books,
  { shop, id }: Connection,
  lanes: readonly Lane[],
  seqs: readonly (number | undefined)[],
): Promise<readonly (Outcome | 'waiting' | undefined)[]> => {
  const wanted = [...new Set(seqs.filter((seq) => seq !== undefined))].sort((a, b) => a - b)
  const outcomes = new Map<number, Outcome | 'waiting'>()
  for (let at = 0; at < wanted.length; ) {
    const from = wanted[at] ?? 0
    let end = at
    while ((wanted[end + 1] ?? Number.POSITIVE_INFINITY) - (wanted[end] ?? 0) <= NEAR) end++
    const bytes = await store.ledger(shop, id, from, wanted[end] ?? from)
    for (const seq of wanted.slice(at, end + 1))
      outcomes.set(seq, outcomeOf(bytes[seq - from] ?? 0) ?? withoutByte(lanes, seq))
    at = end + 1
  }
  return seqs.map((seq) => (seq === undefined ? undefined : outcomes.get(seq)))
}
