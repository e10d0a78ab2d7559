import { describe, expect, it } from 'vitest'
import { type Event, shopFrom } from '../../event/event.ts'
import type { Json } from '../../lib/json.ts'
import cart from '../samples/cart_update.json' with { type: 'json' }
import checkout from '../samples/checkout_create.json' with { type: 'json' }
import order from '../samples/order_create.json' with { type: 'json' }
import draft from '../samples/order_create_draft_no_browser.json' with { type: 'json' }
import pos from '../samples/order_create_pos_no_browser.json' with { type: 'json' }
import jpy from '../samples/order_create_presentment_jpy.json' with { type: 'json' }
import refund from '../samples/refund_create.json' with { type: 'json' }
import type { Message } from '../source.ts'
import { decodeWebhook } from './decode.ts'

const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const facts = { country: 'US', currency: 'USD', url: 'https://northfernsupply.example' }
const message = (topic: string, more: Partial<Message> = {}): Message => ({
  source: 'shopify-webhook',
  shop,
  topic,
  receivedAt: '2026-11-21T02:06:45.000Z',
  facts,
  ...more,
})
const decode = (topic: string, body: Json, more?: Partial<Message>) => decodeWebhook(message(topic, more), body)
const only = (events: readonly Event[]): Event => {
  expect(events).toHaveLength(1)
  return events[0] ?? expect.fail('no event')
}

const CLICKS =
  'epik=dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg&fbclid=IwAR0exampleFbclid9&gclid=Cj0KCQexampleGclid&ttclid=E.C.P.exampleTtclid&ScCid=11111111-2222-4333-8444-555555555555&rdt_cid=5001234567890123456'
const LANDING = `https://northfernsupply.example/products/trail-lantern?${CLICKS}`
const at = '2026-11-21T02:06:39.000Z'

const MAYA = {
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
}

const MAYAS_IDS = {
  epik: 'dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg',
  fbclid: 'IwAR0exampleFbclid9',
  fbc: 'fb.1.1763690001000.IwAR0exampleFbclid9',
  fbp: 'fb.1.1763690000000.1122334455',
  ttclid: 'E.C.P.exampleTtclid',
  sccid: '11111111-2222-4333-8444-555555555555',
  rdtCid: '5001234567890123456',
  gclid: 'Cj0KCQexampleGclid',
}
const seenAt = (ids: object, when: string) => Object.fromEntries(Object.keys(ids).map((id) => [id, when]))

const LANTERN = {
  productId: '8120000000011',
  variantId: '44120000000111',
  sku: 'TL-FOR-L',
  title: 'Trail Lantern',
  variantTitle: 'Forest / Large',
  vendor: 'North Fern',
}
const BLANKET = {
  productId: '8120000000022',
  variantId: '44120000000222',
  sku: 'WCB-01',
  title: 'Wool Camp Blanket',
  vendor: 'North Fern',
}

describe('Shopify’s samples', () => {
  it('order_create is the purchase of a web order, in full', () => {
    const decoded = decode('orders/create', order)
    expect(decoded).toEqual({
      events: [
        {
          schema: 1,
          id: 'pur_6120000000001',
          shop: 'demo.myshopify.com',
          name: 'order_placed',
          occurredAt: at,
          receivedAt: '2026-11-21T02:06:45.000Z',
          origin: 'live',
          seenBy: ['shopify-webhook:orders/create'],
          flags: [],
          store: facts,
          page: { url: LANDING },
          landing: { url: LANDING, referrer: 'https://www.pinterest.com/' },
          identity: {
            ...MAYA,
            ip: '203.0.113.24',
            userAgent: order.client_details.user_agent,
            language: 'en-US',
          },
          ids: { ...MAYAS_IDS, seenAt: seenAt(MAYAS_IDS, at) },
          commerce: {
            currency: 'USD',
            value: '176.74',
            subtotal: '168.75',
            tax: '0.00',
            taxesIncluded: false,
            shipping: '7.99',
            discount: '18.75',
            tip: '0.00',
            presentment: {
              currency: 'USD',
              value: '176.74',
              subtotal: '168.75',
              tax: '0.00',
              shipping: '7.99',
              discount: '18.75',
              tip: '0.00',
            },
            coupons: ['FALL10'],
            orderId: '6120000000001',
            orderName: '#1042',
            checkoutToken: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
            cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
            placedAt: at,
            updatedAt: '2026-11-21T02:06:41.000Z',
            paymentType: 'shopify_payments',
            shippingMethod: 'Standard',
            items: [
              {
                lineId: '15880000000001',
                ...LANTERN,
                quantity: 2,
                price: '44.10',
                total: '88.20',
                discount: '9.80',
                giftCard: false,
              },
              {
                lineId: '15880000000002',
                ...BLANKET,
                quantity: 1,
                price: '80.55',
                total: '80.55',
                discount: '8.95',
                giftCard: false,
              },
            ],
            numItems: 3,
            channel: 'web',
            financialStatus: 'paid',
            test: false,
          },
        },
      ],
      parts: [],
      orders: [
        {
          orderId: '6120000000001',
          name: '#1042',
          placedAt: Date.parse(at),
          value: '176.74',
          currency: 'USD',
          channel: 'web',
          email: 'maya.okafor@example.com',
        },
      ],
    })
  })

  it('order_create_presentment_jpy has the shop’s euros as its money and the shopper’s yen beside it', () => {
    const event = only(decode('orders/create', jpy, { facts: { url: 'https://atelier-voss.example' } }).events)
    expect(event).toMatchObject({
      id: 'pur_6130000000001',
      occurredAt: '2026-11-21T13:32:08.000Z',
      flags: [],
      page: { url: 'https://atelier-voss.example/ja?gclid=Cj0KCQexampleJP&wbraid=ClgKexample' },
      identity: {
        email: 'haruka.sato@example.jp',
        phone: '+81355550123',
        firstName: 'Haruka',
        lastName: 'Sato',
        street: '2-11-3 Meguro',
        city: 'Meguro-ku',
        region: '13',
        postalCode: '153-0063',
        country: 'JP',
        customerId: '7450000000101',
        ip: '2001:db8:4:20::17',
        language: 'ja-JP',
      },
      ids: { gclid: 'Cj0KCQexampleJP', wbraid: 'ClgKexample' },
    })
    expect(event.commerce).toMatchObject({
      currency: 'EUR',
      value: '244.00',
      subtotal: '219.00',
      shipping: '25.00',
      presentment: { currency: 'JPY', value: '39653', subtotal: '35590', tax: '0', shipping: '4063', discount: '0' },
      numItems: 3,
      channel: 'web',
    })
    expect(event.commerce?.items?.map(({ price, total, quantity }) => [quantity, price, total])).toEqual([
      [1, '129.00', '129.00'],
      [2, '45.00', '90.00'],
    ])
  })

  it('order_create_pos_no_browser has no person and no page, and says that it was made at a till', () => {
    const event = only(decode('orders/create', pos).events)
    expect(event).toMatchObject({ id: 'pur_6120000000050', occurredAt: '2026-11-21T19:20:05.000Z', flags: [] })
    expect(event.commerce).toMatchObject({ channel: 'pos', value: '49.00', shipping: '0.00', paymentType: 'cash' })
    for (const absent of ['identity', 'page', 'landing', 'ids', 'consent']) expect(event).not.toHaveProperty(absent)
  })

  it('order_create_draft_no_browser has its person but no browser, and is not paid', () => {
    const event = only(decode('orders/create', draft).events)
    expect(event.identity).toEqual({
      email: 'elliot@brandt-outfitters.example',
      phone: '+19025550188',
      firstName: 'Elliot',
      lastName: 'Brandt',
      company: 'Brandt Outfitters',
      street: '77 Harbour St',
      city: 'Halifax',
      region: 'NS',
      postalCode: 'B3J 1S9',
      country: 'CA',
      customerId: '7450000000301',
    })
    expect(event.commerce).toMatchObject({
      channel: 'draft',
      financialStatus: 'pending',
      value: '775.00',
      numItems: 10,
    })
    expect(event).not.toHaveProperty('page')
  })

  it('checkout_create is a started checkout with the shopper’s address and cookies, but without an IP address', () => {
    const event = only(decode('checkouts/create', checkout).events)
    expect(event).toMatchObject({
      id: 'ic_6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
      name: 'checkout_started',
      occurredAt: '2026-11-21T02:03:02.000Z',
      flags: [],
      page: { url: LANDING },
      identity: { ...MAYA, language: 'en-US' },
      ids: MAYAS_IDS,
    })
    expect(event.identity).not.toHaveProperty('ip')
    expect(event.commerce).toEqual({
      currency: 'USD',
      value: '187.50',
      subtotal: '187.50',
      tax: '0.00',
      taxesIncluded: false,
      discount: '0.00',
      checkoutToken: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
      cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
      updatedAt: '2026-11-21T02:03:05.000Z',
      checkoutUrl: checkout.abandoned_checkout_url,
      channel: 'web',
      items: [
        { ...LANTERN, quantity: 2, price: '49.00', total: '98.00', discount: '0.00', giftCard: false },
        { ...BLANKET, quantity: 1, price: '89.50', total: '89.50', discount: '0.00', giftCard: false },
      ],
      numItems: 3,
    })
  })

  it('cart_update is a state of the cart', () => {
    const event = only(decode('carts/update', cart).events)
    expect(event).toMatchObject({
      id: `cart_hWN7k2QmZr4TtXb9LcVfPdSa_${Date.parse('2026-11-21T02:02:48.412Z')}`,
      name: 'cart_updated',
      occurredAt: '2026-11-21T02:02:48.412Z',
      commerce: { currency: 'USD', value: '187.50', cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa', numItems: 3 },
    })
    expect(event.commerce?.items?.map(({ variantId, quantity, price }) => [variantId, quantity, price])).toEqual([
      ['44120000000111', 2, '49.00'],
      ['44120000000222', 1, '89.50'],
    ])
    expect(event).not.toHaveProperty('identity')
  })

  it('refund_create takes back what was paid, line by line', () => {
    const decoded = decode('refunds/create', refund)
    expect(only(decoded.events)).toMatchObject({
      id: 'ref_923000000001',
      name: 'order_refunded',
      occurredAt: '2026-12-02T17:15:22.000Z',
      flags: [],
      commerce: {
        currency: 'USD',
        value: '52.09',
        orderId: '6120000000001',
        refundId: '923000000001',
        items: [{ lineId: '15880000000001', ...LANTERN, quantity: 1, price: '44.10', total: '44.10', giftCard: false }],
        numItems: 1,
      },
    })
    expect(decoded.orders).toEqual([{ orderId: '6120000000001', refund: { id: '923000000001', value: '52.09' } }])
  })
})
