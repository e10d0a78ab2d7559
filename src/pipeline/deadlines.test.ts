import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, NOW, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'

let world: Small
let delivery: Delivery
beforeEach(async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery.stop())

const arrive = async (occurredAt = NOW) => {
  await world.append(seenByPixel({ occurredAt: new Date(occurredAt).toISOString() }))
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(1500)
}
const outcome = async () => (await world.bytes())[0]
const dead = async () => (await world.store.deadLetters(SHOP, world.connection.id, 9))[0]
const lost = {
  status: 0,
  headers: {},
  body: '',
  ambiguous: true,
  problem: 'the connection broke before an answer came',
}

describe('an event that cannot be sent in time', () => {
  it('is dead, not skipped: a platform that was down for eight days is no decision of ours', async () => {
    world.platform.answer = () => reply(503, '')
    await arrive()
    await world.clock.turn(8 * DAY)
    expect(await outcome()).toBe(OUTCOMES.expired)
    expect(await dead()).toMatchObject({ kind: 'dead', copy: { id: 'sh-000001' } })
  })

  it('is skipped when it was too old on arrival', async () => {
    await arrive(NOW - 8 * DAY)
    expect(await outcome()).toBe(OUTCOMES.too_old)
  })
})

describe('an event of which the platform may know already', () => {
  it('is sent again inside the window in which the platform merges repeats', async () => {
    world.platform.answer = () => lost
    await arrive()
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(HOUR)
    expect(await outcome()).toBe(OUTCOMES.delivered)
    expect(new Set(world.platform.requests.flatMap(({ events }) => events.map((one) => one.event_id))).size).toBe(1)
  })

  it('is not sent again after that window: it would be counted twice', async () => {
    world.platform.answer = () => lost
    await arrive()
    await world.clock.turn(23 * HOUR)
    const before = world.platform.requests.length
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(HOUR)
    expect(await outcome()).toBe(OUTCOMES.ambiguous)
    expect(world.platform.requests.length).toBe(before)
  })
})

describe('what a platform says', () => {
  it('is kept without what it quotes of the shopper or of the credentials', async () => {
    world.platform.answer = (events) => judged(events, () => 'bad value maya@example.com for token pina_secret_token_1')
    await arrive()
    const { message } = (await dead()) ?? {}
    expect(message).toContain('bad value')
    expect(message).not.toMatch(/maya@|pina_secret/)
  })

  it('is kept so at the connection too', async () => {
    world.platform.answer = () => reply(401, { code: 2, message: 'token pina_secret_token_1 of maya@example.com' })
    await arrive()
    const trouble = (await world.store.connections(SHOP))[0]?.trouble
    expect(trouble).toContain('check the credentials')
    expect(trouble).not.toMatch(/maya@|pina_secret/)
  })
})
