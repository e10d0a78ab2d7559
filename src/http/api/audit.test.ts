import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../lib/duration.ts'
import { NOW, order, SHOP, smallWorld, stored } from '../../pipeline/double.ts'
import { storeAlone } from '../../sandbox/shopify/admin/alone.ts'
import { numberedOrder } from '../../sandbox/shopify/sample-sale.ts'
import { wayTo } from '../../shopify/double.ts'
import { reconcileState } from '../../shopify/reconcile-state.ts'
import type { Shopify } from '../../shopify/shopify.ts'
import { dashboardApi } from './index.ts'

const PERIOD = 'from=2026-11-22T00:00:00Z&until=2026-11-23T00:00:00Z'

const asked = async (withShopify = false) => {
  const world = await smallWorld()
  const shopify = wayTo(storeAlone(SHOP), world.clock)
  const api = dashboardApi({
    runtime: world.runtime,
    verify: async () => ({ outcome: 'ok', message: '' }),
    inspect: async () => undefined,
    capture: { webhooks: '', beacon: '', track: '' },
    ...(withShopify ? { shopify: { admin: shopify.admin } as Shopify } : {}),
  })
  const get = (path: string) => api.request(`/shops/${SHOP}/audit${path}`)
  const place = (number: number, orderId = String(number)) =>
    world.store.append({
      shop: SHOP,
      events: [stored(order({ id: `pur_${orderId}`, commerce: { orderId, channel: 'web' } }))],
      parts: [],
      orders: [{ orderId, name: `#${number}`, placedAt: NOW, value: '10.00', currency: 'USD' }],
    })
  return { ...world, shopify, get, place }
}

describe('the audit that the dashboard shows', () => {
  it('gives a page, filtered by what became of the orders, and their sums', async () => {
    const { get, place } = await asked()
    for (const number of [1, 2, 3]) await place(number)
    const page = (await (await get(`?${PERIOD}`)).json()) as { orders: { name: string; cells: object[] }[] }
    expect(page.orders.map(({ name }) => name)).toEqual(['#3', '#2', '#1'])
    expect(page.orders[0]?.cells).toMatchObject([{ connection: 1, state: 'waiting' }])
    expect(await (await get(`?${PERIOD}&state=delivered`)).json()).toEqual({ orders: [] })
    expect(await (await get(`/sums?${PERIOD}`)).json()).toMatchObject({
      all: { orders: 3, value: { USD: '30.00' } },
      connections: [{ connection: 1, name: 'Pinterest 549755885175', states: { waiting: { orders: 3 } } }],
    })
  })

  it('goes on after an order that your own server named at any length: “next” was once refused there', async () => {
    const { get, place } = await asked()
    const ids = Array.from({ length: 51 }, (_, number) => `${'WEB'.repeat(30)}-${1000 + number}`)
    for (const [number, id] of ids.entries()) await place(number, id)
    const first = (await (await get(`?${PERIOD}`)).json()) as { orders: { orderId: string }[]; next: string }
    const second = await get(`?${PERIOD}&after=${encodeURIComponent(first.next)}`)
    expect(second.status).toBe(200)
    const { orders } = (await second.json()) as { orders: { orderId: string }[] }
    expect([...first.orders, ...orders].map(({ orderId }) => orderId)).toEqual(ids.toReversed())
  })

  it('is a file too', async () => {
    const { get, place } = await asked()
    await place(1)
    const answer = await get(`/csv?${PERIOD}`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="orders-demo.csv"')
    const lines = (await answer.text()).split('\r\n')
    expect(lines[0]).toMatch(/^order,order id,placed at,/)
    expect(lines[1]).toMatch(/^#1,1,2026-11-22T10:00:00.000Z,10.00,USD,,no,,Pinterest 549755885175,1,waiting,waiting,/)
  })

  it('says that it is not compared where there is no access', async () => {
    const { get } = await asked()
    expect(await (await get(`/shopify?${PERIOD}`)).json()).toMatchObject({ compared: false })
  })

  it('names what Shopify has and we lack, and has it fetched', async () => {
    const { get, shopify, store } = await asked(true)
    shopify.books.sell(numberedOrder(1, NOW))
    expect(await (await get(`/shopify?${PERIOD}`)).json()).toMatchObject({
      compared: true,
      isEqual: false,
      missing: { count: 1, orders: [{ name: '#1001' }] },
    })
    expect((await reconcileState(store, SHOP)).state.asked?.since).toBe(Date.parse('2026-11-22T00:00:00Z'))
  })

  it('asks Shopify once however many look at the same days, and again after five minutes', async () => {
    const { get, shopify, clock } = await asked(true)
    const look = async () => (await (await get(`/shopify?${PERIOD}`)).json()) as { at: number }
    const [first, second] = await Promise.all([look(), look()])
    expect(second).toEqual(first)
    shopify.books.sell(numberedOrder(1, NOW))
    expect(await look()).toEqual(first)
    expect(shopify.asked).toHaveLength(1)
    await clock.turn(5 * MINUTE)
    expect(await look()).toMatchObject({ at: first.at + 5 * MINUTE, missing: { count: 1 } })
  })

  it('compares a quarter at most, and says so', async () => {
    const { get, shopify } = await asked(true)
    expect(await (await get('/shopify?from=2025-01-01&until=2026-11-23')).json()).toMatchObject({
      compared: false,
      why: expect.stringContaining('93 days'),
    })
    expect(shopify.asked).toEqual([])
  })

  it.each([
    'from=2026-11-22T00:00:00Z&until=2026-11-21T00:00:00Z',
    'from=2020-11-22T00:00:00Z&until=2026-11-21T00:00:00Z',
    'from=yesterday&until=2026-11-21T00:00:00Z',
    `${PERIOD}&after=x`,
    `${PERIOD}&state=lost`,
  ])('refuses %s', async (query) => {
    const { get } = await asked()
    expect((await get(`?${query}`)).status).toBe(400)
  })
})
