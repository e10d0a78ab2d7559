import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { exampleAnswer, exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { tiktok } from './tiktok.ts'

const now = new Date('2026-11-22T10:00:00Z')

describeDestination(tiktok, examples)

const settingsWith = (change: object = {}) => tiktok.settings.parse({ ...examples.settings, ...change })
const settings = settingsWith()
const how = { limited: false, backfill: false, test: false, now: new Date('2026-11-22T10:00:00Z') }

/** The body of the request that one event makes. */
const bodyOf = (event: Parameters<typeof exampleEvent>[0], change: object = {}, limited = false): unknown => {
  const items = tiktok.toItems(exampleEvent(event), settingsWith(change), { ...how, limited })
  if ('skip' in items) return items
  const [planned] = tiktok.toRequests(items, settingsWith(change), { singly: false, test: false, now })
  return JSON.parse(planned?.request.body ?? '')
}

describe('worked requests', () => {
  const browser = {
    ip: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15',
  }
  const browserData = { ip: browser.ip, user_agent: browser.userAgent }
  const ids = { ttclid: 'E.C.P.ExampleClickIdValue0123456789', ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH' }

  it('a purchase', () => {
    const body = bodyOf({
      id: 'purchase-5550001112223',
      name: 'order_placed',
      occurredAt: '2026-11-20T12:00:00.000Z',
      page: { url: 'https://shop.example/checkouts/cn/abc/thank-you', referrer: 'https://shop.example/cart' },
      identity: {
        ...browser,
        email: '  Jane.Doe+Shop@Example.COM ',
        phone: '+1 (213) 373-4253',
        customerId: '7001234567890',
        firstName: 'Jane',
        lastName: 'Doe',
        city: 'Los Angeles',
        region: 'CA',
        postalCode: '90210',
        country: 'US',
        language: 'en-US',
      },
      ids,
      commerce: {
        currency: 'USD',
        value: '145.50',
        orderId: '5550001112223',
        items: [
          {
            variantId: '44001112223334',
            title: 'Trail Shoe',
            type: 'Shoes',
            vendor: 'Acme',
            price: '60.00',
            quantity: 2,
          },
          {
            variantId: '44001112223335',
            title: 'Wool Sock',
            type: 'Socks',
            vendor: 'Acme',
            price: '25.50',
            quantity: 1,
          },
        ],
      },
    })
    expect(body).toEqual({
      event_source: 'web',
      event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
      data: [
        {
          event: 'Purchase',
          event_time: 1795176000,
          event_id: 'purchase-5550001112223',
          limited_data_use: false,
          page: { url: 'https://shop.example/checkouts/cn/abc/thank-you', referrer: 'https://shop.example/cart' },
          user: {
            email: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
            phone: ['9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
            external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
            first_name: '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2',
            last_name: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
            zip_code: 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c',
            city: 'losangeles',
            state: 'ca',
            country: 'us',
            ...ids,
            ...browserData,
            locale: 'en-US',
          },
          properties: {
            content_type: 'product',
            contents: [
              {
                content_id: '44001112223334',
                content_name: 'Trail Shoe',
                content_category: 'Shoes',
                brand: 'Acme',
                price: 60,
                quantity: 2,
              },
              {
                content_id: '44001112223335',
                content_name: 'Wool Sock',
                content_category: 'Socks',
                brand: 'Acme',
                price: 25.5,
                quantity: 1,
              },
            ],
            num_items: 3,
            currency: 'USD',
            value: 145.5,
            order_id: '5550001112223',
          },
        },
      ],
    })
  })

  it('an anonymous add to cart in test mode', () => {
    const body = bodyOf(
      {
        id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
        name: 'product_added',
        occurredAt: '2026-11-20T11:50:00.000Z',
        page: { url: 'https://shop.example/products/trail-shoe' },
        identity: browser,
        ids,
        commerce: {
          currency: 'USD',
          value: '120.00',
          items: [{ variantId: '44001112223334', title: 'Trail Shoe', price: '60.00', quantity: 2 }],
        },
      },
      { testEventCode: 'TEST12345' },
    )
    expect(body).toMatchObject({
      event_source: 'web',
      event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
      test_event_code: 'TEST12345',
      data: [
        {
          event: 'AddToCart',
          event_time: 1795175400,
          event_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
          page: { url: 'https://shop.example/products/trail-shoe' },
          user: { ...ids, ...browserData },
          properties: {
            content_type: 'product',
            contents: [{ content_id: '44001112223334', content_name: 'Trail Shoe', price: 60, quantity: 2 }],
            currency: 'USD',
            value: 120,
          },
        },
      ],
    })
  })

  it('a page view under limited use', () => {
    const page = { url: 'https://shop.example/', referrer: 'https://www.tiktok.com/' }
    const body = bodyOf(
      {
        id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
        name: 'page_viewed',
        occurredAt: '2026-11-20T11:45:00.000Z',
        page,
        identity: browser,
        ids: { ttp: ids.ttp },
      },
      {},
      true,
    )
    expect(body).toEqual({
      event_source: 'web',
      event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
      data: [
        {
          event: 'PageView',
          event_time: 1795175100,
          event_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
          limited_data_use: true,
          page,
          user: { ttp: ids.ttp, ...browserData },
        },
      ],
    })
  })
})

describe('TikTok’s request, written again as strictly as its fields are known', () => {
  const hash = z.string().regex(/^[0-9a-f]{64}$/)
  const hashes = z.array(hash).min(1)
  const text = z.string().min(1)
  const plain = z
    .string()
    .regex(/^[\p{L}\p{N}\p{M}]+$/u)
    .refine((place) => place === place.toLowerCase())
  const code = z.string().regex(/^[a-z]{2}$/)
  const url = z.string().regex(/^https?:\/\//)
  const amount = z.number().min(0)
  const CURRENCIES =
    'AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD VES VND ZAR'
  const event = z.strictObject({
    event: z.enum(
      'AddPaymentInfo AddToCart AddToWishlist CompletePayment CompleteRegistration InitiateCheckout Lead PageView Pageview Purchase Search Subscribe ViewContent'.split(
        ' ',
      ),
    ),
    event_time: z.int().min(1_700_000_000).max(2_000_000_000),
    event_id: text,
    limited_data_use: z.boolean(),
    page: z.strictObject({ url, referrer: url.optional() }),
    user: z
      .strictObject({
        email: hashes.optional(),
        phone: hashes.optional(),
        external_id: hashes.optional(),
        first_name: hash.optional(),
        last_name: hash.optional(),
        zip_code: hash.optional(),
        city: plain.optional(),
        state: code.optional(),
        country: code.optional(),
        ttclid: text.optional(),
        ttp: text.optional(),
        ip: z.union([z.ipv4(), z.ipv6()]).optional(),
        user_agent: text.optional(),
        locale: text.optional(),
      })
      .refine(
        (user) =>
          ['ttclid', 'ttp', 'email', 'phone', 'external_id'].some((key) => key in user) ||
          ('ip' in user && 'user_agent' in user),
      ),
    properties: z
      .strictObject({
        content_type: z.enum(['product', 'product_group']).optional(),
        contents: z
          .array(
            z.strictObject({
              content_id: text,
              content_name: text.optional(),
              content_category: text.optional(),
              brand: text.optional(),
              price: amount.optional(),
              quantity: z.int().min(1).optional(),
            }),
          )
          .min(1)
          .optional(),
        num_items: z.int().min(1).optional(),
        currency: z.enum(CURRENCIES.split(' ')).optional(),
        value: amount.optional(),
        query: text.optional(),
        search_string: text.optional(),
        description: text.optional(),
        order_id: text.optional(),
      })
      .refine((properties) => !('value' in properties) || 'currency' in properties)
      .refine((properties) => 'contents' in properties === 'content_type' in properties)
      .optional(),
  })

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = tiktok.toItems(one, settings, { ...how, limited })
        if ('skip' in items) return
        for (const item of items) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('a test event code', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const event = exampleEvent({ id: `sh-${at}`, name: 'page_viewed', ids: { ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH' } })
      const made = tiktok.toItems(event, settings, how)
      return 'skip' in made ? expect.fail(made.skip) : made[0]
    })

  it('stands in every request of the connection, or in none: test and live events never share one', () => {
    const codes = (change: object) =>
      tiktok
        .toRequests(items(2001), settingsWith(change), { singly: false, test: false, now })
        .map(({ request }): unknown => JSON.parse(request.body ?? '').test_event_code)
    expect(codes({ testEventCode: 'TEST12345' })).toEqual(['TEST12345', 'TEST12345', 'TEST12345'])
    expect(codes({})).toEqual([undefined, undefined, undefined])
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    tiktok.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want a pixel code of letters and digits', () => {
    expect(refused({ pixelCode: 'C4A1 B2C3' })).toEqual(['pixelCode'])
    expect(refused({ pixelCode: '' })).toEqual(['pixelCode'])
    expect(refused({ pixelCode: ' C4A1B2C3D4E5F6G7H8I9 ' })).toBeUndefined()
  })

  it('want a token in one piece and a test code that is one', () => {
    expect(refused({ accessToken: 'two words' })).toEqual(['accessToken'])
    expect(refused({ testEventCode: 'TEST 1' })).toEqual(['testEventCode'])
    expect(refused({ testEventCode: 'TEST12345' })).toBeUndefined()
  })

  it('are complete with the pixel and the token', () => {
    expect(settings).toEqual({
      pixelCode: 'C4A1B2C3D4E5F6G7H8I9',
      accessToken: 'EXAMPLE0000TOKEN0000',
      pageView: 'PageView',
      purchase: 'Purchase',
      catalogId: '{variant}',
      purchaseOn: 'placed',
      money: 'shop',
      value: 'total',
      transactionId: '{orderId}',
      prefer: 'noDuplicates',
      sendPos: false,
      sendDraft: false,
      sendSubscriptions: false,
    })
  })
})

describe('verify', () => {
  const asked = (change: object) => {
    const { requests, counts } = tiktok.verify(settingsWith(change), new Date(1795341600_000))
    return { request: requests[0], body: JSON.parse(requests[0].body ?? ''), counts }
  }

  it('sends a page view that shows under the test code only, with the token in its own header', () => {
    const { request, body, counts } = asked({ testEventCode: 'TEST12345', pageView: 'Pageview' })
    expect(counts).toBe(false)
    expect(request.url).toBe('https://business-api.tiktok.com/open_api/v1.3/event/track/')
    expect(request.headers).toEqual({ 'access-token': 'EXAMPLE0000TOKEN0000', 'content-type': 'application/json' })
    expect(body).toMatchObject({
      event_source: 'web',
      event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
      test_event_code: 'TEST12345',
      data: [{ event: 'Pageview', event_time: 1795341600, page: { url: 'https://example.com/' } }],
    })
  })

  it('without a test code sends nothing that TikTok could count', () => {
    const { body, counts } = asked({})
    expect(counts).toBe(false)
    expect(body).toEqual({
      event_source: 'web',
      event_source_id: 'C4A1B2C3D4E5F6G7H8I9',
      data: [{ event_time: 1795341600, event_id: 'converlay_verify_1795341600000' }],
    })
  })

  it('says that a refusal of the body proves nothing', () => {
    const read = tiktok.readVerify([exampleAnswer(200, { code: 40002, message: 'event: Missing data.' })])
    expect(read.outcome).toBe('unknown')
    expect(read.message).toContain('does not prove that the token may send to this pixel')
  })
})

it('never lets a page view be merged with the one of TikTok’s own pixel, which has no id', () => {
  expect(tiktok.dedup('page_viewed')?.twinWindow).toBe(0)
  expect(tiktok.dedup('order_placed')).toEqual({ window: 172_800_000, twinWindow: 172_800_000, by: 'event' })
  expect(tiktok.dedup('order_refunded')).toBeUndefined()
})
