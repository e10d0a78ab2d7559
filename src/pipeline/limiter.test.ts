import { describe, expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { handClock, smallWorld } from './double.ts'
import { createLimiter, quotaOf } from './limiter.ts'

const ten = { key: 'a', perSecond: 10, own: 'connection 1', pauses: 'a' }

/** Asks `count` times at once; when each went, ms from the start, and how many were sent away. */
const asked = async (count: number, turnOn: number) => {
  const clock = handClock()
  const limiter = createLimiter(clock)
  const begin = clock.now()
  const went: number[] = []
  let away = 0
  const all = Array.from({ length: count }, async () => {
    if ((await limiter.turn(ten)) === 0) went.push(clock.now() - begin)
    else away++
  })
  await clock.turn(turnOn)
  await Promise.all(all)
  return { went, away }
}

describe('a quota of 10 requests a second', () => {
  it('lets what it allows in a second go at once', async () => {
    const { went } = await asked(11, 0)
    expect(went).toEqual(Array(11).fill(0))
  })

  it('lets the others go evenly, in the order of asking, and sends away who would wait longer than 2 s', async () => {
    const { went, away } = await asked(50, 3 * SECOND)
    expect(went.slice(11)).toEqual(Array.from({ length: 20 }, (_, place) => (place + 1) * 100))
    expect(away).toBe(50 - 31)
  })

  it('says how long it would take', async () => {
    const clock = handClock()
    const limiter = createLimiter(clock)
    limiter.pause(ten, MINUTE)
    expect(await limiter.turn(ten)).toBe(MINUTE)
    expect(await limiter.turn({ key: 'b', perSecond: 10, own: 'connection 2', pauses: 'b' })).toBe(0)
    // The interface for backlogs of the same account waits as well.
    expect(await limiter.turn({ key: 'a bulk', perSecond: 2, own: 'connection 1', pauses: 'a' })).toBe(MINUTE)
  })

  it('keeps a connection to all that it was told, up to six hours, and others of the quota for 15 minutes', async () => {
    const clock = handClock()
    const limiter = createLimiter(clock)
    limiter.pause(ten, 2 * HOUR)
    expect(await limiter.turn(ten)).toBe(2 * HOUR)
    expect(await limiter.turn({ ...ten, own: 'connection 3' })).toBe(15 * MINUTE)
    limiter.pause(ten, 999_999_999_999)
    expect(await limiter.turn(ten)).toBe(6 * HOUR)
  })

  it('holds nobody up after the clock was set a day ahead and back again', async () => {
    const time = handClock()
    let off = DAY
    const limiter = createLimiter({ ...time, now: () => time.now() + off })
    limiter.pause(ten, MINUTE)
    expect(await limiter.turn({ key: 'b', perSecond: 10, own: 'connection 2', pauses: 'b' })).toBe(0)
    off = 0
    expect(await limiter.turn({ key: 'b', perSecond: 10, own: 'connection 2', pauses: 'b' })).toBe(0)
    // What a platform asked for is kept to all the same.
    await time.turn(20 * SECOND)
    expect(await limiter.turn(ten)).toBe(40 * SECOND)
  })

  it('is full again after a pause, and no fuller', async () => {
    const clock = handClock()
    const limiter = createLimiter(clock)
    for (let place = 0; place < 11; place++) await limiter.turn(ten)
    await clock.turn(HOUR)
    for (let place = 0; place < 11; place++) expect(await limiter.turn(ten)).toBe(0)
    const next = limiter.turn(ten)
    await clock.turn(100)
    expect(await next).toBe(0)
  })
})

it('two connections to one account share its quota, where the platform counts by account', async () => {
  const { outlet } = await smallWorld({
    other: { destination: klaviyo, settings: { apiKey: 'pk_test_0123456789' }, send: async () => expect.fail() },
  })
  const other = { ...outlet, connection: { ...outlet.connection, id: 7 as typeof outlet.connection.id } }
  const account = { perSecond: 50, scope: 'account' } as const
  expect(quotaOf(other, account)).toEqual({ ...quotaOf(outlet, account), own: 'klaviyo connection 7' })
  const single = { perSecond: 50, scope: 'connection' } as const
  expect(quotaOf(other, single).key).not.toBe(quotaOf(outlet, single).key)
})
