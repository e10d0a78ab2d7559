import type { Event } from '../event/event.ts'
import { isOrderEvent } from '../event/names.ts'
import type { OrderChange } from '../event/order-change.ts'
import { SECOND } from '../lib/duration.ts'
import type { Json } from '../lib/json.ts'
import { whatFailed } from '../lib/log.ts'
import { decodeOrders } from '../sources/admin-api/decode.ts'
import type { Decoded } from '../sources/source.ts'
import { type OrderRecord, type ShopRecord, StoreFault } from '../store/store.ts'
import type { Projector } from './projector.ts'
import type { Runtime } from './runtime.ts'
import { subjectOf } from './subject.ts'

/** What taking orders that were looked up needs of the world. */
export interface Taking {
  readonly runtime: Pick<Runtime, 'store' | 'clock' | 'meter' | 'log'>
  readonly projector: Pick<Projector, 'take' | 'behind'>
}

/**
 * Appends what the log lacks of orders that the Admin API told of (sources/admin-api), and returns how many events that
 * were. What is known is not told again; of an order from before the installation all is history, which no live lane
 * sends. An order that cannot be taken is left out, and the log says so. Rejects with a StoreFault when the store cannot
 * take it now.
 */
export const takeOrders = async (
  { runtime, projector }: Taking,
  shop: ShopRecord,
  orders: readonly Json[],
  origin: 'reconcile' | 'backfill',
): Promise<number> => {
  const { store, clock, meter, log } = runtime
  while (projector.behind) await clock.sleep(SECOND)
  const receivedAt = clock.now()
  const message = {
    source: 'admin-api',
    shop: shop.shop,
    receivedAt: new Date(receivedAt).toISOString(),
    origin,
    facts: shop.facts,
  } as const
  const leaveOut = (fault: unknown): void => {
    if (fault instanceof StoreFault) throw fault
    log.error('an order could not be taken, it is left out', { shop: shop.shop, fault: whatFailed(fault) })
  }
  const decoded = orders.flatMap((order) => {
    try {
      return [decodeOrders(message, order)]
    } catch (fault) {
      leaveOut(fault)
      return []
    }
  })
  const known = await store.orders(
    shop.shop,
    decoded.flatMap(({ orders: changes }) => changes.slice(0, 1).map(({ orderId }) => orderId)),
  )
  let taken = 0
  const take = async ({ events: told, orders: changes }: Decoded): Promise<void> => {
    const events: Event[] = []
    for (const event of told)
      if ((await store.seqOf(shop.shop, event.id)) === undefined) events.push(asHistory(event, shop))
    const [first] = changes
    if (events.length === 0 && !(first && isNews(first, known.get(first.orderId)))) return
    const appended = await store.append({
      shop: shop.shop,
      events: events.map((event) => ({ event, subject: subjectOf(event), receivedAt })),
      parts: [],
      orders: changes,
    })
    projector.take(
      events.map((event, place) => {
        const { seq, fresh = false } = appended.events[place] ?? {}
        if (fresh) taken++
        return { shop: shop.shop, event, at: receivedAt, ...(fresh && seq !== undefined ? { seq } : {}) }
      }),
    )
  }
  await Promise.all(decoded.map((order) => take(order).catch(leaveOut)))
  if (taken > 0) meter.accepted('admin-api', taken)
  return taken
}

const asHistory = (event: Event, { installedAt }: ShopRecord): Event => {
  const placedAt = Date.parse(event.commerce?.placedAt ?? event.occurredAt)
  return isOrderEvent(event.name) && placedAt < installedAt ? { ...event, origin: 'backfill' } : event
}

/** An order whose value was changed since, by an edit. */
const isNews = (change: OrderChange, order: OrderRecord | undefined): boolean =>
  order === undefined || (change.value !== undefined && change.value !== order.value)
