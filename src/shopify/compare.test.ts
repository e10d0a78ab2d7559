import { describe, expect, it } from 'vitest'
import { HOUR } from '../lib/duration.ts'
import { NOW, order, SHOP, smallWorld, stored } from '../pipeline/double.ts'
import { startProjector } from '../pipeline/projector.ts'
import { storeAlone } from '../sandbox/shopify/admin/alone.ts'
import { numberedOrder } from '../sandbox/shopify/sample-sale.ts'
import { compareWithShopify } from './compare.ts'
import { wayTo } from './double.ts'
import { reconcile } from './reconcile.ts'

const PERIOD = { from: NOW - 10 * HOUR, until: NOW + HOUR }

const world = async () => {
  const small = await smallWorld()
  const shopify = wayTo(storeAlone(SHOP), small.clock)
  const projector = await startProjector(small.runtime)
  const shop = await small.store.shop(SHOP)
  if (!shop) throw new Error('no shop')
  const compare = () => compareWithShopify({ admin: shopify.admin, store: small.store }, shop, PERIOD)
  const take = async () => {
    const world = { runtime: small.runtime, projector, admin: shopify.admin }
    const taking = reconcile(world, shop, { since: 0, until: NOW + 2 * HOUR })
    // As long as it waits for points.
    await small.clock.turn(HOUR)
    return taking
  }
  return { ...small, shopify, compare, take, end: () => projector.stop() }
}

describe('our orders beside Shopify’s', () => {
  it('are the same in count and revenue once all were taken, and before that the missing ones are named', async () => {
    const { shopify, compare, take, end } = await world()
    for (let number = 0; number < 300; number++)
      shopify.books.sell(numberedOrder(number, NOW - 9 * HOUR + number * 60_000))
    // Outside of the period.
    shopify.books.sell(numberedOrder(900, NOW - 11 * HOUR))
    const before = await compare()
    expect(before).toMatchObject({ compared: true, isEqual: false, ours: { orders: 0 }, missing: { count: 300 } })
    expect(before.compared && before.missing.orders[0]?.name).toBe('#1000')
    await take()
    const after = await compare()
    expect(after).toMatchObject({ compared: true, isEqual: true, missing: { count: 0 }, gone: { count: 0 } })
    expect(after.compared && after.ours).toEqual(after.compared && after.shopify)
    expect(after.compared && after.ours.orders).toBe(300)
    await end()
  })

  it('name those that Shopify does not have any more', async () => {
    const { shopify, compare, take, end } = await world()
    shopify.books.sell(numberedOrder(1, NOW))
    await take()
    shopify.books.clear()
    expect(await compare()).toMatchObject({ isEqual: false, gone: { count: 1, orders: [{ name: '#1001' }] } })
    await end()
  })

  it('leave out those that Shopify never had, as WEB-1042 of your own server, which once were “not there any more”', async () => {
    const { shopify, store, compare, take, end } = await world()
    shopify.books.sell(numberedOrder(1, NOW))
    await take()
    for (const [orderId, value] of Object.entries({ 'WEB-1042': '12.50', 'WEB-1043': '20.00' }))
      await store.append({
        shop: SHOP,
        events: [stored(order({ id: `pur_${orderId}`, commerce: { orderId, value } }))],
        parts: [],
        orders: [{ orderId, placedAt: NOW, value, currency: 'USD' }],
      })
    expect(await compare()).toMatchObject({
      isEqual: true,
      ours: { orders: 1 },
      elsewhere: { orders: 2, value: { USD: '32.50' } },
      gone: { count: 0 },
    })
    await end()
  })

  it('are not compared while Shopify does not let us in, and it is said why', async () => {
    const { shopify, compare, end } = await world()
    shopify.api.setStatus(SHOP, 402)
    expect(await compare()).toEqual({ compared: false, why: expect.stringContaining('frozen') })
    await end()
  })
})
