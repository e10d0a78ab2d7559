import { describe, expect, it } from 'vitest'
import {
  adsDestination,
  conversion,
  EMAIL,
  expectOnly,
  google,
  ingest,
  propertyDestination,
  toProperty,
  violations,
  visit,
} from './sending.ts'

const USER_DATA = { userIdentifiers: [{ emailAddress: EMAIL }] }

describe('an event for Google Analytics', () => {
  const ga = (over: object) => toProperty(visit(over))
  const parameters = (...names: readonly string[]) =>
    ga({ additionalEventParameters: names.map((parameterName) => ({ parameterName, value: 'x' })) })
  const names = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`)
  const long = (parameterName: string, length: number) =>
    ga({ additionalEventParameters: [{ parameterName, value: 'x'.repeat(length) }] })

  it.each<[string, unknown, string, string]>([
    ['no name', ga({ eventName: undefined }), 'REQUIRED_FIELD_MISSING', 'event_name'],
    ['a misformed name', ga({ eventName: 'page-view' }), 'INVALID_EVENT_NAME', 'event_name'],
    ['a name of 41 characters', ga({ eventName: 'x'.repeat(41) }), 'INVALID_EVENT_NAME', 'event_name'],
    ['a reserved name', ga({ eventName: 'session_start' }), 'RESERVED_NAME_USED', 'event_name'],
    ['no client id', ga({ clientId: undefined }), 'REQUIRED_FIELD_MISSING', 'client_id'],
    [
      'client id and app instance',
      ga({ appInstanceId: 'x' }),
      'BOTH_CLIENT_ID_AND_APP_INSTANCE_ID_NOT_ALLOWED',
      'app_instance_id',
    ],
    ['a currency without a value', ga({ currency: 'EUR' }), 'REQUIRED_FIELD_MISSING', 'conversion_value'],
    ['a value without a currency', ga({ conversionValue: 1 }), 'REQUIRED_FIELD_MISSING', 'currency'],
    [
      'an item without id and name',
      ga({ cartData: { items: [{ quantity: 1 }] } }),
      'REQUIRED_FIELD_MISSING',
      'cart_data.items[0].item_id',
    ],
    ['26 parameters', parameters(...names(26)), 'INVALID_FORMAT', 'additional_event_parameters'],
    ['a misnamed parameter', parameters('page-title'), 'INVALID_FORMAT', 'additional_event_parameters'],
    ['a reserved parameter', parameters('ga_session_id'), 'RESERVED_NAME_USED', 'additional_event_parameters'],
    ['a value of 101 characters', long('method', 101), 'FIELD_VALUE_TOO_LONG', 'additional_event_parameters'],
    ['a page of 1,001 characters', long('page_location', 1001), 'FIELD_VALUE_TOO_LONG', 'additional_event_parameters'],
  ])('is refused: %s', (_, body, reason, field) => {
    expectOnly(body, reason, `events.events[0].${field}`)
  })

  it.each<[string, readonly string[]]>([
    ['purchase', ['transaction_id', 'value', 'cart_data.items']],
    ['refund', ['transaction_id', 'value']],
    ['search', ['search_term']],
    ['add_to_cart', ['cart_data.items']],
    ['view_item', ['cart_data.items']],
    ['begin_checkout', ['cart_data.items']],
    ['add_payment_info', ['cart_data.items']],
    ['add_to_wishlist', ['cart_data.items']],
    ['view_item_list', ['cart_data.items']],
    ['generate_lead', ['value']],
    ['sign_up', []],
  ])('cannot be without, when it is %s: %j', (eventName, needs) => {
    const answer = ingest(google(), ga({ eventName }))
    if (needs.length === 0) expect(answer.status).toBe(200)
    else expect(violations(answer).map(({ field }) => field)).toEqual(needs.map((need) => `events.events[0].${need}`))
  })

  it.each([
    ['a second property', propertyDestination()],
    ['Google Ads', adsDestination()],
  ])('goes nowhere else: %s', (_, second) => {
    const both = conversion({ ...visit(), cartData: undefined })
    const body = { ...toProperty(both), destinations: [propertyDestination(), second] }
    expect(violations(ingest(google(), body)).map(({ reason }) => reason)).toContain(
      'MULTIPLE_DESTINATIONS_FOR_GOOGLE_ANALYTICS_EVENT',
    )
  })

  it.each<[string, unknown, string]>([
    ['no session', parameters('method'), 'session_id is missing'],
    ['no engagement', parameters('session_id'), 'engagement_time_msec is missing'],
    ['user data without a user id', ga({ userData: USER_DATA }), 'user_id should go along'],
    [
      'user data against consent',
      ga({ userData: USER_DATA, consent: { adUserData: 'CONSENT_DENIED' } }),
      'although its use is denied',
    ],
  ])('with a warning: %s', (_, body, words) => {
    const sandbox = google()
    expect(ingest(sandbox, body).status).toBe(200)
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
  })
})
