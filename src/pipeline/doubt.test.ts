import { expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { startDelivery } from './deliver.ts'
import { NOW, SHOP, seenByPixel, smallWorld } from './double.ts'
import { replaces } from './view.ts'

// After a kill a lane is in doubt since it was last settled, which for a quiet shop was days ago.
it('what came just before a kill is sent, however long the shop had been quiet before it', async () => {
  const world = await smallWorld({ wake: localWake() })
  await world.append(seenByPixel({ identity: { email: 'maya@example.com' } }))
  await world.store.settle({
    shop: SHOP,
    connection: world.connection.id,
    lane: { lane: 1, due: 0, tries: 0, unsureSince: NOW - 3 * DAY, unsureUntil: NOW },
    park: [],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [],
  })
  const delivery = startDelivery(world.runtime)
  await world.clock.turn(MINUTE)
  await delivery.stop()
  expect(world.platform.requests).toHaveLength(1)
  expect(await world.bytes()).toEqual([OUTCOMES.delivered])
})

it('what arrived once stays delivered when a repeat of it has to wait or is refused', () => {
  for (const outcome of ['parked', 'rejected', 'expired', 'no_consent'] as const) {
    expect(replaces('delivered', outcome)).toBe(false)
    expect(replaces('sent', outcome)).toBe(false)
  }
  expect(replaces('rejected', 'parked')).toBe(true)
  expect(replaces('rejected', 'delivered')).toBe(true)
  expect(replaces(undefined, 'expired')).toBe(true)
})
