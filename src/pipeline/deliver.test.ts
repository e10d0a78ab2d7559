import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import {
  judged,
  NOW,
  order,
  reply,
  type SentEvent,
  SHOP,
  type Small,
  seenByPixel,
  smallWorld,
  stored,
} from './double.ts'

let world: Small
let delivery: Delivery
const start = async (hold?: number) => {
  world = await smallWorld({ wake: localWake(), ...(hold === undefined ? {} : { hold }) })
  delivery = startDelivery(world.runtime)
}
beforeEach(() => start())
afterEach(() => delivery.stop())

const arrive = async (...events: readonly Event[]) => {
  await world.append(...events)
  world.runtime.wake.arrived(SHOP)
}
const view = (seq: number) => seenByPixel({ id: `sh-${String(seq).padStart(6, '0')}` })
const views = (count: number) => Array.from({ length: count }, (_, place) => view(place + 1))
const sent = () => world.platform.requests.map(({ events }) => events.map((one) => one.event_id))
const trouble = async () => (await world.store.connections(SHOP))[0]?.trouble
const { delivered, parked, rejected, no_consent, not_accepted } = OUTCOMES

describe('a lane', () => {
  it('waits a second for company and sends what came in one request', async () => {
    await arrive(view(1))
    await world.clock.turn(900)
    await arrive(view(2))
    expect(sent()).toEqual([])
    await world.clock.turn(300)
    expect(sent()).toEqual([['sh-000001', 'sh-000002']])
    expect(await world.bytes()).toEqual([delivered, delivered])
  })

  it('of a busy shop is read once a second, however often something arrives', async () => {
    let reads = 0
    const { store } = world
    world.runtime.store.read = (shop, after, limit) => {
      reads++
      return store.newest(shop, limit).then((events) => events.filter(({ seq }) => seq > after).toReversed())
    }
    await arrive(view(1))
    await world.clock.turn(1500)
    reads = 0
    for (let seq = 2; seq <= 41; seq++) {
      await arrive(view(seq))
      await world.clock.turn(100)
    }
    expect(reads).toBeLessThanOrEqual(5)
    await world.clock.turn(2000)
    expect(sent().flat()).toHaveLength(41)
  })

  it('waits no longer once a batch is full', async () => {
    await arrive(...views(1000))
    await world.clock.turn(300)
    expect(sent().map((batch) => batch.length)).toEqual([1000])
  })

  it('goes through a long log to its end, however much of it is skipped', async () => {
    const refused = { consent: { marketing: false } }
    await arrive(...views(3000).map((event, place) => (place % 3 === 0 ? { ...event, ...refused } : event)))
    await world.clock.turn(2000)
    const bytes = await world.bytes()
    expect(bytes.filter((byte) => byte === delivered)).toHaveLength(2000)
    expect(bytes.filter((byte) => byte === no_consent)).toHaveLength(1000)
  })

  it('passes what the platform has no event for without a request', async () => {
    await arrive(seenByPixel({ name: 'cart_viewed' }))
    await world.clock.turn(2000)
    expect(await world.bytes()).toEqual([not_accepted])
    expect(sent()).toEqual([])
  })
})

describe('a purchase whose visit is unknown', () => {
  it('is held while what came after it goes, and goes as soon as the visit is known', async () => {
    await arrive(order(), view(1))
    await world.clock.turn(2000)
    expect(sent()).toEqual([['sh-000001']])
    expect(await world.bytes()).toEqual([parked, delivered])
    const told = seenByPixel({
      id: 'pur_1001',
      name: 'order_placed',
      part: true,
      ids: { epik: 'click-of-the-phone' },
      commerce: { orderId: '1001', checkoutToken: 'token-of-the-order' },
    })
    await world.store.append({ shop: SHOP, events: [], parts: [stored(told)], orders: [] })
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(300)
    expect(await world.bytes()).toEqual([delivered, delivered])
    expect(world.platform.requests[1]?.events[0]).toMatchObject({
      event_id: 'pur_1001',
      user_data: { click_id: 'click-of-the-phone', client_ip_address: '203.0.113.7' },
    })
  })

  it('goes at the end of its hold', async () => {
    await arrive(order())
    await world.clock.turn(29_900)
    expect(sent()).toEqual([])
    await world.clock.turn(200)
    expect(sent()).toEqual([['pur_1001']])
  })

  it('has its joined form kept, so that a later send tells the same story', async () => {
    await arrive(order())
    await world.clock.turn(31_000)
    const parts = (await world.store.parts(SHOP, [order().id])).get(order().id)
    expect(parts).toMatchObject([{ joined: true, event: { id: 'pur_1001', identity: { email: 'maya@example.com' } } }])
  })
})

describe('a request that fails as a whole', () => {
  it('leaves the lane in place; it comes back after what the platform asked, and everything goes in order', async () => {
    world.platform.answer = () => reply(429, { code: 7, message: 'slow down' }, { 'retry-after': '60' })
    await arrive(view(1))
    await world.clock.turn(2000)
    expect(sent()).toHaveLength(1)
    expect(await world.bytes()).toEqual([0])
    expect(await world.store.lanes(SHOP)).toMatchObject([{ position: 0, tries: 1 }])
    await arrive(view(2))
    await world.clock.turn(58_000)
    expect(sent()).toHaveLength(1)
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(10_000)
    expect(sent().at(-1)).toEqual(['sh-000001', 'sh-000002'])
    expect(await world.bytes()).toEqual([delivered, delivered])
    expect(await world.store.lanes(SHOP)).toMatchObject([{ position: 2, tries: 0, due: 0 }])
  })

  it('is told in plain words at the connection until it gets through again', async () => {
    world.platform.answer = () => reply(401, { code: 2, message: 'Authentication failed.' })
    await arrive(view(1))
    await world.clock.turn(2000)
    expect(await trouble()).toBe(
      'Pinterest does not take this connection’s requests (2: Authentication failed.). Events wait; check the credentials and settings.',
    )
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(5000)
    expect(await trouble()).toBeUndefined()
  })

  it('is told as well when it carried only purchases whose hold was over', async () => {
    world.platform.answer = () => reply(401, { code: 2, message: 'Authentication failed.' })
    await arrive(order())
    await world.clock.turn(31_000)
    expect(await trouble()).toContain('check the credentials')
    expect(await world.bytes()).toEqual([parked])
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(MINUTE)
    expect(await world.bytes()).toEqual([delivered])
    expect(await trouble()).toBeUndefined()
  })

  it('a stretch without a request takes no trouble away', async () => {
    world.platform.answer = () => reply(401, { code: 2, message: 'Authentication failed.' })
    await arrive(order())
    await world.clock.turn(31_000)
    await arrive(seenByPixel({ name: 'cart_viewed' }))
    await world.clock.turn(1500)
    expect(await world.bytes()).toEqual([parked, not_accepted])
    expect(await trouble()).toContain('check the credentials')
  })

  it('keeps purchases that were let go together: they come back in one request', async () => {
    world.platform.answer = () => reply(503, 'down')
    await arrive(order(), order({ id: 'pur_1002', commerce: { orderId: '1002', checkoutToken: 'another-token' } }))
    await world.clock.turn(31_000)
    expect(sent()).toEqual([['pur_1001', 'pur_1002']])
    const rows = await world.store.parked(SHOP, world.connection.id, 10)
    expect(rows.map(({ kind, tries }) => [kind, tries])).toEqual([
      ['retry', 1],
      ['retry', 1],
    ])
    expect(new Set(rows.map(({ due }) => due)).size).toBe(1)
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(10_000)
    expect(sent()).toEqual([
      ['pur_1001', 'pur_1002'],
      ['pur_1001', 'pur_1002'],
    ])
  })
})

describe('an answer about single events', () => {
  const mixed = (status: string, bad: string) => (events: readonly SentEvent[]) =>
    reply(200, {
      events: events.map((one) => ({ status: one.event_id === bad ? status : 'processed', error_message: 'too odd' })),
    })

  it('refused: a dead letter with the platform’s words and a copy; the others are delivered', async () => {
    world.platform.answer = mixed('failed', 'sh-000002')
    await arrive(...views(3))
    await world.clock.turn(2000)
    expect(await world.bytes()).toEqual([delivered, rejected, delivered])
    expect(await world.store.deadLetters(SHOP, world.connection.id, 10)).toMatchObject([
      { seq: 2, kind: 'dead', message: 'too odd', copy: { id: 'sh-000002' } },
    ])
  })

  it('to be sent again: parked, the lane goes on, delivered later by itself', async () => {
    world.platform.answer = mixed('undecided', 'sh-000002')
    await arrive(...views(3))
    await world.clock.turn(2000)
    expect(await world.bytes()).toEqual([delivered, parked, delivered])
    expect(await world.store.parked(SHOP, world.connection.id, 10)).toMatchObject([{ seq: 2, kind: 'retry', tries: 1 }])
    await arrive(view(4))
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(MINUTE)
    expect(await world.bytes()).toEqual([delivered, delivered, delivered, delivered])
    expect(sent().slice(1)).toEqual([['sh-000004'], ['sh-000002']])
    expect(await world.store.parked(SHOP, world.connection.id, 10)).toEqual([])
  })

  it('an event that the disk damaged ends as that, and the others go', async () => {
    const { store } = world
    const { read } = store
    vi.spyOn(store, 'read').mockImplementation(async (...where) => {
      const log = await read(...where)
      return log.map((one) => (one.seq === 2 ? { ...one, event: undefined, gone: 'damaged' } : one))
    })
    await arrive(...views(3))
    await world.clock.turn(2000)
    expect(await world.bytes()).toEqual([delivered, OUTCOMES.damaged, delivered])
    expect(sent()).toEqual([['sh-000001', 'sh-000003']])
  })

  it('an event that is never taken ends as expired when the platform would refuse its age', async () => {
    world.platform.answer = mixed('undecided', 'sh-000002')
    await arrive(...views(2))
    await world.clock.turn(2000)
    world.platform.answer = () => reply(503, 'down')
    await world.clock.turn(7 * DAY + 7 * HOUR)
    expect(await world.bytes()).toEqual([delivered, OUTCOMES.expired])
    const [dead] = await world.store.deadLetters(SHOP, world.connection.id, 10)
    expect(dead?.tries).toBeGreaterThan(8)
  })

  it('moves the counts with the event: nothing stays counted as parked', async () => {
    world.platform.answer = mixed('undecided', 'sh-000002')
    await arrive(...views(2))
    await world.clock.turn(2000)
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(MINUTE)
    const counts = (await world.store.rollups(SHOP, NOW - DAY)).map(({ outcome, count }) => [outcome, count])
    expect(counts).toEqual(
      expect.arrayContaining([
        [delivered, 2],
        [parked, 0],
      ]),
    )
  })
})

describe('a second connection', () => {
  const OTHER = { adAccountId: '549755885176', conversionToken: 'pina_other_token' }
  const connectOther = () =>
    world.store.addConnection({ shop: SHOP, destination: 'pinterest', settings: OTHER, createdAt: NOW })
  const isOther = (url: string) => url.includes(OTHER.adAccountId)

  it('is not delayed by one whose platform refuses everything', async () => {
    const other = await connectOther()
    world.platform.answer = (events, { url }) => (isOther(url) ? judged(events) : reply(503, 'down'))
    await arrive(view(1))
    await world.clock.turn(1300)
    expect(await world.bytes()).toEqual([0])
    expect(await world.bytes(other)).toEqual([delivered])
    await world.clock.turn(10 * MINUTE)
    await arrive(view(2))
    await world.clock.turn(1300)
    expect(await world.bytes(other)).toEqual([delivered, delivered])
  })

  it('is not delayed by one whose platform never answers', async () => {
    const other = await connectOther()
    let giveUp = () => {}
    const hanging = new Promise<void>((resolve) => {
      giveUp = resolve
    })
    world.platform.answer = async (events, { url }) => {
      if (!isOther(url)) await hanging
      return judged(events)
    }
    await arrive(view(1))
    await world.clock.turn(1300)
    await arrive(view(2))
    await world.clock.turn(1300)
    expect(await world.bytes(other)).toEqual([delivered, delivered])
    expect(await world.bytes()).toEqual([0, 0])
    giveUp()
    await world.clock.turn(1300)
    expect(await world.bytes()).toEqual([delivered, delivered])
    expect(sent().filter((batch) => batch.includes('sh-000001'))).toHaveLength(2)
  })

  it('that is paused sends nothing and loses nothing', async () => {
    await world.store.updateConnection(SHOP, world.connection.id, { state: 'paused' })
    await arrive(view(1))
    await world.clock.turn(5000)
    expect(await world.bytes()).toEqual([0])
    await world.store.updateConnection(SHOP, world.connection.id, { state: 'active' })
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(1000)
    expect(await world.bytes()).toEqual([delivered])
  })
})

describe('stopping and starting', () => {
  it('a clean stop waits for the running request and settles it', async () => {
    let answerNow = () => {}
    const running = new Promise<void>((resolve) => {
      answerNow = resolve
    })
    world.platform.answer = async (events) => {
      await running
      return judged(events)
    }
    await arrive(view(1))
    await world.clock.turn(1300)
    let stopped = false
    const stopping = delivery.stop().then(() => {
      stopped = true
    })
    await world.clock.turn(100)
    expect(stopped).toBe(false)
    expect(await world.bytes()).toEqual([0])
    answerNow()
    await stopping
    expect(await world.bytes()).toEqual([delivered])
  })

  it('a stopped delivery sends nothing more', async () => {
    await delivery.stop()
    await arrive(view(1))
    await world.clock.turn(MINUTE)
    expect(sent()).toEqual([])
  })

  it('a start finds what was left, without an arrival', async () => {
    await delivery.stop()
    await arrive(view(1))
    delivery = startDelivery(world.runtime)
    await world.clock.turn(1300)
    expect(await world.bytes()).toEqual([delivered])
  })

  it('a fault of the store ends no delivery: the shop is looked at again', async () => {
    const { lanes } = world.store
    let broken = true
    world.store.lanes = (shop) => (broken ? Promise.reject(new Error('disk')) : lanes(shop))
    await arrive(view(1))
    await world.clock.turn(2000)
    broken = false
    await world.clock.turn(6000)
    expect(await world.bytes()).toEqual([delivered])
  })
})
