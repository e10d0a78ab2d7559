import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DIGESTS } from '../../event/hash.ts'
import { identityFrom } from '../../event/identity.ts'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { exampleEvent } from '../examples.ts'
import { criteo } from './criteo.ts'
import { examples } from './examples.ts'
import { normalizers, siteTypeOf } from './items.ts'
import { bareAddress, bareReferrer, isHomePage } from './pages.ts'

describeDestination(criteo, examples)

const settings = criteo.settings.parse(examples.settings)
const now = new Date('2026-11-22T10:00:00Z')
const live = { limited: false, backfill: false, test: false, now }
const made = <T>(value: T | undefined): T => value ?? expect.fail('not normalised')

describe('Criteo’s request, written again from its sheet', () => {
  const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
  const text = z.string().min(1)
  const timestamp = z.int().min(1_700_000_000).max(2_000_000_000)
  const currency = z.string().regex(/^[A-Z]{3}$/)
  const id = z.array(text).min(1)
  const lines = z.array(z.strictObject({ id: text, price: z.number().min(0), quantity: z.int().min(1) })).min(1)
  const priced = { timestamp, currency: currency.optional(), item: lines }
  const bare = z
    .url({ protocol: /^https?$/ })
    .regex(/^[^?#@]*$/)
    .optional()
  const body = z.strictObject({
    version: z.literal('converlay_1.0.0'),
    site_type: z.enum(['d', 'm', 't']),
    account: z.string().regex(/^\d+$/),
    id: z
      .strictObject({
        mapping_key: z.string().regex(/^\d+$/),
        mapped_user_id: text.optional(),
        email: z.strictObject({ md5: z.string().regex(/^[0-9a-f]{32}$/), sha256, sha256_md5: sha256 }).optional(),
      })
      .refine(({ mapped_user_id, email }) => mapped_user_id !== undefined || email !== undefined),
    ip: text.optional(),
    useragent: text.optional(),
    full_url: bare,
    previous_url: bare,
    retailer_visitor_id: text.optional(),
    customer_id: sha256.optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .optional(),
    events: z.tuple([
      z.discriminatedUnion('event', [
        z.strictObject({ event: z.enum(['viewHome', 'viewPage', 'login']), timestamp }),
        z.strictObject({ event: z.enum(['viewList', 'viewItem']), timestamp, item: id }),
        z.strictObject({ event: z.enum(['viewBasket', 'addToCart', 'beginCheckout', 'addPaymentInfo']), ...priced }),
        z.strictObject({ event: z.literal('trackTransaction'), ...priced, id: text, currency }),
      ]),
    ]),
  })

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(body.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = criteo.toItems(one, settings, { ...live, limited })
        if ('skip' in items) return
        for (const item of items) expect(body.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('is posted one event at a time, without credentials', () => {
    const items = examples.events.flatMap(({ gives }) => (Array.isArray(gives) ? gives : []))
    const requests = criteo.toRequests(items, settings, { singly: false, test: false, now })
    expect(requests.map(({ request }) => JSON.parse(request.body ?? ''))).toEqual(items)
    for (const { request } of requests)
      expect(request).toMatchObject({
        method: 'POST',
        url: 'https://widget.criteo.com/m/event?version=s2s_v0',
        headers: { 'content-type': 'application/json' },
      })
  })
})

describe('identifiers', () => {
  it.each([
    [
      ' User@Example.com ',
      'user@example.com',
      'b58996c504c5638798eb6b511e6f49af',
      'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514',
      '7f7892563bd354c8aa47ec54a5ce8c6100c6258089273db2f8c777e1853d365b',
    ],
    [
      'Jane.Doe+shop@Gmail.com',
      'jane.doe+shop@gmail.com',
      '250b2a87bdfce549f6cab4f4b9a59759',
      '12122421314e3c02d8acd5467f1266e839588a1ea2e4da1c2ab81036b7cd62e5',
      '185c0bed29f22d78c930932a67d0cba0a7e61c2c1e91b8470c4d3bef79c3751e',
    ],
    [
      'John.Smith+promo@Example.com',
      'john.smith+promo@example.com',
      'ac6a7cd52c600482be96c58f41e16632',
      'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613',
      '264869bacb7183036659fc42a62637bcba1da83becc519475dfd9e83cd7fbbf6',
    ],
  ])('the email address %j as three digests, dots and plus tag kept', (typed, clear, md5, sha256, sha256_md5) => {
    const identity = made(identityFrom({ email: typed }))
    expect(normalizers.email.form(made(identity.email))).toBe(clear)
    expect(normalizers.email.digests).toEqual(['md5', 'sha256', 'sha256md5'])
    const event = exampleEvent({ id: 'sh-vector', name: 'page_viewed', identity: { email: typed } })
    expect(criteo.toItems(event, settings, live)).toMatchObject([{ id: { email: { md5, sha256, sha256_md5 } } }])
    expect(JSON.stringify(criteo.toItems(event, settings, live))).not.toContain('@')
  })

  it('the customer’s id as SHA-256', () => {
    const id = made(made(identityFrom({ customerId: '7654321' })).customerId)
    expect(DIGESTS.md5(made(normalizers.customerId.form(id)))).toBe('f0898af949a373e72a4f6a34b4de9090')
    expect(DIGESTS.sha256(made(normalizers.customerId.form(id)))).toBe(
      'fe68a21fc76bba7b3a3d8e454eca8cd258de68fd08dddf035f23ddbdce6fc049',
    )
  })

  it('no phone number in any form, since the form that Criteo wants is not known', () => {
    const identity = { email: 'john.smith+promo@example.com', phone: '+33612345678' }
    const body = JSON.stringify(
      criteo.toItems(exampleEvent({ id: 'sh-phone', name: 'page_viewed', identity }), settings, live),
    )
    expect(body).not.toContain('612345678')
    expect(body).not.toContain('42d573cfc315801d4cd8eddd5416b416a0bf298b9b9e12d6b07442c91db42bd8')
    expect(body).not.toContain('8a3e7886c9335e82e02299fa3e87b46e2de3b0c63d56003e30a5029394a47661')
  })
})

describe('the kind of device', () => {
  it.each([
    ['d', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'],
    ['d', 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)'],
    ['m', 'Mozilla/5.0 (iPhone)'],
    ['m', 'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36'],
    ['t', 'Mozilla/5.0 (Linux; Android 16; SM-X910) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'],
    ['t', 'Mozilla/5.0 (Android 16; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0'],
    ['t', 'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1'],
    ['d', undefined],
  ])('%s is told of %s', (kind, userAgent) => {
    expect(siteTypeOf(userAgent)).toBe(kind)
  })
})

describe('addresses of pages', () => {
  it.each([
    ['https://shop.example', 'https://shop.example/'],
    ['https://shop.example?utm_source=x', 'https://shop.example/'],
    [
      'https://shop.example/products/linen-shirt?variant=222&_pos=1#reviews',
      'https://shop.example/products/linen-shirt',
    ],
    [
      'https://shop.example/en-ch/collections/summer/products/bag',
      'https://shop.example/en-ch/collections/summer/products/bag',
    ],
    ['https://shop.example/search?q=jane%40example.com', 'https://shop.example/search'],
    ['https://shop.example/checkouts/cn/Z2NwLXVzLWVhc3Qx/thank-you?key=1', 'https://shop.example/checkouts'],
    ['https://shop.example/65535/orders/0d3aa1f1b6/authenticate?key=1', 'https://shop.example/65535'],
    ['https://shop.example/account/reset/77/0d3aa1f1b6', 'https://shop.example/account'],
    ['https://shop.example/cart/c/hWN7k2QmZr4T', 'https://shop.example/cart'],
    ['https://shop.example/app/0d3aa1f1b6', 'https://shop.example/app'],
    ['https://shop.example/fr/gift_cards/65535/0d3aa1f1b6', 'https://shop.example/fr/gift_cards'],
    ['https://shop.example/pages/for-jane@example.com', 'https://shop.example/'],
    ['https://shop.example/pages/for-jane%40example.com', 'https://shop.example/'],
    ['https://jane:secret@shop.example/', undefined],
    ['android-app://com.example', undefined],
    ['not an address', undefined],
  ])('%s goes out as %s', (url, told) => {
    expect(bareAddress(url)).toBe(told)
  })

  it('of strangers go out as whose they are', () => {
    expect(bareReferrer('https://mail.example.com/inbox/jane', 'https://shop.example/')).toBe(
      'https://mail.example.com/',
    )
    expect(bareReferrer('https://shop.example/products/a?b=c', 'https://shop.example/')).toBe(
      'https://shop.example/products/a',
    )
    expect(bareReferrer('https://shop.example/products/a', undefined)).toBe('https://shop.example/')
  })

  it('are the front page’s at the root and below a market’s prefix', () => {
    for (const url of [
      'https://a.example',
      'https://a.example/?b=c',
      'https://a.example/fr/',
      'https://a.example/de-CH',
    ])
      expect(isHomePage(url)).toBe(true)
    for (const url of ['https://a.example/cart', 'https://a.example/en/pages/x', 'not an address', undefined])
      expect(isHomePage(url)).toBe(false)
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    criteo.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want two numbers, kept as text', () => {
    expect(refused({ partnerId: 'P-12345' })).toEqual(['partnerId'])
    expect(refused({ callerId: '' })).toEqual(['callerId'])
    expect(refused({ partnerId: ' 12345 ' })).toBeUndefined()
    expect(settings).toMatchObject({
      partnerId: '12345',
      callerId: '678',
      catalogId: 'shopify_{country}_{product}_{variant}',
    })
  })

  it('say that currency and value of a purchase change nothing', () => {
    const form = z.toJSONSchema(criteo.settings, { io: 'input' }).properties
    for (const field of ['money', 'value'])
      expect(form?.[field]).toMatchObject({
        label: expect.stringMatching(/\S/),
        labels: expect.anything(),
        help: expect.stringContaining('changes nothing'),
      })
  })
})

describe('the definition', () => {
  it('may be led to Criteo’s hosts and to no other', () => {
    expect(criteo.hosts).toEqual(['widget.criteo.com'])
    expect(criteo.redirects).toEqual(['.criteo.com', '.criteo.net'])
  })

  it('sends nothing after an opt-out of sale, relies on no merging, and calls nothing delivered', () => {
    expect(criteo.consent).toEqual({ purposes: ['marketing'] })
    expect(criteo.dedup('order_placed')).toBeUndefined()
    expect(criteo.proof).toBe('none')
    expect(criteo.declines.order_refunded).toContain('before refunds')
  })

  it('verifies with one look at the front page, which Criteo records, and says what that proves', () => {
    const {
      requests: [request, ...others],
      counts,
    } = criteo.verify(settings, new Date('2026-11-20T14:03:22Z'))
    expect(counts).toBe(true)
    expect(others).toEqual([])
    expect(JSON.parse(request.body ?? '')).toMatchObject({
      account: '12345',
      id: { mapping_key: '678' },
      events: [{ event: 'viewHome', timestamp: 1795183402 }],
    })
    expect(criteo.readVerify([{ status: 200, headers: {}, body: '' }]).message).toContain('ask your contact')
  })
})
