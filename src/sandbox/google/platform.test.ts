import { describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { ADD_TO_CART, PURCHASE, RESTATEMENT } from './examples.ts'
import {
  adsDestination,
  CUSTOMER,
  conversion,
  EMAIL,
  google,
  ingest,
  NOW,
  PROPERTY,
  reasonOf,
  refusals,
  status,
  toAds,
  violations,
} from './sending.ts'

describe("the sheet's examples are accepted", () => {
  it('a purchase for Google Ads, with what it tells', () => {
    const sandbox = google()
    const answer = ingest(sandbox, PURCHASE)
    expect([answer.status, told(answer)]).toEqual([200, { requestId: expect.any(String) }])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: CUSTOMER,
        name: 'purchase',
        orderId: 'SHOP-5551234567890',
        value: '84.9',
        currency: 'EUR',
        contentIds: ['shopify_GB_111_222'],
        occurredAt: '2026-11-20T14:03:22.000Z',
        sources: { tag: 0, server: 1 },
        limited: true,
        marks: [],
        warnings: [],
        identifiers: {
          emailAddress: [EMAIL],
          phoneNumber: ['f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
          gclid: ['Cj0KCQiA_TEST_gclid-123'],
          address: [expect.stringMatching(/ GB SW1A 1AA$/)],
        },
      },
    ])
    expect(refusals(sandbox)).toEqual([])
  })

  it('an add to cart for Google Analytics, told apart by its mark', () => {
    const sandbox = google()
    expect(ingest(sandbox, ADD_TO_CART).status).toBe(200)
    expect(sandbox.conversions(PROPERTY)).toMatchObject([
      {
        name: 'add_to_cart',
        value: '45',
        contentIds: ['222'],
        marks: ['ga4'],
        limited: false,
        warnings: [],
        identifiers: { clientId: ['1234567890.1763800000'], sessionId: ['1763812345'] },
      },
    ])
  })

  it('a refund, which restates the purchase', () => {
    const sandbox = google()
    ingest(sandbox, PURCHASE)
    expect(ingest(sandbox, RESTATEMENT).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([{ value: '44.9', currency: 'EUR', count: 2 }])
  })
})

describe('the request', () => {
  const many = (count: number) =>
    toAds(...Array.from({ length: count }, (_, n) => conversion({ transactionId: `SHOP-${n}` })))

  it('takes 2,000 events', () => {
    const sandbox = google()
    expect(ingest(sandbox, many(2000)).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(2000)
  })

  it.each<[string, unknown, string | undefined, string]>([
    ['2,001 events', many(2001), 'TOO_MANY_EVENTS', 'events'],
    ['no event', toAds(), 'REQUIRED_FIELD_MISSING', 'events'],
    [
      'no encoding for user data',
      { ...toAds(conversion()), encoding: undefined },
      'REQUIRED_FIELD_MISSING',
      'encoding',
    ],
    ['an unknown encoding', { ...toAds(conversion()), encoding: 'hex' }, undefined, ''],
    ['an unknown field', { ...toAds(conversion()), testEventCode: 'TEST1' }, undefined, ''],
    ['another spelling of consent', { ...toAds(conversion()), consent: { adUserData: 'GRANTED' } }, undefined, ''],
    ['no JSON', '{', undefined, ''],
  ])('is refused: %s', (_, body, reason, field) => {
    const sandbox = google()
    const answer = ingest(sandbox, body)
    expect(violations(answer)).toEqual([
      { field, description: expect.any(String), ...(reason === undefined ? {} : { reason }) },
    ])
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toHaveLength(1)
  })

  it('needs no encoding without user data', () => {
    const body = toAds(conversion({ userData: undefined, adIdentifiers: { gclid: 'Cj0KCQiA_TEST_gclid-123' } }))
    expect(ingest(google(), { ...body, encoding: undefined }).status).toBe(200)
  })

  it.each([
    ['GET', 'https://datamanager.googleapis.com/v1/events:ingest'],
    ['POST', 'https://datamanager.googleapis.com/v2/events:ingest'],
    ['POST', 'https://datamanager.googleapis.com/v1/events'],
    ['POST', 'https://datamanager.googleapis.com/v1/requestStatus:retrieve'],
  ])('has no page at %s %s', (method, url) => {
    expect(ask(google(), { method, url, at: NOW }).status).toBe(404)
  })
})

it('one bad event spoils the batch, and the answer names every bad one', () => {
  const sandbox = google()
  const bad = conversion({ transactionId: 'SHOP-2', eventSource: undefined, currency: 'eur' })
  const answer = ingest(
    sandbox,
    toAds(conversion(), bad, conversion({ transactionId: 'SHOP-3' }), { eventTimestamp: 1 }),
  )
  // What does not fit the message at all is found before any rule.
  expect(violations(answer).map(({ field }) => field)).toEqual(['events[3]'])
  const again = ingest(sandbox, toAds(conversion(), bad, conversion({ transactionId: '3' })))
  expect(violations(again).map(({ field, reason }) => [field, reason])).toEqual([
    ['events.events[1].currency', 'INVALID_CURRENCY_CODE'],
    ['events.events[1].event_source', 'REQUIRED_FIELD_MISSING'],
    ['events.events[2].transaction_id', 'FIELD_VALUE_TOO_SHORT'],
  ])
  expect(sandbox.conversions()).toEqual([])
  expect(refusals(sandbox).map(({ eventId, code }) => [eventId, code])).toEqual([
    [undefined, 'INVALID_ARGUMENT'],
    ['SHOP-2', 'INVALID_CURRENCY_CODE'],
    ['3', 'FIELD_VALUE_TOO_SHORT'],
  ])
})

describe('validateOnly', () => {
  const only = (...events: readonly unknown[]) => ({ ...toAds(...events), validateOnly: true })

  it('tells no id, counts nothing and shows the event among the tests', () => {
    const sandbox = google()
    const answer = ingest(sandbox, only(conversion()))
    expect([answer.status, told(answer)]).toEqual([200, {}])
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([{ eventId: 'SHOP-1', problem: '' }])
  })

  it('checks structure, account and credential', () => {
    expect(violations(ingest(google(), only(conversion({ currency: 'x' }))))).toHaveLength(1)
    const elsewhere = { ...only(conversion()), destinations: [adsDestination({ productDestinationId: '1' })] }
    expect(violations(ingest(google(), elsewhere))).toMatchObject([{ reason: 'INVALID_CONVERSION_ACTION_ID' }])
    expect(ingest(google(), only(conversion()), { headers: {} }).status).toBe(401)
  })

  it.each(['2', 'null', '123'])('lets pass the transaction id %s, which is refused live', (transactionId) => {
    expect(ingest(google(), only(conversion({ transactionId }))).status).toBe(200)
    expect(ingest(google(), toAds(conversion({ transactionId }))).status).toBe(400)
  })
})

describe('the quota', () => {
  it.each([
    ['a minute', { callsPerMinute: 1 }, MINUTE, 'IngestionRequestsPerMinutePerProject'],
    ['a day', { callsPerDay: 1 }, DAY, 'IngestionRequestsPerDayPerProject'],
  ])(
    'of %s: refused above it, free again after it, and status has one of its own',
    (_, options, window, quota_limit) => {
      const sandbox = google(options)
      const first = ingest(sandbox, toAds(conversion()))
      expect(first.status).toBe(200)
      const second = ingest(sandbox, toAds(conversion({ transactionId: 'SHOP-2' })))
      expect(reasonOf(second)).toEqual([429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'])
      expect(told(second).error.details[0].metadata).toMatchObject({ quota_limit })
      expect(sandbox.conversions()).toHaveLength(1)
      expect(status(sandbox, told(first).requestId).status).toBe(200)
      expect(ingest(sandbox, toAds(conversion()), { at: NOW + window }).status).toBe(200)
    },
  )
})

it.each([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [413, 'INVALID_ARGUMENT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
] as const)('a failure of the kind %i is %s', (kind, word) => {
  const answer = google().failing(kind)
  expect([answer.status, told(answer).error.code, told(answer).error.status]).toEqual([kind, kind, word])
})

describe('matching', () => {
  const people = { people: [{ email: 'Jane.Doe+shop@Gmail.com', phone: '+44 20 7946 0958' }] }

  it.each([
    ['HEX', EMAIL, 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
    ['BASE64', '1hFzBkhe0OUK+rOshx6Y+BaZFR8wKBUn1j/18jNlbGk=', '8L8CKBRNn+K98dotjKaY8XvxQQ7miLB1wnBi5HtvC20='],
  ])("finds a person by the sheet's vectors in %s", (encoding, emailAddress, phoneNumber) => {
    const sandbox = google()
    sandbox.tell('people', people)
    const userData = { userIdentifiers: [{ emailAddress }, { phoneNumber }] }
    expect(ingest(sandbox, { ...toAds(conversion({ userData })), encoding }).status).toBe(200)
    expect(sandbox.conversions()[0]?.matched).toEqual(['emailAddress', 'phoneNumber'])
  })

  it('finds nobody by an address of Gmail with its dots, and by the wrong phone of the sheet', () => {
    const sandbox = google()
    sandbox.tell('people', people)
    const userIdentifiers = [
      { emailAddress: sha256('jane.doe@gmail.com') },
      { phoneNumber: '453feaea818c4cef6e20d14883f1e536db44b2f2f8107f457379a551cf75c58c' },
    ]
    ingest(sandbox, toAds(conversion({ userData: { userIdentifiers } })))
    expect(sandbox.conversions()[0]?.matched).toEqual([])
  })
})

it('takes further accounts', () => {
  const sandbox = google()
  const ads = { id: '7777777777', conversionActions: { 7001002099: 'purchase', 7001002098: 'others' }, tagId: '77' }
  expect(sandbox.tell('accounts', ads)).toBeUndefined()
  expect(
    sandbox.tell('accounts', { id: '77', accountType: 'GOOGLE_ANALYTICS_PROPERTY', measurementIds: ['G-SHOP77'] }),
  ).toBeUndefined()
  const operatingAccount = { accountType: 'GOOGLE_ADS', accountId: '7777777777' }
  const destinations = [adsDestination({ operatingAccount, productDestinationId: '7001002099' })]
  expect(ingest(sandbox, { ...toAds(conversion()), destinations }).status).toBe(200)
  expect(sandbox.conversions('7777777777')).toHaveLength(1)
  for (const [wrong, words] of [
    [{ id: '777-777-7777' }, '10 digits'],
    [{ id: 'x', accountType: 'GOOGLE_ANALYTICS_PROPERTY' }, 'digits of a property'],
    [{ id: '7777777777', accountType: 'DISPLAY' }, 'accountType must be'],
    [{ id: '7777777777', conversionActions: { 1: 'purchase', 2: 'purchase' } }, 'names of their own'],
  ] as const)
    expect(sandbox.tell('accounts', wrong)).toContain(words)
})
