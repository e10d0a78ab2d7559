import { describe, expect, it } from 'vitest'
import { DAY, SECOND } from '../../lib/duration.ts'
import {
  custom,
  data,
  EM,
  event,
  expectRefused,
  expectTaken,
  NOW,
  PH,
  refusals,
  SECONDS,
  send,
  snapchat,
  strictSnapchat,
  user,
} from './sending.ts'

const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const days = (count: number): number => (count * DAY) / SECOND
const without = (key: string) => data(Object.fromEntries(Object.entries(event()).filter(([name]) => name !== key)))
const offline = (over: object) => data(event({ action_source: 'OFFLINE', ...over }))
const clear = (field: string, value: unknown) => user({ em: [EM], [field]: value })

describe('an event that is refused', () => {
  it.each<[string, unknown, string, string]>([
    ['no object', data('SIGN_UP'), 'INVALID_REQUEST', "not of type 'object'"],
    ['no name', without('event_name'), 'MISSING_PARAMETER', "'event_name' is a required property"],
    ['an empty name', data(event({ event_name: '' })), 'INVALID_REQUEST', 'is too short'],
    ['no time', without('event_time'), 'MISSING_PARAMETER', "'event_time' is a required property"],
    ['no action source', without('action_source'), 'MISSING_PARAMETER', "'action_source' is a required property"],
    ['no user data', without('user_data'), 'MISSING_PARAMETER', "'user_data' is a required property"],
    [
      'no page of a web event',
      without('event_source_url'),
      'MISSING_PARAMETER',
      "data['event_source_url'] is required",
    ],
    [
      'no page of a web event by its other name',
      data(event({ action_source: 'website', event_source_url: undefined })),
      'MISSING_PARAMETER',
      "data['event_source_url']",
    ],
    ['a purchase without a value', custom({ currency: 'USD' }, 'PURCHASE'), 'MISSING_PARAMETER', "['value']"],
    ['a purchase without a currency', custom({ value: 1 }, 'PURCHASE'), 'MISSING_PARAMETER', "['currency']"],
    ['a purchase without custom_data', data(event({ event_name: 'PURCHASE' })), 'MISSING_PARAMETER', "['value']"],
    [
      'a purchase with the names of v2',
      custom({ price: 1, currency: 'USD' }, 'PURCHASE'),
      'MISSING_PARAMETER',
      "['value']",
    ],

    ['a time as text', data(event({ event_time: '1795176000' })), 'INVALID_TIMESTAMP', 'is an invalid Unix timestamp'],
    ['a time with a fraction', data(event({ event_time: SECONDS - 0.5 })), 'INVALID_TIMESTAMP', 'is an invalid Unix'],
    ['milliseconds of an offline event', offline({ event_time: NOW - 60_000 }), 'INVALID_TIMESTAMP', 'is an invalid'],
    ['more than 7 days old', data(event({ event_time: SECONDS - days(7) - 1 })), 'INVALID_TIMESTAMP', 'out of range'],
    [
      'offline, more than 37 days old',
      offline({ event_time: SECONDS - days(37) - 1 }),
      'INVALID_TIMESTAMP',
      'out of range',
    ],
    ['of the future', data(event({ event_time: SECONDS + 1 })), 'INVALID_TIMESTAMP', 'out of range'],
    ['of the future, in milliseconds', data(event({ event_time: NOW + 1 })), 'INVALID_TIMESTAMP', 'out of range'],

    ['an address in clear', user({ em: ['jane.doe@example.com'] }), 'UNHASHED_PII', "['em'] is not hashed"],
    ['one address in clear of two', user({ em: [EM, 'j@example.com'] }), 'UNHASHED_PII', "['em']"],
    ['a phone in clear', user({ ph: ['12133734253'] }), 'UNHASHED_PII', "['ph']"],
    ['a first name in clear', clear('fn', ['jane']), 'UNHASHED_PII', "['fn']"],
    ['a last name in clear', clear('ln', 'doe'), 'UNHASHED_PII', "['ln']"],
    ['a gender in clear', clear('ge', ['f']), 'UNHASHED_PII', "['ge']"],
    ['a city in clear', clear('ct', ['losangeles']), 'UNHASHED_PII', "['ct']"],
    ['a state in clear', clear('st', ['ca']), 'UNHASHED_PII', "['st']"],
    ['a post code in clear', clear('zp', ['90210']), 'UNHASHED_PII', "['zp']"],
    ['a country in clear', clear('country', ['us']), 'UNHASHED_PII', "['country']"],
    ['a date of birth in clear', clear('db', '19900101'), 'UNHASHED_PII', "['db']"],
    ['an empty phone', clear('ph', ['']), 'UNHASHED_PII', "['ph']"],
    ['an MD5', user({ em: ['0'.repeat(32)] }), 'UNHASHED_PII', "['em']"],
    ['the hash of nothing', clear('ph', [HASH_OF_NOTHING]), 'UNHASHED_PII', 'is the hash of an empty value'],
    ['an external id that is it', clear('external_id', HASH_OF_NOTHING), 'UNHASHED_PII', "['external_id'] is the hash"],
    ['a hashed IP address', clear('client_ip_address', EM), 'INVALID_HASHED_IP', 'must not be hashed'],
    ['an address as a number', user({ em: 1 }), 'INVALID_REQUEST', "not of type 'string', 'array'"],
  ])('%s', (_, body, code, words) => {
    const sandbox = snapchat()
    expectRefused(send(sandbox, { body }), 400, code, words, 0)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toEqual([expect.objectContaining({ status: 400, code })])
  })
})

describe('minimum identifiers', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['an empty list', { em: [] }],
    ['a click id and a cookie', { sc_click_id: 'AbC', sc_cookie1: '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6' }],
    ['an IP address alone', { client_ip_address: '203.0.113.7' }],
    ['a user agent alone', { client_user_agent: 'Mozilla/5.0' }],
    ['an external id', { external_id: EM }],
    ['names and a place', { fn: [EM], ln: [EM], ct: [EM], zp: [EM], country: [EM] }],
  ])('%s is too little', (_, user_data) => {
    expectRefused(send(snapchat(), { body: user(user_data) }), 400, 'NOT_ENOUGH_PII', "data['user_data'] needs", 0)
  })

  it.each<[string, object]>([
    ['an email', { em: [EM] }],
    ['a phone', { ph: [PH] }],
    ['an IP address with a user agent', { client_ip_address: '2001:db8::1', client_user_agent: 'Mozilla/5.0' }],
    ['an advertising id', { madid: '38400000-8cf0-11bd-b23e-10b96e40000d' }],
    ['an advertising id by its other name', { mobile_ad_id: '38400000-8cf0-11bd-b23e-10b96e40000d' }],
  ])('%s is enough', (_, user_data) => {
    expectTaken(send(strictSnapchat(), { body: user(user_data) }))
  })
})

describe('what the sheet leaves open counts with a warning, and is refused when the sandbox is told so', () => {
  const dpo = (more: Readonly<Record<string, unknown>>) => data(event(more))
  it.each<[string, unknown, string]>([
    ['a name that does not exist', data(event({ event_name: 'ADD_TO_CART' })), "'ADD_TO_CART' is not one of"],
    ['another word for the web', data(event({ action_source: 'website' })), "'website' is not one of"],
    ['an unknown key', data(event({ client_dedup_id: 'x' })), "('client_dedup_id' was unexpected)"],
    ['an unknown key of the user', clear('hashed_email', EM), "('hashed_email' was unexpected)"],
    ['a name of v2', custom({ number_items: 3 }), "('number_items' was unexpected)"],
    ['an empty event id', data(event({ event_id: '' })), 'is too short'],
    ['milliseconds of a web event', data(event({ event_time: NOW - 60_000 })), 'is in milliseconds'],
    ['offline, more than 7 days old', offline({ event_time: SECONDS - days(7) - 1 }), 'more than 7 days ago'],
    ['a single address', user({ em: EM }), "not of type 'array'"],
    ['a hash in capitals', user({ em: [EM.toUpperCase()] }), "['em'] is not in lower case"],
    ['a hashed click id', clear('sc_click_id', EM), "['sc_click_id'] must not be hashed"],
    ['a hashed cookie', clear('sc_cookie1', EM), "['sc_cookie1'] must not be hashed"],
    ['an empty click id', clear('sc_click_id', ''), 'is too short'],
    ['an IP address that is none', clear('client_ip_address', '203.0.113'), 'is no IP address'],
    ['a quantity as a number', custom({ contents: [{ id: '1', quantity: 2 }] }), "2 is not of type 'string'"],
    ['a price as a number', custom({ contents: [{ id: '1', item_price: 60 }] }), "60 is not of type 'string'"],
    ['a single content id', custom({ content_ids: '1' }), "not of type 'array'"],
    ['content ids as numbers', custom({ content_ids: [1] }), "1 is not of type 'string'"],
    ['an order id as a number', custom({ order_id: 5550001112223 }), "not of type 'string'"],
    ['half a piece', custom({ num_items: 1.5 }), "1.5 is not of type 'integer'"],
    ['a value that is no number', custom({ value: '$12', currency: 'USD' }), "['value'] is no number"],
    ['a value without a currency', custom({ value: 1 }), "['value'] has no currency"],
    ['a currency that is not on the list', custom({ value: 1, currency: 'ARS' }), "['currency'] is not supported"],
    ['a currency in lower case', custom({ value: 1, currency: 'usd' }), "['currency'] is not supported"],
    ['another spelling of limited use', dpo({ data_processing_options: ['LMU'] }), "'LMU' is not one of"],
    ['limited use as text', dpo({ data_processing_options: 'LDU' }), "not of type 'array'"],
    ['limited use of the newest page', dpo({ data_use: ['lmu'] }), "('data_use' was unexpected)"],
    ['limited use without a place', dpo({ data_processing_options: ['LDU'] }), 'limits nothing without LDU, country'],
    [
      'limited use of an unknown state',
      dpo({
        data_processing_options: ['LDU'],
        data_processing_options_country: 1,
        data_processing_options_state: 7,
      }),
      'limits nothing',
    ],
  ])('%s', (_, body, words) => {
    const sandbox = snapchat()
    expectTaken(send(sandbox, { body }))
    expect(sandbox.conversions()).toMatchObject([{ limited: false }])
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
    expect(sandbox.adsManager(NOW)).toContain('warning')

    const strict = strictSnapchat()
    expectRefused(send(strict, { body }), 400, 'INVALID_REQUEST', words, 0)
    expect(strict.conversions()).toEqual([])
  })
})

describe('accepted without a doubt', () => {
  it.each<[string, unknown]>([
    ['exactly 7 days old', data(event({ event_time: SECONDS - days(7) }))],
    ['of this very second', data(event({ event_time: SECONDS }))],
    ['a value as text', custom({ value: '10', currency: 'USD' }, 'PURCHASE')],
    ['a purchase worth nothing', custom({ value: 0, currency: 'USD' }, 'PURCHASE')],
    ['an offline event without a page', offline({ event_source_url: undefined })],
    ['a custom event', data(event({ event_name: 'CUSTOM_EVENT_5' }))],
    ['a partner’s name', data(event({ integration: 'business-sdk-v3' }))],
    ['no limited use, said so', data(event({ data_processing_options: [] }))],
  ])('%s', (_, body) => {
    expectTaken(send(strictSnapchat(), { body: JSON.parse(JSON.stringify(body)) }))
  })

  it('offline, 37 days old', () => {
    expectTaken(send(snapchat(), { body: offline({ event_time: SECONDS - days(37) }) }))
  })
})

it.each<[string, unknown, string]>([
  ['no event id', without('event_id'), 'event_id is missing'],
  ['an external id in clear', clear('external_id', '7001234567890'), 'external_id is recommended to be hashed'],
])('accepted with a warning: %s', (_, body, words) => {
  const sandbox = strictSnapchat()
  expectTaken(send(sandbox, { body }))
  expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
})

it('milliseconds and seconds are the same time', () => {
  const sandbox = snapchat()
  send(sandbox, { body: data(event({ event_time: NOW - 60_000 }), event({ event_id: 'sign_2' })) })
  expect(sandbox.conversions().map(({ occurredAt }) => occurredAt)).toEqual([
    '2026-11-20T11:59:01.000Z',
    '2026-11-20T11:59:01.000Z',
  ])
})

it.each([
  [1, 1000],
  [0, 0],
])('LDU with country %i and state %i limits', (country, state) => {
  const sandbox = strictSnapchat()
  const body = data(
    event({
      data_processing_options: ['LDU'],
      data_processing_options_country: country,
      data_processing_options_state: state,
    }),
  )
  expectTaken(send(sandbox, { body }))
  expect(sandbox.conversions()).toMatchObject([{ limited: true, warnings: [] }])
})

it('shows an opt-out and what comes from a shop', () => {
  const sandbox = snapchat()
  expectTaken(send(sandbox, { body: offline({ opt_out: true }) }))
  expect(sandbox.conversions()).toMatchObject([{ marks: ['offline', 'opt-out'] }])
})
