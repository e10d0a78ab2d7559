import { describe, expect, it } from 'vitest'
import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { handClock, NOW, SHOP } from '../pipeline/double.ts'
import { askAdmin } from './admin.ts'
import { fakeShopify, soldOrder, TOKEN } from './double.ts'

const SMALL = '{ shop { currencyCode } }'
/** 12 x (1 + 2) points at most. */
const LARGE = '{ orders(first: 250) { nodes { id totalPriceSet { shopMoney { amount } } } } }'

const world = (options: Parameters<typeof fakeShopify>[1] = {}) => {
  const clock = handClock()
  const shopify = fakeShopify(clock, options)
  const ask = (query: string, variables?: object) => askAdmin(shopify.admin, SHOP, query, variables)
  return { clock, shopify, ask }
}

describe('a question to the Admin API', () => {
  it('is answered with its data', async () => {
    const { ask } = world()
    expect(await ask(SMALL)).toEqual({ ok: true, data: { shop: { currencyCode: 'USD' } } })
  })

  it('waits until there are points for it, so that it is not throttled', async () => {
    const { ask, clock, shopify } = world({ plan: { maximum: 60, restoreRate: 2 } })
    for (let number = 0; number < 250; number++) shopify.books.sell(soldOrder(number, NOW))
    expect((await ask(LARGE)).ok).toBe(true)
    const second = ask(LARGE)
    await clock.turn(SECOND)
    expect(shopify.asked).toHaveLength(1)
    await clock.turn(30 * SECOND)
    expect((await second).ok).toBe(true)
    expect(shopify.asked).toHaveLength(2)
  })

  it('obeys when others have emptied the bucket', async () => {
    const { ask, clock, shopify } = world({ plan: { maximum: 60, restoreRate: 2 } })
    for (let number = 0; number < 250; number++) shopify.books.sell(soldOrder(number, NOW))
    const elsewhere = fakeShopify(clock)
    await ask(LARGE)
    // Another process of ours, which does not know of this one's questions.
    const other = { ...elsewhere.admin, send: shopify.admin.send }
    const throttled = askAdmin(other, SHOP, LARGE)
    await clock.turn(0)
    expect(shopify.asked).toHaveLength(2)
    await clock.turn(30 * SECOND)
    expect((await throttled).ok).toBe(true)
  })

  it('asks for another token once when one is refused', async () => {
    const { ask, shopify } = world()
    shopify.tokens = ['shpat_of_yesterday', TOKEN]
    expect((await ask(SMALL)).ok).toBe(true)
    expect(shopify.asked.map(({ status }) => status)).toEqual([401, 200])
    shopify.tokens = ['shpat_of_yesterday', 'shpat_of_the_day_before']
    expect(await ask(SMALL)).toMatchObject({ ok: false, problem: 'unauthorized' })
    shopify.tokens = ['shpat_of_yesterday']
    expect(await ask(SMALL)).toMatchObject({ ok: false, problem: 'unauthorized' })
  })

  it.each([402, 403, 404, 423])('says in words that a store of status %i is not to be asked', async (status) => {
    const { ask, shopify } = world()
    shopify.api.setStatus(SHOP, status)
    const answer = await ask(SMALL)
    expect(answer).toMatchObject({ ok: false, problem: 'not_installed' })
    expect(!answer.ok && answer.message).toMatch(/[sS]tore/)
  })

  it('is tried again after a moment’s trouble, four times in all', async () => {
    const { ask, clock, shopify } = world()
    let failing = 2
    shopify.instead = () => (failing-- > 0 ? { status: 502, headers: {}, body: '<html>' } : undefined)
    const answered = ask(SMALL)
    await clock.turn(60 * SECOND)
    expect((await answered).ok).toBe(true)
    shopify.instead = () => ({ status: 0, headers: {}, body: '', problem: 'the connection was refused' })
    const unanswered = ask(SMALL)
    await clock.turn(60 * SECOND)
    expect(await unanswered).toEqual({
      ok: false,
      problem: 'unreachable',
      message: 'Shopify did not answer: the connection was refused.',
    })
    expect(shopify.asked).toHaveLength(3 + 4)
  })

  it('is refused with Shopify’s own words for a field that there is not', async () => {
    const { ask } = world()
    expect(await ask('{ shop { nameOfTheOwner } }')).toEqual({
      ok: false,
      problem: 'refused',
      message: "Field 'nameOfTheOwner' doesn't exist on type 'Shop'",
      code: 'undefinedField',
    })
  })

  it('takes what could be given where a field may not be seen', async () => {
    const { ask, shopify } = world()
    const body = { data: { shop: { currencyCode: 'USD' }, orders: null }, errors: [{ message: 'Access denied' }] }
    shopify.instead = () => ({ status: 200, headers: {}, body: JSON.stringify(body) })
    expect(await ask(SMALL)).toEqual({ ok: true, data: body.data })
    shopify.instead = () => ({
      status: 200,
      headers: {},
      body: JSON.stringify({ data: { orders: null }, errors: [{ message: 'Access denied for orders field.' }] }),
    })
    expect(await ask(SMALL)).toMatchObject({
      ok: false,
      problem: 'refused',
      message: 'Access denied for orders field.',
    })
  })

  it('goes to stores of Shopify only', async () => {
    const { shopify } = world()
    for (const host of ['example.com', 'a.myshopify.com.example.com', 'A.myshopify.com', 'a_b.myshopify.com'])
      await expect(askAdmin(shopify.admin, host as Shop, SMALL)).rejects.toThrow('no shop')
    expect(shopify.asked).toEqual([])
  })
})
