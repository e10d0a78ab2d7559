import { describe, expect, it } from 'vitest'
import { type Event, shopFrom } from '../../event/event.ts'
import type { Json } from '../../lib/json.ts'
import completed from '../samples/pixel_checkout_completed.json' with { type: 'json' }
import type { Message } from '../source.ts'
import { decodePixel } from './decode.ts'

const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const message: Message = {
  source: 'web-pixel',
  shop,
  ip: '203.0.113.9',
  userAgent: 'Mozilla/5.0 (of the request)',
  receivedAt: '2026-11-21T02:06:43.000Z',
}

const PAGE = 'https://northfernsupply.example/products/trail-lantern?variant=1&epik=dj0yJnU9UGFnZQ'
const context = {
  document: { location: { href: PAGE }, referrer: 'https://www.pinterest.com/', title: 'Trail Lantern' },
  navigator: { language: 'en-US', userAgent: 'Mozilla/5.0 (of the event)' },
  window: { screen: { width: 390, height: 844 } },
}
const pixel = (name: string, data: Json = {}, more: { readonly [key: string]: Json } = {}) => ({
  id: 'sh-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30',
  clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
  name,
  type: 'standard',
  seq: 1,
  timestamp: '2026-11-21T02:06:42.118Z',
  context,
  data,
  ...more,
})
const one = (body: Json, from: Message = message): Event => {
  const { events, parts } = decodePixel(from, body)
  expect([...events, ...parts]).toHaveLength(1)
  return events[0] ?? parts[0] ?? expect.fail('no event')
}

const { order: _, ...openCheckout } = completed.data.checkout
const checkout = { ...openCheckout, order: null }

describe('a completed checkout', () => {
  it('is the browser’s part of the purchase, in full and without money', () => {
    expect(decodePixel(message, completed)).toEqual({
      events: [],
      parts: [
        {
          schema: 1,
          id: 'pur_6120000000001',
          shop: 'demo.myshopify.com',
          name: 'order_placed',
          part: true,
          occurredAt: '2026-11-21T02:06:42.118Z',
          receivedAt: '2026-11-21T02:06:43.000Z',
          origin: 'live',
          seenBy: ['web-pixel:checkout_completed'],
          flags: [],
          page: {
            url: 'https://northfernsupply.example/checkouts/cn/hWN7k2QmZr4TtXb9LcVfPdSa/en-us/thank-you',
            referrer: 'https://northfernsupply.example/checkouts/cn/hWN7k2QmZr4TtXb9LcVfPdSa/en-us',
            title: 'Thank you - North Fern Supply',
          },
          device: { screen: { width: 390, height: 844 } },
          identity: {
            email: 'maya.okafor@example.com',
            phone: '+15035550142',
            firstName: 'Maya',
            lastName: 'Okafor',
            street: '1480 Larkspur Ave',
            city: 'Portland',
            region: 'OR',
            postalCode: '97214',
            country: 'US',
            customerId: '7450000000001',
            clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
            ip: '203.0.113.9',
            userAgent: 'Mozilla/5.0 (of the request)',
            language: 'en-US',
          },
          ids: {
            epik: 'dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg',
            fbc: 'fb.1.1763690001000.IwAR0exampleFbclid9',
            fbp: 'fb.1.1763690000000.1122334455',
            seenAt: {
              epik: '2026-11-21T02:06:42.118Z',
              fbc: '2026-11-21T02:06:42.118Z',
              fbp: '2026-11-21T02:06:42.118Z',
            },
          },
          commerce: {
            orderId: '6120000000001',
            checkoutToken: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
            cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
            shippingMethod: 'Standard',
            paymentType: 'shopify_payments',
            customerType: 'new',
          },
        },
      ],
      orders: [],
    })
  })

  it('names its order as digits, as a gid or as base64 of one', () => {
    const id = (orderId: string) => {
      const order = { ...completed.data.checkout.order, id: orderId }
      return one({ ...completed, data: { checkout: { ...completed.data.checkout, order } } }).id
    }
    expect(id('6120000000001')).toBe('pur_6120000000001')
    expect(id('gid://shopify/Order/6120000000001')).toBe('pur_6120000000001')
    expect(id('gid://shopify/OrderIdentity/6120000000001?key=1')).toBe('pur_6120000000001')
    expect(id(btoa('gid://shopify/Order/6120000000001'))).toBe('pur_6120000000001')
  })

  it('without an order is nothing', () => {
    expect(decodePixel(message, { ...completed, data: { checkout } }).nothing).toContain('which order')
  })

  it('keeps no parameters of checkout pages but click ids, because the others can be keys', () => {
    const href = 'https://northfernsupply.example/checkouts/cn/hWN7k2QmZr4TtXb9LcVfPdSa/en-us?key=0f1e&epik=dj0yJnU9#x'
    const body = pixel('checkout_started', { checkout }, { context: { document: { location: { href } } } })
    expect(one(body).page?.url).toBe(
      'https://northfernsupply.example/checkouts/cn/hWN7k2QmZr4TtXb9LcVfPdSa/en-us?epik=dj0yJnU9',
    )
  })
})

describe('a custom event', () => {
  it('carries its name and the flat part of its data', () => {
    const customData = {
      productId: 8120000000011,
      list: 'summer',
      big: true,
      empty: '',
      none: null,
      name: 'x',
      deep: { a: 1 },
    }
    const event = one(pixel('wishlist:added', {}, { type: 'custom', customData }))
    expect(event).toMatchObject({ name: 'custom', flags: ['custom_data_cut'] })
    expect(event.custom).toEqual({ name: 'wishlist:added', productId: 8120000000011, list: 'summer', big: true })
  })

  it('cannot pose as a purchase', () => {
    expect(one({ ...completed, type: 'custom' })).toMatchObject({
      name: 'custom',
      custom: { name: 'checkout_completed' },
    })
  })

  it('is limited to thirty fields', () => {
    const customData = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, index]))
    const event = one(pixel('many', {}, { type: 'custom', customData }))
    expect(Object.keys(event.custom ?? {})).toHaveLength(31)
    expect(event.flags).toEqual(['custom_data_cut'])
  })
})

describe('what says who somebody is', () => {
  const canary = 'canary.person@example.com'
  const encoded = encodeURIComponent(canary)
  const search = (query: string, title = 'Search') =>
    one({
      shop: 'demo.myshopify.com',
      landing: {
        url: `https://northfernsupply.example/?customer_email=x${encoded}&epik=dj0yLanding`,
        referrer: `https://mail.example/?to=${encoded}`,
        at: '2026-11-21T02:00:00.000Z',
      },
      events: [
        pixel(
          'search_submitted',
          { searchResult: { query, productVariants: [] } },
          {
            context: {
              ...context,
              document: {
                location: {
                  href: `https://northfernsupply.example/search?q=${encodeURIComponent(query)}&e=${encoded}&epik=dj0yPage`,
                },
                referrer: `https://northfernsupply.example/login?return=${encodeURIComponent(encoded)}&page=2`,
                title,
              },
            },
          },
        ),
      ],
    })

  it('is in no URL of an event, in which click ids stay', () => {
    const event = search('lantern')
    expect(JSON.stringify(event)).not.toContain('canary')
    expect(event.page).toEqual({
      url: 'https://northfernsupply.example/search?q=lantern&epik=dj0yPage',
      referrer: 'https://northfernsupply.example/login?page=2',
      title: 'Search',
    })
    expect(event.landing).toEqual({
      url: 'https://northfernsupply.example/?epik=dj0yLanding',
      referrer: 'https://mail.example/',
      at: '2026-11-21T02:00:00.000Z',
    })
    expect(event.search).toEqual({ query: 'lantern' })
    expect(event.flags).toEqual([])
  })

  it.each([canary, encoded, '+1 415 555 0132', '4155550132'])('is no search that a platform is told: %s', (query) => {
    const event = search(query, `Results for ${query}`)
    expect(event.search).toBeUndefined()
    expect(event.flags).toEqual(['search_personal'])
    expect(event.page?.url).toBe('https://northfernsupply.example/search?epik=dj0yPage')
    expect(JSON.stringify(event)).not.toMatch(/canary|555/)
  })
})

it('a click of the landing page was seen when that was, one of the page itself now', () => {
  const { ids } = one({
    shop: 'demo.myshopify.com',
    landing: { url: 'https://northfernsupply.example/?fbclid=IwAR2landing', at: '2026-11-21T02:00:00.000Z' },
    events: [pixel('page_viewed')],
  })
  expect(ids?.seenAt).toEqual({ epik: '2026-11-21T02:06:42.118Z', fbclid: '2026-11-21T02:00:00.000Z' })
})
