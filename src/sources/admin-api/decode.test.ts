import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Event, type Shop, shopFrom } from '../../event/event.ts'
import { arrayAt, type Json, objectAt } from '../../lib/json.ts'
import { decodeWebhook } from '../shopify-webhook/decode.ts'
import type { Message } from '../source.ts'
import { decodeOrders } from './decode.ts'
import { ORDER_FIELDS } from './order-fields.ts'

const SHOP = shopFrom('demo.myshopify.com') as Shop
const FACTS = { country: 'US', currency: 'USD', url: 'https://northfernsupply.example' }
const receivedAt = '2026-11-21T12:00:00.000Z'
const message: Message = { source: 'admin-api', shop: SHOP, receivedAt, facts: FACTS }

const sample = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8')) as Json

const gid = (type: string, id: unknown) => `gid://shopify/${type}/${String(id)}`
const bag = (from: Json, key: string) => {
  const side = (name: string) => {
    const money = objectAt(objectAt(from, `${key}_set`), name)
    return { amount: money.amount ?? null, currencyCode: money.currency_code ?? null }
  }
  return { shopMoney: side('shop_money'), presentmentMoney: side('presentment_money') }
}
const address = (from: Json, key: string) => {
  const raw = objectAt(from, key)
  return Object.keys(raw).length === 0
    ? null
    : {
        firstName: raw.first_name ?? null,
        lastName: raw.last_name ?? null,
        company: raw.company ?? null,
        address1: raw.address1 ?? null,
        city: raw.city ?? null,
        province: raw.province ?? null,
        provinceCode: raw.province_code ?? null,
        countryCodeV2: raw.country_code ?? null,
        zip: raw.zip ?? null,
        phone: raw.phone ?? null,
      }
}

/** A sample's order as the Admin API gives it: the same facts in the other shape. */
const asNode = (order: Json, more: object = {}): { [key: string]: Json } => {
  const raw = objectAt({ order }, 'order')
  const customer = objectAt(order, 'customer')
  return {
    legacyResourceId: String(raw.id),
    name: raw.name ?? null,
    createdAt: raw.created_at ?? null,
    processedAt: raw.processed_at ?? null,
    updatedAt: raw.updated_at ?? null,
    cancelledAt: null,
    cancelReason: null,
    test: raw.test ?? null,
    sourceName: raw.source_name ?? null,
    clientIp: raw.browser_ip ?? null,
    cartToken: raw.cart_token ?? null,
    checkoutToken: raw.checkout_token ?? null,
    email: raw.email ?? null,
    phone: raw.phone ?? null,
    taxesIncluded: raw.taxes_included ?? null,
    currencyCode: raw.currency ?? null,
    presentmentCurrencyCode: raw.presentment_currency ?? null,
    displayFinancialStatus: String(raw.financial_status).toUpperCase(),
    paymentGatewayNames: arrayAt(order, 'payment_gateway_names'),
    discountCodes: arrayAt(order, 'discount_codes').map((discount) => objectAt({ discount }, 'discount').code ?? null),
    customAttributes: arrayAt(order, 'note_attributes').map((attribute) => {
      const { name, value } = objectAt({ attribute }, 'attribute')
      return { key: name ?? null, value: value ?? null }
    }),
    totalPriceSet: bag(order, 'total_price'),
    subtotalPriceSet: bag(order, 'subtotal_price'),
    totalTaxSet: bag(order, 'total_tax'),
    totalDiscountsSet: bag(order, 'total_discounts'),
    totalShippingPriceSet: bag(order, 'total_shipping_price'),
    totalTipReceivedSet: { shopMoney: { amount: raw.total_tip_received ?? null } },
    shippingLines: {
      nodes: arrayAt(order, 'shipping_lines').map((line) => ({
        title: objectAt({ line }, 'line').title ?? null,
        discountedPriceSet: bag(line, 'discounted_price'),
        isRemoved: false,
      })),
    },
    customer:
      Object.keys(customer).length === 0
        ? null
        : {
            legacyResourceId: String(customer.id),
            email: customer.email ?? null,
            phone: customer.phone ?? null,
            firstName: customer.first_name ?? null,
            lastName: customer.last_name ?? null,
          },
    billingAddress: address(order, 'billing_address'),
    shippingAddress: address(order, 'shipping_address'),
    customerJourneySummary: {
      ready: true,
      firstVisit: null,
      lastVisit: { landingPage: raw.landing_site ?? null, referrerUrl: raw.referring_site ?? null },
    },
    transactions: [{ kind: 'SALE', status: 'SUCCESS', processedAt: raw.created_at ?? null, test: false }],
    lineItems: {
      nodes: arrayAt(order, 'line_items').map((line) => {
        const one = objectAt({ line }, 'line')
        return {
          id: gid('LineItem', one.id),
          title: one.title ?? null,
          variantTitle: one.variant_title ?? null,
          sku: one.sku ?? null,
          vendor: one.vendor ?? null,
          quantity: one.quantity ?? null,
          isGiftCard: one.gift_card ?? null,
          originalUnitPriceSet: bag(line, 'price'),
          discountAllocations: arrayAt(line, 'discount_allocations').map((allocation) => ({
            allocatedAmountSet: bag(allocation, 'amount'),
          })),
          product: { legacyResourceId: String(one.product_id) },
          variant: { legacyResourceId: String(one.variant_id), compareAtPrice: null },
        }
      }),
    },
    refunds: [],
    ...more,
  }
}

const webhook = (name: string, topic: string): Event | undefined =>
  decodeWebhook({ source: 'shopify-webhook', shop: SHOP, topic, receivedAt, facts: FACTS }, sample(name)).events[0]

/** What only a webhook has: the browser's own words, and which message it was. */
const comparable = (event: Event | undefined) => {
  if (!event) return undefined
  const { seenBy: _, origin: __, identity: who, flags: ___, ...rest } = event
  const { userAgent: ____, language: _____, ...identity } = who ?? {}
  return { ...rest, identity }
}

describe('an order of the Admin API', () => {
  it.each([
    'order_create',
    'order_create_presentment_jpy',
    'order_create_pos_no_browser',
    'order_create_draft_no_browser',
  ])('tells the very purchase that its webhook tells: %s', (name) => {
    const decoded = decodeOrders(message, asNode(sample(name)))
    const placed = decoded.events.find((event) => event.name === 'order_placed')
    expect(placed?.origin).toBe('reconcile')
    expect(placed?.seenBy).toEqual(['admin-api:order'])
    expect(comparable(placed)).toEqual(comparable(webhook(name, 'orders/create')))
  })

  it('that was paid, refunded and cancelled tells all of it, each under its own id and time', () => {
    const node = asNode(sample('order_create'), {
      displayFinancialStatus: 'REFUNDED',
      cancelledAt: '2026-11-21T09:00:00Z',
      cancelReason: 'CUSTOMER',
      transactions: [
        { kind: 'AUTHORIZATION', status: 'SUCCESS', processedAt: '2026-11-21T02:06:40Z' },
        { kind: 'CAPTURE', status: 'SUCCESS', processedAt: '2026-11-21T04:00:00Z' },
        { kind: 'REFUND', status: 'SUCCESS', processedAt: '2026-11-21T08:00:00Z' },
      ],
      refunds: [
        {
          legacyResourceId: '9001',
          createdAt: '2026-11-21T08:00:00Z',
          transactions: {
            nodes: [
              {
                kind: 'REFUND',
                status: 'SUCCESS',
                test: false,
                amountSet: {
                  shopMoney: { amount: '20.00', currencyCode: 'USD' },
                  presentmentMoney: { amount: '20.00', currencyCode: 'USD' },
                },
              },
            ],
          },
          refundLineItems: { nodes: [] },
          refundShippingLines: { nodes: [] },
          orderAdjustments: { nodes: [] },
        },
      ],
    })
    const { events, orders } = decodeOrders(message, { data: { orders: { nodes: [node] } } })
    expect(events.map(({ id, occurredAt }) => [id, occurredAt])).toEqual([
      ['pur_6120000000001', '2026-11-21T02:06:39.000Z'],
      ['paid_6120000000001', '2026-11-21T04:00:00.000Z'],
      ['can_6120000000001', '2026-11-21T09:00:00.000Z'],
      ['ref_9001', '2026-11-21T08:00:00.000Z'],
    ])
    expect(events.at(-1)?.commerce).toMatchObject({ orderId: '6120000000001', value: '20.00', currency: 'USD' })
    expect(orders.map((order) => Object.keys(order))).toEqual([
      expect.arrayContaining(['orderId', 'value']),
      expect.arrayContaining(['cancelledAt']),
      ['orderId', 'refund'],
    ])
  })

  it('from before the installation is marked as such', () => {
    const { events } = decodeOrders({ ...message, origin: 'backfill' }, asNode(sample('order_create')))
    expect(new Set(events.map(({ origin }) => origin))).toEqual(new Set(['backfill']))
  })

  it('whose visit Shopify still works out has none yet, and one without personal data is an order all the same', () => {
    const [order] = decodeOrders(
      message,
      asNode(sample('order_create'), {
        customerJourneySummary: { ready: false, lastVisit: { landingPage: '/half' } },
        email: null,
        phone: null,
        customer: null,
        billingAddress: null,
        shippingAddress: null,
        clientIp: null,
      }),
    ).events
    expect(order?.page?.url).toBe('https://northfernsupply.example/')
    expect(order?.identity).toBeUndefined()
    expect(order?.commerce?.value).toBe('176.74')
  })

  it.each([
    ['an answer without orders', { data: { orders: { nodes: [] } } }],
    ['something else', { hello: 1 }],
    ['a text', 'orders'],
  ])('%s tells nothing', (_, body) => {
    expect(decodeOrders(message, body as Json)).toMatchObject({
      events: [],
      nothing: expect.stringMatching(/no orders/),
    })
  })

  it('that lacks its id or any time is left out, the others go on', () => {
    const decoded = decodeOrders(message, {
      orders: { nodes: [asNode(sample('order_create'), { legacyResourceId: null }), asNode(sample('order_create'))] },
    })
    expect(decoded.events.length).toBeGreaterThan(0)
    expect(decoded.leftOut).toEqual(['The order has no id.'])
  })
})

describe('the fields that are asked for', () => {
  it('are balanced GraphQL, and nothing that Shopify has deprecated', () => {
    expect(ORDER_FIELDS.split('{').length).toBe(ORDER_FIELDS.split('}').length)
    expect(ORDER_FIELDS).not.toContain('landingPageUrl')
  })
})
