import { describe, expect, it } from 'vitest'
import { type Event, shopFrom } from '../../event/event.ts'
import type { Json } from '../../lib/json.ts'
import checkout from '../samples/checkout_create.json' with { type: 'json' }
import order from '../samples/order_create.json' with { type: 'json' }
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

describe('a topic', () => {
  it('orders/paid tells of the payment and may create the order too', () => {
    const { events, orders } = decode('orders/paid', order)
    expect(events.map(({ id, name, occurredAt }) => [id, name, occurredAt])).toEqual([
      ['pur_6120000000001', 'order_placed', at],
      ['paid_6120000000001', 'order_paid', '2026-11-21T02:06:41.000Z'],
    ])
    expect(events.map((event) => event.commerce?.value)).toEqual(['176.74', '176.74'])
    expect(orders).toHaveLength(1)
  })

  it('orders/updated only adds to the purchase, without money', () => {
    const { events, parts, orders } = decode('orders/updated', order)
    expect([events, orders]).toEqual([[], []])
    const part = only(parts)
    expect(part).toMatchObject({ id: 'pur_6120000000001', part: true, identity: MAYA })
    expect(part.commerce).toEqual({
      orderId: '6120000000001',
      orderName: '#1042',
      checkoutToken: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
      cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa',
      placedAt: at,
      updatedAt: '2026-11-21T02:06:41.000Z',
      paymentType: 'shopify_payments',
      shippingMethod: 'Standard',
      channel: 'web',
      financialStatus: 'paid',
      test: false,
    })
  })

  it('orders/edited marks the purchase as edited', () => {
    const edit = { order_edit: { id: 1, order_id: 6120000000001, created_at: '2026-11-22T10:00:00+01:00' } }
    expect(only(decode('orders/edited', edit).parts)).toMatchObject({
      id: 'pur_6120000000001',
      part: true,
      occurredAt: '2026-11-22T09:00:00.000Z',
      flags: ['order_edited'],
    })
  })

  it('orders/cancelled takes back the order that it names', () => {
    const cancelled = { ...order, cancelled_at: '2026-11-22T12:00:00-08:00', cancel_reason: 'customer' }
    const decoded = decode('orders/cancelled', cancelled)
    expect(only(decoded.events)).toMatchObject({
      id: 'can_6120000000001',
      name: 'order_cancelled',
      occurredAt: '2026-11-22T20:00:00.000Z',
      commerce: { value: '176.74', reason: 'customer', original: { occurredAt: at, value: '176.74' } },
    })
    expect(decoded.orders[0]).toMatchObject({ cancelledAt: Date.parse('2026-11-22T20:00:00.000Z') })
  })

  it('checkouts/update only adds to the started checkout, without money', () => {
    const part = only(decode('checkouts/update', checkout).parts)
    expect(part).toMatchObject({ id: 'ic_6f2c1d9be4a84b7f9a3c5e7d1b2f4a60', part: true, identity: MAYA })
    expect(part.commerce).not.toHaveProperty('value')
    expect(part.commerce).not.toHaveProperty('items')
  })

  it('customers/create is a sign-up', () => {
    expect(only(decode('customers/create', order.customer).events)).toMatchObject({
      id: 'cus_7450000000001',
      name: 'signed_up',
      occurredAt: '2026-11-21T02:02:11.000Z',
      identity: MAYA,
    })
  })

  it('customers_email_marketing_consent/update is a subscription when the new state is subscribed', () => {
    const topic = 'customers_email_marketing_consent/update'
    const body = (state: string) => ({
      customer_id: 7450000000001,
      email_address: 'Maya.Okafor@example.com',
      email_marketing_consent: { state, opt_in_level: 'single_opt_in', consent_updated_at: '2026-11-21T02:00:00Z' },
    })
    expect(only(decode(topic, body('subscribed')).events)).toMatchObject({
      id: `sub_7450000000001_${Date.parse('2026-11-21T02:00:00Z')}`,
      name: 'subscribed',
      identity: { email: 'maya.okafor@example.com', customerId: '7450000000001' },
    })
    expect(decode(topic, body('unsubscribed'))).toMatchObject({
      events: [],
      nothing: expect.stringContaining('not subscribe'),
    })
  })

  it.each([
    'products/update',
    'shop/update',
    'app/scopes_update',
    'app/uninstalled',
    'customers/data_request',
    'customers/redact',
    'shop/redact',
    'fulfillments/create',
  ])('%s sends nothing and says why', (topic) => {
    const decoded = decode(topic, {})
    expect([decoded.events, decoded.parts, decoded.orders]).toEqual([[], [], []])
    expect(decoded.nothing).toMatch(/^[A-Z].*\.$/)
  })

  it('without a shop, a topic, a body or an id there is nothing to send, and it says why', () => {
    expect(decodeWebhook({ source: 'shopify-webhook', topic: 'orders/create' }, order).nothing).toContain('which shop')
    expect(decodeWebhook({ source: 'shopify-webhook', shop }, order).nothing).toContain('which topic')
    expect(decode('orders/create', []).nothing).toContain('not a JSON object')
    expect(decode('orders/create', {}).nothing).toBe('The order has no id.')
    expect(decode('refunds/create', { id: 1 }).nothing).toContain('which order')
    expect(decode('checkouts/create', {}).nothing).toBe('The checkout has no token.')
    expect(decode('carts/create', {}).nothing).toBe('The cart has no token.')
    expect(decode('customers/create', {}).nothing).toBe('The customer has no id.')
    expect(decode('orders/create', { id: 1 }, { receivedAt: 'soon' }).nothing).toContain('when it happened')
  })
})
