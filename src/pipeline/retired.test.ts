import { afterEach, beforeEach, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'

// A platform that has ended the interface we speak: nobody’s settings are wrong, and an update mends it.

let world: Small
let delivery: Delivery
beforeEach(async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
  world.platform.answer = () => reply(410, 'Gone')
  await world.append(seenByPixel())
  world.runtime.wake.arrived(SHOP)
})
afterEach(() => delivery.stop())

const connection = async () => (await world.store.connections(SHOP))[0]

it('events wait, the platform is named for all of its connections, and no credentials are doubted', async () => {
  await world.clock.turn(2 * HOUR)
  expect(await world.bytes()).toEqual([0])
  expect(world.runtime.breakers.states().retired).toEqual(['pinterest'])
  expect(await connection()).toMatchObject({
    state: 'active',
    trouble:
      'Pinterest has ended its interface v5 (specification 5.23.0). Update Converlay; events wait until then, as long as Pinterest takes them.',
  })
  expect(await connection()).not.toHaveProperty('refusedSince')
})

it('what cannot be sent in time says why', async () => {
  const old = new Date(world.clock.now() - 7 * DAY + HOUR).toISOString()
  await world.append(seenByPixel({ id: 'sh-000002', occurredAt: old }))
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(2 * HOUR)
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(16 * MINUTE)
  expect(await world.bytes()).toEqual([OUTCOMES.delivered, OUTCOMES.api_version])
})

it('everything goes once it is taken again', async () => {
  await world.clock.turn(HOUR)
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(16 * MINUTE)
  expect(await world.bytes()).toEqual([OUTCOMES.delivered])
  expect(world.runtime.breakers.states().retired).toEqual([])
})
