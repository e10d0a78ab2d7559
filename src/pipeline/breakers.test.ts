import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { snapchat } from '../destinations/snapchat/snapchat.ts'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { type Fields, silentLog } from '../lib/log.ts'
import { localWake } from '../runtimes/wake.ts'
import type { ConnectionId } from '../store/store.ts'
import { createBreakers } from './breakers.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, reply, SETTINGS, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { silentMeter } from './meter.ts'

let world: Small
let delivery: Delivery
afterEach(() => delivery.stop())

let made = 0
const arrive = async (count = 1) => {
  const now = new Date(world.clock.now()).toISOString()
  for (let place = 0; place < count; place++)
    await world.append(
      seenByPixel({
        id: `sh-${String(++made).padStart(6, '0')}`,
        name: 'searched',
        search: { query: 'lantern' },
        page: { url: 'https://shop.example.com/search' },
        occurredAt: now,
        identity: { email: 'maya@example.com' },
      }),
    )
  world.runtime.wake.arrived(SHOP)
}
const connections = () => world.store.connections(SHOP)
const lanes = () => world.store.lanes(SHOP)
const unreachable: HttpResponse = {
  status: 0,
  headers: {},
  body: '',
  ambiguous: false,
  problem: 'the host name could not be resolved',
}

describe('a connection whose platform answers with errors', () => {
  beforeEach(async () => {
    world = await smallWorld({ wake: localWake() })
    delivery = startDelivery(world.runtime)
    world.platform.answer = () => reply(503, '')
  })

  it('is asked less and less, at most every few minutes, and never switched off', async () => {
    await arrive()
    await world.clock.turn(6 * HOUR)
    expect(world.platform.requests.length).toBeLessThan(60)
    expect((await connections())[0]).toMatchObject({ state: 'active' })
    expect(world.runtime.breakers.states().connections).toMatchObject([{ destination: 'pinterest', state: 'open' }])
  })

  it('gets a few of what waits when it works again, and then the rest', async () => {
    await arrive(200)
    await world.clock.turn(10 * MINUTE)
    world.platform.requests.length = 0
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(15 * MINUTE)
    expect(world.platform.requests.map(({ events }) => events.length)).toEqual([50, 50, 50, 50])
    expect(await world.bytes()).toEqual(Array(200).fill(OUTCOMES.delivered))
    expect(world.runtime.breakers.states().connections).toEqual([])
  })

  it('starts with an eighth of its rate, which doubles every 30 s', async () => {
    await delivery.stop()
    let isDown = true
    let asked = 0
    world = await smallWorld({
      wake: localWake(),
      other: {
        destination: klaviyo,
        settings: { apiKey: 'pk_test_0123456789' },
        send: async () => {
          if (!isDown) asked++
          return isDown ? reply(503, '') : reply(202, '')
        },
      },
    })
    delivery = startDelivery(world.runtime)
    await arrive(1500)
    await world.clock.turn(MINUTE)
    isDown = false
    while (world.runtime.breakers.states().connections[0]?.state !== 'growing') await world.clock.turn(SECOND)
    const sent: number[] = []
    for (let step = 0; step < 3; step++) {
      const before = asked
      await world.clock.turn(30 * SECOND)
      sent.push(asked - before)
    }
    const whole = klaviyo.limits.rate.perSecond * 0.8 * 30
    for (const [step, share] of [1 / 8, 1 / 4, 1 / 2].entries()) {
      expect(sent[step]).toBeLessThanOrEqual(whole * share + klaviyo.limits.rate.perSecond)
      expect(sent[step]).toBeGreaterThanOrEqual(0.8 * whole * share)
    }
    // What waits for its turn is neither lost nor sent twice.
    await world.clock.turn(2 * MINUTE)
    expect(asked).toBe(1500)
    expect(await world.bytes()).toEqual(Array(1500).fill(OUTCOMES.delivered))
  })

  it('with other settings is asked at once', async () => {
    await arrive()
    await world.clock.turn(HOUR)
    world.platform.answer = (events) => judged(events)
    const settings = { ...SETTINGS, conversionToken: 'pina_new_token' }
    await world.store.updateConnection(SHOP, world.connection.id, { settings })
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(2 * SECOND)
    expect(await world.bytes()).toEqual([OUTCOMES.delivered])
  })
})

describe('a platform that is down for all of 25 connections', () => {
  beforeEach(async () => {
    world = await smallWorld({ wake: localWake() })
    for (let account = 0; account < 24; account++)
      await world.store.addConnection({
        shop: SHOP,
        destination: 'pinterest',
        settings: { ...SETTINGS, adAccountId: String(549755886000 + account) },
        createdAt: world.clock.now(),
      })
    delivery = startDelivery(world.runtime)
    world.platform.answer = () => reply(503, '')
    await arrive()
    await world.clock.turn(MINUTE)
  })

  it('is asked by one of them every 15 s, and no lane counts a try for it', async () => {
    expect(world.runtime.breakers.states().platforms).toEqual(['pinterest'])
    const before = world.platform.requests.length
    const tries = (await lanes()).map((lane) => lane.tries)
    await world.clock.turn(10 * MINUTE)
    expect(world.platform.requests.length - before).toBeLessThanOrEqual(41)
    expect((await lanes()).map((lane) => lane.tries)).toEqual(tries)
  })

  it('gets everything within three minutes once it works again', async () => {
    await world.clock.turn(20 * MINUTE)
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(3 * MINUTE)
    for (const connection of await connections()) expect(await world.bytes(connection)).toEqual([OUTCOMES.delivered])
    expect(world.runtime.breakers.states().platforms).toEqual([])
  })
})

describe('when nothing gets out of our own network', () => {
  const told: string[] = []
  let isCut = true
  let answer: () => HttpResponse
  let asked: string[]

  beforeEach(async () => {
    told.length = 0
    isCut = true
    asked = []
    answer = () => unreachable
    world = await smallWorld({ wake: localWake() })
    const others = [
      { destination: klaviyo, settings: { apiKey: 'pk_test_0123456789' } },
      {
        destination: snapchat,
        settings: { pixelId: '0a1b2c3d-0001-4000-8000-0a1b2c3d4e5f', accessToken: 'snap-token-0123456789' },
      },
    ]
    for (const { destination, settings } of others)
      await world.store.addConnection({
        shop: SHOP,
        destination: destination.slug,
        settings: destination.settings.parse(settings),
        createdAt: world.clock.now(),
      })
    const say = (what: string, _?: Fields) => void told.push(what)
    const log = { info: say, warn: say, error: say }
    const { send } = world.runtime
    const runtime = {
      ...world.runtime,
      log,
      breakers: createBreakers({ ...world.runtime, log }),
      destinations: new Map([...world.runtime.destinations, ['klaviyo', klaviyo], ['snapchat', snapchat]]),
      send: async (request: HttpRequest) => {
        asked.push(new URL(request.url).host)
        if (isCut) return answer()
        if (request.url.includes('klaviyo')) return reply(202, '')
        return request.url.includes('snap') ? reply(200, { status: 'VALID' }) : send(request)
      },
    }
    world = { ...world, runtime }
    delivery = startDelivery(runtime)
    await arrive(3)
    await world.clock.turn(10 * MINUTE)
  })

  it('nobody is blamed: no try is counted, no breaker opens, nothing is said at a connection, and it is logged once', async () => {
    expect((await lanes()).map(({ tries }) => tries)).toEqual([0, 0, 0])
    for (const connection of await connections()) expect(connection).not.toHaveProperty('trouble')
    expect(world.runtime.breakers.states()).toEqual({
      noNetworkSince: expect.any(Number),
      platforms: [],
      retired: [],
      connections: [],
    })
    expect(told).toEqual(['no platform can be reached: events wait, and nobody is blamed'])
    // One asks for all, every 15 s.
    expect(asked.length).toBeLessThan(60)
  })

  it('everything goes within two minutes when it works again', async () => {
    isCut = false
    await world.clock.turn(2 * MINUTE)
    for (const connection of await connections())
      expect(await world.bytes(connection)).toEqual(Array(3).fill(OUTCOMES.delivered))
    expect(world.runtime.breakers.states()).toEqual({ platforms: [], retired: [], connections: [] })
    expect(told.at(-1)).toBe('platforms can be reached again')
  })
})

it('one platform that cannot be reached while others can is its own trouble: it is told of, and no try is counted', async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
  world.platform.answer = () => unreachable
  await arrive()
  await world.clock.turn(20 * MINUTE)
  expect((await connections())[0]?.trouble).toContain('the host name could not be resolved')
  expect((await lanes())[0]?.tries).toBe(0)
  expect(world.runtime.breakers.states().noNetworkSince).toBeUndefined()
  expect(world.platform.requests.length).toBeLessThan(20)
})

// Only a process of ten thousand connections forgot one that was removed: for all others the gauge told of it for ever.
it('the open breaker of a connection that was removed is counted no longer, once others are asked', async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
  const counted: string[] = []
  const meter = {
    ...silentMeter,
    breaker: (destination: string, _: string, from: string, to: string) =>
      void counted.push(`${destination} ${from} ${to}`),
  }
  const { clock } = world
  const breakers = createBreakers({ clock, log: silentLog, meter })
  const { outlet } = world
  const failing = breakers.enter(outlet, false)
  for (let time = 0; time < 5; time++) failing.tell('failed')
  expect(counted).toEqual(['pinterest closed open'])
  await clock.turn(3 * HOUR)
  const other = { ...outlet, connection: { ...outlet.connection, id: (outlet.connection.id + 1) as ConnectionId } }
  breakers.enter(other, false).tell('well')
  expect(counted).toEqual(['pinterest closed open', 'pinterest open closed'])
})
