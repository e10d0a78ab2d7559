import { describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../lib/duration.ts'
import { data, EMAIL, event, expectRefused, NOW, reddit, send, UUID } from './sending.ts'

const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const without = (key: string) => data(Object.fromEntries(Object.entries(event()).filter(([name]) => name !== key)))
const user = (told: object) => data(event({ user: told }))
const metadata = (told: object, tracking_type = 'PURCHASE') => data(event({ metadata: told, type: { tracking_type } }))
const product = (told: object) => metadata({ products: [told] })
const custom = (custom_event_name?: unknown) => data(event({ type: { tracking_type: 'CUSTOM', custom_event_name } }))
const options = (told: object) => user({ email: EMAIL, data_processing_options: told })
const offline = (told: object, more: object = {}) =>
  data(event({ action_source: 'PHYSICAL_STORE', event_source_url: undefined, user: told, ...more }))

describe('an event that is refused', () => {
  it.each<[string, unknown, string, string]>([
    ['of 7 days', data(event({ event_at: NOW - 7 * DAY })), 'event_at', 'must be less than 168h0m0s old'],
    ['in seconds', data(event({ event_at: NOW / 1000 })), 'event_at', 'must be less than 168h0m0s old'],
    ['more than five minutes ahead', data(event({ event_at: NOW + 5 * MINUTE + 1 })), 'event_at', 'in the future'],
    ['a time as text', data(event({ event_at: '2026-11-20T12:00:00Z' })), 'event_at', "not of type 'integer'"],
    ['a time with a fraction', data(event({ event_at: NOW - 0.5 })), 'event_at', "not of type 'integer'"],
    ['no time', without('event_at'), 'event_at', 'missing event_at'],
    ['no action source', without('action_source'), 'action_source', 'missing action_source'],
    [
      'an action source in lower case',
      data(event({ action_source: 'website' })),
      'action_source',
      'invalid action_source: website',
    ],
    ['an unknown action source', data(event({ action_source: 'web' })), 'action_source', 'invalid action_source: web'],
    ['no type', without('type'), 'type', 'missing type'],
    ['a type that is a text', data(event({ type: 'LEAD' })), 'type', "not of type 'object'"],
    ['no tracking type', data(event({ type: {} })), 'type.tracking_type', 'missing tracking_type'],
    [
      'a tracking type of the tag',
      data(event({ type: { tracking_type: 'PageVisit' } })),
      'type.tracking_type',
      'invalid tracking_type: PageVisit',
    ],
    ['an own event without a name', custom(), 'type.custom_event_name', 'missing custom_event_name'],
    ['an own name of 65 characters', custom('x'.repeat(65)), 'type.custom_event_name', 'is too long'],
    ['an empty own name', custom(''), 'type.custom_event_name', 'is too short'],
    ['null', data(event({ click_id: null })), 'click_id', "not of type 'string'"],
    ['an empty click id', data(event({ click_id: '' })), 'click_id', 'is too short'],
    ['a hashed click id', data(event({ click_id: EMAIL })), 'click_id', 'empty or hashed'],
    [
      'a page without a scheme',
      data(event({ event_source_url: 'shop.example' })),
      'event_source_url',
      'invalid event_source_url',
    ],
    ['no URL as referrer', data(event({ referrer_url: 'https://' })), 'referrer_url', 'invalid referrer_url'],
    ['an event that is no object', data('LEAD'), '', "not of type 'object'"],

    ['a value below nothing', metadata({ value: -1, currency: 'USD' }), 'metadata.value', 'less than the minimum of 0'],
    ['a value as text', metadata({ value: '1', currency: 'USD' }), 'metadata.value', "not of type 'number'"],
    ['a currency that is none', metadata({ value: 1, currency: 'US$' }), 'metadata.currency', 'invalid currency: US$'],
    ['a currency in lower case', metadata({ value: 1, currency: 'usd' }), 'metadata.currency', 'invalid currency: usd'],
    ['a count with a fraction', metadata({ item_count: 1.5 }), 'metadata.item_count', "not of type 'integer'"],
    ['a count below nothing', metadata({ item_count: -1 }), 'metadata.item_count', 'less than the minimum of 0'],
    ['a count beyond 32 bits', metadata({ item_count: 2 ** 31 }), 'metadata.item_count', 'greater than the maximum'],
    ['a conversion id as number', metadata({ conversion_id: 1 }), 'metadata.conversion_id', "not of type 'string'"],
    ['an order id as number', metadata({ order_id: 5550001112223 }), 'metadata.order_id', "not of type 'string'"],
    ['a product without an id', product({ name: 'Shoe' }), 'metadata.products.id', 'missing id'],
    ['a product id as number', product({ id: 1 }), 'metadata.products', "not of type 'string'"],
    ['a quantity with a fraction', product({ id: '1', quantity: 1.5 }), 'metadata.products', "not of type 'integer'"],
    ['a quantity below nothing', product({ id: '1', quantity: -1 }), 'metadata.products', 'less than the minimum of 0'],
    ['a price as text', product({ id: '1', item_price: '60' }), 'metadata.products', "not of type 'number'"],
    ['a price below nothing', product({ id: '1', item_price: -1 }), 'metadata.products', 'less than the minimum of 0'],

    ['a list of emails', user({ email: [EMAIL] }), 'user.email', "not of type 'string'"],
    ['a hash in capitals', user({ email: EMAIL.toUpperCase() }), 'user.email', 'neither a SHA-256'],
    ['an MD5', user({ email: '0'.repeat(32) }), 'user.email', 'neither a SHA-256'],
    ['the hash of nothing as email', user({ email: HASH_OF_NOTHING }), 'user.email', 'the hash of nothing'],
    [
      'the hash of nothing as phone',
      user({ phone_number: HASH_OF_NOTHING }),
      'user.phone_number',
      'the hash of nothing',
    ],
    [
      'the hash of nothing as external id',
      user({ external_id: HASH_OF_NOTHING }),
      'user.external_id',
      'the hash of nothing',
    ],
    ['a blank external id', user({ external_id: ' ' }), 'user.external_id', 'the hash of nothing'],
    ['a phone without digits', user({ phone_number: 'call me' }), 'user.phone_number', 'neither a SHA-256'],
    ['an IP address that is none', user({ ip_address: '203.0.113' }), 'user.ip_address', 'invalid ip_address'],
    ['a hashed user agent', user({ user_agent: EMAIL }), 'user.user_agent', 'empty or hashed'],
    ['a hashed uuid', user({ uuid: EMAIL }), 'user.uuid', 'invalid uuid'],
    ['an uuid cookie in seconds', user({ uuid: UUID.replace('000.', '.') }), 'user.uuid', 'invalid uuid'],
    ['an IDFA in lower case', user({ idfa: 'eb2c2c1c-0f1a-4f2b-9c1d-2f5a7b8c9d0e' }), 'user.idfa', 'neither a SHA-256'],
    ['an AAID in capitals', user({ aaid: 'CDDA802E-FB9C-47AD-9866-0794D394C912' }), 'user.aaid', 'neither a SHA-256'],
    [
      'a screen without its width',
      user({ screen_dimensions: { height: 1 } }),
      'user.screen_dimensions.width',
      'missing width',
    ],
    [
      'a screen too high',
      user({ screen_dimensions: { height: 32768, width: 1 } }),
      'user.screen_dimensions.height',
      'greater than the maximum',
    ],

    [
      'another spelling of LDU',
      options({ modes: ['ldu'] }),
      'user.data_processing_options.modes',
      "'ldu' is not one of",
    ],
    ['no mode', options({ modes: [] }), 'user.data_processing_options.modes', 'is too short'],
    ['no modes', options({ country: 'US' }), 'user.data_processing_options.modes', 'missing modes'],
    [
      'a country as number',
      options({ modes: ['LDU'], country: 1 }),
      'user.data_processing_options.country',
      "not of type 'string'",
    ],
    [
      'a country by name',
      options({ modes: ['LDU'], country: 'USA' }),
      'user.data_processing_options.country',
      'invalid country: USA',
    ],
    [
      'a region by name',
      options({ modes: ['LDU'], region: 'California' }),
      'user.data_processing_options.region',
      'invalid region',
    ],

    [
      'in a shop, with a click id',
      offline({ email: EMAIL }, { click_id: '7' }),
      'click_id',
      'not allowed for PHYSICAL_STORE',
    ],
    [
      'in a shop, with a browser id',
      offline({ email: EMAIL, uuid: UUID }),
      'user.uuid',
      'not allowed for PHYSICAL_STORE',
    ],
    [
      'in a shop, with a device id',
      offline({ email: EMAIL, idfa: EMAIL }),
      'user.idfa',
      'not allowed for PHYSICAL_STORE',
    ],
    ['in a shop, with an email in clear', offline({ email: 'jane@example.com' }), 'user.email', 'must be hashed'],
    [
      'in a shop, with a phone in clear',
      offline({ phone_number: '+15554441234' }),
      'user.phone_number',
      'must be hashed',
    ],
  ])('%s', (_, body, field, message) => {
    const sandbox = reddit()
    expectRefused(sandbox, send(sandbox, { body }), field, message)
  })
})

describe('accepted', () => {
  it.each<[string, unknown]>([
    ['just younger than 7 days', data(event({ event_at: NOW - 7 * DAY + 1 }))],
    ['five minutes ahead', data(event({ event_at: NOW + 5 * MINUTE }))],
    ['an own name of 64 characters', custom('x'.repeat(64))],
    ['a value of nothing', metadata({ conversion_id: 'p', value: 0, currency: 'USD' })],
    ['an email hashed', user({ email: EMAIL })],
    ['an uuid without its time', user({ uuid: '7c73e5ee-c0ac-4eca-a8bc-84c2d1ad5d2b' })],
    ['an IPv6 address', user({ ip_address: '2001:db8::1', user_agent: 'Mozilla/5.0' })],
    ['an external id in clear', user({ external_id: '7001234567890' })],
    ['an IDFA', user({ idfa: 'EB2C2C1C-0F1A-4F2B-9C1D-2F5A7B8C9D0E' })],
    ['its hash', user({ idfa: '326f153f43e7b13df497917116668bf400e1fa4d3abb02bfda9bec9360c63542' })],
    ['an AAID', user({ aaid: 'cdda802e-fb9c-47ad-9866-0794d394c912' })],
    ['its hash', user({ aaid: 'f23b554b2a8fb732a8b973733832e70f018da7bc294dfea289735a07d5dd2c9f' })],
    ['a screen', user({ email: EMAIL, screen_dimensions: { height: 32767, width: 0 } })],
    ['a bare region', options({ modes: ['LDU'], country: 'US', region: 'CA' })],
    ['value and currency of a lead', metadata({ conversion_id: 'l', value: 1, currency: 'USD' }, 'LEAD')],
    ['in a shop, email and phone hashed', offline({ email: EMAIL, phone_number: EMAIL })],
  ])('%s', (_, body) => {
    const sandbox = reddit()
    expect(send(sandbox, { body }).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([{ warnings: [] }])
  })

  const all = { conversion_id: 'x', value: 1, currency: 'USD', item_count: 1, order_id: '1' }
  it.each<[string, unknown, string]>([
    ['no user', without('user'), 'no match key'],
    ['an IP address without a user agent', user({ ip_address: '203.0.113.7' }), 'no match key'],
    ['a value on a page visit', metadata(all, 'PAGE_VISIT'), 'unsupported metadata: value on PAGE_VISIT'],
    ['a currency on a view', metadata(all, 'VIEW_CONTENT'), 'unsupported metadata: currency on VIEW_CONTENT'],
    ['a count on a search', metadata(all, 'SEARCH'), 'unsupported metadata: item_count on SEARCH'],
    ['a count on a lead', metadata(all, 'LEAD'), 'unsupported metadata: item_count on LEAD'],
    ['a count on a sign-up', metadata(all, 'SIGN_UP'), 'unsupported metadata: item_count on SIGN_UP'],
    ['no conversion id', without('metadata'), 'conversion_id is missing'],
    ['a purchase without a value', metadata({ conversion_id: 'x' }), 'value is missing on a PURCHASE'],
    ['a value without a currency', metadata({ conversion_id: 'x', value: 1 }), 'value has no currency'],
    ['an email in clear', user({ email: 'jane@example.com' }), 'email is not hashed'],
    ['a phone in clear', user({ phone_number: '+1 (555) 444-1234 ext. 22' }), 'phone_number is not hashed'],
    ['an external id with spaces', user({ external_id: ' 7001234567890 ' }), 'spaces around'],
    [
      'a hashed IP address',
      user({ email: EMAIL, ip_address: 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02' }),
      'ip_address is hashed',
    ],
    ['a page of an app', data(event({ action_source: 'APP' })), 'event_source_url is for WEBSITE'],
    ['in a shop, with an IP address', offline({ email: EMAIL, ip_address: '203.0.113.7' }), 'ip_address has no place'],
  ])('with a warning that the page shows and the answer does not: %s', (_, body, words) => {
    const sandbox = reddit()
    expect(send(sandbox, { body }).status).toBe(200)
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
    expect(sandbox.adsManager(NOW)).toContain(words)
  })

  it('cuts an order id after 100 characters', () => {
    const sandbox = reddit()
    send(sandbox, { body: metadata({ ...all, order_id: '1'.repeat(101) }) })
    expect(sandbox.conversions()).toMatchObject([
      { orderId: '1'.repeat(100), warnings: ['order_id is cut after 100 characters'] },
    ])
  })

  it('finds the click id in the page’s address when none is told', () => {
    const sandbox = reddit()
    send(sandbox, { body: data(event({ user: undefined, event_source_url: 'https://shop.example/?rdt_cid=72' })) })
    expect(sandbox.conversions()).toMatchObject([{ identifiers: { click_id: ['72'] }, warnings: [] }])
  })

  it.each<[string, unknown, object]>([
    ['an own event goes by its name', custom('InitiateCheckout'), { name: 'InitiateCheckout', marks: ['custom'] }],
    ['a shop is a badge', offline({ email: EMAIL }), { name: 'LEAD', marks: ['PHYSICAL_STORE'] }],
    ['limited use', options({ modes: ['LDU'] }), { limited: true }],
    ['full use', data(event()), { limited: false }],
  ])('%s', (_, body, expected) => {
    const sandbox = reddit()
    send(sandbox, { body })
    expect(sandbox.conversions()).toMatchObject([expected])
  })
})
