import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readSignedQuery } from './query-hmac.ts'

const SECRET = 'hush'
const NOW = 1_795_341_600_000
const VALUES = {
  code: '0907a61c0c8d55e99db179b68161bc00',
  shop: 'some-shop.myshopify.com',
  state: '0.6784241404160823',
  timestamp: String(NOW / 1000),
}
const hmacOf = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex')
/** As Shopify writes it down: sorted by name, joined by &. */
const signed = (values: Readonly<Record<string, string>>, secret = SECRET): string => {
  const text = Object.keys(values)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(values[name] ?? '')}`)
    .join('&')
  return `?${text}&hmac=${hmacOf(text, secret)}`
}
const read = (search: string, now = NOW) => readSignedQuery(search, ['new-secret', SECRET], now)

describe('an address that Shopify signed', () => {
  it('tells its shop, under the new secret and the one before', () => {
    expect(read(signed(VALUES))).toMatchObject({ ok: true, shop: 'some-shop.myshopify.com', signedAt: NOW })
    expect(read(signed(VALUES, 'new-secret')).ok).toBe(true)
  })

  it('is that of the documentation’s example', () => {
    const hmac = '700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf'
    const text = `code=${VALUES.code}&hmac=${hmac}&shop=${VALUES.shop}&state=${VALUES.state}&timestamp=1337178173`
    expect(read(`?${text}`, 1_337_178_173_000).ok).toBe(true)
  })

  it('is read whatever its order, and with spaces, signs and letters of all kinds', () => {
    const odd = { ...VALUES, locale: 'de DE', 'a-b': "Ä&=+'()*", a: '1' }
    const search = signed(odd)
    expect(read(search).ok).toBe(true)
    expect(read(`?${search.slice(1).split('&').reverse().join('&')}`).ok).toBe(true)
  })

  it('is stale 90 seconds away from its time, on either side', () => {
    const search = signed(VALUES)
    expect([read(search, NOW + 90_000).ok, read(search, NOW - 90_000).ok]).toEqual([true, true])
    expect(read(search, NOW + 90_001)).toEqual({ ok: false, problem: 'stale' })
    expect(read(search, NOW - 90_001)).toEqual({ ok: false, problem: 'stale' })
  })

  const good = signed(VALUES)
  it.each([
    ['another secret', signed(VALUES, 'stranger')],
    ['an empty secret', `?shop=a.myshopify.com&timestamp=1&hmac=${hmacOf('shop=a.myshopify.com&timestamp=1', '')}`],
    ['no signature', good.replace(/&hmac=.*/, '')],
    ['a signature in capitals', good.replace(/hmac=(.*)/, (_, hex: string) => `hmac=${hex.toUpperCase()}`)],
    ['a cut signature', good.slice(0, -2)],
    ['the signature twice', `${good}&hmac=x`],
    ['the shop twice', `${good}&shop=evil.myshopify.com`],
    ['a value more', `${good}&scope=all`],
    ['another shop', good.replace('some-shop', 'evil-shop')],
    ['a foreign host', signed({ ...VALUES, shop: 'evil.example' })],
    ['a shop in capitals', signed({ ...VALUES, shop: 'SOME-SHOP.myshopify.com' })],
    ['a shop of Shopify’s own hosts', signed({ ...VALUES, shop: 'some-shop.shop.dev' })],
    ['no time', signed({ shop: VALUES.shop })],
    ['a time that is none', signed({ ...VALUES, timestamp: '1e9' })],
    ['a time with a sign', signed({ ...VALUES, timestamp: `-${VALUES.timestamp}` })],
    ['no shop', signed({ timestamp: VALUES.timestamp })],
    ['a huge query', signed({ ...VALUES, padding: 'x'.repeat(9000) })],
    ['nothing', ''],
  ])('is none with %s', (_, search) => {
    expect(read(search)).toEqual({ ok: false, problem: 'invalid' })
  })
})
