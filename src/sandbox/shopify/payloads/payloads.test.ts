import { describe, expect, it } from 'vitest'
import { MARKETS } from '../markets.ts'
import { checkoutData } from '../pixel-events.ts'
import { SAMPLE_KEYS } from '../sample-keys.ts'
import { sampleOrder } from '../sample-sale.ts'
import { cartPayload } from './cart.ts'
import { checkoutPayload } from './checkout.ts'
import { orderPayload } from './order.ts'
import { refundPayload } from './refund.ts'

const STORE = 'https://northfern.example'

describe("payloads have exactly the keys of Shopify's samples", () => {
  const order = sampleOrder()
  const placed = orderPayload(order, STORE)
  const checkout = checkoutPayload(order.checkout, STORE)
  const cart = cartPayload(order.checkout.cart, MARKETS.US)
  const refund = refundPayload(order, { id: '923000000001', at: order.createdAt })
  const { checkout: pixel } = checkoutData(order.checkout, order)

  it.each<[keyof typeof SAMPLE_KEYS, object | null | undefined]>([
    ['order', placed],
    ['order customer', placed.customer],
    ['order default address', placed.customer.default_address],
    ['order address', placed.billing_address],
    ['order client details', placed.client_details],
    ['order line', placed.line_items[0]],
    ['order line discount', placed.line_items[0]?.discount_allocations[0]],
    ['order shipping line', placed.shipping_lines[0]],
    ['order discount code', placed.discount_codes[0]],
    ['order discount application', placed.discount_applications[0]],
    ['checkout', checkout],
    ['checkout line', checkout.line_items[0]],
    ['checkout unit price', checkout.line_items[0]?.unit_price_measurement],
    ['cart', cart],
    ['cart line', cart.line_items[0]],
    ['refund', refund],
    ['refund line', refund.refund_line_items[0]],
    ['refund line item', refund.refund_line_items[0]?.line_item],
    ['refund shipping line', refund.refund_shipping_lines[0]],
    ['refund transaction', refund.transactions[0]],
    ['pixel checkout', pixel],
    ['pixel line', pixel.lineItems[0]],
    ['pixel variant', pixel.lineItems[0]?.variant],
    ['pixel product', pixel.lineItems[0]?.variant.product],
    ['pixel address', pixel.billingAddress],
    ['pixel order', pixel.order],
    ['pixel delivery option', pixel.delivery.selectedDeliveryOptions[0]],
    ['pixel transaction', pixel.transactions[0]],
  ])('%s', (name, object) => {
    expect(
      Object.keys(object ?? {})
        .toSorted()
        .join(' '),
    ).toBe(SAMPLE_KEYS[name])
  })
})

describe('money of an order', () => {
  it('adds up: lines less discounts plus shipping', () => {
    const order = orderPayload(sampleOrder(), STORE)
    expect(order.total_line_items_price).toBe('187.50')
    expect(order.total_discounts).toBe('18.75')
    expect(order.subtotal_price).toBe('168.75')
    expect(order.total_price).toBe('176.74')
    expect(order.line_items.map((line) => line.discount_allocations[0]?.amount)).toEqual(['9.80', '8.95'])
  })

  it("keeps the shop's currency and tells the buyer's beside it", () => {
    const order = orderPayload(sampleOrder(MARKETS.JP), STORE)
    expect(order.currency).toBe('USD')
    expect(order.total_price_set).toEqual({
      shop_money: { amount: '176.74', currency_code: 'USD' },
      presentment_money: { amount: '26511', currency_code: 'JPY' },
    })
  })

  it('is refunded in full, with line sums as numbers', () => {
    const refund = refundPayload(sampleOrder(), { id: '923000000001', at: 0 })
    expect(refund.transactions[0]?.amount).toBe('176.74')
    expect(refund.refund_line_items.map((line) => line.subtotal)).toEqual([88.2, 80.55])
  })
})

it('ids of order, customer and tokens agree between webhook and pixel', () => {
  const order = sampleOrder()
  const placed = orderPayload(order, STORE)
  const { checkout } = checkoutData(order.checkout, order)
  expect(checkout.order).toEqual({ id: String(placed.id), customer: { id: '7450000000001', isFirstOrder: true } })
  expect(checkout.token).toBe(placed.checkout_token)
})
