import { describe, expect, it } from 'vitest'
import type { GoogleAccount } from './accounts.ts'
import {
  adsDestination,
  CUSTOMER,
  conversion,
  FOREIGN,
  google,
  ingest,
  PROPERTY,
  propertyDestination,
  reasonOf,
  refusals,
  toAds,
  toProperty,
  violations,
  visit,
} from './sending.ts'

describe('the destinations of a request', () => {
  const account = (accountId: unknown, accountType = 'GOOGLE_ADS') => ({ accountType, accountId })
  const to = (...destinations: readonly object[]) => ({ ...toAds(conversion()), destinations })
  const property = (...destinations: readonly object[]) => ({ ...toProperty(visit()), destinations })
  const references = (count: number) =>
    Array.from({ length: count }, (_, n) => adsDestination({ reference: `destination ${n}` }))

  it.each<[string, unknown, string | undefined, string]>([
    ['none', to(), 'REQUIRED_FIELD_MISSING', 'destinations'],
    ['11', to(...references(11)), 'TOO_MANY_DESTINATIONS', 'destinations'],
    [
      'two of one reference',
      to(adsDestination({ reference: 'a' }), adsDestination({ reference: 'a' })),
      'DUPLICATE_DESTINATION_REFERENCE',
      'destinations',
    ],
    ['an unknown field', to(adsDestination({ conversionAction: '7001002003' })), undefined, 'destinations[0]'],
    ['no operating account', to({ productDestinationId: '7001002003' }), undefined, 'destinations[0]'],
    ['no product destination', to({ operatingAccount: account(CUSTOMER) }), undefined, 'destinations[0]'],
    [
      'an account as a number',
      to(adsDestination({ operatingAccount: account(1234567890) })),
      undefined,
      'destinations[0]',
    ],
    [
      'an unknown type of account',
      to(adsDestination({ operatingAccount: account(CUSTOMER, 'ADS') })),
      undefined,
      'destinations[0]',
    ],
    [
      'an account with hyphens',
      to(adsDestination({ operatingAccount: account('123-456-7890') })),
      'INVALID_FORMAT',
      'destinations[0].operating_account.account_id',
    ],
    [
      'a data partner’s account',
      to(adsDestination({ operatingAccount: account(CUSTOMER, 'DATA_PARTNER') })),
      'INVALID_DESTINATION',
      'destinations[0].operating_account.account_type',
    ],
    [
      'a linked account',
      to(adsDestination({ linkedAccount: account('9876543210') })),
      'INVALID_DESTINATION',
      'destinations[0].linked_account',
    ],
    [
      'a property named as an Ads account',
      property(propertyDestination({ operatingAccount: account(CUSTOMER, 'GOOGLE_ANALYTICS_PROPERTY') })),
      'DESTINATION_ACCOUNT_TYPE_MISMATCH',
      'destinations[0].operating_account.account_type',
    ],
    [
      'a login account that does not manage it',
      to(adsDestination({ loginAccount: account(PROPERTY) })),
      'OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH',
      'destinations[0].login_account',
    ],
    [
      'an action that the account does not have',
      to(adsDestination({ productDestinationId: '1' })),
      'INVALID_CONVERSION_ACTION_ID',
      'destinations[0].product_destination_id',
    ],
    [
      'an action as a resource name',
      to(adsDestination({ productDestinationId: 'customers/1234567890/conversionActions/7001002003' })),
      'INVALID_CONVERSION_ACTION_ID',
      'destinations[0].product_destination_id',
    ],
    [
      'a stream that the property does not have',
      property(propertyDestination({ productDestinationId: 'G-NOBODY' })),
      'INVALID_DESTINATION',
      'destinations[0].product_destination_id',
    ],
  ])('are refused: %s', (_, body, reason, field) => {
    const sandbox = google()
    expect(violations(ingest(sandbox, body))).toContainEqual({
      field,
      description: expect.any(String),
      ...(reason === undefined ? {} : { reason }),
    })
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ['an account whose user the credential is not', to(adsDestination({ operatingAccount: account(FOREIGN) }))],
    ['an account that nobody has', to(adsDestination({ operatingAccount: account('9999999999') }))],
    ['a login account whose user it is not', to(adsDestination({ loginAccount: account('9999999999') }))],
  ])('are denied: %s', (_, body) => {
    const sandbox = google()
    expect(reasonOf(ingest(sandbox, body))).toEqual([403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED'])
    expect(refusals(sandbox)).toMatchObject([{ status: 403, code: 'USER_PERMISSION_DENIED' }])
  })

  const ads = (over: object): GoogleAccount => ({
    id: CUSTOMER,
    tokens: ['sandbox-refresh'],
    accountType: 'GOOGLE_ADS',
    managers: [],
    conversionActions: [
      { id: '7001002003', name: 'purchase', label: 'a', type: 'WEBPAGE' },
      { id: '7001002005', name: 'leads', label: 'b', type: 'UPLOAD_CLICKS' },
      { id: '7001002006', name: 'calls', label: 'c', type: 'CLICK_TO_CALL' },
    ],
    ...over,
  })
  it.each<[string, object, string, string]>([
    [
      'without the terms for customer data',
      { termsSigned: false },
      '7001002003',
      'DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED',
    ],
    [
      'without enhanced conversions for leads',
      { enhancedForLeads: false },
      '7001002005',
      'DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS',
    ],
    ['with an action that takes no events', {}, '7001002006', 'INVALID_CONVERSION_ACTION_TYPE'],
  ])('are refused %s', (_, over, productDestinationId, reason) => {
    const sandbox = google({ accounts: [ads(over)] })
    expect(violations(ingest(sandbox, to(adsDestination({ productDestinationId }))))).toMatchObject([{ reason }])
  })

  it('of offline conversions take events of any source', () => {
    const sandbox = google({ accounts: [ads({})] })
    const body = {
      ...toAds(conversion({ eventSource: 'PHONE' })),
      destinations: [adsDestination({ productDestinationId: '7001002005' })],
    }
    expect(ingest(sandbox, body).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([{ name: 'leads' }])
  })

  it('may not be a roll-up property', () => {
    const rollUp: GoogleAccount = {
      id: PROPERTY,
      tokens: ['sandbox-refresh'],
      accountType: 'GOOGLE_ANALYTICS_PROPERTY',
      measurementIds: ['G-TEST123456'],
      subpropertyOrRollup: true,
    }
    expect(violations(ingest(google({ accounts: [rollUp] }), toProperty(visit())))).toMatchObject([
      { reason: 'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED' },
    ])
  })

  it('are chosen by an event’s references, all of them without', () => {
    const sandbox = google()
    const others = adsDestination({ reference: 'others', productDestinationId: '7001002004' })
    const body = {
      ...toAds(conversion({ destinationReferences: ['others'] }), conversion({ transactionId: 'SHOP-2' })),
      destinations: [adsDestination({ reference: 'purchase' }), others],
    }
    expect(ingest(sandbox, body).status).toBe(200)
    expect(sandbox.conversions().map(({ name, orderId }) => [name, orderId])).toEqual([
      ['others', 'SHOP-1'],
      ['purchase', 'SHOP-2'],
      ['others', 'SHOP-2'],
    ])
  })
})
