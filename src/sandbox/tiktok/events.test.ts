import { describe, expect, it } from 'vitest'
import { DAY, SECOND } from '../../lib/duration.ts'
import {
  EMAIL,
  event,
  expectCode,
  NOW,
  PHONE,
  properties,
  refusals,
  request,
  SECONDS,
  send,
  strictTiktok,
  tiktok,
  user,
} from './sending.ts'

const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const without = (key: string) => request(Object.fromEntries(Object.entries(event()).filter(([name]) => name !== key)))
const contents = (fields: object) => properties({ contents: [fields] })

describe('an event that is refused', () => {
  it.each<[string, unknown, number, string]>([
    ['no object', request('Lead'), 40002, 'Batch.0: Not a valid object'],
    ['no name', without('event'), 40002, 'Batch.0.event: Missing required field'],
    ['an empty name', request(event({ event: '' })), 40002, 'Batch.0.event: '],
    ['no time', without('event_time'), 40002, 'Batch.0.event_time: Missing required field'],
    ['a time as text', request(event({ event_time: '1795176000' })), 40002, 'event_time: Not a valid integer'],
    ['a time with a fraction', request(event({ event_time: SECONDS - 0.5 })), 40002, 'event_time: Not a valid integer'],
    ['a time in milliseconds', request(event({ event_time: NOW })), 40002, 'event_time: Not a valid unix time'],
    ['an event id as a number', request(event({ event_id: 1 })), 40002, 'event_id: Not a valid string'],
    ['an event id that is null', request(event({ event_id: null })), 40002, 'event_id: Not a valid string'],
    ['no page', without('page'), 40002, 'Batch.0.page: Missing required field'],
    ['a page without its address', request(event({ page: {} })), 40002, 'page.url: Missing required field'],
    ['an address without a scheme', request(event({ page: { url: 'shop.example' } })), 40002, 'page.url: Must begin'],
    ['a limited use as text', request(event({ limited_data_use: 'true' })), 40002, 'limited_data_use: Not a valid'],
    ['a user as a list', request(event({ user: [] })), 40002, 'user: Not a valid object'],

    ['an address in clear', user({ email: 'jane.doe@example.com' }), 40062, 'user.email: PII is not hashed'],
    ['one address in clear of two', user({ email: [EMAIL, 'j@example.com'] }), 40062, 'user.email'],
    ['a phone in clear', user({ phone: '+12133734253' }), 40062, 'user.phone'],
    ['an external id in clear', user({ external_id: '7001234567890' }), 40062, 'user.external_id'],
    ['a first name in clear', user({ first_name: 'jane' }), 40062, 'user.first_name'],
    ['an empty last name', user({ email: EMAIL, last_name: '' }), 40062, 'user.last_name'],
    ['a post code in clear', user({ zip_code: '90210' }), 40062, 'user.zip_code'],
    ['an MD5', user({ email: '0'.repeat(32) }), 40062, 'user.email'],
    ['a longer text with a hash in it', user({ email: `${EMAIL}=` }), 40062, 'user.email'],
    ['the hash of nothing', user({ email: EMAIL, phone: [HASH_OF_NOTHING] }), 40002, 'user.phone: Hash of an empty'],
    ['an address as a number', user({ email: 1 }), 40002, 'user.email: Not a valid string or array'],
    ['two first names', user({ first_name: [EMAIL] }), 40002, 'user.first_name: Not a valid string'],
    ['a click id as a number', user({ ttclid: 1 }), 40002, 'user.ttclid: Not a valid string'],

    [
      'a content id as a number',
      contents({ content_id: 44001112223334 }),
      40002,
      'contents.0.content_id: Not a valid string',
    ],
    ['a price as text', contents({ content_id: '1', price: '60' }), 40002, 'contents.0.price: Not a valid number'],
    ['half a piece', contents({ content_id: '1', quantity: 0.5 }), 40002, 'contents.0.quantity: Not a valid integer'],
    ['a number of items as text', properties({ num_items: '3' }), 40002, 'num_items: Not a valid integer'],
    ['a value as text', properties({ value: '145.5', currency: 'USD' }), 40002, 'value: Not a valid number'],
    ['an order id as a number', properties({ order_id: 5550001112223 }), 40002, 'order_id: Not a valid string'],
    ['content ids as one text', properties({ content_ids: '1,2' }), 40002, 'content_ids: Not a valid array'],
    ['content ids as numbers', properties({ content_ids: [1] }), 40002, 'content_ids.0: Not a valid string'],
  ])('%s', (_, body, code, words) => {
    const sandbox = tiktok()
    expectCode(send(sandbox, { body }), code, words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toEqual([expect.objectContaining({ code, message: expect.stringContaining('Batch.0') })])
  })
})

describe('what the sheet leaves open counts with a warning, and is refused when the sandbox is told so', () => {
  const at = Math.floor(SECONDS)
  it.each<[string, unknown, string]>([
    ['a time of the future', request(event({ event_time: at + 1 })), 'event_time: Is in the future'],
    ['an unknown key', request(event({ pixel_code: 'x' })), "('pixel_code' was unexpected)"],
    ['a misspelt key', properties({ contents_ids: ['1'] }), "('contents_ids' was unexpected)"],
    ['an unknown key of the user', user({ email: EMAIL, phone_number: PHONE }), "('phone_number' was unexpected)"],
    ['another content type', properties({ content_type: 'variant' }), "'variant' is not one of"],
    ['an empty event id', request(event({ event_id: '' })), 'event_id: '],
    ['an empty click id', user({ email: EMAIL, ttclid: '' }), 'user.ttclid: '],
    ['no user', without('user'), 'user: No identifier'],
    ['nothing to match on', user({}), 'user: No identifier'],
    ['an IP address alone', user({ ip: '203.0.113.7' }), 'user: No identifier'],
    ['a user agent alone', user({ user_agent: 'Mozilla/5.0' }), 'user: No identifier'],
    ['a name and a city alone', user({ first_name: EMAIL, city: 'paris' }), 'user: No identifier'],
    ['a hash in capitals', user({ email: EMAIL.toUpperCase() }), 'user.email: Hash is not in lower case'],
    ['a hashed city', user({ email: EMAIL, city: EMAIL }), 'user.city: Must not be hashed'],
    ['a hashed click id', user({ ttclid: EMAIL }), 'user.ttclid: Must not be hashed'],
    ['a hashed IP address', user({ email: EMAIL, ip: EMAIL }), 'user.ip: Must not be hashed'],
    ['a city with a space', user({ email: EMAIL, city: 'los angeles' }), 'user.city: Must be in lower case'],
    ['a state in capitals', user({ email: EMAIL, state: 'CA' }), 'user.state: Must be in lower case'],
    ['a country by its name', user({ email: EMAIL, country: 'france' }), 'user.country: Must be a code of two letters'],
    ['an IP address that is none', user({ email: EMAIL, ip: '203.0.113' }), 'user.ip: Is no IP address'],
    ['a currency that is not on the list', properties({ value: 1, currency: 'BGN' }), 'properties.currency'],
    ['a currency in lower case', properties({ value: 1, currency: 'usd' }), 'properties.currency'],
    ['a value without a currency', properties({ value: 1 }), 'properties.value: Has no currency'],
  ])('%s', (_, body, words) => {
    const sandbox = tiktok()
    expectCode(send(sandbox, { body }), 0, 'OK')
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
    expect(sandbox.adsManager(NOW)).toContain('warning')

    const strict = strictTiktok()
    expectCode(send(strict, { body }), 40002, words)
    expect(strict.conversions()).toEqual([])
  })
})

describe('minimum identifiers: enough is', () => {
  it.each<[string, object]>([
    ['a click id', { ttclid: 'E.C.P.Example' }],
    ['a browser id', { ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH' }],
    ['an email', { email: EMAIL }],
    ['a phone in a list', { phone: [PHONE] }],
    ['an external id', { external_id: '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba' }],
    ['an IP address with a user agent', { ip: '2001:db8::1', user_agent: 'Mozilla/5.0' }],
  ])('%s', (_, fields) => {
    expectCode(send(strictTiktok(), { body: user(fields) }), 0, 'OK')
  })
})

describe('accepted without a doubt', () => {
  it.each<[string, unknown]>([
    ['of this very second', request(event({ event_time: SECONDS }))],
    ['a value of nothing', properties({ value: 0, currency: 'EUR' })],
    ['a value below nothing', properties({ value: -1, currency: 'EUR' })],
    ['a city in another script', user({ email: EMAIL, city: '東京' })],
    ['a custom event', request(event({ event: 'ViewCollection' }))],
    ['client hints', request(event({ device: { platform: 'iOS', mobile: true } }))],
  ])('%s', (_, body) => {
    expectCode(send(strictTiktok(), { body }), 0, 'OK')
  })
})

it.each<[string, unknown, string]>([
  ['no event id', without('event_id'), 'event_id is missing'],
  ['an old name', request(event({ event: 'CompletePayment' })), 'TikTok shows it as Purchase'],
  ['a name of its own', request(event({ event: 'purchase' })), 'purchase is a custom event'],
  ['a purchase without a value', request(event({ event: 'Purchase' })), 'value and currency are recommended'],
  ['two ways to name products', properties({ contents: [], content_ids: [] }), 'not to be combined'],
])('accepted with a warning: %s', (_, body, words) => {
  const sandbox = strictTiktok()
  expectCode(send(sandbox, { body }), 0, 'OK')
  expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
})

describe('age', () => {
  const oldest = SECONDS - (28 * DAY) / SECOND
  it('of 28 days counts', () => {
    const sandbox = tiktok()
    expectCode(send(sandbox, { body: request(event({ event_time: oldest })) }), 0, 'OK')
    expect(sandbox.conversions()).toHaveLength(1)
  })

  it('beyond is answered with OK and neither matched nor shown', () => {
    const sandbox = tiktok()
    const body = request(event({ event_time: oldest - 1, event_id: 'old' }), event())
    expectCode(send(sandbox, { body }), 0, 'OK')
    expect(sandbox.conversions()).toMatchObject([{ eventId: 'lead_1' }])
    expect(refusals(sandbox)).toMatchObject([{ status: 200, code: 0, eventId: 'old' }])
  })
})

it.each([
  [true, true],
  [false, false],
  [undefined, false],
])('limited use told as %s is %s', (told, limited) => {
  const sandbox = tiktok()
  send(sandbox, { body: request(event({ limited_data_use: told })) })
  expect(sandbox.conversions()).toMatchObject([{ limited }])
})
