import { describe, expect, it } from 'vitest'
import type { GoogleAccount } from './accounts.ts'
import {
  adsDestination,
  CUSTOMER,
  conversion,
  EMAIL,
  expectOnly,
  google,
  ingest,
  refusals,
  toAds,
  violations,
} from './sending.ts'

const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const BASE64 = '1hFzBkhe0OUK+rOshx6Y+BaZFR8wKBUn1j/18jNlbGk='
const GCLID = 'Cj0KCQiA_TEST_gclid-123'
const ADDRESS = { givenName: EMAIL, familyName: EMAIL, regionCode: 'GB', postalCode: 'SW1A 1AA' }

const ads = (over: object) => toAds(conversion(over))
const people = (...userIdentifiers: readonly object[]) => ads({ userData: { userIdentifiers } })
const address = (over: object) => people({ address: { ...ADDRESS, ...over } })
const clicked = (adIdentifiers: object) => ads({ userData: undefined, adIdentifiers })
const cart = (cartData: object) => ads({ cartData })
const item = (over: object) => cart({ items: [{ merchantProductId: '1', ...over }] })
const many = (count: number) => Array.from({ length: count }, () => ({ emailAddress: EMAIL }))

describe('an event that does not fit the message', () => {
  it.each<[string, unknown]>([
    ['an unknown field', ads({ conversionAction: '7001002003' })],
    ['a click id that is not nested', ads({ gclid: GCLID })],
    ['currencyCode', ads({ currencyCode: 'EUR' })],
    ['a value as text', ads({ conversionValue: '84.90' })],
    ['null', ads({ currency: null })],
    ['an empty text', ads({ transactionId: '' })],
    ['a transaction id as a number', ads({ transactionId: 5551 })],
    ['a time in milliseconds', ads({ eventTimestamp: 1795183402000 })],
    ['an unknown source', ads({ eventSource: 'WEBSITE' })],
    ['GRANTED', ads({ consent: { adUserData: 'GRANTED' } })],
    ['an unknown kind of customer', ads({ userProperties: { customerType: 'new' } })],
    ['addressInfo', people({ addressInfo: ADDRESS })],
    ['user data as a list', ads({ userData: [{ emailAddress: EMAIL }] })],
    ['a parameter that is a number', ads({ additionalEventParameters: [{ parameterName: 'tax', value: 1 }] })],
    ['a parameter without a value', ads({ additionalEventParameters: [{ parameterName: 'tax' }] })],
    ['data of a partner', ads({ thirdPartyUserData: { userIdentifiers: [{ emailAddress: EMAIL }] } })],
    ['no object', toAds('purchase')],
  ])('%s', (_, body) => {
    expectOnly(body, undefined, 'events[0]')
  })
})

describe('an event for Google Ads that is refused', () => {
  it.each<[string, unknown, string, string]>([
    ['no time', ads({ eventTimestamp: undefined }), 'REQUIRED_FIELD_MISSING', 'event_timestamp'],
    ['a time without an offset', ads({ eventTimestamp: '2026-11-20T14:03:22' }), 'INVALID_FORMAT', 'event_timestamp'],
    ['no day', ads({ eventTimestamp: '2026-13-40T14:03:22Z' }), 'INVALID_FORMAT', 'event_timestamp'],
    ['a time ahead', ads({ eventTimestamp: '2026-11-20T15:03:22.001Z' }), 'EVENT_TIME_INVALID', 'event_timestamp'],
    [
      'an update to come',
      ads({ lastUpdatedTimestamp: '2026-11-21T00:00:00Z' }),
      'EVENT_TIME_INVALID',
      'last_updated_timestamp',
    ],
    ['no source', ads({ eventSource: undefined }), 'REQUIRED_FIELD_MISSING', 'event_source'],
    ['an app’s event', ads({ eventSource: 'APP' }), 'EVENT_SOURCE_AND_DESTINATION_MISMATCH', 'event_source'],
    ['no transaction id', ads({ transactionId: undefined }), 'REQUIRED_FIELD_MISSING', 'transaction_id'],
    ['a transaction id of one character', ads({ transactionId: '2' }), 'FIELD_VALUE_TOO_SHORT', 'transaction_id'],
    ['a placeholder', ads({ transactionId: 'undefined' }), 'INVALID_FORMAT', 'transaction_id'],
    ['an address as transaction id', ads({ transactionId: 'jane@example.com' }), 'INVALID_FORMAT', 'transaction_id'],
    ['an address as user id', ads({ userId: 'jane@example.com' }), 'INVALID_FORMAT', 'user_id'],
    ['a value without a currency', ads({ currency: undefined }), 'REQUIRED_FIELD_MISSING', 'currency'],
    ['a currency in lower case', ads({ currency: 'eur' }), 'INVALID_CURRENCY_CODE', 'currency'],
    ['a value below nothing', ads({ conversionValue: -1 }), 'INVALID_FORMAT', 'conversion_value'],
    ['an unknown reference', ads({ destinationReferences: ['a'] }), 'INVALID_DESTINATION', 'destination_references'],

    ['nobody', ads({ userData: undefined }), 'NO_IDENTIFIERS_PROVIDED', 'user_data'],
    [
      'session attributes alone',
      clicked({ sessionAttributes: 'eyJnYWRfc291cmNlIjoiMSJ9' }),
      'NO_IDENTIFIERS_PROVIDED',
      'user_data',
    ],
    [
      'an IP address alone',
      ads({ userData: undefined, eventDeviceInfo: { ipAddress: '203.0.113.9' } }),
      'NO_IDENTIFIERS_PROVIDED',
      'user_data',
    ],
    ['an empty list of identifiers', people(), 'REQUIRED_FIELD_MISSING', 'user_data.user_identifiers'],
    ['11 identifiers', people(...many(11)), 'TOO_MANY_USER_IDENTIFIERS', 'user_data.user_identifiers'],
    [
      'two in one',
      people({ emailAddress: EMAIL, phoneNumber: EMAIL }),
      'INVALID_FORMAT',
      'user_data.user_identifiers[0]',
    ],
    ['an identifier of nothing', people({}), 'INVALID_FORMAT', 'user_data.user_identifiers[0]'],
    [
      'a clear address',
      people({ emailAddress: 'jane@example.com' }),
      'INVALID_HEX_ENCODING',
      'user_data.user_identifiers[0].email_address',
    ],
    [
      'a hash in capitals',
      people({ emailAddress: EMAIL.toUpperCase() }),
      'INVALID_HEX_ENCODING',
      'user_data.user_identifiers[0].email_address',
    ],
    [
      'Base64 among hex',
      people({ emailAddress: EMAIL }, { phoneNumber: BASE64 }),
      'INVALID_HEX_ENCODING',
      'user_data.user_identifiers[1].phone_number',
    ],
    [
      'hex among Base64',
      { ...people({ phoneNumber: `${EMAIL}=` }), encoding: 'BASE64' },
      'INVALID_BASE64_ENCODING',
      'user_data.user_identifiers[0].phone_number',
    ],
    [
      'hex as Base64',
      { ...people({ phoneNumber: EMAIL }), encoding: 'BASE64' },
      'INVALID_SHA256_FORMAT',
      'user_data.user_identifiers[0].phone_number',
    ],
    [
      'an MD5',
      people({ emailAddress: '0'.repeat(32) }),
      'INVALID_SHA256_FORMAT',
      'user_data.user_identifiers[0].email_address',
    ],
    [
      'the hash of nothing',
      people({ phoneNumber: HASH_OF_NOTHING }),
      'INVALID_SHA256_FORMAT',
      'user_data.user_identifiers[0].phone_number',
    ],
    [
      'no given name',
      address({ givenName: undefined }),
      'REQUIRED_FIELD_MISSING',
      'user_data.user_identifiers[0].address.given_name',
    ],
    [
      'no family name',
      address({ familyName: undefined }),
      'REQUIRED_FIELD_MISSING',
      'user_data.user_identifiers[0].address.family_name',
    ],
    [
      'no country',
      address({ regionCode: undefined }),
      'REQUIRED_FIELD_MISSING',
      'user_data.user_identifiers[0].address.region_code',
    ],
    [
      'no postal code',
      address({ postalCode: undefined }),
      'REQUIRED_FIELD_MISSING',
      'user_data.user_identifiers[0].address.postal_code',
    ],
    [
      'a clear given name',
      address({ givenName: 'anna' }),
      'INVALID_HEX_ENCODING',
      'user_data.user_identifiers[0].address.given_name',
    ],
    [
      'a clear street',
      address({ addressLine: '1 Example Road' }),
      'INVALID_HEX_ENCODING',
      'user_data.user_identifiers[0].address.address_line',
    ],
    [
      'a country in lower case',
      address({ regionCode: 'gb' }),
      'INVALID_REGION_CODE',
      'user_data.user_identifiers[0].address.region_code',
    ],
    [
      'a hashed postal code',
      address({ postalCode: EMAIL }),
      'INVALID_POSTAL_CODE',
      'user_data.user_identifiers[0].address.postal_code',
    ],
    [
      'a postal code with blanks around',
      address({ postalCode: ' 94043 ' }),
      'INVALID_POSTAL_CODE',
      'user_data.user_identifiers[0].address.postal_code',
    ],
    ['gbraid and wbraid', clicked({ gbraid: GCLID, wbraid: GCLID }), 'INVALID_FORMAT', 'ad_identifiers'],
    [
      'session attributes in clear',
      ads({ adIdentifiers: { sessionAttributes: '{"gad_source":"1"}' } }),
      'INVALID_FORMAT',
      'ad_identifiers.session_attributes',
    ],
    [
      'session attributes of 4,001 characters',
      ads({ adIdentifiers: { sessionAttributes: 'x'.repeat(4001) } }),
      'INVALID_FORMAT',
      'ad_identifiers.session_attributes',
    ],
    [
      'an IP address that is none',
      ads({ eventDeviceInfo: { ipAddress: '203.0.113' } }),
      'INVALID_FORMAT',
      'event_device_info.ip_address',
    ],
    [
      'a region’s name',
      ads({ eventLocation: { regionCode: 'Germany' } }),
      'INVALID_REGION_CODE',
      'event_location.region_code',
    ],
    [
      'a bare subdivision',
      ads({ eventLocation: { subdivisionCode: 'CA' } }),
      'INVALID_REGION_CODE',
      'event_location.subdivision_code',
    ],

    ['a merchant that is no number', cart({ merchantId: 'shop' }), 'INVALID_MERCHANT_ID', 'cart_data.merchant_id'],
    [
      'an item that only Analytics knows',
      cart({ items: [{ itemId: '222' }] }),
      'REQUIRED_FIELD_MISSING',
      'cart_data.items[0].merchant_product_id',
    ],
    ['a quantity of nothing', item({ quantity: 0 }), 'INVALID_FORMAT', 'cart_data.items[0].quantity'],
    ['a quantity in words', item({ quantity: 'two' }), 'INVALID_FORMAT', 'cart_data.items[0].quantity'],
    ['a price below nothing', item({ unitPrice: -1 }), 'INVALID_FORMAT', 'cart_data.items[0].unit_price'],
    [
      'a custom variable that nobody set up',
      ads({ customVariables: [{ variable: 'tier', value: 'gold' }] }),
      'CUSTOM_VARIABLE_NOT_FOUND',
      'custom_variables',
    ],
  ])('%s', (_, body, reason, field) => {
    expectOnly(body, reason, `events.events[0].${field}`)
  })

  it('a reference that stands twice', () => {
    const destinations = [adsDestination({ reference: 'a' })]
    const body = { ...ads({ destinationReferences: ['a', 'a'] }), destinations }
    expectOnly(body, 'DUPLICATE_DESTINATION_REFERENCE', 'events.events[0].destination_references')
  })

  it.each(['gbraid', 'wbraid'])('a %s where one conversion counts per click', (braid) => {
    const account: GoogleAccount = {
      id: CUSTOMER,
      tokens: ['sandbox-refresh'],
      accountType: 'GOOGLE_ADS',
      managers: [],
      conversionActions: [{ id: '7001002003', name: 'purchase', label: 'a', type: 'WEBPAGE', onePerClick: true }],
    }
    const sandbox = google({ accounts: [account] })
    expect(violations(ingest(sandbox, clicked({ [braid]: GCLID })))).toMatchObject([
      { reason: 'ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID' },
    ])
    expect(ingest(sandbox, clicked({ gclid: GCLID })).status).toBe(200)
  })
})

describe('an event for Google Ads that is accepted', () => {
  it.each<[string, unknown]>([
    ['of this very moment', ads({ eventTimestamp: '2026-11-20T15:03:22Z' })],
    ['with an offset and nanoseconds', ads({ eventTimestamp: '2026-11-20T06:03:22.123456789-08:00' })],
    ['worth nothing', ads({ conversionValue: 0 })],
    ['without a value', ads({ conversionValue: undefined, currency: undefined })],
    ['with a transaction id of two characters', ads({ transactionId: '42' })],
    ['with a gclid alone', clicked({ gclid: GCLID })],
    ['with a gbraid alone', clicked({ gbraid: GCLID })],
    ['with a wbraid and session attributes', clicked({ wbraid: GCLID, sessionAttributes: 'x'.repeat(4000) })],
    ['with ten identifiers', people(...many(10))],
    ['with a whole address', address({})],
    ['with a quantity as a number', item({ quantity: 2, unitPrice: 0 })],
    ['in Base64', { ...people({ emailAddress: BASE64 }), encoding: 'BASE64' }],
  ])('%s', (_, body) => {
    const sandbox = google()
    expect(ingest(sandbox, body).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(1)
    expect(refusals(sandbox)).toEqual([])
  })

  it('with parts of an address that only Analytics uses, which the answer says', () => {
    const answer = ingest(google(), address({ city: 'london' }))
    expect(JSON.parse(String(answer.body))).toEqual({
      requestId: expect.any(String),
      fieldWarnings: [
        {
          reason: expect.any(String),
          description: expect.any(String),
          field: 'events.events[0].user_data.user_identifiers[0].address',
        },
      ],
    })
  })

  it.each<[string, unknown, string]>([
    ['no consent told', ads({ consent: undefined }), 'no consent'],
    ['consent left open', ads({ consent: { adUserData: 'CONSENT_STATUS_UNSPECIFIED' } }), 'no consent'],
    [
      'a European’s IP address',
      ads({ eventDeviceInfo: { ipAddress: '203.0.113.9' }, eventLocation: { regionCode: 'DE' } }),
      'ip_address of somebody in EEA',
    ],
  ])('with a warning: %s', (_, body, words) => {
    const sandbox = google()
    ingest(sandbox, body)
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
  })

  it('with the consent of its request, over which its own goes', () => {
    const sandbox = google()
    const own = conversion({ transactionId: 'SHOP-2' })
    const body = { ...toAds(conversion({ consent: undefined }), own), consent: { adPersonalization: 'CONSENT_DENIED' } }
    ingest(sandbox, body)
    expect(sandbox.conversions().map(({ limited }) => limited)).toEqual([true, false])
  })
})
