import { describe, expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { handClock, SHOP, smallWorld } from './double.ts'
import { createLimiter, quotaOf } from './limiter.ts'

/** Of which four fifths are used at first: 10 a second. */
const ten = { key: 'a', perSecond: 12.5, own: 'connection 1', pauses: 'a', who: 'a shop' }

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

describe('a quota of which 10 requests a second are used', () => {
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
    expect(await limiter.turn({ ...ten, key: 'b', own: 'connection 2', pauses: 'b' })).toBe(0)
    // The interface for backlogs of the same account waits as well.
    expect(await limiter.turn({ ...ten, key: 'a bulk', perSecond: 2 })).toBe(MINUTE)
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

  it('sends away who waits in line when the platform wants no more for a while', async () => {
    const clock = handClock()
    const limiter = createLimiter(clock)
    for (let place = 0; place < 11; place++) await limiter.turn(ten)
    const waiting = [limiter.turn(ten), limiter.turn(ten)]
    limiter.pause(ten, MINUTE)
    await clock.turn(SECOND)
    expect(await Promise.all(waiting)).toEqual([MINUTE - 100, MINUTE - 100])
  })

  it('holds nobody up after the clock was set a day ahead and back again', async () => {
    const other = { ...ten, key: 'b', own: 'connection 2', pauses: 'b' }
    const time = handClock()
    let off = DAY
    const limiter = createLimiter({ ...time, now: () => time.now() + off })
    limiter.pause(ten, MINUTE)
    expect(await limiter.turn(other)).toBe(0)
    off = 0
    expect(await limiter.turn(other)).toBe(0)
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
  expect(quotaOf(other, account)).toEqual({ ...quotaOf(outlet, account), own: `klaviyo connection ${SHOP} 7` })
  const single = { perSecond: 50, scope: 'connection' } as const
  expect(quotaOf(other, single).key).not.toBe(quotaOf(outlet, single).key)
})

const limited = { ...ten, perSecond: 5 }

/** Requests of a minute that each shop has let through when it asks for so many a second, all of them under one quota. */
const shared = async (wishes: Readonly<Record<string, number>>, minutes: number) => {
  const clock = handClock()
  const limiter = createLimiter(clock)
  const begin = clock.now()
  const went = new Map<string, number>()
  const perSecond = new Map<number, number>()
  const until = begin + minutes * MINUTE
  const client = async (who: string, every: number, under: number) => {
    let owed = 0
    let last = begin
    const one = async (): Promise<void> => {
      for (;;) {
        if (clock.now() >= until) return
        owed += (clock.now() - last) / every
        last = clock.now()
        if (owed < 1) {
          await clock.sleep(every)
          continue
        }
        const wait = await limiter.turn({ ...limited, who })
        if (wait > 0) await clock.sleep(wait)
        else if (clock.now() < until) {
          owed--
          went.set(who, (went.get(who) ?? 0) + 1)
          const second = Math.floor((clock.now() - begin) / SECOND)
          perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
        }
      }
    }
    await Promise.all(Array.from({ length: under }, one))
  }
  const all = Object.entries(wishes).map(([who, rate]) => client(who, SECOND / rate, rate > 1 ? 8 : 2))
  await clock.turn(minutes * MINUTE + 10 * SECOND)
  await Promise.all(all)
  return { went, perSecond: [...perSecond.values()] }
}

describe('a quota that several shops share', () => {
  it('a shop that wants a hundred times as much takes nothing from the others, and all that they leave', async () => {
    const light = Array.from({ length: 20 }, (_, place) => [`light ${place}`, 0.1] as const)
    const { went } = await shared(Object.fromEntries([...light, ['heavy', 10]]), 5)
    for (const [who] of light) expect(went.get(who)).toBeGreaterThanOrEqual(0.9 * 30)
    // 4 a second are used of it, 2 of them by the others.
    expect(went.get('heavy')).toBeGreaterThanOrEqual(0.9 * 600)
  })

  it('shops that want more than there is get at least nine tenths of an equal share each', async () => {
    const wishes = Object.fromEntries(Array.from({ length: 20 }, (_, place) => [`shop ${place}`, place < 4 ? 10 : 0.5]))
    const { went } = await shared(wishes, 5)
    for (const who of Object.keys(wishes)) expect(went.get(who)).toBeGreaterThanOrEqual(0.9 * ((4 * 300) / 20))
  })

  it('is never exceeded in any minute, and hardly ever left unused', async () => {
    const { perSecond } = await shared({ a: 10, b: 10, c: 0.5 }, 5)
    const inAMinute = perSecond.map((_, at) => perSecond.slice(at, at + 60).reduce((sum, count) => sum + count, 0))
    expect(Math.max(...inAMinute)).toBeLessThanOrEqual(5 * 60)
    expect(perSecond.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(0.98 * 4 * 300)
  })
})
