import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EVENT_NAMES } from '../../event/names.ts'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import type { Destination, How } from '../destination.ts'
import { exampleEvent } from '../examples.ts'
import { mapEvent, planRequests } from '../plan.ts'
import { examples } from './examples.ts'
import { googleAds } from './google-ads.ts'

describeDestination(googleAds, examples)

const settingsWith = (change: object = {}) => googleAds.settings.parse({ ...examples.settings, ...change })
const live: How = { limited: false, backfill: false, test: false, now: new Date('2026-12-22T10:00:00Z') }
const itemOf = (event: Parameters<Destination['toItems']>[0], change: object = {}) => {
  const mapped = mapEvent(googleAds, settingsWith(change), event, live)
  return 'skip' in mapped ? mapped : (mapped.items[0] as Record<string, unknown>)
}
const bodyOf = (event: Parameters<Destination['toItems']>[0], change: object = {}): unknown => {
  const settings = settingsWith(change)
  const mapped = mapEvent(googleAds, settings, event, live)
  const items = 'skip' in mapped ? [] : mapped.items
  const [planned] = planRequests(googleAds, settings, [{ index: 0, items }], {
    singly: false,
    test: false,
    now: live.now,
  })
  return JSON.parse(planned?.request.body ?? 'null')
}

describe('Google’s schema of a conversion, written again from its reference', () => {
  const text = z.string().min(1)
  const hash = z.string().regex(/^[0-9a-f]{64}$/)
  const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const status = z.enum(['CONSENT_GRANTED', 'CONSENT_DENIED'])
  const clickId = z.string().regex(/^[\w.-]{4,}$/)
  const identifier = z.union([
    z.strictObject({ emailAddress: hash }),
    z.strictObject({ phoneNumber: hash }),
    z.strictObject({
      address: z.strictObject({
        givenName: hash,
        familyName: hash,
        regionCode: z.string().regex(/^[A-Z]{2}$/),
        postalCode: text,
      }),
    }),
  ])
  const conversion = z
    .strictObject({
      destinationReferences: z.array(z.string().regex(/^\d+$/)).length(1),
      transactionId: z.string().min(4).max(64),
      eventTimestamp: instant,
      lastUpdatedTimestamp: instant.optional(),
      eventSource: z.literal('WEB'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .optional(),
      conversionValue: z.number().min(0).optional(),
      adIdentifiers: z
        .strictObject({
          gclid: clickId.optional(),
          gbraid: clickId.optional(),
          wbraid: clickId.optional(),
          sessionAttributes: z
            .string()
            .regex(/^[\w-]{1,4000}$/)
            .optional(),
        })
        .refine(({ gbraid, wbraid }) => gbraid === undefined || wbraid === undefined)
        .optional(),
      consent: z.strictObject({ adUserData: status.optional(), adPersonalization: status.optional() }).optional(),
      userData: z.strictObject({ userIdentifiers: z.array(identifier).min(1).max(10) }).optional(),
      userProperties: z.strictObject({ customerType: z.enum(['NEW', 'RETURNING']) }).optional(),
      eventDeviceInfo: z.strictObject({ userAgent: text.optional(), ipAddress: text.optional() }).optional(),
      cartData: z
        .strictObject({
          merchantId: z.string().regex(/^\d+$/),
          merchantFeedLabel: text.optional(),
          merchantFeedLanguageCode: z
            .string()
            .regex(/^[a-z]{2}$/)
            .optional(),
          transactionDiscount: z.number().positive().optional(),
          items: z
            .array(
              z.strictObject({
                merchantProductId: text,
                quantity: z.int().min(1),
                unitPrice: z.number().min(0).optional(),
              }),
            )
            .min(1),
        })
        .optional(),
    })
    .refine(
      ({ userData, adIdentifiers }) =>
        userData !== undefined || adIdentifiers?.gclid || adIdentifiers?.gbraid || adIdentifiers?.wbraid,
    )
    .refine(({ currency, conversionValue }) => (currency === undefined) === (conversionValue === undefined))

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives))
        for (const item of gives) expect(conversion.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    const settings = settingsWith({ merchantId: '55001122', feedLabel: 'GB', feedLanguage: 'en' })
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = googleAds.toItems(one, settings, { ...live, limited })
        if ('skip' in items) return
        expect(limited).toBe(false)
        for (const item of items) expect(conversion.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('the purchase of Google’s guide', () => {
  const purchase = examples.events[0]?.event ?? expect.fail('no example')
  const sheet = {
    loginCustomerId: '987-654-3210',
    merchantId: '55001122',
    feedLabel: 'GB',
    feedLanguage: 'en',
    transactionId: '{orderName}',
  }

  it('goes out with its account, its action and the encoding of its hashes', () => {
    expect(bodyOf(purchase, sheet)).toEqual({
      destinations: [
        {
          reference: '7001002003',
          operatingAccount: { accountType: 'GOOGLE_ADS', accountId: '1234567890' },
          loginAccount: { accountType: 'GOOGLE_ADS', accountId: '9876543210' },
          productDestinationId: '7001002003',
        },
      ],
      encoding: 'HEX',
      events: [
        {
          destinationReferences: ['7001002003'],
          transactionId: 'SHOP-5551234567890',
          eventTimestamp: '2026-11-20T14:03:22.000Z',
          eventSource: 'WEB',
          currency: 'EUR',
          conversionValue: 84.9,
          adIdentifiers: { gclid: 'Cj0KCQiA_TEST_gclid-123' },
          consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_DENIED' },
          userData: {
            userIdentifiers: [
              { emailAddress: 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69' },
              { phoneNumber: 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d' },
              {
                address: {
                  givenName: '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503',
                  familyName: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
                  regionCode: 'GB',
                  postalCode: 'SW1A 1AA',
                },
              },
            ],
          },
          userProperties: { customerType: 'NEW' },
          cartData: {
            merchantId: '55001122',
            merchantFeedLabel: 'GB',
            merchantFeedLanguageCode: 'en',
            transactionDiscount: 5.1,
            items: [{ merchantProductId: 'shopify_GB_111_222', quantity: 2, unitPrice: 45 }],
          },
        },
      ],
    })
  })

  it('and its refund go to one transaction of one conversion action', () => {
    const refund =
      examples.events.find(({ event }) => event.name === 'order_refunded')?.event ?? expect.fail('no example')
    expect(bodyOf(refund, sheet)).toMatchObject({
      destinations: [{ productDestinationId: '7001002003' }],
      events: [
        {
          transactionId: 'SHOP-5551234567890',
          conversionValue: 44.9,
          currency: 'EUR',
          eventTimestamp: '2026-11-20T14:03:22.000Z',
          lastUpdatedTimestamp: '2026-12-02T09:30:00.000Z',
          eventSource: 'WEB',
        },
      ],
    })
  })

  it('goes out apart from conversions of other actions', () => {
    const settings = settingsWith()
    const entries = examples.events.flatMap(({ event }, index) => {
      const mapped = mapEvent(googleAds, settings, event, live)
      return 'skip' in mapped ? [] : [{ index, items: mapped.items }]
    })
    const requests = planRequests(googleAds, settings, entries, { singly: false, test: false, now: live.now })
    expect(requests).toHaveLength(6)
    for (const { request } of requests) expect(JSON.parse(request.body ?? '').destinations).toHaveLength(1)
  })
})

describe('consent', () => {
  const consentOf = (consent: object) =>
    itemOf(exampleEvent({ id: 'sh-consent', name: 'lead_submitted', identity: { email: 'a@example.com' }, consent }))

  it('is told as far as it is known', () => {
    expect(consentOf({ marketing: true, preferences: true })).toMatchObject({
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
    })
    // Nobody was asked about personalised ads.
    expect(consentOf({ marketing: true })).toMatchObject({ consent: { adUserData: 'CONSENT_GRANTED' } })
    expect(consentOf({ marketing: true })).not.toHaveProperty('consent.adPersonalization')
    expect(consentOf({ preferences: false })).toMatchObject({ consent: { adPersonalization: 'CONSENT_DENIED' } })
    expect(consentOf({ analytics: true })).not.toHaveProperty('consent')
  })

  it('that was refused keeps the event at home', () => {
    expect(consentOf({ marketing: false })).toEqual({ skip: 'no_consent' })
    expect(consentOf({ marketing: true, saleOfData: false })).toEqual({ skip: 'sale_opt_out' })
    expect(consentOf({ marketing: true, gpc: true })).toEqual({ skip: 'sale_opt_out' })
  })
})

describe('IP addresses', () => {
  const lead = (country?: string, rest: object = {}) =>
    itemOf(
      exampleEvent({
        id: 'sh-ip-address',
        name: 'lead_submitted',
        identity: { email: 'a@example.com', ip: '203.0.113.42', ...(country === undefined ? {} : { country }) },
        ...rest,
      }),
    )

  it('of people in the EEA, Britain and Switzerland stay at home', () => {
    for (const country of ['DE', 'FR', 'IE', 'NO', 'IS', 'LI', 'GB', 'CH', 'RE', 'JE'])
      expect(lead(country)).not.toHaveProperty('eventDeviceInfo')
  })

  it('of people of whom it is unknown where they are stay at home too', () => {
    expect(lead()).not.toHaveProperty('eventDeviceInfo')
    expect(lead(undefined, { store: { country: 'US' } })).not.toHaveProperty('eventDeviceInfo')
  })

  it('of others go along', () => {
    for (const country of ['US', 'CA', 'AU', 'JP'])
      expect(lead(country)).toMatchObject({ eventDeviceInfo: { ipAddress: '203.0.113.42' } })
  })
})

describe('an order’s id', () => {
  const withName = (orderName: string) =>
    itemOf(
      exampleEvent({
        id: 'pur_6001234567890',
        name: 'order_placed',
        identity: { email: 'a@example.com' },
        commerce: { currency: 'EUR', value: '1.00', orderId: '6001234567890', orderName },
      }),
      { transactionId: '{orderName}' },
    )

  it.each(['2', '3', '123', 'null', 'undefined', 'none', 'transaction_id', 'NONE', 'jane@example.com', 'x'.repeat(65)])(
    '%j is not taken for one',
    (name) => {
      expect(withName(name)).toEqual({ skip: 'invalid_field', field: 'commerce.orderName' })
    },
  )

  it.each(['1042', '#1042', 'SHOP-5551234567890', 'x'.repeat(64)])('%j is', (name) => {
    expect(withName(name)).toMatchObject({ transactionId: name })
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    googleAds.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want customer IDs of ten digits, however they are written', () => {
    expect(settingsWith()).toMatchObject({ customerId: '1234567890' })
    expect(settingsWith({ loginCustomerId: ' 987-654-3210 ' })).toMatchObject({ loginCustomerId: '9876543210' })
    expect(refused({ customerId: '123-456' })).toEqual(['customerId'])
    expect(refused({ customerId: 'AW-123456789' })).toEqual(['customerId'])
  })

  it('want at least one conversion action, by its number and for events that can be conversions', () => {
    expect(refused({ conversionActions: {} })).toEqual(['conversionActions'])
    expect(refused({ conversionActions: { order_placed: 'customers/1/conversionActions/2' } })).toEqual([
      'conversionActions.order_placed',
    ])
    expect(refused({ conversionActions: { order_placed: '7001002003', page_viewed: '7' } })).toEqual([
      'conversionActions',
    ])
  })

  it('take the key of a service account', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const credentials = {
      type: 'service_account',
      client_email: 'converlay@shop-example.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
    const settings = settingsWith({ credentials: JSON.stringify(credentials) })
    expect(googleAds.token?.request(settings, live.now)?.body).toContain('jwt-bearer')
    expect(refused({ credentials: { ...credentials, private_key: 'no key' } })).toEqual(['credentials'])
  })

  it('turn on the events that have an action, refunds with their purchase', () => {
    const on = (conversionActions: object) => googleAds.defaultEvents?.(settingsWith({ conversionActions }))
    expect(on({ order_placed: '7001002003' })).toEqual([
      'order_placed',
      'order_paid',
      'order_refunded',
      'order_cancelled',
    ])
    expect(on({ lead_submitted: '7001002008' })).toEqual(['lead_submitted'])
    const accepted = EVENT_NAMES.filter((name) => googleAds.accepts[name] !== null)
    expect(googleAds.defaultEvents?.(settingsWith())).toEqual(accepted)
  })

  it('may give purchases when paid an action of their own', () => {
    const event = examples.events[0]?.event ?? expect.fail('no example')
    const actions = { conversionActions: { order_paid: '7001002009' } }
    expect(itemOf(event, actions)).toMatchObject({ destinationReferences: ['7001002009'] })
  })

  it.each([
    ['placed', '7001002003'],
    ['paid', '7001002009'],
  ])('with both actions all events of an order counted when %s go to one, %s', (purchaseOn, action) => {
    const change = { purchaseOn, conversionActions: { order_placed: '7001002003', order_paid: '7001002009' } }
    const event = examples.events[0]?.event ?? expect.fail('no example')
    const commerce = { ...event.commerce, remaining: '44.90' }
    for (const name of ['order_placed', 'order_paid', 'order_refunded', 'order_cancelled'] as const)
      expect(itemOf({ ...event, name, commerce }, change)).toMatchObject({ destinationReferences: [action] })
  })

  it('say that point-of-sale orders are not sent, whatever is chosen', () => {
    const { properties } = z.toJSONSchema(googleAds.settings, { io: 'input' })
    expect(properties?.sendPos).toMatchObject({
      label: 'Send point-of-sale orders',
      help: expect.stringContaining('changes nothing'),
    })
  })
})

it('keeps to the quota of the merchant’s own Google Cloud project: 300 requests a minute for each account', () => {
  expect(googleAds.limits.rate).toEqual({ perSecond: 5, scope: 'account' })
  expect(googleAds.account(settingsWith())).toBe('1234567890')
})

it('verifies every conversion action without recording anything, with a token that stands in a header only', () => {
  const {
    requests: [request],
    counts,
  } = googleAds.verify(settingsWith(), new Date(1795341600_000))
  expect(counts).toBe(false)
  expect(request.url).toBe('https://datamanager.googleapis.com/v1/events:ingest')
  expect(request.headers.authorization).toBe('Bearer <access token>')
  const { destinations, ...rest } = JSON.parse(request.body ?? '')
  expect(destinations).toHaveLength(6)
  expect(rest).toMatchObject({
    validateOnly: true,
    encoding: 'HEX',
    events: [{ transactionId: 'converlay-verify-1795341600000', eventTimestamp: '2026-11-22T10:00:00.000Z' }],
  })
})

it('names the conversion action that a verification found wrong', () => {
  const failed =
    examples.verifications.find(({ title }) => title.includes('conversion action')) ?? expect.fail('no example')
  expect(googleAds.readVerify(failed.responses).message).toContain('destinations[1]')
})
