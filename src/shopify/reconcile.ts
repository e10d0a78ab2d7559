import type { Shop } from '../event/event.ts'
import { cancelId, paidId, refundId } from '../event/event-ids.ts'
import { type Taking, takeOrders } from '../pipeline/take-orders.ts'
import type { ShopRecord, Store } from '../store/store.ts'
import type { Admin, AdminProblem } from './admin.ts'
import { eachOrder, type Glance, type Period, wholeOrders } from './orders.ts'

/** What a look at a store's orders came to. */
export interface Looked {
  /** Orders that were looked at. */
  readonly orders: number
  /** Events that the log lacked and has now. */
  readonly found: number
  /** Why it did not come to its end. */
  readonly problem?: AdminProblem
}

export interface Reconciling extends Taking {
  readonly admin: Admin
}

/**
 * Looks through the orders that changed in a period and appends what the log lacks of them: an order whose webhook never
 * came, its payment, a refund, a cancellation. `passed` is told after each page up to when all is known, ms.
 */
export const reconcile = async (
  world: Reconciling,
  shop: ShopRecord,
  period: Period,
  passed: (until: number) => Promise<void> = async () => {},
): Promise<Looked> => {
  let orders = 0
  let found = 0
  const problem = await eachOrder(world.admin, shop.shop, 'updated_at', period, async (page) => {
    orders += page.length
    const lacking = await lackingOf(world.runtime.store, shop.shop, page)
    const failed = await wholeOrders(world.admin, shop.shop, lacking, async (whole) => {
      found += await takeOrders(world, shop, whole, 'reconcile')
    })
    if (failed) return failed
    await passed(Date.parse(page.at(-1)?.updatedAt ?? ''))
    return undefined
  })
  return { orders, found, ...(problem ? { problem } : {}) }
}

/** Of orders at a glance, those of which the log lacks something. */
const lackingOf = async (
  store: Pick<Store, 'orders' | 'seqOf'>,
  shop: Shop,
  page: readonly Glance[],
): Promise<readonly Glance[]> => {
  const known = await store.orders(
    shop,
    page.map(({ orderId }) => orderId),
  )
  const lacks = await Promise.all(
    page.map(async (glance) => {
      const { orderId, isPaid, isCancelled, refunds } = glance
      if (known.get(orderId)?.seq === undefined) return true
      const facts = [
        ...(isPaid ? [paidId(orderId)] : []),
        ...(isCancelled ? [cancelId(orderId)] : []),
        ...refunds.map(refundId),
      ]
      const seqs = await Promise.all(facts.map((fact) => store.seqOf(shop, fact)))
      return seqs.includes(undefined)
    }),
  )
  return page.filter((_, place) => lacks[place])
}
