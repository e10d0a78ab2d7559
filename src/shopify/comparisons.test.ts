import { describe, expect, it } from 'vitest'
import { type Shop, shopFrom } from '../event/event.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import { handClock, NOW, SHOP } from '../pipeline/double.ts'
import type { ShopRecord } from '../store/store.ts'
import type { Compared } from './compare.ts'
import { sharedComparisons } from './comparisons.ts'

const OTHER = shopFrom('other.myshopify.com') as Shop
const NOTHING = { orders: 0, value: {} }
const NONE = { count: 0, orders: [] }

const equal = (at: number): Compared => ({
  compared: true,
  at,
  shopify: NOTHING,
  ours: NOTHING,
  elsewhere: NOTHING,
  isEqual: true,
  missing: NONE,
  gone: NONE,
})

/** Comparisons that end when they are told to. */
const world = () => {
  const clock = handClock()
  const begun: PromiseWithResolvers<Compared>[] = []
  const compared = sharedComparisons(clock, () => {
    const one = Promise.withResolvers<Compared>()
    begun.push(one)
    return one.promise
  })
  const ask = (daysAgo: number, shop = SHOP, days = 1) => {
    const until = NOW - daysAgo * DAY
    return compared({ shop, facts: {}, installedAt: 1 } as ShopRecord, { from: until - days * DAY, until })
  }
  /** Asks for days of which nothing is known, and has Shopify answer. */
  const take = async (daysAgo: number) => {
    const answer = ask(daysAgo)
    begun.at(-1)?.resolve(equal(clock.now()))
    return answer
  }
  return { clock, begun, ask, take }
}

describe('comparisons with Shopify', () => {
  it('are shared by all who ask for the same days while one runs, and for five minutes after', async () => {
    const { clock, begun, ask } = world()
    const [first, second] = [ask(0), ask(0)]
    expect(begun).toHaveLength(1)
    begun[0]?.resolve(equal(clock.now()))
    expect(await second).toEqual(await first)
    await clock.turn(5 * MINUTE - 1)
    expect(await ask(0)).toEqual(equal(NOW))
    await clock.turn(1)
    void ask(0)
    expect(begun).toHaveLength(2)
  })

  it('are begun again where one came to nothing', async () => {
    const { begun, ask } = world()
    const [refused, broken] = [ask(0), ask(1)]
    begun[0]?.resolve({ compared: false, why: 'The store is frozen.' })
    begun[1]?.reject(new Error('the disk'))
    expect(await refused).toMatchObject({ compared: false })
    await expect(broken).rejects.toThrow('the disk')
    void ask(0)
    void ask(1)
    expect(begun).toHaveLength(4)
  })

  it('run two at a time for a shop, however many ask, and hold up no other shop', async () => {
    const { begun, ask } = world()
    void ask(0)
    void ask(1)
    expect(await ask(2)).toMatchObject({ compared: false, why: expect.stringContaining('Ask again') })
    void ask(2, OTHER)
    expect(begun).toHaveLength(3)
  })

  it('are of twenty periods of a shop at most in five minutes', async () => {
    const { clock, begun, ask, take } = world()
    for (let daysAgo = 0; daysAgo < 20; daysAgo++) expect(await take(daysAgo)).toMatchObject({ compared: true })
    expect(await ask(20)).toMatchObject({ compared: false })
    expect(await ask(19)).toMatchObject({ compared: true })
    await clock.turn(5 * MINUTE)
    void ask(20)
    expect(begun).toHaveLength(21)
  })

  it('are of a quarter at most', async () => {
    const { begun, ask } = world()
    expect(await ask(0, SHOP, 94)).toMatchObject({ compared: false, why: expect.stringContaining('93 days') })
    expect(begun).toHaveLength(0)
  })
})
