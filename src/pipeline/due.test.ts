import { afterEach, beforeEach, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { HOUR, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, NOW, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { createLimiter } from './limiter.ts'

/** What is written down of a round that failed, for a later one that knows nothing else. */
let world: Small
let delivery: Delivery
beforeEach(async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery.stop())

const arrive = async (...events: readonly Event[]) => {
  await world.append(...events)
  world.runtime.wake.arrived(SHOP)
}
const views = (count: number) =>
  Array.from({ length: count }, (_, place) => seenByPixel({ id: `sh-${String(place + 1).padStart(6, '0')}` }))
const unreached = { status: 0, headers: {}, body: '', problem: 'refused', ambiguous: false }

it('of several requests that were out together, the longest wait that one of them was asked for is kept', async () => {
  world.platform.answer = () =>
    world.platform.requests.length === 1
      ? unreached
      : reply(429, { code: 7, message: 'slow down' }, { 'retry-after': '3600' })
  await arrive(...views(3000))
  await world.clock.turn(300)
  expect(world.platform.requests.length).toBeGreaterThan(1)
  const [lane] = await world.store.lanes(SHOP)
  expect(lane?.due).toBeGreaterThanOrEqual(NOW + HOUR)
})

it('what a catch-up lane was asked to wait holds for the live one as well, in the next process too', async () => {
  await arrive(...views(1))
  await world.clock.turn(2000)
  world.platform.answer = () => reply(429, { code: 7, message: 'slow down' }, { 'retry-after': '7200' })
  const { id: connection } = world.connection
  const task = { shop: SHOP, connection, kind: 'replay', from: 1, to: 1, createdAt: NOW } as const
  expect(await world.store.openTask({ ...task, choice: { outcomes: [OUTCOMES.delivered] } })).toBeDefined()
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(2000)
  expect(world.platform.requests).toHaveLength(2)
  await delivery.stop()
  delivery = startDelivery({ ...world.runtime, limiter: createLimiter(world.clock) })
  await arrive(seenByPixel({ id: 'sh-fresh1' }))
  await world.clock.turn(2 * HOUR - MINUTE)
  expect(world.platform.requests).toHaveLength(2)
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(HOUR)
  expect(world.platform.requests.flatMap(({ events }) => events.map((one) => one.event_id))).toContain('sh-fresh1')
})

it('a failure that was nobody’s fault leaves no time behind once it gets through: with a clock set back it would come again', async () => {
  world.platform.answer = () => unreached
  await arrive(...views(1))
  await world.clock.turn(2000)
  expect(await world.store.lanes(SHOP)).toMatchObject([{ position: 0, tries: 0 }])
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(MINUTE)
  expect(await world.store.lanes(SHOP)).toMatchObject([{ position: 1, tries: 0, due: 0 }])
})

it('an event whose moment lies ahead of our clock is told with the same moment again', async () => {
  world.platform.answer = () => reply(500, '')
  await arrive(seenByPixel({ occurredAt: new Date(NOW + MINUTE).toISOString() }))
  await world.clock.turn(2000)
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(2 * MINUTE)
  const moments = world.platform.requests.map(({ events }) => events[0]?.event_time)
  expect(moments.length).toBeGreaterThan(1)
  expect(new Set(moments)).toEqual(new Set([NOW / 1000]))
})
