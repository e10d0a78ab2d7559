import { afterEach, describe, expect, it } from 'vitest'
import { ga4 } from '../destinations/ga4/ga4.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { DAY, MINUTE, SECOND } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { NOW, order, reply, SHOP, type Small, smallWorld } from './double.ts'

// The events of one order at Google Analytics, which adds refunds up and knows a cancellation by the same name.

let world: Small
let delivery: Delivery
afterEach(() => delivery.stop())

const start = async (
  answer: () => HttpResponse = () => reply(204, ''),
  hold = 0,
  settings: object = {},
): Promise<HttpRequest[]> => {
  const asked: HttpRequest[] = []
  world = await smallWorld({
    wake: localWake(),
    hold,
    other: {
      destination: ga4,
      settings: { measurementId: 'G-TEST123456', apiSecret: 'secret-of-the-stream', ...settings },
      send: async (request) => {
        asked.push(request)
        return answer()
      },
    },
  })
  delivery = startDelivery(world.runtime)
  return asked
}

const items = [{ productId: '7', variantId: '8', title: 'Lantern', quantity: 1, price: '12.50', total: '12.50' }]
const consent = { marketing: true, analytics: true }
const ids = { gaClientId: '1234567890.1763800000' }
const placed = order({ id: 'pur_1001', commerce: { orderId: '1001', items }, consent, ids })
const takingBack = (name: 'order_refunded' | 'order_cancelled', id: string, value: string, at = NOW): Event => ({
  ...order({ id, name, occurredAt: new Date(at).toISOString() }),
  commerce: {
    orderId: '1001',
    value,
    currency: 'USD',
    channel: 'web',
    ...(name === 'order_cancelled' ? { items } : {}),
  },
})
const tell = async (event: Event, change: object = {}) => {
  await world.store.append({
    shop: SHOP,
    events: [{ event, subject: 'customer:77', receivedAt: world.clock.now() }],
    parts: [],
    orders: [{ orderId: '1001', ...change }],
  })
  world.runtime.wake.arrived(SHOP)
}
const order1001 = { placedAt: NOW, value: '12.50', currency: 'USD' }
const told = (requests: readonly HttpRequest[]): [string, number][] =>
  requests.flatMap(({ body }) => {
    const { events } = JSON.parse(body ?? '{}') as { events: { name: string; params: { value: number } }[] }
    return events.map(({ name, params }): [string, number] => [name, params.value])
  })
const { sent, covered, parked, waits_for_payment, purchase_not_sent } = OUTCOMES

describe('events of one order', () => {
  it('reach a platform in their order: a refund waits for a purchase that is still held', async () => {
    const asked = await start(undefined, 30 * SECOND)
    const visit = { ...placed, commerce: { ...placed.commerce, checkoutToken: 'checkout-1' } }
    await tell(visit, order1001)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(20 * SECOND)
    expect(told(asked)).toEqual([])
    expect(await world.bytes()).toEqual([parked, parked])
    await world.clock.turn(MINUTE)
    expect(told(asked)).toEqual([
      ['purchase', 12.5],
      ['refund', 4],
    ])
    expect(await world.bytes()).toEqual([sent, sent])
  })

  it('wait ten minutes at most', async () => {
    let open = false
    const asked = await start(() => (open ? reply(204, '') : reply(503, '')))
    await tell(placed, order1001)
    await world.clock.turn(5 * MINUTE)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    open = true
    await world.clock.turn(30 * MINUTE)
    expect(new Set(told(asked).map(([name]) => name))).toEqual(new Set(['purchase', 'refund']))
    expect(await world.bytes()).toEqual([sent, sent])
  })

  it('a refund knows the shopper of its purchase, two days later', async () => {
    const asked = await start()
    await tell(placed, order1001)
    await world.clock.turn(2 * DAY)
    const refund = { ...takingBack('order_refunded', 'ref_1', '4.00', NOW + 2 * DAY), identity: {} }
    await tell(refund, { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(MINUTE)
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toMatchObject({ client_id: '1234567890.1763800000' })
  })

  it('are not told of what takes back a purchase that was not sent: nothing can be taken back there', async () => {
    const asked = await start(undefined, 0, { purchaseOn: 'paid' })
    await tell(placed, order1001)
    await tell(takingBack('order_cancelled', 'can_1001', '12.50'), { cancelledAt: NOW })
    await world.clock.turn(MINUTE)
    expect(told(asked)).toEqual([])
    expect(await world.bytes()).toEqual([waits_for_payment, purchase_not_sent])
  })

  it('are told of a refund although the purchase is left to the tag', async () => {
    const asked = await start(undefined, 0, { events: ['order_refunded'] })
    await tell(placed, order1001)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(MINUTE)
    expect(told(asked)).toEqual([['refund', 4]])
  })

  it('never travel in one round, however long both have waited', async () => {
    let open = false
    const asked = await start(() => (open ? reply(204, '') : reply(503, '')))
    await tell(placed, order1001)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(30 * MINUTE)
    asked.length = 0
    open = true
    await world.clock.turn(30 * MINUTE)
    expect(told(asked)).toEqual([
      ['purchase', 12.5],
      ['refund', 4],
    ])
    expect(asked).toHaveLength(2)
  })

  it('money is taken back once: a cancellation tells what refunds before it left', async () => {
    const asked = await start()
    await tell(placed, order1001)
    await world.clock.turn(MINUTE)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(MINUTE)
    await tell(takingBack('order_cancelled', 'can_1001', '12.50'), { cancelledAt: NOW })
    await world.clock.turn(MINUTE)
    expect(told(asked)).toEqual([
      ['purchase', 12.5],
      ['refund', 4],
      ['refund', 8.5],
    ])
  })

  it('a cancellation waits for a refund that has to be sent again', async () => {
    let refuse = true
    const asked: HttpRequest[] = await start(
      () => (refuse && told(asked).at(-1)?.[0] === 'refund' ? reply(503, '') : reply(204, '')),
      30 * SECOND,
    )
    await tell({ ...placed, commerce: { ...placed.commerce, checkoutToken: 'checkout-1' } }, order1001)
    await tell(takingBack('order_refunded', 'ref_1', '4.00'), { refund: { id: '1', value: '4.00' } })
    await world.clock.turn(40 * SECOND)
    await tell(takingBack('order_cancelled', 'can_1001', '12.50'), { cancelledAt: NOW })
    await world.clock.turn(30 * SECOND)
    refuse = false
    asked.length = 0
    await world.clock.turn(5 * MINUTE)
    expect(told(asked)).toEqual([
      ['refund', 4],
      ['refund', 8.5],
    ])
    expect(await world.bytes()).toEqual([sent, sent, sent])
  })

  it('money is taken back once: the refund that follows a cancellation is covered by it', async () => {
    const asked = await start()
    await tell(placed, order1001)
    await world.clock.turn(MINUTE)
    await tell(takingBack('order_cancelled', 'can_1001', '12.50'), { cancelledAt: NOW })
    await world.clock.turn(MINUTE)
    await tell(takingBack('order_refunded', 'ref_1', '12.50'), { refund: { id: '1', value: '12.50' } })
    await world.clock.turn(MINUTE)
    expect(told(asked)).toEqual([
      ['purchase', 12.5],
      ['refund', 12.5],
    ])
    expect(await world.bytes()).toEqual([sent, sent, covered])
  })
})
