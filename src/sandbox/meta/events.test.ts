import { describe, expect, it } from 'vitest'
import { DAY } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { codes, data, EM, event, expectRefused, meta, NOW, SECONDS, send } from './sending.ts'

const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const without = (key: string) => Object.fromEntries(Object.entries(event()).filter(([name]) => name !== key))
const user = (user_data: object) => data(event({ user_data }))
const custom = (custom_data: object, event_name = 'Lead') => data(event({ event_name, custom_data }))
const ldu = (country?: unknown, state?: unknown, more: object = {}) =>
  data(
    event({
      data_processing_options: ['LDU'],
      data_processing_options_country: country,
      data_processing_options_state: state,
      ...more,
    }),
  )

describe('an event that is refused with code 100', () => {
  const fbc = (value: string) => user({ em: [EM], fbc: value })
  it.each<[string, unknown, number | undefined, string]>([
    ['a second older than 7 days', data(event({ event_time: SECONDS - 7 * 86_400 - 1 })), 2804003, 'within 7 days'],
    [
      'of a shop, older than 62 days',
      data(event({ action_source: 'physical_store', event_time: SECONDS - 62 * 86_400 - 1 })),
      2804003,
      'within 62 days',
    ],
    ['of the future', data(event({ event_time: SECONDS + 1 })), undefined, 'in the future'],
    ['in milliseconds', data(event({ event_time: NOW - 60_000 })), undefined, 'in the future'],
    ['a time as text', data(event({ event_time: String(SECONDS) })), undefined, "not of type 'integer'"],
    ['a time with a fraction', data(event({ event_time: SECONDS - 0.5 })), undefined, "not of type 'integer'"],
    ['no time', data(without('event_time')), undefined, "'event_time' is a required property"],
    ['no name', data(without('event_name')), undefined, "'event_name' is a required property"],
    ['an empty name', data(event({ event_name: '' })), undefined, 'is too short'],
    ['a name of 51 characters', data(event({ event_name: 'x'.repeat(51) })), undefined, 'is too long'],
    ['no action source', data(without('action_source')), undefined, "'action_source' is a required property"],
    ['an unknown action source', data(event({ action_source: 'web' })), undefined, "'web' is not one of"],
    ['no user data', data(without('user_data')), undefined, "'user_data' is a required property"],
    ['an unknown key', data(event({ eventID: 'x' })), undefined, "('eventID' was unexpected)"],
    ['null', data(event({ event_id: null })), undefined, "not of type 'string'"],
    ['an empty event id', data(event({ event_id: '' })), undefined, 'is too short'],
    ['an opt-out as text', data(event({ opt_out: 'true' })), undefined, "not of type 'boolean'"],
    ['a page without a scheme', data(event({ event_source_url: 'shop.example.com' })), undefined, 'event_source_url'],
    ['no URL as referrer', data(event({ referrer_url: 'https://' })), undefined, 'referrer_url'],
    ['an event that is no object', data('Lead'), undefined, "not of type 'object'"],

    ['an unknown key of user_data', user({ em: [EM], email: EM }), undefined, "('email' was unexpected)"],
    ['a clear address', user({ em: ['jane.doe@example.com'] }), 2804016, 'The em parameter'],
    ['a clear city', user({ em: [EM], ct: 'paris' }), 2804016, 'The ct parameter'],
    ['a hash in capitals', user({ em: EM.toUpperCase() }), 2804016, 'The em parameter'],
    ['an MD5', user({ em: '0'.repeat(32) }), 2804016, 'The em parameter'],
    ['a longer text with a hash in it', user({ em: `${EM}${EM}` }), 2804016, 'The em parameter'],
    ['the hash of nothing', user({ em: [EM], ph: [HASH_OF_NOTHING] }), undefined, 'ph is the hash of nothing'],
    ['an empty external id', user({ em: [EM], external_id: [' '] }), undefined, 'external_id'],
    ['an empty list', user({ em: [] }), undefined, 'is too short'],
    ['a hashed IP address', user({ em: [EM], client_ip_address: EM }), undefined, 'client_ip_address'],
    ['an IP address that is none', user({ em: [EM], client_ip_address: '203.0.113' }), undefined, 'client_ip_address'],
    ['an empty user agent', user({ em: [EM], client_user_agent: ' ' }), undefined, 'client_user_agent'],
    ['a hashed user agent', user({ em: [EM], client_user_agent: EM }), undefined, 'client_user_agent'],
    ['a bare fbclid as fbc', fbc('IwAR2ExampleFbclid_aB-cD9'), undefined, 'fbc'],
    ['an fbc in seconds', fbc('fb.1.1795341500.IwAR2ExampleFbclid_aB-cD9'), undefined, 'fbc'],
    ['a hashed fbp', user({ em: [EM], fbp: EM }), undefined, 'fbp'],

    ['a purchase without a value', custom({ currency: 'USD' }, 'Purchase'), 2804009, 'a value and a currency'],
    ['a purchase without a currency', custom({ value: 1 }, 'Purchase'), 2804009, 'a value and a currency'],
    ['a purchase without custom_data', data(event({ event_name: 'Purchase' })), 2804009, 'a value and a currency'],
    ['a value without a currency', custom({ value: 1 }), undefined, 'value needs a currency'],
    ['a value that is no number', custom({ value: '$12', currency: 'USD' }), undefined, 'is not a number'],
    ['a currency that is none', custom({ value: 1, currency: 'US$' }), undefined, 'ISO 4217'],
    ['content ids as numbers', custom({ content_ids: [1] }), undefined, "not of type 'string'"],
    ['an unknown content type', custom({ content_type: 'variant' }), undefined, "'variant' is not one of"],
    ['contents without an id', custom({ contents: [{ quantity: 1 }] }), undefined, "'id' is a required property"],
    ['a price as text', custom({ contents: [{ id: '1', item_price: '9.90' }] }), undefined, "not of type 'number'"],
    ['a quantity with a fraction', custom({ contents: [{ id: '1', quantity: 1.5 }] }), undefined, "of type 'integer'"],
    ['a number of items as text', custom({ num_items: '3' }), undefined, "not of type 'integer'"],
    ['an order id as a number', custom({ order_id: 6001234567890 }), undefined, "not of type 'string'"],
    ['an own property that is an object', custom({ shop: { id: 1 } }), undefined, 'custom property shop'],
    ['an own property that is null', custom({ shop: null }), undefined, 'custom property shop'],

    ['another spelling of LDU', data(event({ data_processing_options: ['ldu'] })), undefined, "'ldu' is not one of"],
    ['LDU as text', data(event({ data_processing_options: 'LDU' })), undefined, "not of type 'array'"],
    ['LDU without a place', ldu(), undefined, 'LDU needs'],
    ['LDU without a state', ldu(1), undefined, 'LDU needs'],
    ['LDU of an unknown country', ldu(2, 1000), undefined, 'country 2 with state 1000'],
    ['LDU of an unknown state', ldu(1, 1014), undefined, 'country 1 with state 1014'],
    ['LDU of a country without a state', ldu(1, 0), undefined, 'country 1 with state 0'],
    ['LDU of a state as text', ldu(1, 'CA'), undefined, "not of type 'integer'"],
  ])('%s', (_, body, subcode, words) => {
    const sandbox = meta()
    expectRefused(send(sandbox, { body }), subcode, words)
    expect(sandbox.conversions()).toEqual([])
  })

  it('of traffic that must say whether its use is limited, when Meta asks for it', () => {
    const sandbox = meta()
    expect(sandbox.tell('settings', { needsProcessingOptions: true })).toBeUndefined()
    expect(codes(send(sandbox, { body: data(event()) }))).toEqual([400, 100, 2804030])
    expect(send(sandbox, { body: data(event({ data_processing_options: [] })) }).status).toBe(200)
  })
})

describe('minimum identifiers', () => {
  const ua = { client_user_agent: 'Mozilla/5.0' }
  const place = { ct: EM, st: EM, zp: EM, country: EM }
  it.each<[string, object]>([
    ['nothing', {}],
    ['a user agent', ua],
    ['a city, post code and country', { ct: EM, zp: EM, country: EM }],
    ['a whole place with gender and user agent', { ...place, ge: EM, ...ua }],
    ['a date of birth with a user agent', { db: EM, ...ua }],
    ['a first name with a gender', { fn: EM, ge: EM }],
    ['a last name with a gender', { ln: EM, ge: EM }],
  ])('%s is too little', (_, user_data) => {
    expect(codes(send(meta(), { body: user(user_data) }))).toEqual([400, 100, 2804050])
  })

  it.each<[string, object]>([
    ['an email', { em: [EM] }],
    ['a phone', { ph: EM }],
    ['an external id in clear', { external_id: '7001234567890' }],
    ['an fbp', { fbp: 'fb.1.1795255200000.1098115397' }],
    ['an fbc', { fbc: 'fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9' }],
    ['an IP address and a user agent', { client_ip_address: '203.0.113.42', ...ua }],
    ['first and last name', { fn: EM, ln: EM }],
    ['a date of birth with a place', { db: EM, ...place }],
  ])('%s is enough', (_, user_data) => {
    expect(send(meta(), { body: user(user_data) }).status).toBe(200)
  })
})

describe('accepted', () => {
  it.each<[string, unknown]>([
    ['exactly 7 days old', data(event({ event_time: SECONDS - 7 * 86_400 }))],
    ['of a shop, 62 days old', data(event({ action_source: 'physical_store', event_time: SECONDS - 62 * 86_400 }))],
    ['of this very second', data(event({ event_time: SECONDS }))],
    ['a custom event with properties of its own', custom({ loyal: true, tags: ['a', 1], note: 'x' }, 'ViewCategory')],
    ['a value of nothing', custom({ value: 0, currency: 'USD' }, 'Purchase')],
    ['hashes with the appendix of the Parameter Builder', user({ em: [`${EM}.AQQCAQMC`] })],
    ['an fbc with the appendix', user({ fbc: 'fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9.AQQCAQMC' })],
    ['an fbp with the older appendix', user({ fbp: 'fb.1.1795255200000.1098115397.Aw' })],
    ['an IP address with the appendix', user({ client_ip_address: '203.0.113.42.AQQCAQMC', em: EM })],
    ['an IPv6 address', user({ client_ip_address: '2001:db8::1', em: EM })],
    ['a city in two forms', user({ em: EM, ct: [EM, sha256('sanjos')] })],
    ['not limited, said so', data(event({ data_processing_options: [] }))],
  ])('%s', (_, body) => {
    expect(send(meta(), { body }).status).toBe(200)
  })

  it.each<[string, unknown, string]>([
    ['no user agent on a website event', user({ em: EM }), 'client_user_agent is missing'],
    ['no page on a website event', data(without('event_source_url')), 'event_source_url is missing'],
    ['no event id', data(without('event_id')), 'event_id is missing'],
    ['a value as text', custom({ value: '12.50', currency: 'USD' }), 'value is text'],
    ['a value below nothing', custom({ value: -1, currency: 'USD' }, 'Purchase'), 'value is negative'],
    ['a currency in lower case', custom({ value: 1, currency: 'chf' }), 'currency is not in upper case'],
    ['contents without content ids', custom({ contents: [{ id: '1' }] }), 'content_ids is missing'],
    ['an fbc after the event', user({ fbc: `fb.1.${NOW}.IwAR2` }), 'fbc was made after the event'],
    ['an fbc of more than 90 days', user({ fbc: `fb.1.${NOW - 91 * DAY}.IwAR2` }), 'fbc is older than 90 days'],
    ['LDU to be located without an address', ldu(0, 0), 'has no effect without client_ip_address'],
  ])('with a warning that the page shows and the answer does not: %s', (_, body, words) => {
    const sandbox = meta()
    expect(told(send(sandbox, { body }))).toMatchObject({ events_received: 1, messages: [] })
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
    expect(sandbox.adsManager(NOW)).toContain(words)
  })

  it.each<[string, unknown, boolean]>([
    ['a state of the list', ldu(1, 1000), true],
    ['its last state', ldu(1, 1013), true],
    ['to be located by the address', ldu(0, 0, { user_data: { em: EM, client_ip_address: '203.0.113.1' } }), true],
    ['to be located without one', ldu(0, 0), false],
    ['no option', data(event()), false],
  ])('limited use: %s', (_, body, limited) => {
    const sandbox = meta()
    expect(send(sandbox, { body }).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([{ limited }])
  })

  it('counts an event under a test code like any other and shows it besides', () => {
    const sandbox = meta()
    expect(send(sandbox, { body: { ...data(event()), test_event_code: 'TEST12345' } }).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(1)
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([{ name: 'Lead', eventId: 'lead_1' }])
  })

  it('shows an opt-out of delivery optimisation', () => {
    const sandbox = meta()
    send(sandbox, { body: data(event({ opt_out: true })) })
    expect(sandbox.conversions()).toMatchObject([{ marks: ['opt-out'], limited: false }])
  })
})
