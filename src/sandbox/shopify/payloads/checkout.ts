import { VENDOR } from '../catalogue.ts'
import { decimal, type Market } from '../markets.ts'
import { type Cart, type Checkout, type Line, type Totals, totalsOf } from '../sale.ts'
import { address, customer } from './buyer.ts'
import { numeric, shopTime } from './fields.ts'

/** Single amounts only, in the buyer's currency: checkouts carry no money bags. */
export const checkoutPayload = (checkout: Checkout, storefront: string) => {
  const { market, buyer } = checkout
  const totals = totalsOf(checkout, market)
  const money = (minor: number) => decimal(minor, market.currency)
  return {
    token: checkout.token,
    cart_token: checkout.cart.token,
    email: buyer?.email ?? checkout.email ?? '',
    gateway: null,
    buyer_accepts_marketing: false,
    created_at: shopTime(checkout.createdAt),
    updated_at: shopTime(checkout.updatedAt),
    landing_site: checkout.landingSite,
    note: '',
    note_attributes: checkout.noteAttributes,
    referring_site: checkout.referringSite,
    shipping_lines: [],
    taxes_included: false,
    total_weight: weight(checkout.cart),
    currency: market.currency,
    completed_at: null,
    closed_at: null,
    user_id: null,
    location_id: null,
    source_identifier: null,
    source_url: null,
    device_id: null,
    phone: null,
    customer_locale: market.language,
    line_items: checkout.cart.lines.map((line, index) => checkoutLine(line, totals.lines[index]?.unit ?? 0, market)),
    name: `#${checkout.number}`,
    source: null,
    abandoned_checkout_url: `${storefront}/71234567890/checkouts/ac/${checkout.cart.token}/recover?key=${checkout.cart.key}&locale=${market.language}`,
    discount_codes: discountCodes(checkout, totals, market.currency),
    tax_lines: [],
    source_name: 'web',
    presentment_currency: market.currency,
    buyer_accepts_sms_marketing: false,
    sms_marketing_phone: null,
    total_discounts: money(totals.discount),
    total_line_items_price: money(totals.before),
    total_price: money(totals.total),
    total_tax: money(0),
    subtotal_price: money(totals.subtotal),
    total_duties: null,
    reservation_token: null,
    ...(buyer && {
      billing_address: address(buyer),
      shipping_address: address(buyer),
      customer: customer(buyer, checkout.updatedAt),
    }),
  }
}

const checkoutLine = (line: Line, unit: number, market: Market) => ({
  applied_discounts: [],
  discount_allocations: [],
  key: line.variant.id,
  destination_location_id: null,
  fulfillment_service: 'manual',
  gift_card: false,
  grams: line.variant.grams,
  origin_location_id: null,
  presentment_title: line.product.title,
  presentment_variant_title: line.variant.title,
  product_id: numeric(line.product.id),
  properties: {},
  quantity: line.quantity,
  requires_shipping: true,
  sku: line.variant.sku,
  tax_lines: [],
  taxable: true,
  title: line.product.title,
  variant_id: numeric(line.variant.id),
  variant_title: line.variant.title,
  variant_price: decimal(unit, market.currency),
  vendor: VENDOR,
  user_id: null,
  unit_price_measurement: {
    measured_type: null,
    quantity_value: null,
    quantity_unit: null,
    reference_value: null,
    reference_unit: null,
  },
  rank: null,
  compare_at_price: null,
  line_price: decimal(unit * line.quantity, market.currency),
  price: decimal(unit, market.currency),
})

/** In grams. */
export const weight = (cart: Cart): number =>
  cart.lines.reduce((sum, line) => sum + line.variant.grams * line.quantity, 0)

/** The code used, with what it took off in the given currency; at most one here. */
export const discountCodes = (checkout: Checkout, totals: Totals, currency: string) =>
  checkout.discount
    ? [{ code: checkout.discount.code, amount: decimal(totals.discount, currency), type: 'percentage' }]
    : []
