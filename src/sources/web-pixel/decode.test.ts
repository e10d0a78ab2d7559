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
const beacon = (events: Json[], more: { readonly [key: string]: Json } = {}) => ({
  v: 1,
  shop: 'demo.myshopify.com',
  sentAt: '2026-11-21T02:06:42.500Z',
  events,
  consent: { analytics: true, marketing: true, preferences: false, saleOfData: true },
  cookies: { _fbp: 'fb.1.1763690000000.1122334455', _epik: 'dj0yJnU9Q29va2ll' },
  landing: { url: 'https://northfernsupply.example/?ttclid=E.C.P.first', referrer: '', at: '2026-11-21T02:00:00.000Z' },
  customer: { id: '7450000000001', email: 'Maya.Okafor@example.com', phone: '(503) 555-0142' },
  cart: { token: 'hWN7k2QmZr4TtXb9LcVfPdSa?key=0f1e' },
  store: { country: 'US', currency: 'USD', url: 'https://northfernsupply.example/' },
  ...more,
})
const one = (body: Json, from: Message = message): Event => {
  const { events, parts } = decodePixel(from, body)
  expect([...events, ...parts]).toHaveLength(1)
  return events[0] ?? parts[0] ?? expect.fail('no event')
}

const price = (amount: number, currencyCode = 'USD') => ({ amount, currencyCode })
const lantern = {
  id: '44120000000111',
  sku: 'TL-FOR-L',
  title: 'Forest / Large',
  price: price(49),
  image: { src: '//cdn.shopify.com/lantern.jpg' },
  product: {
    id: '8120000000011',
    title: 'Trail Lantern',
    vendor: 'North Fern',
    type: 'Camp gear',
    url: '/products/trail-lantern',
  },
}
const LANTERN = {
  productId: '8120000000011',
  variantId: '44120000000111',
  sku: 'TL-FOR-L',
  title: 'Trail Lantern',
  variantTitle: 'Forest / Large',
  vendor: 'North Fern',
  type: 'Camp gear',
  url: 'https://northfernsupply.example/products/trail-lantern',
  imageUrl: 'https://cdn.shopify.com/lantern.jpg',
}
const { order: _, ...openCheckout } = completed.data.checkout
const checkout = { ...openCheckout, order: null }

describe('a beacon', () => {
  it('gives one product view, in full', () => {
    expect(decodePixel(message, beacon([pixel('product_viewed', { productVariant: lantern })]))).toEqual({
      events: [
        {
          schema: 1,
          id: 'sh-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30',
          shop: 'demo.myshopify.com',
          name: 'product_viewed',
          occurredAt: '2026-11-21T02:06:42.118Z',
          receivedAt: '2026-11-21T02:06:43.000Z',
          origin: 'live',
          seenBy: ['web-pixel:product_viewed'],
          flags: [],
          store: { country: 'US', currency: 'USD', url: 'https://northfernsupply.example' },
          page: { url: PAGE, referrer: 'https://www.pinterest.com/', title: 'Trail Lantern' },
          landing: { url: 'https://northfernsupply.example/?ttclid=E.C.P.first', at: '2026-11-21T02:00:00.000Z' },
          device: { screen: { width: 390, height: 844 } },
          identity: {
            email: 'maya.okafor@example.com',
            phone: '+15035550142',
            customerId: '7450000000001',
            clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
            ip: '203.0.113.9',
            userAgent: 'Mozilla/5.0 (of the request)',
            language: 'en-US',
          },
          ids: {
            epik: 'dj0yJnU9Q29va2ll',
            fbp: 'fb.1.1763690000000.1122334455',
            ttclid: 'E.C.P.first',
            seenAt: {
              epik: '2026-11-21T02:06:42.118Z',
              fbp: '2026-11-21T02:06:42.118Z',
              ttclid: '2026-11-21T02:00:00.000Z',
            },
          },
          consent: {
            marketing: true,
            analytics: true,
            preferences: false,
            saleOfData: true,
            source: 'web-pixel',
            at: '2026-11-21T02:06:42.118Z',
          },
          commerce: {
            currency: 'USD',
            value: '49.00',
            cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
            items: [{ ...LANTERN, quantity: 1, price: '49.00', total: '49.00' }],
            numItems: 1,
          },
        },
      ],
      parts: [],
      orders: [],
    })
  })

  it('loses only the events that cannot be used, and says why', () => {
    const body = beacon([
      null,
      pixel('page_viewed', {}, { id: 'pur_6120000000001' }),
      pixel('page_viewed', {}, { id: 'no' }),
      pixel('page_viewed', {}, { name: null }),
      pixel('newly_invented'),
      pixel('page_viewed'),
    ])
    const decoded = decodePixel(message, body)
    expect(decoded.events.map(({ name }) => name)).toEqual(['page_viewed'])
    expect(decoded.leftOut).toEqual([
      'An event is not a JSON object.',
      'An event has no usable id.',
      'An event has no name.',
      'An event is of a kind that is not known.',
    ])
    expect(decoded).not.toHaveProperty('nothing')
  })

  it('without events tells a choice of consent of its browser', () => {
    const withdrawn = { analytics: true, marketing: false, preferences: false, saleOfData: false, gpc: true }
    const clientId = '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11'
    expect(decodePixel(message, beacon([], { clientId, consent: withdrawn }))).toEqual({
      events: [],
      parts: [],
      orders: [],
      consents: [{ clientId, consent: { ...withdrawn, source: 'web-pixel', at: '2026-11-21T02:06:42.500Z' } }],
      nothing: 'The beacon tells a choice of consent only; it is kept for its browser.',
    })
  })

  it('without events, from a browser whose clock runs ahead, tells a consent of no later than five minutes from now', () => {
    const ahead = beacon([], { clientId: 'phone', sentAt: '2027-01-01T00:00:00.000Z' })
    expect(decodePixel(message, ahead).consents?.[0]?.consent.at).toBe('2026-11-21T02:11:43.000Z')
    const { sentAt: _, ...untimed } = beacon([], { clientId: 'phone' })
    expect(decodePixel(message, untimed).consents?.[0]?.consent.at).toBe(message.receivedAt)
  })

  it.each<[string, { readonly [key: string]: Json }]>([
    ['a browser', {}],
    ['a usable browser id', { clientId: '  ' }],
    ['a consent', { clientId: 'phone', consent: {} }],
  ])('without events and without %s tells nothing', (_, more) => {
    expect(decodePixel(message, beacon([], more))).not.toHaveProperty('consents')
  })

  it('with nothing to send says why', () => {
    expect(decodePixel(message, beacon([])).nothing).toBe('The beacon holds no events.')
    expect(decodePixel(message, beacon([pixel('alert_displayed')])).nothing).toContain('not an act of the shopper')
    expect(decodePixel(message, { ...beacon([pixel('page_viewed')]), v: 2 }).nothing).toContain('another version')
    expect(decodePixel(message, {}).nothing).toContain('no pixel event')
    expect(decodePixel(message, 'text').nothing).toContain('not a JSON object')
    expect(decodePixel({ source: 'web-pixel' }, pixel('page_viewed')).nothing).toContain('which shop')
  })

  it('belongs to the shop that received it, whatever it says itself', () => {
    expect(one(beacon([pixel('page_viewed')], { shop: 'other.myshopify.com' })).shop).toBe('demo.myshopify.com')
    const { shop: _, ...unaddressed } = message
    expect(one(beacon([pixel('page_viewed')]), unaddressed).shop).toBe('demo.myshopify.com')
  })

  it('is believed about the store only where the store itself said nothing', () => {
    const event = one(beacon([pixel('page_viewed')]), { ...message, facts: { country: 'CH' } })
    expect(event.store).toEqual({ country: 'CH', currency: 'USD', url: 'https://northfernsupply.example' })
  })

  it('tells the consent of its moment and nothing where it tells none', () => {
    expect(
      one(beacon([pixel('page_viewed')], { consent: { marketing: false, gpc: true, analytics: 'yes' } })).consent,
    ).toEqual({
      marketing: false,
      gpc: true,
      source: 'web-pixel',
      at: '2026-11-21T02:06:42.118Z',
    })
    expect(one(pixel('page_viewed'))).not.toHaveProperty('consent')
  })
})

describe('a moment', () => {
  const at = (timestamp: string | null, more: { readonly [key: string]: Json } = {}) =>
    one(beacon([pixel('page_viewed', {}, { timestamp })], more))

  it('more than five minutes ahead of its receipt is set back and flagged', () => {
    expect(at('2026-11-21T02:11:43.000Z')).toMatchObject({ occurredAt: '2026-11-21T02:11:43.000Z', flags: [] })
    expect(at('2026-11-21T02:11:43.001Z')).toMatchObject({
      occurredAt: '2026-11-21T02:11:43.000Z',
      flags: ['clock_ahead'],
    })
    expect(at('2031-01-01T00:00:00Z')).toMatchObject({ occurredAt: '2026-11-21T02:11:43.000Z' })
  })

  it('that cannot be read is the beacon’s, else its receipt’s', () => {
    expect(at('yesterday')).toMatchObject({ occurredAt: '2026-11-21T02:06:42.500Z', flags: ['timestamp_unreadable'] })
    expect(at(null, { sentAt: 5 })).toMatchObject({ occurredAt: '2026-11-21T02:06:43.000Z' })
  })

  it('with an offset is told in UTC', () => {
    expect(at('2026-11-20T18:06:42.118-08:00').occurredAt).toBe('2026-11-21T02:06:42.118Z')
  })
})

describe('a standard event', () => {
  it.each([
    ['page_viewed', 'page_viewed', {}],
    ['product_viewed', 'product_viewed', { productVariant: lantern }],
    ['collection_viewed', 'collection_viewed', { collection: { id: '3', title: 'Camp', productVariants: [lantern] } }],
    ['search_submitted', 'searched', { searchResult: { query: 'lantern', productVariants: [lantern] } }],
    ['cart_viewed', 'cart_viewed', { cart: null }],
    ['product_added_to_cart', 'product_added', { cartLine: { merchandise: lantern, quantity: 1 } }],
    ['product_removed_from_cart', 'product_removed', { cartLine: null }],
    ['checkout_address_info_submitted', 'address_submitted', { checkout }],
    ['checkout_shipping_info_submitted', 'shipping_submitted', { checkout }],
  ])('%s is %s and keeps the pixel’s id', (theirs, ours, data) => {
    expect(one(pixel(theirs, data))).toMatchObject({
      name: ours,
      id: 'sh-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30',
      flags: [],
    })
  })

  it.each([
    ['checkout_started', 'checkout_started', 'ic_'],
    ['checkout_contact_info_submitted', 'contact_submitted', 'ct_'],
    ['payment_info_submitted', 'payment_info_added', 'pi_'],
  ])('%s is %s with the checkout’s id, so that repeats are one', (theirs, ours, prefix) => {
    const token = '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60'
    expect(one(pixel(theirs, { checkout }))).toMatchObject({ name: ours, id: prefix + token })
    expect(one(pixel(theirs, { checkout: { ...checkout, token: `${token}?key=1` } })).id).toBe(prefix + token)
    expect(one(pixel(theirs, { checkout: { ...checkout, token: null } }))).toMatchObject({
      id: 'sh-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30',
      flags: ['checkout_token_missing'],
    })
  })

  it.each(['alert_displayed', 'ui_extension_errored'])('%s is nothing', (name) => {
    expect(decodePixel(message, pixel(name))).toMatchObject({ events: [], parts: [], nothing: expect.any(String) })
  })

  it('of the DOM is nothing', () => {
    expect(decodePixel(message, pixel('clicked', {}, { type: 'dom' })).nothing).toContain('not events of commerce')
  })

  it('a collection has products without a value', () => {
    const event = one(
      pixel('collection_viewed', { collection: { id: '300', title: 'Camp', productVariants: [lantern] } }),
    )
    expect(event.collection).toEqual({ id: '300', title: 'Camp' })
    expect(event.commerce).toEqual({ currency: 'USD', items: [{ ...LANTERN, price: '49.00' }] })
  })

  it('a search has its query', () => {
    expect(
      one(pixel('search_submitted', { searchResult: { query: ' lantern ', productVariants: [] } })).search,
    ).toEqual({
      query: 'lantern',
    })
  })

  it('an added line has its quantity, its total and the price of one piece', () => {
    const cartLine = { merchandise: lantern, quantity: 3, cost: { totalAmount: price(130) } }
    expect(one(pixel('product_added_to_cart', { cartLine })).commerce).toEqual({
      currency: 'USD',
      value: '130.00',
      items: [{ ...LANTERN, quantity: 3, price: '43.33', total: '130.00' }],
      numItems: 3,
    })
  })

  it('a viewed cart has its lines, its value and its token without the key', () => {
    const cart = {
      id: 'gid://shopify/Cart/hWN7k2QmZr4TtXb9LcVfPdSa?key=0f1e2d3c',
      lines: [{ merchandise: lantern, quantity: 2, cost: { totalAmount: price(98) } }],
      cost: { totalAmount: price(98) },
      attributes: [{ key: '_epik', value: 'dj0yJnU9Q2FydA' }],
    }
    const event = one(pixel('cart_viewed', { cart }))
    expect(event.commerce).toMatchObject({
      currency: 'USD',
      value: '98.00',
      cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
      numItems: 2,
    })
    expect(event.ids?.epik).toBe('dj0yJnU9Q2FydA')
  })

  it('money has the digits of the currency that the shopper sees', () => {
    const yen = { ...lantern, price: price(20964, 'JPY') }
    expect(one(pixel('product_viewed', { productVariant: yen })).commerce).toMatchObject({
      currency: 'JPY',
      value: '20964',
    })
    const dinars = { ...lantern, price: price(1.25, 'KWD') }
    expect(one(pixel('product_viewed', { productVariant: dinars })).commerce).toMatchObject({ value: '1.250' })
  })

  it('a checkout has what the shopper saw and who it is', () => {
    const event = one(pixel('checkout_started', { checkout }))
    expect(event.commerce).toMatchObject({
      currency: 'USD',
      value: '176.74',
      subtotal: '168.75',
      tax: '0.00',
      shipping: '7.99',
      discount: '18.75',
      coupons: ['FALL10'],
      checkoutToken: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
      numItems: 3,
    })
    expect(event.commerce?.items?.map(({ quantity, price, total }) => [quantity, price, total])).toEqual([
      [2, '44.10', '88.20'],
      [1, '80.55', '80.55'],
    ])
    expect(event.identity).toMatchObject({ email: 'maya.okafor@example.com', phone: '+15035550142', city: 'Portland' })
  })

  it('phones of a checkout are read in the country of their address', () => {
    const swiss = {
      ...checkout,
      phone: null,
      billingAddress: null,
      shippingAddress: { countryCode: 'CH', phone: '044 668 18 00' },
    }
    expect(one(pixel('checkout_started', { checkout: swiss })).identity?.phone).toBe('+41446681800')
  })
})
