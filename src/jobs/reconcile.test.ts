import { describe, expect, it, onTestFinished } from 'vitest'
import { HOUR, MINUTE } from '../lib/duration.ts'
import { startDelivery } from '../pipeline/deliver.ts'
import { NOW, SHOP, smallWorld } from '../pipeline/double.ts'
import { startProjector } from '../pipeline/projector.ts'
import { localWake } from '../runtimes/wake.ts'
import { storeAlone } from '../sandbox/shopify/admin/alone.ts'
import { numberedOrder } from '../sandbox/shopify/sample-sale.ts'
import { wayTo } from '../shopify/double.ts'
import { askToReconcile, reconcileState } from '../shopify/reconcile-state.ts'
import { startReconciler } from './reconcile.ts'

const started = async (installedAt = 1) => {
  const world = await smallWorld({ wake: localWake(), installedAt })
  const shopify = wayTo(storeAlone(SHOP), world.clock)
  const projector = await startProjector(world.runtime)
  const reconciling = { runtime: world.runtime, projector, admin: shopify.admin }
  const begin = () => {
    const delivery = startDelivery(world.runtime)
    const reconciler = startReconciler(reconciling)
    onTestFinished(async () => {
      const ending = Promise.all([reconciler.stop(), delivery.stop()])
      await world.clock.turn(MINUTE)
      await ending
    })
  }
  onTestFinished(() => projector.stop())
  /** Ids of purchases that reached the platform, as often as they did. */
  const sent = () => world.platform.requests.flatMap(({ events }) => events.map(({ event_id }) => event_id))
  return { ...world, shopify, begin, sent, reconciling }
}

describe('orders whose webhooks never came', () => {
  it('after six hours without us, 5,000 of them, all are found and sent once within 30 minutes', async () => {
    const world = await started()
    const outage = 6 * HOUR
    for (let number = 0; number < 5000; number++)
      world.shopify.books.sell(numberedOrder(number, NOW + Math.floor((number * outage) / 5000)), 'PENDING')
    await world.clock.turn(outage)
    world.begin()
    let minutes = 0
    while (world.sent().length < 5000 && minutes < 60) {
      await world.clock.turn(MINUTE)
      minutes++
    }
    expect(minutes).toBeLessThan(30)
    expect(new Set(world.sent()).size).toBe(5000)
    expect(world.sent()).toHaveLength(5000)
    // Nothing is found or sent a second time.
    const { last } = (await reconcileState(world.store, SHOP)).state
    expect(last).toMatchObject({ orders: 5000, found: 5000 })
    await world.clock.turn(HOUR)
    expect(world.sent()).toHaveLength(5000)
    // It never asked for more than it had points for.
    expect(world.shopify.asked.filter(({ status }) => status !== 200)).toEqual([])
  }, 60_000)

  it('a refund and a cancellation that were missed are found too', async () => {
    const world = await started()
    world.shopify.books.sell(numberedOrder(1, NOW - HOUR))
    world.begin()
    await world.clock.turn(MINUTE)
    const names = async () => (await world.store.read(SHOP, 0, 100)).map(({ name }) => name).sort()
    expect(await names()).toEqual(['order_paid', 'order_placed'])
    const orderId = numberedOrder(1, NOW).id
    world.shopify.books.refund(orderId, { id: '920000000001', at: world.clock.now() })
    world.shopify.books.cancel(orderId, world.clock.now())
    await world.clock.turn(16 * MINUTE)
    expect(await names()).toEqual(['order_cancelled', 'order_paid', 'order_placed', 'order_refunded'])
    const order = (await world.store.orders(SHOP, [orderId])).get(orderId)
    expect(order?.refunded).toBe(order?.value)
  })

  it('one that cannot be taken keeps none of the others away (it ended every look from then on)', async () => {
    const world = await started()
    const orderId = (number: number) => numberedOrder(number, NOW).id
    for (let number = 1; number <= 3; number++) world.shopify.books.sell(numberedOrder(number, NOW - HOUR))
    const { append } = world.store
    const told: string[] = []
    world.store.append = async (arrival) => {
      if (arrival.orders.some((order) => order.orderId === orderId(2))) throw new TypeError('an order like no other')
      return append(arrival)
    }
    const { error } = world.runtime.log
    world.runtime.log.error = (what) => told.push(what)
    onTestFinished(() => {
      world.runtime.log.error = error
    })
    world.begin()
    await world.clock.turn(MINUTE)
    expect(world.sent().sort()).toEqual([`pur_${orderId(1)}`, `pur_${orderId(3)}`])
    const { last } = (await reconcileState(world.store, SHOP)).state
    expect(last).toMatchObject({ orders: 3, found: 4 })
    expect(last?.problem).toBeUndefined()
    expect(told).toEqual(['an order could not be taken, it is left out'])

    // The week is looked over once a day: by then it may be taken.
    world.store.append = append
    await world.clock.turn(25 * HOUR)
    expect(world.sent()).toContain(`pur_${orderId(2)}`)
  })

  it('what is from before the installation is known afterwards, and never sent as fresh', async () => {
    const world = await started(NOW)
    world.shopify.books.sell(numberedOrder(1, NOW - HOUR))
    world.shopify.books.sell(numberedOrder(2, NOW + 1000))
    await world.clock.turn(MINUTE)
    world.begin()
    await world.clock.turn(MINUTE)
    expect(world.sent()).toEqual([`pur_${numberedOrder(2, NOW).id}`])
    expect((await world.store.orders(SHOP, [numberedOrder(1, NOW).id])).size).toBe(1)
  })
})

describe('a look over all orders', () => {
  it('is taken when somebody asks, and its result says so', async () => {
    const world = await started()
    world.begin()
    await world.clock.turn(MINUTE)
    world.shopify.books.sell(numberedOrder(1, NOW - 30 * 24 * HOUR))
    const asked = await askToReconcile(world.store, SHOP, NOW - 60 * 24 * HOUR, world.clock.now())
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(MINUTE)
    const { state } = await reconcileState(world.store, SHOP)
    expect(state.asked).toBeUndefined()
    expect(state.last).toMatchObject({ asked, orders: 1, found: 2 })
  })

  it('is taken by one of two processes', async () => {
    const world = await started()
    world.shopify.books.sell(numberedOrder(1, NOW - HOUR))
    world.begin()
    const second = startReconciler(world.reconciling)
    await world.clock.turn(MINUTE)
    expect(world.shopify.asked.filter(({ body }) => body.includes('query orders('))).toHaveLength(1)
    await second.stop()
  })

  it('goes on where it stood when Shopify does not answer for a while', async () => {
    const world = await started()
    world.shopify.books.sell(numberedOrder(1, NOW - HOUR))
    world.shopify.instead = () => ({ status: 503, headers: {}, body: '' })
    world.begin()
    await world.clock.turn(5 * MINUTE)
    expect((await reconcileState(world.store, SHOP)).state.last?.problem).toBe('Shopify answered with status 503.')
    world.shopify.instead = undefined
    await world.clock.turn(15 * MINUTE)
    expect(world.sent()).toEqual([`pur_${numberedOrder(1, NOW).id}`])
  })
})
