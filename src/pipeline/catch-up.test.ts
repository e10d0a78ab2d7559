import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import type { HttpRequest } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'

// What happens to fresh events while older ones wait: the platform was gone, or we were.

let world: Small
let delivery: Delivery
afterEach(() => delivery.stop())

const idOf = (n: number) => `sh-${String(n).padStart(6, '0')}`
let made = 0
const arrive = async (count = 1) => {
  const now = new Date(world.clock.now()).toISOString()
  await world.append(
    ...Array.from({ length: count }, () =>
      seenByPixel({ id: idOf(++made), occurredAt: now, identity: { email: 'maya@example.com' } }),
    ),
  )
  world.runtime.wake.arrived(SHOP)
}
const kinds = async () => (await world.store.lanes(SHOP)).map(({ kind }) => kind)

describe('a platform that was gone for an hour', () => {
  beforeEach(async () => {
    made = 0
    world = await smallWorld({ wake: localWake() })
    delivery = startDelivery(world.runtime)
    world.platform.answer = () => reply(503, '')
    for (let minute = 0; minute < 60; minute++) {
      await arrive(100)
      await world.clock.turn(MINUTE)
    }
    world.platform.requests.length = 0
  })

  it('gets what is fresh at once, beside what it missed, and in the end everything, once', async () => {
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(20 * MINUTE)
    const sent = world.platform.requests.flatMap(({ events }) => events.map((one) => one.event_id))
    expect(new Set(sent).size).toBe(6000)
    expect(sent).toHaveLength(6000)
    expect(await world.bytes()).toEqual(Array(6000).fill(OUTCOMES.delivered))
    expect(await kinds()).toEqual(['live'])
  })

  it('is not bothered by a catch-up lane while it is still gone', async () => {
    await world.clock.turn(HOUR)
    expect(await kinds()).toEqual(['live'])
    // Two at a time, ever more rarely: every quarter of an hour at most.
    expect(world.platform.requests.length).toBeLessThan(20)
  })

  it('a fresh event goes within seconds although thousands wait', async () => {
    let answered = 0
    world.platform.answer = (events) => {
      answered++
      return judged(events)
    }
    // The first request that is answered cuts the lane.
    while (answered === 0) await world.clock.turn(SECOND)
    await arrive()
    await world.clock.turn(3 * SECOND)
    const at = world.platform.requests.findIndex(({ events }) => events.some((one) => one.event_id === idOf(made)))
    expect(at).toBeGreaterThan(0)
  })
})

describe('a backlog at a platform with an interface for backlogs', () => {
  it('goes through it, and live events one by one', async () => {
    const asked: HttpRequest[] = []
    let open = false
    world = await smallWorld({
      wake: localWake(),
      other: {
        destination: klaviyo,
        settings: { apiKey: 'pk_test_0123456789' },
        send: async (request) => {
          if (!open) return reply(503, '')
          asked.push(request)
          return reply(202, '')
        },
      },
    })
    delivery = startDelivery(world.runtime)
    const searched = async (count: number) => {
      const now = new Date(world.clock.now()).toISOString()
      await world.append(
        ...Array.from({ length: count }, () =>
          seenByPixel({
            id: idOf(++made),
            name: 'searched',
            search: { query: 'lantern' },
            occurredAt: now,
            identity: { email: 'maya@example.com' },
          }),
        ),
      )
      world.runtime.wake.arrived(SHOP)
    }
    await searched(200)
    await world.clock.turn(30 * MINUTE)
    open = true
    await world.clock.turn(20 * MINUTE)
    await searched(1)
    await world.clock.turn(MINUTE)
    const paths = asked.map(({ url }) => new URL(url).pathname)
    expect(paths).toContain('/api/event-bulk-create-jobs')
    expect(paths.at(-1)).toMatch(/^\/api\/events\/?$/)
    expect(await world.bytes()).toEqual(Array(201).fill(OUTCOMES.delivered))
  })
})
