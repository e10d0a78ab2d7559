import { describe, expect, it } from 'vitest'
import type { Event, Shop } from '../../event/event.ts'
import { shopFrom } from '../../event/event.ts'
import type { Json } from '../../lib/json.ts'
import type { Message } from '../source.ts'
import { decodeTrack, MOST_CALLS } from './decode.ts'

const SHOP = shopFrom('demo.myshopify.com') as Shop
const server: Message = { source: 'track', shop: SHOP, receivedAt: '2026-11-20T10:00:05.000Z', trusted: true }
const page: Message = {
  source: 'track',
  shop: SHOP,
  receivedAt: '2026-11-20T10:00:05.000Z',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 Phone',
}

const completed = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'node-next-1763632800000-5f8d',
  userId: '8123456789',
  timestamp: '2026-11-20T10:00:00.000Z',
  context: {
    ip: '198.51.100.23',
    userAgent: 'Mozilla/5.0 (Macintosh)',
    locale: 'en-US',
    page: { url: 'https://shop.example/thanks?fbclid=abc123' },
    traits: {
      email: 'Maya@Example.com',
      phone: '(415) 555-0132',
      name: 'Maya Lin Okafor',
      address: { street: '1 Main St', city: 'Oakland', state: 'CA', postalCode: '94601', country: 'US' },
    },
  },
  properties: {
    order_id: '6001234567890',
    checkout_id: 'tok-1234',
    total: 27.5,
    subtotal: 22.5,
    tax: 2,
    shipping: 3,
    discount: 2.5,
    coupon: 'hello',
    currency: 'USD',
    products: [
      { product_id: '7001', variant_id: '4001', sku: 'G-1', name: 'Scarf', price: 19, quantity: 1, brand: 'Fern' },
      { product_id: '7002', sku: 'G-2', name: 'Sock', price: 3, quantity: 2, category: 'Socks' },
    ],
  },
} as const

const events = (message: Message, body: unknown): readonly Event[] => decodeTrack(message, body as Json).events
const only = (message: Message, body: unknown): Event => {
  const [event, ...others] = events(message, body)
  if (!event || others.length > 0) throw new Error('not one event')
  return event
}
const call = (event: string, properties: object = {}, more: object = {}) => ({
  type: 'track',
  event,
  messageId: 'ajs-next-0001-abcd',
  anonymousId: 'anon-12345678',
  timestamp: '2026-11-20T10:00:00.000Z',
  properties,
  ...more,
})

describe('an order by a key of the merchant’s own servers', () => {
  it('is the purchase and its payment, with the money, the person and the click', () => {
    const { events: told, orders, parts } = decodeTrack(server, completed as unknown as Json)
    expect(parts).toEqual([])
    expect(told.map(({ id, name, origin }) => [id, name, origin])).toEqual([
      ['pur_6001234567890', 'order_placed', 'track'],
      ['paid_6001234567890', 'order_paid', 'track'],
    ])
    expect(told[0]).toMatchObject({
      occurredAt: '2026-11-20T10:00:00.000Z',
      seenBy: ['track:Order Completed'],
      identity: {
        email: 'maya@example.com',
        phone: '+14155550132',
        firstName: 'Maya Lin',
        lastName: 'Okafor',
        city: 'Oakland',
        customerId: '8123456789',
        ip: '198.51.100.23',
        userAgent: 'Mozilla/5.0 (Macintosh)',
      },
      ids: { fbclid: 'abc123' },
      commerce: {
        orderId: '6001234567890',
        checkoutToken: 'tok-1234',
        currency: 'USD',
        value: '27.50',
        subtotal: '22.50',
        tax: '2.00',
        shipping: '3.00',
        discount: '2.50',
        coupons: ['hello'],
        channel: 'web',
        numItems: 3,
        items: [
          { productId: '7001', variantId: '4001', sku: 'G-1', quantity: 1, price: '19.00', total: '19.00' },
          { productId: '7002', sku: 'G-2', quantity: 2, price: '3.00', total: '6.00', category: 'Socks' },
        ],
      },
    })
    expect(orders).toEqual([
      {
        orderId: '6001234567890',
        placedAt: Date.parse('2026-11-20T10:00:00.000Z'),
        value: '27.50',
        currency: 'USD',
        channel: 'web',
        email: 'maya@example.com',
      },
    ])
  })

  it('of a shop that is not Shopify’s keeps the shop’s own order id; Shopify’s is known however it is written', () => {
    const withId = (order_id: string) =>
      events(server, { ...completed, properties: { ...completed.properties, order_id } })[0]?.id
    expect(withId('WEB-1042')).toBe('pur_WEB-1042')
    expect(withId('gid://shopify/Order/42')).toBe('pur_42')
  })

  it('that is not paid yet is only placed', () => {
    const properties = { ...completed.properties, paid: false }
    expect(events(server, { ...completed, properties }).map(({ name }) => name)).toEqual(['order_placed'])
  })

  it.each([
    ['revenue with tax and shipping', { revenue: 20, tax: 2, shipping: 3 }, '25.00'],
    ['its lines alone', { products: [{ price: '9.99', quantity: 3 }] }, '29.97'],
    ['a total before anything else', { total: '31', revenue: 20 }, '31.00'],
    ['nothing that can be read', { total: 'much' }, undefined],
  ])('costs %s', (_, told, value) => {
    const properties = { order_id: '1', currency: 'EUR', paid: false, ...told }
    expect(only(server, call('Order Completed', properties)).commerce?.value).toBe(value)
  })

  it('is refunded in several facts, by their own ids or the messages’, and cancelled in one', () => {
    const refund = (properties: object) =>
      decodeTrack(server, call('Order Refunded', { order_id: '42', total: 5, currency: 'USD', ...properties }) as Json)
    expect(refund({ refund_id: 'r-1' })).toMatchObject({
      events: [{ id: 'ref_r-1', name: 'order_refunded', commerce: { orderId: '42', refundId: 'r-1', value: '5.00' } }],
      orders: [{ orderId: '42', refund: { id: 'r-1', value: '5.00' } }],
    })
    expect(refund({}).events[0]?.id).toBe('ref_ajs-next-0001-abcd')
    expect(only(server, call('Order Cancelled', { order_id: '42', reason: 'customer' }))).toMatchObject({
      id: 'can_42',
      name: 'order_cancelled',
      commerce: { reason: 'customer' },
    })
  })
})

describe('an order by a key that stands in a page', () => {
  it('adds who bought and from where, and neither money nor the order itself', () => {
    const decoded = decodeTrack(page, completed as unknown as Json)
    expect(decoded).toMatchObject({ events: [], orders: [] })
    const [part] = decoded.parts
    expect(part).toMatchObject({
      id: 'pur_6001234567890',
      part: true,
      seenBy: ['track-public:Order Completed'],
      commerce: { orderId: '6001234567890', checkoutToken: 'tok-1234' },
      // What the page itself says of the network is not believed.
      identity: { ip: '203.0.113.7', userAgent: 'Mozilla/5.0 Phone' },
    })
    expect(JSON.stringify(part)).not.toMatch(/27\.5|19\.00/)
  })

  it.each(['Order Refunded', 'Order Cancelled'])('%s takes nothing back', (name) => {
    expect(decodeTrack(page, call(name, { order_id: '42', total: 5 }) as Json)).toMatchObject({
      events: [],
      orders: [],
    })
  })
})

describe('what shoppers do', () => {
  it.each([
    ['Product Viewed', 'product_viewed'],
    ['product added', 'product_added'],
    ['Product Removed', 'product_removed'],
    ['Product Added to Wishlist', 'wishlist_added'],
  ])('%s is one product', (name, ours) => {
    const event = only(
      page,
      call(name, { product_id: 'gid://shopify/Product/7001', name: 'Scarf', price: 19, currency: 'USD' }),
    )
    expect(event).toMatchObject({
      id: 'ajs-next-0001-abcd',
      name: ours,
      commerce: {
        currency: 'USD',
        value: '19.00',
        numItems: 1,
        items: [{ productId: '7001', title: 'Scarf', price: '19.00' }],
      },
      identity: { clientId: 'anon-12345678' },
    })
  })

  it.each([
    [
      'Product List Viewed',
      'collection_viewed',
      { list_id: 'sale', category: 'Sale' },
      { collection: { id: 'sale', title: 'Sale' } },
    ],
    ['Products Searched', 'searched', { query: 'wool' }, { search: { query: 'wool' } }],
    ['Cart Viewed', 'cart_viewed', { cart_id: 'cart-1' }, { commerce: { cartToken: 'cart-1' } }],
    ['Checkout Started', 'checkout_started', { value: 12, currency: 'EUR' }, { commerce: { value: '12.00' } }],
    ['Payment Info Entered', 'payment_info_added', { checkout_id: 'tok-9' }, { commerce: { checkoutToken: 'tok-9' } }],
    ['Signed Up', 'signed_up', {}, {}],
  ])('%s', (name, ours, properties, facts) => {
    expect(only(page, call(name, properties))).toMatchObject({ name: ours, ...facts })
  })

  it('a page call is a page view, of the page that it tells', () => {
    const properties = { url: 'https://shop.example/wool?gclid=Cj0abc&email=maya%40example.com', title: 'Wool' }
    const event = only(page, { type: 'page', messageId: 'ajs-0001', timestamp: '2026-11-20T10:00:00Z', properties })
    expect(event).toMatchObject({
      name: 'page_viewed',
      page: { url: 'https://shop.example/wool?gclid=Cj0abc', title: 'Wool' },
      ids: { gclid: 'Cj0abc' },
    })
  })

  it('anything else is an event of the merchant’s own, with what is flat of its properties', () => {
    expect(only(server, call('Quiz Finished', { score: 7, answers: [1, 2], name: 'x' }))).toMatchObject({
      name: 'custom',
      custom: { name: 'Quiz Finished', score: 7 },
      flags: ['custom_data_cut'],
    })
  })
})

describe('consent', () => {
  it.each([
    ['our own words', { marketing: false, saleOfData: true }, { marketing: false, saleOfData: true }],
    [
      'categories',
      { categoryPreferences: { Advertising: true, Analytics: false } },
      { marketing: true, analytics: false },
    ],
    ['OneTrust’s numbers', { categoryPreferences: { C0004: true, C0002: true } }, { marketing: true, analytics: true }],
    [
      'two of one meaning, of which one is refused',
      { categoryPreferences: { Advertising: true, Targeting: false } },
      { marketing: false },
    ],
  ])('is read from %s', (_, consent, read) => {
    expect(only(page, call('Page Viewed', {}, { context: { consent } })).consent).toEqual({
      ...read,
      source: 'track',
      at: '2026-11-20T10:00:00.000Z',
    })
  })

  it('is unknown where nothing is said', () => {
    expect(only(page, call('Page Viewed')).consent).toBeUndefined()
  })
})

describe('time', () => {
  it('is set back by what the sender’s clock is ahead', () => {
    const ahead = { timestamp: '2026-11-20T11:00:00.000Z', sentAt: '2026-11-20T11:00:05.000Z' }
    expect(only(page, call('Page Viewed', {}, ahead)).occurredAt).toBe('2026-11-20T10:00:00.000Z')
  })

  it('of a message that waited on its way stays', () => {
    const late = { timestamp: '2026-11-20T08:00:00.000Z', sentAt: '2026-11-20T08:00:01.000Z' }
    expect(only(page, call('Page Viewed', {}, late)).occurredAt).toBe('2026-11-20T08:00:00.000Z')
  })

  it('is never far ahead of us', () => {
    const future = { timestamp: '2027-11-20T08:00:00.000Z' }
    expect(only(page, call('Page Viewed', {}, future)).occurredAt).toBe('2026-11-20T10:05:05.000Z')
  })
})

describe('a batch', () => {
  it('is its calls; one that cannot be used is left out with its reason', () => {
    const batch = [call('Page Viewed'), { type: 'identify', userId: 'x' }, call('Order Completed'), 7]
    const decoded = decodeTrack(server, { batch } as Json)
    expect(decoded.events).toHaveLength(1)
    expect(decoded.leftOut).toEqual([
      expect.stringContaining('identify'),
      'A call about an order has no order_id.',
      'A call is not a JSON object.',
    ])
  })

  it('beyond its size is cut, and says so', () => {
    const batch = Array.from({ length: MOST_CALLS + 1 }, (_, n) =>
      call('Page Viewed', {}, { messageId: `ajs-${n}-000` }),
    )
    const decoded = decodeTrack(server, { batch } as Json)
    expect(decoded.events).toHaveLength(MOST_CALLS)
    expect(decoded.leftOut).toEqual([expect.stringContaining(`at most ${MOST_CALLS}`)])
  })

  it.each([
    ['a text', 'hello', 'not a JSON object'],
    ['nothing in it', { batch: [] }, 'empty'],
    ['no name', { type: 'track', messageId: 'ajs-000001' }, 'no event name'],
    ['no id', { type: 'track', event: 'Page Viewed' }, 'no usable messageId'],
    [
      'an id that poses as an order’s',
      call('Page Viewed', {}, { messageId: 'pur_6001234567890' }),
      'no usable messageId',
    ],
    ['another type', { type: 'delete', messageId: 'ajs-000001' }, 'is not known'],
  ])('or a call with %s gives no event and says why', (_, body, why) => {
    const decoded = decodeTrack(server, body as Json)
    expect(decoded).toMatchObject({ events: [], parts: [] })
    expect(decoded.nothing).toContain(why)
  })
})
