import { afterEach, beforeEach, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'

let world: Small
let delivery: Delivery
beforeEach(async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery.stop())

const refused = reply(401, { code: 2, message: 'Authentication failed.' })
const isTest = ({ url }: HttpRequest): boolean => url.includes('test=true')
const connection = async () => (await world.store.connections(SHOP))[0]
const arrive = async (id: string) => {
  await world.append(seenByPixel({ id }))
  world.runtime.wake.arrived(SHOP)
}

it('credentials that are refused twice, ten minutes apart, set the connection aside; its events wait', async () => {
  world.platform.answer = () => refused
  await arrive('sh-000001')
  await world.clock.turn(9 * MINUTE)
  expect(await connection()).toMatchObject({ state: 'active', refusedSince: expect.any(Number) })
  await world.clock.turn(HOUR)
  expect(await connection()).toMatchObject({
    state: 'needs_auth',
    trouble: expect.stringContaining('Pinterest does not accept the access token'),
  })
  const asked = world.platform.requests.length
  await world.clock.turn(HOUR)
  expect(world.platform.requests).toHaveLength(asked)
  expect(await world.bytes()).toEqual([0])
})

it('new credentials let everything go that waited', async () => {
  world.platform.answer = () => refused
  await arrive('sh-000001')
  await world.clock.turn(HOUR)
  world.platform.answer = (events) => judged(events)
  await world.store.updateConnection(SHOP, world.connection.id, {
    settings: { ...world.settings, conversionToken: 'pina_new_token' },
    state: 'active',
    trouble: null,
  })
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
  expect(await connection()).toMatchObject({ state: 'active' })
  expect(await connection()).not.toHaveProperty('refusedSince')
  expect(await world.bytes()).toEqual([2])
})

it('a platform that refuses requests but not the credentials is only in trouble', async () => {
  world.platform.answer = (events, request) => (isTest(request) ? judged(events) : refused)
  await arrive('sh-000001')
  await world.clock.turn(2 * HOUR)
  expect(await connection()).toMatchObject({ state: 'active' })
  expect(await connection()).not.toHaveProperty('refusedSince')
})

it('a refusal that passes is forgotten', async () => {
  world.platform.answer = () => refused
  await arrive('sh-000001')
  await world.clock.turn(MINUTE)
  expect(await connection()).toHaveProperty('refusedSince')
  world.platform.answer = (events) => judged(events)
  await world.clock.turn(HOUR)
  expect(await connection()).not.toHaveProperty('refusedSince')
  expect(await world.bytes()).toEqual([2])
})
