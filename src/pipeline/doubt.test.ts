import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { webhook } from '../destinations/webhook/webhook.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, NOW, order, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
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

// It was sent again with what had failed, for as long as that took: after hours no longer as a repeat.
describe('what a platform took in the round in which another request failed', () => {
  let world: Small
  let delivery: Delivery
  const run = async () => {
    delivery = startDelivery(world.runtime)
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(HOUR)
    await delivery.stop()
  }

  it('is not told again where a request carries one event', async () => {
    const asked: string[] = []
    world = await smallWorld({
      wake: localWake(),
      hold: 0,
      other: {
        destination: webhook,
        settings: {
          url: 'https://hooks.example.com/events',
          secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
        },
        send: async ({ body }) => {
          const id = /"id":"(pur_\d)"/.exec(body ?? '')?.[1] ?? '?'
          asked.push(id)
          return reply(id === 'pur_1' && asked.filter((one) => one === id).length < 3 ? 503 : 200, '')
        },
      },
    })
    await world.append(...['1', '2', '3'].map((n) => order({ id: `pur_${n}`, commerce: { orderId: n } })))
    await run()
    expect(asked.filter((id) => id !== 'pur_1').sort()).toEqual(['pur_2', 'pur_3'])
    expect(await world.bytes()).toEqual([OUTCOMES.delivered, OUTCOMES.delivered, OUTCOMES.delivered])
  })

  it('is not told again where requests carry a thousand', async () => {
    world = await smallWorld({ wake: localWake(), hold: 0 })
    const { platform } = world
    await world.append(...Array.from({ length: 1001 }, (_, n) => seenByPixel({ id: `sh-${n + 1000}` })))
    let failures = 0
    platform.answer = (events) => (events.length === 1000 && ++failures < 3 ? reply(503, '') : judged(events))
    await run()
    const told = platform.requests.flatMap(({ events }) => events.map(({ event_id }) => event_id))
    expect(told.filter((id) => id === 'sh-2000')).toEqual(['sh-2000'])
    expect(new Set(await world.bytes())).toEqual(new Set([OUTCOMES.delivered]))
  })
})
