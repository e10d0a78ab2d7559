import { describe, expect, it } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { REFUND } from './examples.ts'
import {
  collect,
  debug,
  event,
  events,
  ga4,
  ITEMS,
  micros,
  NOW,
  params,
  purchase,
  refusals,
  tested,
  withMore,
} from './sending.ts'

/** Whatever the validation server complains of is dropped by the production one, and told in the refusals. */
describe('what the validation server complains of', () => {
  it.each<[string, unknown, string, string]>([
    ['an unknown field', withMore({ validationBehavior: 'RELAXED' }), 'VALUE_INVALID', ''],
    ['an unknown validation behaviour', withMore({ validation_behavior: 'STRICT' }), 'VALUE_INVALID', ''],
    ['an app’s id', withMore({ app_instance_id: '0'.repeat(32) }), 'VALUE_INVALID', ''],
    ['a user id of 257 characters', withMore({ user_id: 'x'.repeat(257) }), 'VALUE_OUT_OF_BOUNDS', 'user_id'],
    ['an email address as user id', withMore({ user_id: 'jane@example.com' }), 'VALUE_INVALID', 'user_id'],
    ['an IP address that is none', withMore({ ip_override: '203.0.113' }), 'VALUE_INVALID', 'ip_override'],
    ['another spelling of consent', withMore({ consent: { ad_user_data: 'CONSENT_GRANTED' } }), 'VALUE_INVALID', ''],
    [
      'a time older than 72 hours',
      withMore({ timestamp_micros: micros(NOW - 72 * HOUR) - 1 }),
      'VALUE_OUT_OF_BOUNDS',
      'timestamp_micros',
    ],
    ['a time ahead', withMore({ timestamp_micros: micros(NOW) + 1 }), 'VALUE_OUT_OF_BOUNDS', 'timestamp_micros'],
    ['a time in milliseconds', withMore({ timestamp_micros: NOW }), 'VALUE_OUT_OF_BOUNDS', 'timestamp_micros'],
    ['a time as text', withMore({ timestamp_micros: String(micros(NOW)) }), 'VALUE_INVALID', ''],
    [
      'an event older than 72 hours',
      events({ ...event('login'), timestamp_micros: micros(NOW - 73 * HOUR) }),
      'VALUE_OUT_OF_BOUNDS',
      'events.timestamp_micros',
    ],
    [
      '26 user properties',
      withMore({ user_properties: Object.fromEntries(Object.keys(params(26)).map((key) => [key, { value: 'x' }])) }),
      'EXCEEDED_MAX_ENTITIES',
      'user_properties',
    ],
    [
      'a user property’s name of 25 characters',
      withMore({ user_properties: { ['x'.repeat(25)]: { value: 'x' } } }),
      'NAME_INVALID',
      'user_properties',
    ],
    [
      'a user property’s value of 37 characters',
      withMore({ user_properties: { tier: { value: 'x'.repeat(37) } } }),
      'VALUE_OUT_OF_BOUNDS',
      'user_properties',
    ],
    ['a bare user property', withMore({ user_properties: { tier: 'gold' } }), 'VALUE_INVALID', 'user_properties'],
    [
      'a reserved user property',
      withMore({ user_properties: { google_x: { value: 1 } } }),
      'NAME_RESERVED',
      'user_properties',
    ],
    [
      'a clear address',
      withMore({ user_data: { sha256_email_address: ['jane@example.com'] } }),
      'VALUE_INVALID',
      'user_data.sha256_email_address',
    ],
    [
      'a hash in Base64',
      withMore({ user_data: { sha256_phone_number: ['8L8CKBRNn+K98dotjKaY8XvxQQ7miLB1wnBi5HtvC20='] } }),
      'VALUE_INVALID',
      'user_data.sha256_phone_number',
    ],
    [
      'the hash of nothing',
      withMore({ user_data: { sha256_email_address: [sha256('')] } }),
      'VALUE_INVALID',
      'user_data.sha256_email_address',
    ],
    [
      'a clear name',
      withMore({ user_data: { address: [{ sha256_last_name: 'doe' }] } }),
      'VALUE_INVALID',
      'user_data.sha256_last_name',
    ],
    [
      'a country’s name',
      withMore({ user_data: { address: [{ country: 'Germany' }] } }),
      'VALUE_INVALID',
      'user_data.address.country',
    ],
    ['an address that is no list', withMore({ user_data: { address: { country: 'DE' } } }), 'VALUE_INVALID', ''],

    ['an event without a name', events({ params: {} }), 'VALUE_REQUIRED', 'events.name'],
    ['a name with a hyphen', events(event('add-to-cart')), 'NAME_INVALID', 'events.name'],
    ['a name that begins with a digit', events(event('1st_order')), 'NAME_INVALID', 'events.name'],
    ['a name of 41 characters', events(event('x'.repeat(41))), 'NAME_INVALID', 'events.name'],
    ['a reserved name', events(event('session_start')), 'NAME_RESERVED', 'events.name'],
    ['a name of a reserved family', events(event('ad_click')), 'NAME_RESERVED', 'events.name'],
    ['a name with a reserved beginning', events(event('ga_order')), 'NAME_RESERVED', 'events.name'],
    ['an unknown key of an event', events({ ...event('login'), eventName: 'x' }), 'VALUE_INVALID', 'events'],
    ['26 parameters', events({ name: 'login', params: params(26) }), 'EXCEEDED_MAX_ENTITIES', 'events.params'],
    [
      'a parameter’s name of 41 characters',
      events(event('login', { ['x'.repeat(41)]: 1 })),
      'NAME_INVALID',
      'events.params',
    ],
    ['a reserved parameter', events(event('login', { firebase_id: 1 })), 'NAME_RESERVED', 'events.params'],
    [
      'a value of 101 characters',
      events(event('login', { method: 'x'.repeat(101) })),
      'VALUE_OUT_OF_BOUNDS',
      'events.params.method',
    ],
    [
      'a page of 1,001 characters',
      events(event('page_view', { page_location: 'x'.repeat(1001) })),
      'VALUE_OUT_OF_BOUNDS',
      'events.params.page_location',
    ],
    ['null', events(event('login', { method: null })), 'VALUE_INVALID', 'events.params.method'],
    ['an object as a value', events(event('login', { method: {} })), 'VALUE_INVALID', 'events.params.method'],
    ['a value as text', events(purchase({ value: '84.90' })), 'VALUE_INVALID', 'events.params.value'],
    ['a value below nothing', events(purchase({ value: -1 })), 'VALUE_OUT_OF_BOUNDS', 'events.params.value'],
    [
      'a value without a currency',
      events(purchase({ currency: undefined })),
      'VALUE_REQUIRED',
      'events.params.currency',
    ],
    [
      'a currency without a value',
      events(event('view_item_list', { items: ITEMS, currency: 'EUR' })),
      'VALUE_REQUIRED',
      'events.params.value',
    ],
    ['a currency in lower case', events(purchase({ currency: 'eur' })), 'VALUE_INVALID', 'events.params.currency'],
    [
      'a transaction id as a number',
      events(purchase({ transaction_id: 5551 })),
      'VALUE_INVALID',
      'events.params.transaction_id',
    ],
    [
      '201 items',
      events(purchase({ items: Array.from({ length: 201 }, () => ({ item_id: '1' })) })),
      'EXCEEDED_MAX_ENTITIES',
      'events.params.items',
    ],
    [
      'an item without id and name',
      events(purchase({ items: [{ price: 1 }] })),
      'VALUE_REQUIRED',
      'events.params.items',
    ],
    ['an item that is none', events(purchase({ items: ['222'] })), 'VALUE_INVALID', 'events.params.items'],
    [
      'an item’s price as text',
      events(purchase({ items: [{ item_id: '1', price: '9.90' }] })),
      'VALUE_INVALID',
      'events.params.items.price',
    ],
  ])('%s', (_, body, validationCode, fieldPath) => {
    const sandbox = ga4()
    const answer = debug(sandbox, { body })
    expect(answer.status).toBe(200)
    expect(told(answer).validationMessages).toContainEqual({
      fieldPath,
      description: expect.any(String),
      validationCode,
    })
    expect(tested(sandbox)[0]?.problem).not.toBe('')

    expect(collect(sandbox, { body }).status).toBe(204)
    expect(refusals(sandbox)).toHaveLength(1)
    expect(refusals(sandbox)[0]).toMatchObject({ status: 204, code: expect.any(String) })
    expect(sandbox.conversions()).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['add_payment_info', ['value', 'items']],
    ['add_shipping_info', ['value', 'items']],
    ['add_to_cart', ['value', 'items']],
    ['add_to_wishlist', ['value', 'items']],
    ['begin_checkout', ['value', 'items']],
    ['remove_from_cart', ['value', 'items']],
    ['view_cart', ['value', 'items']],
    ['view_item', ['value', 'items']],
    ['purchase', ['transaction_id', 'value', 'items']],
    ['refund', ['transaction_id', 'value']],
    ['generate_lead', ['value']],
    ['search', ['search_term']],
    ['view_item_list', ['items']],
    ['select_item', ['items']],
    ['sign_up', []],
    ['login', []],
    ['view_search_results', []],
    ['page_view', []],
  ])('what %s cannot be without: %j', (name, needs) => {
    const answer = debug(ga4(), { body: events(event(name)) })
    expect(told(answer).validationMessages).toEqual(
      needs.map((key) => ({
        fieldPath: 'events.params',
        validationCode: 'VALUE_REQUIRED',
        description: expect.stringContaining(`[${key}]`),
      })),
    )
  })

  it('not the secret and not the measurement id', () => {
    expect(told(debug(ga4(), { body: REFUND, query: { measurement_id: 'G-NOBODY', api_secret: 'x' } }))).toEqual({
      validationMessages: [],
    })
  })
})
