import { describe, expect, it } from 'vitest'
import { shopFrom } from '../../event/event.ts'
import { type Json, parseJson } from '../../lib/json.ts'
import order from '../samples/order_create.json' with { type: 'json' }
import refund from '../samples/refund_create.json' with { type: 'json' }
import { decodeWebhook } from './decode.ts'

const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const decode = (topic: string, body: Json) => {
  const facts = { url: 'https://northfernsupply.example' }
  return decodeWebhook({ source: 'shopify-webhook', shop, topic, facts }, body).events[0] ?? expect.fail('no event')
}
const placed = (change: { readonly [key: string]: Json }) => decode('orders/create', { ...order, ...change })
const refunded = (change: { readonly [key: string]: Json }) => decode('refunds/create', { ...refund, ...change })
const line = (change: { readonly [key: string]: Json }): Json => ({ ...(order.line_items[0] ?? {}), ...change })
const nobody = {
  email: '',
  contact_email: null,
  phone: null,
  customer: null,
  billing_address: null,
  shipping_address: null,
}
const bag = (amount: string, currency: string) => ({ shop_money: { amount, currency_code: currency } })

describe('who ordered', () => {
  it('the email is the order’s, else its contact email, else the customer’s', () => {
    const customer = { id: 1, email: 'c@example.com' }
    expect(
      placed({ ...nobody, email: 'A@Example.com', contact_email: 'b@example.com', customer }).identity?.email,
    ).toBe('a@example.com')
    expect(placed({ ...nobody, contact_email: 'b@example.com', customer }).identity?.email).toBe('b@example.com')
    expect(placed({ ...nobody, customer }).identity?.email).toBe('c@example.com')
  })

  it('the phone is the first of order, customer, billing and shipping that parses', () => {
    const billing_address = { phone: '(503) 555-0142', country_code: 'US' }
    const shipping_address = { phone: '+41446681800', country_code: 'CH' }
    const with_ = (phone: string | null, own: string | null) =>
      placed({ ...nobody, phone, customer: { id: 1, phone: own }, billing_address, shipping_address }).identity?.phone
    expect(with_('+14155550132', '+14155550133')).toBe('+14155550132')
    expect(with_('12', '+14155550133')).toBe('+14155550133')
    expect(with_(null, null)).toBe('+15035550142')
  })

  it('a phone is read as dialled in the country of its address', () => {
    const shipping_address = { phone: '044 668 18 00', country_code: 'CH', city: 'Zürich' }
    expect(placed({ ...nobody, shipping_address }).identity?.phone).toBe('+41446681800')
  })

  it('name and address come as one whole, never mixed from two addresses', () => {
    const billing_address = { first_name: 'Ann', last_name: null, country_code: 'US' }
    const shipping_address = { first_name: 'Ben', last_name: 'Lee', city: 'Reno', country_code: 'US' }
    const customer = {
      id: 1,
      first_name: 'Cy',
      default_address: { first_name: 'Di', city: 'Rome', country_code: 'IT' },
    }
    const whole = (change: { readonly [key: string]: Json }) => {
      const { firstName, lastName, city } = placed({ ...nobody, ...change }).identity ?? {}
      return [firstName, lastName, city]
    }
    expect(whole({ billing_address, shipping_address, customer })).toEqual(['Ann', undefined, undefined])
    expect(whole({ shipping_address, customer })).toEqual(['Ben', 'Lee', 'Reno'])
    expect(whole({ customer })).toEqual(['Di', undefined, 'Rome'])
    expect(whole({ customer: { id: 1, first_name: 'Cy', last_name: 'Fox' } })).toEqual(['Cy', 'Fox', undefined])
  })

  it('what is there but cannot be read is left out and flagged, without its value', () => {
    const event = placed({ ...nobody, email: 'not an address', phone: '12' })
    expect(event.identity).not.toHaveProperty('email')
    expect(event.flags).toEqual(['email_unreadable', 'phone_unreadable'])
  })

  it('fields that Shopify redacted to null are no fault', () => {
    const event = placed(nobody)
    expect(event.flags).toEqual([])
    expect(event.identity).toEqual({
      ip: '203.0.113.24',
      userAgent: order.client_details.user_agent,
      language: 'en-US',
    })
  })

  it('IP address, user agent and language count only for orders of the online store', () => {
    for (const source_name of ['pos', 'shopify_draft_order', '1234567', 'subscription_contract']) {
      const { ip, userAgent, language } = placed({ source_name }).identity ?? {}
      expect([ip, userAgent, language]).toEqual([undefined, undefined, undefined])
    }
  })

  it('an empty list in place of an address is no address', () => {
    expect(placed({ ...nobody, customer: { id: 7 }, shipping_address: [] }).identity?.customerId).toBe('7')
  })
})

describe('the channel', () => {
  it.each([
    ['web', 'web'],
    ['pos', 'pos'],
    ['shopify_draft_order', 'draft'],
    ['subscription_contract', 'subscription'],
    ['subscription_contract_checkout_one', 'subscription'],
    ['iphone', 'app'],
    ['android', 'app'],
    ['580111', 'web'],
    ['3890849', 'other'],
    ['constructor', 'other'],
  ])('of the source %s is %s', (source_name, channel) => {
    expect(placed({ source_name }).commerce?.channel).toBe(channel)
  })

  it('is the app’s when no source is named, and that is flagged', () => {
    const event = placed({ source_name: null, app_id: 129785 })
    expect(event.commerce?.channel).toBe('pos')
    expect(event.flags).toContain('source_name_missing')
  })

  it('does not hide that an order is a test', () => {
    expect(placed({ test: true }).commerce?.test).toBe(true)
  })
})

describe('money', () => {
  it('a line is what was paid for it: discounts of the whole order are taken off', () => {
    const discount_allocations = [{ amount: '3.00' }, { amount: '0.50' }]
    const event = placed({ line_items: [line({ price: '10.00', quantity: 3, discount_allocations })] })
    expect(event.commerce?.items?.[0]).toMatchObject({ total: '26.50', price: '8.83', discount: '3.50', quantity: 3 })
  })

  it('the unit price is rounded half up', () => {
    const event = placed({
      line_items: [line({ price: '0.05', quantity: 2, discount_allocations: [{ amount: '0.05' }] })],
    })
    expect(event.commerce?.items?.[0]?.price).toBe('0.03')
  })

  it('a discount beyond a line’s price makes it free and is flagged', () => {
    const event = placed({
      line_items: [line({ price: '1.00', quantity: 1, discount_allocations: [{ amount: '2.00' }] })],
    })
    expect(event.commerce?.items?.[0]?.total).toBe('0.00')
    expect(event.flags).toEqual(['line_total_negative'])
  })

  it('has the digits of its currency, however Shopify writes it', () => {
    expect(placed({ currency: 'JPY', total_price: '20964.00' }).commerce?.value).toBe('20964')
    expect(placed({ currency: 'JPY', total_price: '20964' }).commerce?.value).toBe('20964')
    expect(placed({ currency: 'KWD', total_price: '1.25' }).commerce?.value).toBe('1.250')
  })

  it('an amount that cannot be read is absent and flagged', () => {
    const event = placed({ total_price: 'a lot', total_price_set: null })
    expect(event.commerce).not.toHaveProperty('value')
    expect(event.flags).toEqual(['total_price_unreadable'])
  })

  it('shipping is what was paid for it, after its discounts and without removed lines', () => {
    const shipping_lines = [
      { title: 'Express', discounted_price_set: bag('5.00', 'USD') },
      { title: 'Freight', discounted_price_set: bag('50.00', 'USD'), is_removed: true },
    ]
    expect(placed({ shipping_lines }).commerce).toMatchObject({ shipping: '5.00', shippingMethod: 'Express' })
  })

  it('names the codes that were entered, each once', () => {
    const discount_codes = [{ code: 'FALL10' }, { code: 'FALL10' }, { code: 'VIP' }, { code: '' }]
    expect(placed({ discount_codes }).commerce?.coupons).toEqual(['FALL10', 'VIP'])
  })
})

describe('when and where', () => {
  it('an order happened when it was created, an imported one when it was processed', () => {
    expect(placed({ processed_at: '2024-01-01T00:00:00Z' }).occurredAt).toBe('2024-01-01T00:00:00.000Z')
    expect(placed({ processed_at: '2027-01-01T00:00:00Z' }).occurredAt).toBe('2026-11-21T02:06:39.000Z')
  })

  it('ids beyond 2^53 keep every digit', () => {
    const text = JSON.stringify(order).replace('"id":6120000000001', '"id":99999999999999999999')
    const parsed = parseJson(text, { depth: 32, values: 100_000 })
    expect(decode('orders/create', parsed.ok ? parsed.value : null).id).toBe('pur_99999999999999999999')
  })

  it('tokens are cut at the question mark', () => {
    const event = placed({ cart_token: 'hWN7k2QmZr4TtXb9LcVfPdSa?key=0f1e' })
    expect(event.commerce?.cartToken).toBe('hWN7k2QmZr4TtXb9LcVfPdSa')
  })

  it('the page is never the order status URL and carries no other parameters than click ids', () => {
    const page = (landing_site: string | null) => placed({ landing_site }).page?.url
    expect(page('/orders/b1946ac9/authenticate?key=0f1e')).toBe('https://northfernsupply.example/')
    expect(page('/a?utm_source=x&fbclid=IwAR0abc#top')).toBe('https://northfernsupply.example/a?fbclid=IwAR0abc')
    expect(page('https://northfernsupply.example/b?x=1')).toBe('https://northfernsupply.example/b')
    expect(page('//elsewhere.example/c')).toBe('https://northfernsupply.example/')
    expect(page(null)).toBe('https://northfernsupply.example/')
  })

  it('a line that is no line is left out and flagged', () => {
    const event = placed({ line_items: [null, line({})] })
    expect(event.commerce?.items).toHaveLength(1)
    expect(event.flags).toEqual(['line_unreadable'])
  })
})

describe('a refund', () => {
  it('gives back the sum of its successful payments', () => {
    const payment = refund.transactions[0] ?? {}
    const transactions = [
      { ...payment, amount: '40.00' },
      { ...payment, amount: '2.09' },
      { ...payment, amount: '9.00', status: 'failure' },
      { ...payment, amount: '9.00', kind: 'sale' },
    ]
    expect(refunded({ transactions }).commerce?.value).toBe('42.09')
  })

  it('without payments gives back its lines, its shipping and its adjustments', () => {
    const event = refunded({ transactions: [], order_adjustments: [{ kind: 'refund_discrepancy', amount: '2.09' }] })
    expect(event.commerce?.value).toBe('50.00')
    expect(event.flags).toEqual(['refund_without_payment'])
  })

  it('counts shipping once where it is listed twice', () => {
    const order_adjustments = [{ kind: 'shipping_refund', amount: '-7.99' }]
    expect(refunded({ transactions: [], order_adjustments }).commerce?.value).toBe('52.09')
    expect(refunded({ transactions: [], order_adjustments, refund_shipping_lines: [] }).commerce?.value).toBe('52.09')
  })

  it('paid back in the shopper’s currency keeps the shop’s currency as its own', () => {
    const transactions = [{ ...(refund.transactions[0] ?? {}), amount: '8100', currency: 'JPY' }]
    expect(refunded({ transactions }).commerce).toMatchObject({
      currency: 'USD',
      value: '52.09',
      presentment: { currency: 'JPY', value: '8100' },
    })
  })
})
