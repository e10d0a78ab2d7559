import { SHOP_CURRENCY } from '../markets.ts'
import { type Order, type Totals, totalsOf } from '../sale.ts'
import { address, customer } from './buyer.ts'
import { discountCodes, weight } from './checkout.ts'
import { bag, gid, HOME, numeric, shopTime, usd } from './fields.ts'
import { orderLine } from './order-line.ts'

type FinancialStatus = 'pending' | 'paid' | 'refunded' | 'partially_refunded'

export const orderPayload = (order: Order, storefront: string, financialStatus: FinancialStatus = 'paid') => {
  const { checkout, browser } = order
  const { buyer, market } = checkout
  const shop = totalsOf(checkout, HOME)
  const presentment = totalsOf(checkout, market)
  const both = (pick: (totals: Totals) => number) => bag(pick(shop), pick(presentment), market)
  const nothing = bag(0, 0, market)
  const total = both((totals) => totals.total)
  const subtotal = both((totals) => totals.subtotal)
  const discount = both((totals) => totals.discount)
  const shipping = both((totals) => totals.shipping)
  const before = both((totals) => totals.before)
  return {
    id: numeric(order.id),
    admin_graphql_api_id: gid('Order', order.id),
    app_id: 580_111,
    browser_ip: browser.ip,
    buyer_accepts_marketing: false,
    cancel_reason: null,
    cancelled_at: null,
    cart_token: checkout.cart.token,
    checkout_token: checkout.token,
    client_details: {
      accept_language: browser.language,
      browser_height: null,
      browser_ip: browser.ip,
      browser_width: null,
      session_hash: null,
      user_agent: browser.userAgent,
    },
    closed_at: null,
    confirmation_number: order.confirmation,
    confirmed: true,
    contact_email: buyer.email,
    created_at: shopTime(order.createdAt),
    currency: SHOP_CURRENCY,
    current_shipping_price_set: shipping,
    current_subtotal_price: subtotal.shop_money.amount,
    current_subtotal_price_set: subtotal,
    current_total_additional_fees_set: null,
    current_total_discounts: discount.shop_money.amount,
    current_total_discounts_set: discount,
    current_total_duties_set: null,
    current_total_price: total.shop_money.amount,
    current_total_price_set: total,
    current_total_tax: usd(0),
    current_total_tax_set: nothing,
    customer_locale: market.language,
    device_id: null,
    discount_codes: discountCodes(checkout, shop, SHOP_CURRENCY),
    duties_included: false,
    email: buyer.email,
    estimated_taxes: false,
    financial_status: financialStatus,
    fulfillment_status: null,
    landing_site: checkout.landingSite,
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: 'MTcxMjM0NTY3ODkw',
    merchant_of_record_app_id: null,
    name: `#${order.number}`,
    note: null,
    note_attributes: checkout.noteAttributes,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `${storefront}/71234567890/orders/${order.token}/authenticate?key=${order.checkout.cart.key}`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: ['shopify_payments'],
    phone: null,
    po_number: null,
    presentment_currency: market.currency,
    processed_at: shopTime(order.createdAt),
    reference: checkout.token,
    referring_site: checkout.referringSite,
    source_identifier: checkout.token,
    source_name: 'web',
    source_url: null,
    subtotal_price: subtotal.shop_money.amount,
    subtotal_price_set: subtotal,
    tags: '',
    tax_exempt: false,
    tax_lines: [],
    taxes_included: false,
    test: false,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: nothing,
    total_cash_rounding_refund_adjustment_set: nothing,
    total_discounts: discount.shop_money.amount,
    total_discounts_set: discount,
    total_line_items_price: before.shop_money.amount,
    total_line_items_price_set: before,
    total_outstanding: usd(financialStatus === 'pending' ? shop.total : 0),
    total_price: total.shop_money.amount,
    total_price_set: total,
    total_shipping_price_set: shipping,
    total_tax: usd(0),
    total_tax_set: nothing,
    total_tip_received: usd(0),
    total_weight: weight(checkout.cart),
    updated_at: shopTime(order.updatedAt),
    user_id: null,
    billing_address: address(buyer),
    customer: customer(buyer, order.updatedAt),
    discount_applications: checkout.discount
      ? [
          {
            target_type: 'line_item',
            type: 'discount_code',
            value: `${checkout.discount.percent}.0`,
            value_type: 'percentage',
            allocation_method: 'across',
            target_selection: 'all',
            code: checkout.discount.code,
          },
        ]
      : [],
    fulfillments: [],
    line_items: checkout.cart.lines.map((_, index) => orderLine(order, index)),
    payment_terms: null,
    refunds: [],
    shipping_address: address(buyer),
    shipping_lines: [
      {
        id: numeric(order.id) + 1,
        carrier_identifier: null,
        code: 'Standard',
        current_discounted_price_set: shipping,
        discounted_price: shipping.shop_money.amount,
        discounted_price_set: shipping,
        is_removed: false,
        phone: null,
        price: shipping.shop_money.amount,
        price_set: shipping,
        requested_fulfillment_service_id: null,
        source: 'shopify',
        title: 'Standard',
        tax_lines: [],
        discount_allocations: [],
      },
    ],
    returns: [],
    line_item_groups: [],
  }
}
