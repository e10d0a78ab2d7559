import { describe, expect, it } from 'vitest'
import { ask } from '../kit/asking.ts'
import { TRACK_TRANSACTION } from './examples.ts'
import { criteo, MD5, NOW, PARTNER, send } from './sending.ts'

/** Of the calls on a page each stands in a parameter of its own, its products encoded once more. */
const tagHit = (
  to: ReturnType<typeof criteo>,
  calls: readonly Readonly<Record<string, string>>[],
  { partner = PARTNER, host = 'sslwidget.criteo.com' } = {},
) => {
  const query = new URLSearchParams({ a: partner, v: '5.46.0' })
  for (const [n, call] of calls.entries()) query.set(`p${n}`, new URLSearchParams(call).toString())
  return ask(to, { url: `https://${host}/event?${query}`, headers: { 'user-agent': 'Mozilla/5.0' }, at: NOW })
}

const START = [
  { e: 'exd', site_type: 'd' },
  { e: 'ce', m: `[${MD5}]` },
]
const END = { e: 'dis' }
const line = (id: string, price: string, quantity: string) =>
  encodeURIComponent(new URLSearchParams({ i: id, pr: price, q: quantity }).toString())
const SALE = { e: 'vc', id: '5551234567890', c: 'EUR', p: `[${line('1', '45', '2')},${line('2', '9.5', '1')}]` }

describe('OneTag’s hit', () => {
  it('tells a sale with its lines and who it was', () => {
    const sandbox = criteo()
    const answer = tagHit(sandbox, [...START, SALE, END])
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PARTNER,
        name: 'trackTransaction',
        orderId: '5551234567890',
        value: '99.5',
        currency: 'EUR',
        contentIds: ['1', '2'],
        sources: { tag: 1, server: 0 },
        identifiers: { md5: [MD5], ip: ['203.0.113.9'], useragent: ['Mozilla/5.0'] },
      },
    ])
  })

  it('is read as it was recorded in a shop', () => {
    const sandbox = criteo()
    const p2 = 'e%3Dac%26p%3D%255Bi%25253D28249%252526pr%25253D159.9%252526q%25253D1%255D'
    const url = `https://sslwidget.criteo.com/event?a=${PARTNER}&v=5.46.0&p0=e%3Dexd%26site_type%3Dd&p2=${p2}&p3=e%3Ddis`
    ask(sandbox, { url, at: NOW })
    expect(sandbox.conversions()).toMatchObject([{ name: 'addToCart', value: '159.9', contentIds: ['28249'] }])
  })

  it.each([
    ['vh', '', 'viewHome', []],
    ['vl', '["1","2"]', 'viewList', ['1', '2']],
    ['vp', '"1"', 'viewItem', ['1']],
    ['ac', `[${line('1', '45', '1')}]`, 'addToCart', ['1']],
    ['vb', `[${line('1', '45', '1')}]`, 'viewBasket', ['1']],
  ])('%s is told as %s', (e, p, name, contentIds) => {
    const sandbox = criteo()
    tagHit(sandbox, [...START, { e, p }, END], { host: 'widget.criteo.com' })
    expect(sandbox.conversions()).toMatchObject([{ name, contentIds }])
  })

  it('may hold several events', () => {
    const sandbox = criteo()
    tagHit(sandbox, [...START, { e: 'vh' }, SALE, END])
    expect(sandbox.conversions()).toMatchObject([{ name: 'viewHome' }, { name: 'trackTransaction' }])
  })

  it('without an event is no conversion, and counts for nobody when nobody has the partner', () => {
    const sandbox = criteo()
    tagHit(sandbox, [...START, END])
    tagHit(sandbox, [SALE], { partner: '99' })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })

  it('is counted beside the server’s copy, never with it', () => {
    const sandbox = criteo()
    tagHit(sandbox, [...START, SALE, END])
    send(sandbox, { body: TRACK_TRANSACTION })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 1 } }, { sources: { server: 1 } }])
  })

  it('is not sent on to a region', () => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: true })
    expect(tagHit(sandbox, [SALE]).status).toBe(200)
  })
})
