import { describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../lib/duration.ts'
import {
  body,
  criteo,
  event,
  expectSwallowed,
  id,
  MD5,
  NOW,
  OTHER,
  refusalsOf,
  SECONDS,
  SHA256,
  SHA256_MD5,
  send,
} from './sending.ts'

const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const SHA256_OF_MD5_OF_NOTHING = 'f215faf9d88b7f0a881632ee22459ee452a296c808d261b6cc993d3a1fd0600e'
const without = (key: string) => Object.fromEntries(Object.entries(body()).filter(([name]) => name !== key))
const email = (hashes: unknown) => id({ mapped_user_id: 'k-1', email: hashes })
const shirt = { id: 'shopify_FR_111_222', price: 45, quantity: 2 }
const sale = (over: object = {}) => event('trackTransaction', { id: '1', currency: 'EUR', item: [shirt], ...over })

describe('swallowed: 2xx, nothing counts, and the list of refusals says why', () => {
  it.each<[string, unknown, string]>([
    ['no version', without('version'), "'version' is a required property"],
    ['no site type', without('site_type'), "'site_type' is a required property"],
    ['an unknown site type', body({ site_type: 'desktop' }), "'desktop' is not one of"],
    ['no account', without('account'), "'account' is a required property"],
    ['an account as number', body({ account: 12345 }), "not of type 'string'"],
    ['an account that nobody has', body({ account: '99' }), 'no partner has the account 99'],
    ['no id', without('id'), "'id' is a required property"],
    ['no caller id', body({ id: { mapped_user_id: 'k-1' } }), "'mapping_key' is a required property"],
    [
      'another partner’s caller id',
      body({ id: { mapping_key: '876', mapped_user_id: 'k-1' } }),
      'is not the caller id',
    ],
    ['one’s own caller id for another partner', body({ account: OTHER }), 'is not the caller id'],
    ['no events', without('events'), "'events' is a required property"],
    ['an empty list of events', body({ events: [] }), 'is too short'],
    ['an event instead of a list', body({ events: { event: 'viewHome' } }), "not of type 'array'"],
    ['an unknown key', body({ partner_id: '12345' }), "('partner_id' was unexpected)"],
    ['an unknown key of id', id({ mapped_user_id: 'k-1', gum: 'x' }), "('gum' was unexpected)"],
    ['null', body({ country: null }), "not of type 'string'"],
    ['an empty text', body({ full_url: '' }), 'is too short'],

    ['neither GUM id nor email', id({}), 'nothing to match'],
    ['a GUM id that a script did not have', id({ mapped_user_id: 'undefined' }), "mapped_user_id is 'undefined'"],
    ['a visitor id that a script did not have', body({ retailer_visitor_id: 'null' }), "retailer_visitor_id is 'null'"],
    ['an email as text', email('user@example.com'), "not of type 'object'"],
    ['an email in clear', email({ raw: 'user@example.com' }), 'not hashed'],
    ['an email in clear beside its hash', email({ raw: 'user@example.com', sha256: SHA256 }), 'not hashed'],
    ['an email in clear where a hash belongs', email({ md5: 'user@example.com' }), 'email.md5'],
    ['no hash', email({}), 'email holds no hash'],
    ['an MD5 in capitals', email({ md5: MD5.toUpperCase() }), 'email.md5'],
    ['an MD5 as SHA-256', email({ sha256: MD5 }), 'email.sha256 is'],
    ['an MD5 as SHA-256 of it', email({ sha256_md5: MD5 }), 'email.sha256_md5 is'],
    ['the MD5 of nothing', email({ md5: MD5_OF_NOTHING }), 'the hash of nothing'],
    ['the SHA-256 of nothing', email({ sha256: SHA256_OF_NOTHING }), 'the hash of nothing'],
    ['the SHA-256 of the MD5 of nothing', email({ sha256_md5: SHA256_OF_MD5_OF_NOTHING }), 'the hash of nothing'],
    ['hashes that do not belong together', email({ md5: MD5, sha256_md5: SHA256 }), 'is not the SHA-256 of the text'],
    ['an unknown hash', email({ sha1: MD5 }), "('sha1' was unexpected)"],
    ['a customer id in clear', body({ customer_id: '7654321' }), 'customer_id is not hashed'],
    ['a customer id of nothing', body({ customer_id: SHA256_OF_NOTHING }), 'customer_id is not hashed'],
    ['a hashed IP address', body({ ip: SHA256 }), 'ip is no IP address'],
    ['a hashed user agent', body({ useragent: SHA256 }), 'useragent is empty or hashed'],
    ['a country by name', body({ country: 'France' }), "country 'France'"],
    ['a country in lower case', body({ country: 'fr' }), "country 'fr'"],
    ['a language with its region', body({ language: 'fr-FR' }), "language 'fr-FR'"],
    ['a page without a scheme', body({ full_url: 'shop.example/' }), 'full_url'],
    ['no previous page', body({ previous_url: '(direct)' }), 'previous_url'],

    ['an event without a name', body({ events: [{ timestamp: SECONDS }] }), "'event' is a required property"],
    ['an event that is a text', body({ events: ['viewHome'] }), "not of type 'object'"],
    ['an event of GA4', event('purchase'), 'there is no event purchase'],
    ['an event of retail media', event('viewSearchResult'), 'there is no event viewSearchResult'],
    ['a wish list', event('addToWishlist', { item: [shirt] }), 'there is no event addToWishlist'],
    ['no time', body({ events: [{ event: 'viewHome' }] }), "'timestamp' is a required property"],
    ['milliseconds', event('viewHome', { timestamp: NOW }), 'not in seconds'],
    ['a fraction of a second', event('viewHome', { timestamp: SECONDS + 0.5 }), "'integer'"],
    ['seconds as text', event('viewHome', { timestamp: String(SECONDS) }), 'neither ISO 8601 in UTC'],
    ['local time', event('viewHome', { timestamp: '2026-11-20T15:03:22' }), 'neither ISO 8601 in UTC'],
    ['time of a zone', event('viewHome', { timestamp: '2026-11-20T15:03:22+01:00' }), 'neither ISO 8601 in UTC'],
    ['a month that is none', event('viewHome', { timestamp: '2026-13-20T15:03:22Z' }), 'neither ISO 8601 in UTC'],
    ['an unknown key of an event', event('viewHome', { value: 90 }), "('value' was unexpected)"],
    ['products of a page', event('viewPage', { item: ['1'] }), "('item' was unexpected)"],
    ['a view without a product', event('viewItem'), "'item' is a required property"],
    ['a list of no product', event('viewList', { item: [] }), 'is too short'],
    ['a view with a price', event('viewItem', { item: [shirt] }), "not of type 'string'"],
    ['a cart without prices', event('addToCart', { item: ['1'] }), "not of type 'object'"],
    ['an empty basket', event('viewBasket', { item: [] }), 'is too short'],
    ['a price as text', event('addToCart', { item: [{ ...shirt, price: '45' }] }), "not of type 'number'"],
    ['a price below nothing', event('addToCart', { item: [{ ...shirt, price: -1 }] }), 'less than the minimum of 0'],
    ['a quantity of nothing', event('addToCart', { item: [{ ...shirt, quantity: 0 }] }), 'less than the minimum of 1'],
    ['a product id as number', event('addToCart', { item: [{ ...shirt, id: 111 }] }), "not of type 'string'"],
    ['a product by its name', event('addToCart', { item: [{ ...shirt, name: 'Shirt' }] }), "('name' was unexpected)"],
    ['a sale without an order id', sale({ id: undefined }), "'id' is a required property"],
    ['a sale of nothing', sale({ item: undefined }), "'item' is a required property"],
    ['a currency that is none', sale({ currency: 'EURO' }), "currency 'EURO'"],
    ['a currency in lower case', sale({ currency: 'eur' }), "currency 'eur'"],
  ])('%s', (_, sent, words) => {
    const sandbox = criteo()
    expectSwallowed(sandbox, send(sandbox, { body: sent }), words)
  })

  it('names the account and the event', () => {
    const sandbox = criteo()
    send(sandbox, { body: sale({ currency: 'EURO', deduplication_page_view_id: 'pv_1' }) })
    expect(refusalsOf(sandbox)).toMatchObject([{ account: '12345', name: 'trackTransaction', eventId: 'pv_1' }])
  })

  it('one of two, while the other counts', () => {
    const sandbox = criteo()
    send(sandbox, {
      body: body({
        events: [
          { event: 'viewHome', timestamp: NOW },
          { event: 'viewPage', timestamp: SECONDS },
        ],
      }),
    })
    expect(refusalsOf(sandbox)).toMatchObject([{ name: 'viewHome' }])
    expect(sandbox.conversions()).toMatchObject([{ name: 'viewPage' }])
  })

  it('both of two, when the body around them is at fault', () => {
    const sandbox = criteo()
    const events = ['viewHome', 'viewPage'].map((name) => ({ event: name, timestamp: SECONDS }))
    send(sandbox, { body: body({ account: '99', events }) })
    expect(refusalsOf(sandbox)).toMatchObject([{ name: 'viewHome' }, { name: 'viewPage' }])
  })
})

describe('accepted', () => {
  it.each<[string, unknown]>([
    ['the home page', event('viewHome')],
    ['a page', event('viewPage')],
    ['a list', event('viewList', { item: ['1', '2', '3'] })],
    ['a product', event('viewItem', { item: ['1'] })],
    ['a product put into the cart', event('addToCart', { item: [shirt], currency: 'EUR' })],
    ['a basket', event('viewBasket', { item: [shirt], currency: 'EUR' })],
    ['a checkout', event('beginCheckout', { item: [shirt], currency: 'EUR' })],
    ['a checkout of products not told', event('beginCheckout')],
    ['payment', event('addPaymentInfo')],
    ['a login', event('login')],
    ['a sale', sale()],
    ['a sale of a gift', sale({ item: [{ ...shirt, price: 0 }] })],
    ['time in ISO 8601', event('viewHome', { timestamp: '2026-11-20T14:03:22.123Z' })],
    ['a sale almost a day old', sale({ timestamp: (NOW - DAY) / 1000 })],
    ['a view ten minutes old', event('viewHome', { timestamp: (NOW - 10 * MINUTE) / 1000 })],
    ['a customer id as MD5', body({ customer_id: 'f0898af949a373e72a4f6a34b4de9090' })],
    ['an IPv6 address', body({ ip: '2001:db8::1' })],
    ['all hashes of an email', email({ md5: MD5, sha256: SHA256, sha256_md5: SHA256_MD5 })],
  ])('%s', (_, sent) => {
    const sandbox = criteo()
    send(sandbox, { body: sent })
    expect(refusalsOf(sandbox)).toEqual([])
    expect(sandbox.conversions()).toMatchObject([{ warnings: [] }])
  })

  it.each<[string, unknown, string]>([
    ['two events', body({ events: [0, 1].map(() => ({ event: 'viewHome', timestamp: SECONDS })) }), '2 events in one'],
    ['a view of an hour ago', event('viewHome', { timestamp: SECONDS - 3600 }), 'not in near real time'],
    ['a sale of the day before', sale({ timestamp: SECONDS - 86_401 }), 'not in near real time'],
    ['a view to come', event('viewHome', { timestamp: SECONDS + 1 }), 'in the future'],
    ['a sale without a currency', sale({ currency: undefined }), 'currency is missing'],
    ['an email without a GUM id', id({ email: { md5: MD5, sha256: SHA256 } }), 'mapped_user_id is missing'],
    ['an email by its SHA-256 alone', email({ sha256: SHA256 }), 'as MD5 and as SHA-256'],
    ['an address of a page with an email', body({ full_url: 'https://shop.example/?e=a%40b.example' }), 'an email'],
  ])('with a warning that the page alone shows: %s', (_, sent, words) => {
    const sandbox = criteo()
    expect(send(sandbox, { body: sent }).body).toBe('')
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
    expect(sandbox.adsManager(NOW)).toContain(words)
  })

  it('a sale is worth what its lines cost together', () => {
    const sandbox = criteo()
    send(sandbox, {
      body: sale({
        item: [
          { ...shirt, price: 0.1, quantity: 3 },
          { ...shirt, price: 19.99, quantity: 1 },
        ],
      }),
    })
    expect(sandbox.conversions()).toMatchObject([{ value: '20.29' }])
  })
})
