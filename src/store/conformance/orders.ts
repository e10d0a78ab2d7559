import { describe, expect, test } from 'vitest'
import { purchaseId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import type { OrderSearch } from '../search.ts'
import type { Arrival } from '../store.ts'
import { anArrival, aPart, NOW, OTHER, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

export const describeOrders = (given: Given): void => {
  describe('orders', () => {
    const { fill } = given
    const order = async () => (await given.store.orders(SHOP, ['1', 'unknown'])).get('1')

    test('are changed by what later messages tell, and know where their purchase stands', async () => {
      await fill(1)
      await given.store.append({
        ...anArrival(purchaseId('1'), { name: 'order_placed' }),
        orders: [
          { orderId: '1', name: '#1001', placedAt: NOW, value: '30.00', currency: 'USD', email: 'ada@example.com' },
        ],
      })
      await given.store.append({ ...aPart(purchaseId('1')), orders: [{ orderId: '1', cancelledAt: NOW + 1 }] })
      expect(await order()).toEqual({
        orderId: '1',
        seq: 2,
        name: '#1001',
        placedAt: NOW,
        value: '30.00',
        currency: 'USD',
        cancelledAt: NOW + 1,
      })
    })

    test('are found by their name and by their buyer’s address, the newest first, within their shop', async () => {
      const placed = (orderId: string, name: string, at: number, shop = SHOP): Arrival => ({
        shop,
        events: [],
        parts: [],
        orders: [{ orderId, name, placedAt: at, email: 'ada@example.com', currency: 'USD' }],
      })
      await given.store.append(placed('1', '#1001', NOW))
      await given.store.append(placed('2', '#1002', NOW + 2 * DAY))
      const refund = { orderId: '1', currency: 'USD', refund: { id: 'r1', value: '5.00' } }
      await given.store.append({ shop: SHOP, events: [], parts: [], orders: [refund] })
      const found = async (by: OrderSearch, shop = SHOP) =>
        (await given.store.findOrders(shop, by, 5)).map(({ orderId, refunds }) => [orderId, refunds])
      expect(await found({ email: 'ada@example.com' })).toEqual([
        ['2', []],
        ['1', ['r1']],
      ])
      expect(await found({ name: '#1001' })).toEqual([['1', ['r1']]])
      expect(await found({ name: '1001' })).toEqual([])
      await fill(1, { shop: OTHER })
      expect(await found({ email: 'ada@example.com' }, OTHER)).toEqual([])
      expect(await given.store.findOrders(SHOP, { email: 'ada@example.com' }, 1)).toMatchObject([{ orderId: '2' }])
    })

    test('of a day are listed a page at a time, by id', async () => {
      const placed = (orderId: string, placedAt: number, shop = SHOP): Arrival => ({
        shop,
        events: [],
        parts: [],
        orders: [{ orderId, placedAt, value: '1.00' }],
      })
      const day = Math.floor(NOW / DAY)
      for (const id of ['101', 'WEB-7', '103', 'WEB-12', '102']) await given.store.append(placed(id, NOW))
      await given.store.append(placed('104', NOW + DAY))
      await given.store.append(placed('105', NOW, OTHER))
      const ids = async (query: { limit: number; before?: string }) =>
        (await given.store.ordersOfDay(SHOP, day, query)).map(({ orderId }) => orderId)
      expect(await ids({ limit: 3 })).toEqual(['WEB-7', 'WEB-12', '103'])
      expect(await ids({ limit: 3, before: 'WEB-12' })).toEqual(['103', '102', '101'])
      expect(await ids({ limit: 3, before: '102' })).toEqual(['101'])
      expect(await given.store.ordersOfDay(SHOP, day - 1, { limit: 2 })).toEqual([])
    })

    test('count a refund once, however often it is told', async () => {
      const refund = (id: string, value: string): Arrival => ({
        shop: SHOP,
        events: [],
        parts: [],
        orders: [{ orderId: '1', currency: 'USD', refund: { id, value } }],
      })
      for (const told of [refund('r1', '5.00'), refund('r1', '5.00'), refund('r2', '2.50')])
        await given.store.append(told)
      expect((await order())?.refunded).toBe('7.50')
    })
  })
}
