import { describe, expect, it } from 'vitest'
import { DAY } from '../../lib/duration.ts'
import { sha256 } from '../kit/people.ts'
import { codes, EMAIL, event, expectRefused, klaviyo, NOW, named, profile, refusalsOf, send } from './sending.ts'

const AT = '/data/attributes'
const WHO = `${AT}/profile/data/attributes`
const PHONE = '+442079460958'
const EMAIL_HASH = 'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613'
const PHONE_HASH = 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'

const of = (who: object) => event({ profile: profile({ ...who }) })
const place = (location: object) => of({ email: EMAIL, location })
const holding = (properties: object) => event({ properties })
const time = (ms: number) => event({ time: new Date(ms).toISOString() })
const nested = (levels: number): object => (levels === 0 ? {} : { inner: nested(levels - 1) })
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, n]))

describe('an event that is refused with 400', () => {
  it.each<[string, unknown, string | undefined, string]>([
    ['no JSON', 'event', '', 'no JSON:API document'],
    ['nested without end', '['.repeat(100), '', 'no JSON:API document'],
    ['a list', [event()], '', "not of type 'object'"],
    ['no data', {}, '', "'data' is a required property"],
    ['a key beside data', { ...event(), included: [] }, '', "('included' was unexpected)"],
    ['another type', { data: { ...event().data, type: 'events' } }, '/data/type', "'events' is not one of"],
    ['an id of the sender’s', { data: { ...event().data, id: '1' } }, '/data', "('id' was unexpected)"],

    ['no properties', event({ properties: undefined }), AT, "'properties' is a required property"],
    ['properties that are a list', event({ properties: [] }), `${AT}/properties`, "not of type 'object'"],
    ['no metric', event({ metric: undefined }), AT, "'metric' is a required property"],
    ['a metric by its name alone', event({ metric: 'Placed Order' }), `${AT}/metric`, "not of type 'object'"],
    ['a metric without a name', event(named(undefined)), `${AT}/metric/data/attributes`, "'name' is a required"],
    ['an empty name', event(named('')), `${AT}/metric/data/attributes/name`, 'is too short'],
    ['a name of 128 characters', event(named('x'.repeat(128))), `${AT}/metric/data/attributes/name`, 'is too long'],
    ['no profile', event({ profile: undefined }), AT, "'profile' is a required property"],
    ['an unknown attribute', event({ currency: 'EUR' }), AT, "('currency' was unexpected)"],
    ['null', event({ value: null }), `${AT}/value`, "not of type 'number'"],
    ['an empty unique_id', event({ unique_id: '' }), `${AT}/unique_id`, 'is too short'],
    ['a unique_id as a number', event({ unique_id: 5551234567890 }), `${AT}/unique_id`, "not of type 'string'"],
    ['a backfill as text', event({ backfill: 'true' }), `${AT}/backfill`, "not of type 'boolean'"],

    ['a value as text', event({ value: '84.90' }), `${AT}/value`, "not of type 'number'"],
    ['a negative value', event({ value: -1 }), `${AT}/value`, 'less than the minimum'],
    ['a currency that is none', event({ value_currency: 'EURO' }), `${AT}/value_currency`, 'ISO 4217'],
    ['a currency in lower case', event({ value_currency: 'eur' }), `${AT}/value_currency`, 'ISO 4217'],

    ['a time in seconds', event({ time: 1795341600 }), `${AT}/time`, "not of type 'string'"],
    ['a time that is a day', event({ time: '2026-11-20' }), `${AT}/time`, 'RFC 3339'],
    ['a time without a zone', event({ time: '2026-11-20T14:03:22' }), `${AT}/time`, 'RFC 3339'],
    ['a day that does not exist', event({ time: '2026-02-30T14:03:22Z' }), `${AT}/time`, 'RFC 3339'],
    ['an hour that does not exist', event({ time: '2026-11-20T25:03:22Z' }), `${AT}/time`, 'RFC 3339'],
    ['before 1990', event({ time: '1989-12-31T23:59:59Z' }), `${AT}/time`, 'after 1990'],
    ['more than a year ahead', time(NOW + 365 * DAY + 1), `${AT}/time`, 'one year ahead'],
    ['two years ahead', time(NOW + 730 * DAY), `${AT}/time`, 'one year ahead'],

    ['nobody', of({}), WHO, 'A profile needs'],
    ['only a name', of({ first_name: 'John' }), WHO, 'A profile needs'],
    [
      'a profile without attributes',
      event({ profile: { data: { type: 'profile', id: '1' } } }),
      `${AT}/profile/data`,
      "'attributes' is a required",
    ],
    [
      'a profile of another type',
      event({ profile: { data: { type: 'person', attributes: {} } } }),
      `${AT}/profile/data/type`,
      'is not one of',
    ],
    ['an unknown field of the profile', of({ email: EMAIL, $email: EMAIL }), WHO, "('$email' was unexpected)"],
    ['an empty external id', of({ email: EMAIL, external_id: '' }), `${WHO}/external_id`, 'is too short'],
    ['an external id of 256 characters', of({ external_id: 'x'.repeat(256) }), `${WHO}/external_id`, 'is too long'],
    ['an external id as a number', of({ external_id: 7654321 }), `${WHO}/external_id`, "not of type 'string'"],
    ['an address without @', of({ email: 'john.smith' }), `${WHO}/email`, 'Invalid email'],
    ['an address with a blank before it', of({ email: ` ${EMAIL}` }), `${WHO}/email`, 'Invalid email'],
    ['an address without a top-level domain', of({ email: 'john@example' }), `${WHO}/email`, 'Invalid email'],
    ['an address with two dots in a row', of({ email: 'john..smith@example.com' }), `${WHO}/email`, 'Invalid email'],
    ['an address of 255 characters', of({ email: `john@${'x.'.repeat(123)}comm` }), `${WHO}/email`, 'Invalid email'],
    ['a hashed address', of({ email: EMAIL_HASH }), `${WHO}/email`, 'junk profiles'],
    ['a national number', of({ phone_number: '020 7946' }), `${WHO}/phone_number`, 'E.164'],
    ['a number with blanks', of({ phone_number: '+44 20 7946 0958' }), `${WHO}/phone_number`, 'E.164'],
    ['a number without its plus sign', of({ phone_number: '442079460958' }), `${WHO}/phone_number`, 'E.164'],
    ['a number of 16 digits', of({ phone_number: '+1234567890123456' }), `${WHO}/phone_number`, 'E.164'],
    ['a bad number beside a good address', of({ email: EMAIL, phone_number: '12345' }), `${WHO}/phone_number`, 'E.164'],
    ['a hashed number', of({ phone_number: PHONE_HASH }), `${WHO}/phone_number`, 'junk profiles'],
    ['a locale that is none', of({ email: EMAIL, locale: 'en_US' }), `${WHO}/locale`, 'BCP 47'],
    ['a time zone that is none', place({ timezone: 'Berlin' }), `${WHO}/location/timezone`, 'IANA'],
    ['an IP address that is none', place({ ip: '203.0.113' }), `${WHO}/location/ip`, 'IP address'],
    ['an unknown field of the place', place({ postal_code: '1' }), `${WHO}/location`, "('postal_code' was unexpected)"],
    ['an unknown field of meta', of({ email: EMAIL, meta: { patch: {} } }), `${WHO}/meta`, "('patch' was unexpected)"],

    ['401 properties', holding(keys(401)), `${AT}/properties`, 'More than 400 properties'],
    [
      'a string of more than 100 KB',
      holding({ 'a/b': ['x', 'ä'.repeat(50_001)] }),
      `${AT}/properties/a~1b/1`,
      '100 KB',
    ],
    [
      'a name of more than 100 KB',
      of({ email: EMAIL, first_name: 'x'.repeat(100_001) }),
      `${WHO}/first_name`,
      '100 KB',
    ],
    ['a list of 4,001', holding({ Items: Array(4001).fill(1) }), `${AT}/properties/Items`, 'More than 4000'],
    ['11 levels', holding(nested(10)), `${AT}/properties${'/inner'.repeat(10)}`, 'deeper than 10'],
  ])('%s', (_, body, pointer, words) => {
    const sandbox = klaviyo()
    expectRefused(send(sandbox, { body }), pointer, words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toEqual([
      expect.objectContaining({ status: 400, code: 'invalid', message: expect.stringContaining(words) }),
    ])
  })

  it('with a backfill that its revision does not know yet', () => {
    const body = event({ backfill: true })
    expect(codes(send(klaviyo(), { body, headers: { revision: '2026-04-15' } }))).toEqual([400, 'invalid', AT])
  })

  it('the refusal names the event', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: event({ time: 'yesterday' }) })
    expect(refusalsOf(sandbox)).toMatchObject([{ account: 'NrthFn', name: 'Submitted Lead', eventId: 'evt_1' }])
  })
})

describe('an event that is accepted', () => {
  it.each<[string, unknown]>([
    ['a profile by Klaviyo’s own id', event({ profile: { data: { type: 'profile', id: '01ABC', attributes: {} } } })],
    ['an e-mail address', of({ email: EMAIL })],
    ['a phone number', of({ phone_number: '+16505550182' })],
    ['an external id of 255 characters', of({ external_id: 'x'.repeat(255) })],
    ['an exchange id', of({ _kx: 'EXAMPLEexchangeid.AbC123' })],
    ['a browser’s id', of({ anonymous_id: 'OGVhYjQ2ZjctZjI0Mi00YjQ5LWI3ZjYtNTQzYjQ2ZjI0Mjg5' })],
    ['an address in other letters', of({ email: 'jürgen@bücher.example' })],
    ['a name of 127 characters', event(named('x'.repeat(127)))],
    ['no time', event({ time: undefined })],
    ['an offset and a fraction', event({ time: '2026-11-20T15:03:22.250+01:00' })],
    ['a year ahead', time(NOW + 365 * DAY)],
    ['of 1990', event({ time: '1990-01-01T00:00:00Z' })],
    ['400 properties', holding(keys(400))],
    ['a string of 100 KB', holding({ html: 'ä'.repeat(50_000) })],
    ['a list of 4,000', holding({ Items: Array(4000).fill(1) })],
    ['10 levels', holding(nested(9))],
    ['a value of nothing', event({ value: 0, value_currency: 'EUR' })],
    ['a place', place({ ip: '203.0.113.9', timezone: 'Europe/Berlin', latitude: 52.5, longitude: '13.4' })],
    ['properties of the profile', of({ email: EMAIL, locale: 'en-US', properties: { tier: 'gold' } })],
    ['changes of the profile', of({ email: EMAIL, meta: { patch_properties: { unset: 'tier' } } })],
  ])('%s', (_, body) => {
    const sandbox = klaviyo()
    const answer = send(sandbox, { body })
    expect([answer.status, answer.body]).toEqual([202, ''])
    expect(sandbox.conversions()).toHaveLength(1)
    expect(refusalsOf(sandbox)).toEqual([])
  })

  it('is cut to the second, and happens now unless told', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: event({ time: '2026-11-20T15:03:22.750+01:00' }) })
    send(sandbox, { body: event({ time: undefined, unique_id: 'evt_2' }), at: NOW + 900 })
    expect(sandbox.conversions().map(({ occurredAt }) => occurredAt)).toEqual([
      '2026-11-20T14:03:22.000Z',
      '2026-11-22T12:00:00.000Z',
    ])
  })

  it('shows that it triggers no flows', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: event({ backfill: true }) })
    expect(sandbox.conversions()).toMatchObject([{ marks: ['backfill'] }])
  })

  it('knows a cart’s product and the account’s currency', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: event({ value: 45, properties: { AddedItemProductID: '111' } }) })
    expect(sandbox.conversions()).toMatchObject([{ value: '45', currency: 'EUR', contentIds: ['111'] }])
  })
})

describe('a warning', () => {
  it.each<[string, unknown, string]>([
    ['no unique_id', event({ unique_id: undefined }), 'unique_id is missing'],
    ['nobody who can be reached', of({ anonymous_id: 'a1' }), 'only an anonymous_id'],
    ['an address in capitals', of({ email: 'John@Example.com' }), 'not in lower case'],
    ['an external id that looks hashed', of({ external_id: sha256('7654321') }), 'external_id looks hashed'],
    ['the old way to tell an id', holding({ $event_id: '1' }), '$event_id merges with no unique_id'],
    ['the old way to tell a value', holding({ $value: 84.9 }), '$value is not revenue'],
    ['a value without a currency', event({ value: 1 }), 'value_currency is missing'],
    ['301 properties', holding(keys(301)), 'more than 300 properties'],
    [
      'another service',
      event({ metric: { data: { type: 'metric', attributes: { name: 'Lead', service: 'shop' } } } }),
      'service is set',
    ],
  ])('%s', (_, body, words) => {
    const sandbox = klaviyo()
    expect(send(sandbox, { body }).status).toBe(202)
    expect(sandbox.conversions()).toMatchObject([{ warnings: [expect.stringContaining(words)] }])
  })

  it.each([
    ['Placed Order', 1],
    ['Started Checkout', 1],
    ['Added to Wishlist', 0],
  ])('%s beside Shopify’s integration: %i', (name, count) => {
    const sandbox = klaviyo()
    sandbox.tell('settings', { native: true })
    send(sandbox, { body: event(named(name)) })
    expect(sandbox.conversions()[0]?.warnings).toHaveLength(count)
  })
})

describe('what Klaviyo takes although it makes a junk profile is noted as refused and counts nowhere', () => {
  it.each<[string, unknown]>([
    ['a hash before the @', of({ email: `${EMAIL_HASH}@example.com` })],
    ['a hashed name', of({ email: EMAIL, last_name: sha256('smith') })],
    ['a hashed city', place({ city: sha256('london') })],
    ['the hash of the address as external id', of({ email: EMAIL, external_id: EMAIL_HASH })],
    [
      'the hash of the number in the properties',
      event({ profile: profile({ phone_number: PHONE }), properties: { ids: [PHONE_HASH] } }),
    ],
    [
      'the hash of the number without its plus sign',
      of({ phone_number: PHONE, properties: { ph: sha256('442079460958') } }),
    ],
  ])('%s', (_, body) => {
    const sandbox = klaviyo()
    expect(send(sandbox, { body }).status).toBe(202)
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toEqual([
      expect.objectContaining({
        status: 202,
        code: 'hashed',
        eventId: 'evt_1',
        message: expect.stringContaining('junk'),
      }),
    ])
  })
})
