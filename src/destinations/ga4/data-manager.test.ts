import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { TOKEN } from '../destination.ts'
import { exampleAnswer, exampleEvent } from '../examples.ts'
import { planRequests } from '../plan.ts'
import { examples } from './examples.ts'
import { ga4 } from './ga4.ts'

// The same events by the other way in: the contract and the examples speak of the Measurement Protocol.

const settings = ga4.settings.parse({
  measurementId: 'G-TEST123456',
  propertyId: '345678901',
  credentials: { clientId: 'client', clientSecret: 'secret', refreshToken: 'refresh' },
  googleTag: false,
  catalogId: '{variant}',
})
const now = new Date('2026-11-22T10:00:00Z')
const how = { limited: false, backfill: false, test: false, now }
type Event = Parameters<typeof ga4.toItems>[0]

const mapped = (event: Event, limited = false) => {
  const items = ga4.toItems(event, settings, { ...how, limited })
  return 'skip' in items ? [] : items
}
const requestsOf = (events: readonly Event[]) =>
  planRequests(
    ga4,
    settings,
    events.map((event, index) => ({ index, items: mapped(event) })),
    { singly: false, test: false, now },
  )

const ids = { gaClientId: '1234567890.1763800000', gaSessions: { 'G-TEST123456': '1763812345' } }
const added = exampleEvent({
  id: 'atc-1',
  name: 'product_added',
  occurredAt: '2026-11-20T14:00:00.250Z',
  ids,
  page: { url: 'https://shop.example/products/linen-shirt' },
  consent: { marketing: true, analytics: true, preferences: true },
  commerce: {
    currency: 'EUR',
    value: '45.00',
    items: [{ variantId: '222', title: 'Linen shirt', price: '45.00', quantity: 1 }],
  },
})
const ingestedCart = {
  eventName: 'add_to_cart',
  clientId: '1234567890.1763800000',
  eventTimestamp: '2026-11-20T14:00:00.250Z',
  eventSource: 'WEB',
  currency: 'EUR',
  conversionValue: 45,
  consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
  cartData: {
    items: [
      {
        itemId: '222',
        quantity: 1,
        unitPrice: 45,
        additionalItemParameters: [{ parameterName: 'item_name', value: 'Linen shirt' }],
      },
    ],
  },
  additionalEventParameters: [
    { parameterName: 'engagement_time_msec', value: '100' },
    { parameterName: 'session_id', value: '1763812345' },
    { parameterName: 'page_location', value: 'https://shop.example/products/linen-shirt' },
  ],
}

const bought = (orderId: string, rest: object = {}) =>
  exampleEvent({
    id: `pur_${orderId}`,
    name: 'order_placed',
    ids,
    commerce: {
      currency: 'EUR',
      value: '84.90',
      coupons: ['WELCOME', 'SECOND'],
      orderId,
      items: [{ variantId: '222', price: '45.00', quantity: 2 }],
    },
    ...rest,
  })

describe('Google Analytics through the Data Manager API', () => {
  it('takes the same events in its own words', () => {
    expect(mapped(added)).toEqual([ingestedCart])
    expect(requestsOf([added]).map(({ request }) => JSON.parse(request.body ?? ''))).toEqual([
      {
        destinations: [
          {
            operatingAccount: { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: '345678901' },
            loginAccount: { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: '345678901' },
            productDestinationId: 'G-TEST123456',
          },
        ],
        events: [ingestedCart],
      },
    ])
  })

  it('takes purchases and refunds by the order’s id, and the first coupon', () => {
    expect(mapped(bought('6001234567890'))).toMatchObject([
      {
        eventName: 'purchase',
        transactionId: '6001234567890',
        currency: 'EUR',
        conversionValue: 84.9,
        cartData: { couponCodes: ['WELCOME'], items: [{ itemId: '222', quantity: 2, unitPrice: 45 }] },
      },
    ])
    const refund = bought('6001234567890', {
      name: 'order_refunded',
      commerce: { currency: 'EUR', value: '40.00', orderId: '6001234567890' },
    })
    expect(mapped(refund)).toMatchObject([
      { eventName: 'refund', transactionId: '6001234567890', currency: 'EUR', conversionValue: 40 },
    ])
    expect(mapped(refund)[0]).not.toHaveProperty('cartData')
  })

  it.each(['2', '123', 'null', 'None'])('skips the transaction id %j, which passes validation and fails live', (id) => {
    expect(ga4.toItems(bought(id), settings, how)).toEqual({ skip: 'invalid_field', field: 'commerce.orderId' })
  })

  it('skips a step whose products have names only', () => {
    const nameless = { ...added, commerce: { ...added.commerce, items: [{ title: 'Linen shirt' }] } }
    expect(ga4.toItems(nameless, settings, how)).toEqual({ skip: 'missing_field', field: 'commerce.items' })
  })

  it('takes lines that are not in the catalogue by their SKU, variant, product or own id, and none without pieces', () => {
    const items = [
      { variantId: '222', quantity: 1 },
      { sku: 'WRAP', productId: '1', title: 'Gift wrap', quantity: 1 },
      { productId: '2', quantity: 1 },
      { lineId: '3', title: 'Engraving', quantity: 1 },
      { variantId: '444', quantity: 0 },
    ]
    expect(mapped(bought('6001234567890', { commerce: { ...bought('6001234567890').commerce, items } }))).toMatchObject(
      [{ cartData: { items: [{ itemId: '222' }, { itemId: 'WRAP' }, { itemId: '2' }, { itemId: '3' }] } }],
    )
    const [line] = items.slice(3)
    const sent = mapped(bought('6001234567890', { commerce: { ...bought('6001234567890').commerce, items: [line] } }))
    expect(sent).toMatchObject([{ eventName: 'purchase', cartData: { items: [{ itemId: '3' }] } }])
  })

  it('takes what an event of the theme’s own says as text', () => {
    const own = exampleEvent({
      id: 'cu-1',
      name: 'custom',
      ids,
      custom: { name: 'size_guide_opened', size: 'M', tries: 2, value: 5, currency: 'EUR', email: 'jane@example.com' },
    })
    expect(mapped(own)).toMatchObject([
      {
        eventName: 'size_guide_opened',
        currency: 'EUR',
        conversionValue: 5,
        additionalEventParameters: [
          { parameterName: 'engagement_time_msec', value: '100' },
          { parameterName: 'session_id', value: '1763812345' },
          { parameterName: 'size', value: 'M' },
          { parameterName: 'tries', value: '2' },
        ],
      },
    ])
  })

  it('has its own forms of names, and says that hashes are written in hex', () => {
    const person = {
      email: 'Jane.Doe+shop@Gmail.com',
      firstName: 'Mary-Jane',
      lastName: 'Doe',
      postalCode: '94043',
      country: 'US',
      customerId: '7001234567890',
      ip: '203.0.113.42',
      userAgent: 'Example',
    }
    const [planned] = requestsOf([bought('6001234567890', { identity: person })])
    const body = JSON.parse(planned?.request.body ?? '')
    expect(body.encoding).toBe('HEX')
    expect(body.events).toMatchObject([
      {
        userId: '7001234567890',
        eventDeviceInfo: { userAgent: 'Example', ipAddress: '203.0.113.42' },
        userData: {
          userIdentifiers: [
            { emailAddress: 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69' },
            {
              address: {
                givenName: '11853b05f2d2ec2cb8124b57ab72ea7cc50501aa485c66b382cf2a967471dab6',
                familyName: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
                regionCode: 'US',
                postalCode: '94043',
              },
            },
          ],
        },
      },
    ])
    expect(planned?.items.map((item) => ga4.carries(item))).toEqual([
      ['client_id', 'session_id', 'user_id', 'sha256_email_address', 'address', 'user_agent', 'ip_override'],
    ])
  })

  it('lets visitors share a request', () => {
    const other = { ...added, ids: { gaClientId: '2234567890.1763800000' } }
    expect(requestsOf([added, other, bought('6001234567890')]).map(({ items }) => items.length)).toEqual([3])
  })

  it('is told of an opt-out of sale', () => {
    const [item] = mapped({ ...added, ...bought('6001234567890', { identity: { email: 'jane@example.com' } }) }, true)
    expect(item).toHaveProperty('consent', { adUserData: 'CONSENT_DENIED', adPersonalization: 'CONSENT_DENIED' })
    expect(item).not.toHaveProperty('userData')
  })

  it('wants a token for everything that it is asked', () => {
    expect(ga4.token?.request(settings, now)?.url).toBe('https://oauth2.googleapis.com/token')
    const { requests, counts } = ga4.verify(settings, now)
    expect(counts).toBe(false)
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`])
    expect(JSON.parse(requests[0].body ?? '')).toMatchObject({
      validateOnly: true,
      events: [{ eventTimestamp: '2026-11-22T10:00:00.000Z', eventSource: 'WEB' }],
    })
    for (const { request } of requestsOf([added])) {
      expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`)
      expect(new URL(request.url).host).toBe('datamanager.googleapis.com')
      expect(ga4.hosts).toContain('datamanager.googleapis.com')
    }
  })

  it('answers with a job, by which it can be asked later', () => {
    const [verdict] = ga4.readResponse(exampleAnswer(200, { requestId: 'req-0001' }), [undefined])
    expect(verdict).toEqual({ outcome: 'accepted', poll: 'req-0001' })
  })

  it('has taken nothing that is known of without a job: JSON without one, a page, JSON cut off', () => {
    for (const body of [{}, { fieldWarnings: [] }, 'null', '[]', '<html></html>', '{"requestId":"req-0'])
      for (const verdict of ga4.readResponse(exampleAnswer(200, body), [undefined, undefined]))
        expect(verdict).toMatchObject({ outcome: 'retry', code: 'unreadable_answer' })
  })
})

describe('an event of the Data Manager API, written again from its schema', () => {
  const text = z.string().min(1)
  const hash = z.string().regex(/^[0-9a-f]{64}$/)
  const parameters = z.array(z.strictObject({ parameterName: text, value: text }))
  const consent = z.enum(['CONSENT_GRANTED', 'CONSENT_DENIED'])
  const event = z
    .strictObject({
      eventName: z.string().regex(/^[A-Za-z]\w{0,39}$/),
      clientId: z.string().regex(/^\d{1,10}\.\d{10}$/),
      userId: text.optional(),
      transactionId: z.string().min(2).optional(),
      eventTimestamp: z.iso.datetime(),
      eventSource: z.literal('WEB'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .optional(),
      conversionValue: z.number().optional(),
      consent: z.strictObject({ adUserData: consent.optional(), adPersonalization: consent.optional() }).optional(),
      userData: z
        .strictObject({
          userIdentifiers: z
            .array(
              z.union([
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
              ]),
            )
            .min(1)
            .max(10),
        })
        .optional(),
      eventDeviceInfo: z.strictObject({ userAgent: text.optional(), ipAddress: text.optional() }).optional(),
      cartData: z
        .strictObject({
          couponCodes: z.array(text).optional(),
          items: z
            .array(
              z.strictObject({
                itemId: text,
                quantity: z.int().min(1).optional(),
                unitPrice: z.number().min(0).optional(),
                additionalItemParameters: parameters.min(1).optional(),
              }),
            )
            .min(1)
            .max(200)
            .optional(),
        })
        .optional(),
      additionalEventParameters: parameters,
    })
    .refine(({ currency, conversionValue }) => (currency === undefined) === (conversionValue === undefined))
    .refine(({ eventName, transactionId }) => !/^(?:purchase|refund)$/.test(eventName) || transactionId !== undefined)

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        for (const item of mapped(one, limited)) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('is kept by every example', () => {
    for (const example of examples.events)
      for (const item of mapped(example.event)) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })
})
