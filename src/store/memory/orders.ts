import type { Shop } from '../../event/event.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex } from '../../lib/seal.ts'
import type { Store } from '../store.ts'
import type { ShopState } from './shop-state.ts'

export const orderOperations = (
  find: (shop: Shop) => ShopState | undefined,
): Pick<Store, 'orders' | 'ordersOfDay' | 'findOrders'> => ({
  async ordersOfDay(shop, day, { limit, before }) {
    return [...(find(shop)?.orders.values() ?? [])]
      .filter(({ at, order }) => Math.floor(at / DAY) === day && (before === undefined || order.orderId < before))
      .map(({ order }) => order)
      .sort((a, b) => (a.orderId < b.orderId ? 1 : -1))
      .slice(0, limit)
  },
  async orders(shop, orderIds) {
    const orders = find(shop)?.orders
    return new Map(
      orderIds.flatMap((id) => {
        const order = orders?.get(id)?.order
        return order ? [[id, order] as const] : []
      }),
    )
  },
  async findOrders(shop, by, limit) {
    const state = find(shop)
    if (!state) return []
    const email = 'email' in by ? blindIndex(state.key, by.email).toString('hex') : undefined
    const newestFirst = [...state.orders.values()]
      .filter((row) => ('name' in by ? row.order.name === by.name : row.email === email))
      .toSorted(
        (a, b) => Math.floor(b.at / DAY) - Math.floor(a.at / DAY) || (a.order.orderId < b.order.orderId ? 1 : -1),
      )
    return newestFirst.slice(0, limit).map(({ order }) => {
      const own = `${order.orderId} `
      const refunds = [...state.refunds].filter((refund) => refund.startsWith(own))
      return { ...order, refunds: refunds.map((refund) => refund.slice(own.length)).toSorted() }
    })
  },
})
