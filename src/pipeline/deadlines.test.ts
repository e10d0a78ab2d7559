import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
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
  it('is dead, not skipped: a platform that was down until it was too old is no decision of ours', async () => {
    world.platform.answer = () => reply(503, '')
    await arrive(NOW - 6 * DAY)
    await world.clock.turn(DAY + HOUR)
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

describe('an event that the platform’s own tag told as well', () => {
  const flags = ['tag_fired:pinterest']

  it('goes while the platform takes the two for one', async () => {
    await world.append(seenByPixel({ flags, occurredAt: new Date(NOW - 30 * MINUTE).toISOString() }))
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(1500)
    expect(await outcome()).toBe(OUTCOMES.delivered)
  })

  it('does not go after that: it is counted already', async () => {
    world.platform.answer = () => reply(503, '')
    await world.append(seenByPixel({ flags }))
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(HOUR)
    const before = world.platform.requests.length
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(HOUR)
    expect(await outcome()).toBe(OUTCOMES.twin_counted)
    expect(world.platform.requests.length).toBe(before)
  })
})

describe('an event that the mapping crashes on', () => {
  const crashing = async (times: number) => {
    await delivery.stop()
    let left = times
    const toItems: typeof pinterest.toItems = (...given) => {
      if (given[0].id === 'sh-000001' && left-- > 0) throw new RangeError('a bug of ours')
      return pinterest.toItems(...given)
    }
    const destinations = new Map([['pinterest', { ...pinterest, toItems }]])
    delivery = startDelivery({ ...world.runtime, destinations })
    await world.append(seenByPixel(), seenByPixel({ id: 'sh-000002' }))
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(2 * MINUTE)
  }

  it('is tried once more, beside the others', async () => {
    await crashing(1)
    expect(await world.bytes()).toEqual([OUTCOMES.delivered, OUTCOMES.delivered])
  })

  it('is set aside after the second time', async () => {
    await crashing(9)
    expect(await world.bytes()).toEqual([OUTCOMES.mapper_crash, OUTCOMES.delivered])
    expect(await dead()).toMatchObject({ kind: 'dead', message: 'RangeError', copy: { id: 'sh-000001' } })
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
