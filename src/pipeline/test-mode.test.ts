import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ga4 } from '../destinations/ga4/ga4.ts'
import { outcomeOf } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { order, reply, SETTINGS, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { begin, isRefused, planReplay } from './replay.ts'

let world: Small
let delivery: Delivery | undefined
beforeEach(async () => {
  world = await smallWorld({ wake: localWake(), hold: 0 })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery?.stop())

const testMode = (testMode: boolean) =>
  world.store.updateConnection(SHOP, world.connection.id, { settings: { ...SETTINGS, testMode } })
const pass = async () => {
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
}
const arrive = async (...events: readonly Event[]) => {
  await world.append(...events)
  await pass()
}
const names = async () => (await world.bytes()).map((byte) => outcomeOf(byte))
const urls = () => world.platform.requests.map(({ request }) => request.url)
const replayTested = async () => {
  const { store, clock, connection, outlet } = world
  const at = { store, now: clock.now(), connection, destination: outlet.destination }
  const plan = await planReplay(at, { outcomes: ['tested'] })
  if (isRefused(plan)) throw new Error(plan.refused)
  await begin(store, plan)
  await pass()
}
const ANALYTICS = { measurementId: 'G-ABCDEF1234', apiSecret: 'EXAMPLE_SECRET' }
const bought = { productId: '1', variantId: '2', title: 'Lantern', quantity: 1, price: '12.50', total: '12.50' }
const commerce = { currency: 'USD', value: '12.50', orderId: '1001', items: [bought] }
const purchase = order({ commerce })
const refund = order({ id: 'ref_9', name: 'order_refunded', commerce: { ...commerce, refundId: '9' } })

describe('a connection in test mode', () => {
  it('sends what the platform does not count, test orders too, and calls none of it delivered', async () => {
    await testMode(true)
    await arrive(seenByPixel(), order({ commerce: { currency: 'USD', value: '1.00', orderId: '1001', test: true } }))
    expect(urls().every((url) => url.endsWith('?test=true'))).toBe(true)
    expect(await names()).toEqual(['tested', 'tested'])
    const delivered = (await world.store.rollups(SHOP, 0)).filter(({ outcome }) => outcome === 2 || outcome === 3)
    expect(delivered).toEqual([])
  })

  it('looks at no more events of a request than the platform does', async () => {
    await testMode(true)
    await arrive(...Array.from({ length: 45 }, (_, n) => seenByPixel({ id: `sh-${n}` })))
    expect(world.platform.requests.map(({ events }) => events.length)).toEqual([20, 20, 5])
  })

  it('keeps what the platform refuses as a dead letter, as ever', async () => {
    await testMode(true)
    world.platform.answer = (events) =>
      reply(200, { events: events.map(() => ({ status: 'failed', error_message: 'No.' })) })
    await arrive(seenByPixel())
    expect(await names()).toEqual(['rejected'])
  })

  it('once it is over, what was tested is sent for real when asked for, and only then', async () => {
    await testMode(true)
    await arrive(seenByPixel(), order())
    await testMode(false)
    world.platform.requests.length = 0
    await pass()
    expect(world.platform.requests).toEqual([])

    await replayTested()
    expect(urls().some((url) => url.includes('test'))).toBe(false)
    expect(await names()).toEqual(['delivered', 'delivered'])
  })

  it('tests a refund behind its purchase, and sends both for real in that order', async () => {
    await delivery?.stop()
    const sent: string[] = []
    world = await smallWorld({
      wake: localWake(),
      hold: 0,
      other: {
        destination: ga4,
        settings: { ...ANALYTICS, testMode: true },
        send: async ({ url, body }) => {
          const path = new URL(url).pathname
          const { events } = JSON.parse(body ?? '{}') as { events: { name: string }[] }
          sent.push(...events.map(({ name }) => `${path} ${name}`))
          return path === '/mp/collect' ? reply(204, '') : reply(200, { validationMessages: [] })
        },
      },
    })
    delivery = startDelivery(world.runtime)
    await arrive(purchase)
    await arrive(refund)
    expect(sent).toEqual(['/debug/mp/collect purchase', '/debug/mp/collect refund'])
    expect(await names()).toEqual(['tested', 'tested'])

    await world.store.updateConnection(SHOP, world.connection.id, { settings: ANALYTICS })
    sent.length = 0
    await replayTested()
    expect(sent).toEqual(['/mp/collect purchase', '/mp/collect refund'])
    expect(await names()).toEqual(['sent', 'sent'])
  })
})
