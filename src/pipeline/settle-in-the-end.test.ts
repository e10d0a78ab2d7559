import { afterEach, beforeEach, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type FaultKind, type Store, StoreFault } from '../store/store.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { settleInTheEnd } from './settle-in-the-end.ts'

let world: Small
let fault: FaultKind | undefined
let delivery: Delivery
let enough: AbortController

beforeEach(async () => {
  fault = undefined
  enough = new AbortController()
  world = await smallWorld({ wake: localWake() })
  const onAnyDisk: Store = {
    ...world.store,
    settle: (settlement) =>
      fault ? Promise.reject(new StoreFault(fault, 'No room.')) : world.store.settle(settlement),
  }
  const store = settleInTheEnd(onAnyDisk, world.clock, enough.signal)
  delivery = startDelivery({ ...world.runtime, store })
})
afterEach(async () => {
  enough.abort()
  await delivery.stop()
})

const arrive = async () => {
  await world.append(seenByPixel())
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(2 * SECOND)
}

it.each(['full', 'busy'] as const)(
  'what a platform took is not sent again because the store was %s: it is written down when there is room',
  async (kind) => {
    fault = kind
    await arrive()
    await world.clock.turn(10 * MINUTE)
    expect(world.platform.requests).toHaveLength(1)
    expect(await world.bytes()).toEqual([0])

    fault = undefined
    await world.clock.turn(2 * SECOND)
    expect(world.platform.requests).toHaveLength(1)
    expect(await world.bytes()).toEqual([OUTCOMES.delivered])
  },
)

it('a stop does not wait for room', async () => {
  fault = 'full'
  await arrive()
  enough.abort()
  await delivery.stop()
  expect(await world.bytes()).toEqual([0])
})
