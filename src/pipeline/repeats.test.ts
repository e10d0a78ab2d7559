import { afterEach, describe, expect, it } from 'vitest'
import { criteo } from '../destinations/criteo/criteo.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { order, reply, SHOP, type Small, smallWorld } from './double.ts'

// Criteo merges nothing: what it may have got already must not be sent again by itself.

let world: Small
let delivery: Delivery
afterEach(() => delivery.stop())

const orderOf = (request: HttpRequest): string => /"id":"(\d+)"/.exec(request.body ?? '')?.[1] ?? '?'

/** Orders 1 to `count` reach a shop connected to Criteo, which answers each request as told; the orders it was sent. */
const sentOrders = async (
  count: number,
  answer: (orderId: string, attempt: number) => HttpResponse,
  settings: Readonly<Record<string, unknown>> = {},
  prepare: () => Promise<void> = async () => {},
): Promise<string[]> => {
  const asked: string[] = []
  world = await smallWorld({
    wake: localWake(),
    hold: 0,
    other: {
      destination: criteo,
      settings: { partnerId: '12345', callerId: '678', ...settings },
      send: async (request) => {
        const orderId = orderOf(request)
        asked.push(orderId)
        return answer(orderId, asked.filter((one) => one === orderId).length)
      },
    },
  })
  const items = [{ productId: '7', variantId: '8', quantity: 1, price: '12.50', total: '12.50' }]
  await world.append(
    ...Array.from({ length: count }, (_, place) =>
      order({ id: `pur_${place + 1}`, commerce: { orderId: String(place + 1), items } }),
    ),
  )
  await prepare()
  delivery = startDelivery(world.runtime)
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(2 * HOUR)
  return asked
}

const taken = reply(200, '')
const lost: HttpResponse = { status: 0, headers: {}, body: '', ambiguous: true, problem: 'the connection broke' }
const unreached: HttpResponse = { ...lost, ambiguous: false }
const { sent, ambiguous } = OUTCOMES

describe('a platform that counts every repeat', () => {
  it('is not sent again what a kill left in doubt, not even in the millisecond of the start', async () => {
    const asked = await sentOrders(
      1,
      () => taken,
      {},
      async () => {
        const now = world.clock.now()
        await world.store.settle({
          shop: SHOP,
          connection: world.connection.id,
          lane: { lane: 1, due: 0, tries: 0, unsureSince: now, unsureUntil: now },
          park: [],
          overwrite: [],
          attempts: [],
          rollups: [],
          joined: [],
        })
      },
    )
    expect(asked).toEqual([])
    expect(await world.bytes()).toEqual([ambiguous])
  })

  it('gets what waited behind an outage, although the one order that felt its way is lost', async () => {
    let asked = 0
    // All nine fail, which opens the connection's breaker; then one goes alone, and nobody knows what became of it.
    await sentOrders(9, () => {
      asked++
      return asked <= 9 ? reply(503, '') : asked === 10 ? lost : taken
    })
    const bytes = await world.bytes()
    expect(bytes.filter((byte) => byte === ambiguous)).toHaveLength(1)
    expect(bytes.filter((byte) => byte === sent)).toHaveLength(8)
  })

  it('gets each order once', async () => {
    expect((await sentOrders(3, () => taken)).sort()).toEqual(['1', '2', '3'])
    expect(await world.bytes()).toEqual([sent, sent, sent])
  })

  it('is not sent the accepted orders again when another of the same round failed', async () => {
    const asked = await sentOrders(5, (orderId, attempt) => (orderId === '2' && attempt === 1 ? reply(503, '') : taken))
    expect(asked.filter((orderId) => orderId !== '2').sort()).toEqual(['1', '3', '4', '5'])
    expect(asked.filter((orderId) => orderId === '2')).toHaveLength(2)
    expect(await world.bytes()).toEqual([sent, sent, sent, sent, sent])
  })

  it('is not sent an order again of which nobody knows whether it arrived: it is dead as ambiguous', async () => {
    const asked = await sentOrders(3, (orderId) => (orderId === '2' ? lost : taken))
    expect(asked.filter((orderId) => orderId === '2')).toHaveLength(1)
    expect(await world.bytes()).toEqual([sent, ambiguous, sent])
    expect(await world.store.deadLetters(SHOP, world.connection.id, 9)).toMatchObject([{ seq: 2 }])
  })

  it('is sent it once more where the merchant would rather count twice than miss one', async () => {
    const asked = await sentOrders(2, (orderId, attempt) => (orderId === '2' && attempt === 1 ? lost : taken), {
      prefer: 'completeness',
    })
    expect(asked.filter((orderId) => orderId === '2')).toHaveLength(2)
    expect(await world.bytes()).toEqual([sent, sent])
  })

  it('that cannot be reached gets everything once it can', async () => {
    let asked = 0
    const orders = await sentOrders(4, () => (++asked <= 8 ? unreached : taken))
    expect(new Set(orders)).toEqual(new Set(['1', '2', '3', '4']))
    expect(await world.bytes()).toEqual([sent, sent, sent, sent])
    expect((await world.store.lanes(SHOP))[0]?.due).toBeLessThan(world.clock.now() + 15 * MINUTE)
  })
})
