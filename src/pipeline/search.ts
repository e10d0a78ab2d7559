import { type OutcomeState, outcomeOf, stateOf } from '../destinations/outcomes.ts'
import type { EventId, Shop } from '../event/event.ts'
import { cancelId, paidId, purchaseId, refundId } from '../event/event-ids.ts'
import type { EventName } from '../event/names.ts'
import { compact } from '../lib/json.ts'
import type { FoundOrder, Only } from '../store/search.ts'
import type { ConnectionId, ShopRecord, Store, StoredEvent } from '../store/store.ts'
import { withoutByte } from './outlet.ts'
import { seqAt } from './replay.ts'

/** What somebody looks for in a shop's log. What is absent sets no limit; times in ms since 1970, the end excluded. */
export interface Search {
  /** An order's name or id, an event's id, or a buyer's address. */
  readonly text?: string
  readonly names?: readonly EventName[]
  /** Only what ended so, at this connection or, where none is named, at any. */
  readonly states?: readonly OutcomeState[]
  readonly connection?: ConnectionId
  readonly from?: number
  readonly until?: number
  /** Where an earlier answer ended. */
  readonly below?: number
  readonly limit: number
}

export interface Found {
  /** Newest first. */
  readonly events: readonly StoredEvent[]
  /** There may be more below this number. */
  readonly next?: number
  /** With fewer events than asked for: back to when was looked so far. */
  readonly lookedTo?: number
}

/** Numbers that are looked at in one step, and the most steps for one answer: 130,000 numbers, a byte each. */
const STEP = 8192
const MOST_STEPS = 16

/** Orders that one text may name. */
const MOST_ORDERS = 50

/** Searches the log from its end. One answer costs the same however long the log is; what it has not reached, `next` tells. */
export const searchLog = async (store: Store, { shop, head }: ShopRecord, search: Search): Promise<Found> => {
  const { names, limit } = search
  const seqs = search.text === undefined ? undefined : await seqsNamed(store, shop, search.text.trim())
  if (seqs?.length === 0) return { events: [] }
  const first = search.from === undefined ? 1 : await seqAt(store, shop, search.from)
  const end = search.until === undefined ? head + 1 : await seqAt(store, shop, search.until)
  const chosen = await stateFilter(store, shop, search)
  const found: StoredEvent[] = []
  let below = Math.min(search.below ?? end, end)
  for (let step = 0; step < MOST_STEPS && below > first && found.length < limit; step++) {
    const from = seqs ? first : Math.max(first, below - STEP)
    const within = chosen ? await chosen(seqs ?? { from, to: below - 1 }) : seqs
    const wanted = limit - found.length
    const only = compact<Only>({ from, names, seqs: within })
    const events = within?.length === 0 ? [] : await store.newest(shop, wanted, below, only)
    found.push(...events)
    below = events.length < wanted ? from : (events.at(-1)?.seq ?? from)
  }
  if (below <= first) return { events: found }
  if (found.length === limit) return { events: found, next: below }
  const [reached] = await store.readSeqs(shop, [below])
  return { events: found, next: below, ...(reached && { lookedTo: reached.receivedAt }) }
}

/** Numbers of the events that a text speaks of: one event, or all of an order. */
const seqsNamed = async (store: Store, shop: Shop, text: string): Promise<readonly number[]> => {
  const ids = [text as EventId, ...(await ordersNamed(store, shop, text)).flatMap(idsOf)]
  const seqs = await Promise.all([...new Set(ids)].map((id) => store.seqOf(shop, id)))
  return [...new Set(seqs.filter((seq) => seq !== undefined))]
}

const ordersNamed = async (store: Store, shop: Shop, text: string): Promise<readonly FoundOrder[]> => {
  if (text.includes('@')) return store.findOrders(shop, { email: text.toLowerCase() }, MOST_ORDERS)
  const [plain, hashed, byId] = await Promise.all([
    store.findOrders(shop, { name: text }, MOST_ORDERS),
    text.startsWith('#') ? [] : store.findOrders(shop, { name: `#${text}` }, MOST_ORDERS),
    store.orders(shop, [text]),
  ])
  return [...plain, ...hashed, ...[...byId.values()].map((order) => ({ ...order, refunds: [] }))]
}

const idsOf = ({ orderId, refunds }: FoundOrder): readonly EventId[] => [
  purchaseId(orderId),
  paidId(orderId),
  cancelId(orderId),
  ...refunds.map(refundId),
]

type Numbers = readonly number[] | { readonly from: number; readonly to: number }

/** Of some numbers those that ended in a wanted state; undefined where every state is. */
const stateFilter = async (store: Store, shop: Shop, { states, connection }: Search) => {
  if (states === undefined) return undefined
  const wanted = new Set(states)
  const [all, lanes] = await Promise.all([store.connections(shop), store.lanes(shop)])
  const columns = all
    .filter(({ id }) => connection === undefined || id === connection)
    .map(({ id }) => ({ id, lanes: lanes.filter((lane) => lane.connection === id) }))
  const stateAt = (byte: number, seq: number, own: (typeof columns)[number]): OutcomeState => {
    const outcome = outcomeOf(byte)
    if (outcome !== undefined) return stateOf(outcome)
    return byte === 0 && withoutByte(own.lanes, seq) === 'waiting' ? 'waiting' : 'skipped'
  }
  const inStretch = async (from: number, to: number): Promise<readonly number[]> => {
    const found = new Set<number>()
    for (const column of columns) {
      const bytes = await store.ledger(shop, column.id, from, to)
      for (const [place, byte] of bytes.entries())
        if (wanted.has(stateAt(byte, from + place, column))) found.add(from + place)
    }
    return [...found]
  }
  return async (numbers: Numbers): Promise<readonly number[]> =>
    'from' in numbers
      ? inStretch(numbers.from, numbers.to)
      : (await Promise.all(numbers.map((seq) => inStretch(seq, seq)))).flat()
}
