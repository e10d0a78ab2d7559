import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readAppProxy } from './app-proxy.ts'

const SECRET = 'hush'
const AT = 1_795_500_000
const NOW = AT * 1000
const sign = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex')

const SIGNED = `logged_in_customer_id=path_prefix=/apps/visitshop=demo.myshopify.comtimestamp=${AT}`
const query = (given: Readonly<Record<string, string>> = {}, signature = sign(SIGNED)) =>
  new URLSearchParams({
    shop: 'demo.myshopify.com',
    logged_in_customer_id: '',
    path_prefix: '/apps/visit',
    timestamp: String(AT),
    signature,
    ...given,
  }).toString()
const read = (search: string, now = NOW, secrets: readonly string[] = [SECRET]) => readAppProxy(search, secrets, now)

describe('a request that Shopify passes on from the store’s own address', () => {
  it('is believed when Shopify signed it', () => {
    expect(read(query())).toEqual({ ok: true, shop: 'demo.myshopify.com' })
  })

  it('is the example of Shopify’s documentation, with a repeated name', () => {
    const text =
      'extra=1,2logged_in_customer_id=1path_prefix=/apps/awesome_reviewsshop=some-shop.myshopify.comtimestamp=1317327555'
    const search = `extra=1&extra=2&shop=some-shop.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=${sign(text)}`
    expect(read(search, 1_317_327_555_000)).toEqual({ ok: true, shop: 'some-shop.myshopify.com' })
  })

  it('is believed with the secret from before a rotation too', () => {
    expect(read(query(), NOW, ['new', SECRET])).toMatchObject({ ok: true })
  })

  it.each([
    ['an empty query', ''],
    ['no signature', query({ signature: '' })],
    ['another secret', query({}, sign(SIGNED, 'other'))],
    ['a signature in capitals', query({}, sign(SIGNED).toUpperCase())],
    ['a signature that is too short', query({}, sign(SIGNED).slice(2))],
    ['another shop', query({ shop: 'other.myshopify.com' })],
    ['one more name', query({ admin: '1' })],
    ['a second signature', `${query()}&signature=${sign(SIGNED)}`],
    ['a second shop', `${query()}&shop=demo.myshopify.com`],
    ['a second timestamp', `${query()}&timestamp=${AT}`],
    ['the signature of an address in the admin', query({ hmac: sign(SIGNED) })],
    ['more than an address is long', `${query()}&x=${'x'.repeat(5000)}`],
  ])('is not believed with %s', (_what, search) => {
    expect(read(search)).toEqual({ ok: false, problem: 'invalid' })
  })

  it.each([
    ['https://demo.myshopify.com', 'a whole address'],
    ['demo.myshopify.com.evil.example', 'a host that only begins so'],
    ['DEMO.myshopify.com', 'capitals'],
  ])('is not believed with the shop %s, although it was signed', (shop) => {
    const signed = SIGNED.replace('demo.myshopify.com', shop)
    expect(read(query({ shop }, sign(signed)))).toEqual({ ok: false, problem: 'invalid' })
  })

  it('is not believed 91 seconds later or earlier', () => {
    expect(read(query(), NOW + 90_000)).toMatchObject({ ok: true })
    expect(read(query(), NOW + 91_000)).toEqual({ ok: false, problem: 'stale' })
    expect(read(query(), NOW - 91_000)).toEqual({ ok: false, problem: 'stale' })
  })

  it('is not believed by who has no secret', () => {
    expect(read(query({}, sign(SIGNED, '')), NOW, [''])).toEqual({ ok: false, problem: 'invalid' })
    expect(read(query(), NOW, [])).toEqual({ ok: false, problem: 'invalid' })
  })
})
