import { VENDOR } from './catalogue.ts'
import { decimal, MARKETS, type Market, SHOP_CURRENCY } from './markets.ts'
import type { Buyer, Cart, Checkout, Line, Order, Totals } from './sale.ts'
import { totalsOf } from './sale.ts'

/**
 * Webhook bodies with the key sets of Shopify's 2026-07 reference samples: what the real ones lack (checkout ids,
 * marketing consent of customers, money bags of checkouts) is lacking here too.
 */
const HOME = MARKETS.US
/** Numeric ids are JSON numbers in webhooks; those of the demo fit a double. */
const numeric = (id: string): number => Number(id)
const gid = (kind: string, id: string): string => `gid://shopify/${kind}/${id}`

/** The shop's clock stands at UTC-8, and Shopify writes order times with the shop's offset. */
export const shopTime = (at: number): string => `${new Date(at - 8 * 3_600_000).toISOString().slice(0, 19)}-08:00`

/** An amount in both currencies, minor units in, decimal text out. */
const bag = (shop: number, presentment: number, market: Market) => ({
  shop_money: { amount: decimal(shop, SHOP_CURRENCY), currency_code: SHOP_CURRENCY },
  presentment_money: { amount: decimal(presentment, market.currency), currency_code: market.currency },
})

const usd = (minor: number): string => decimal(minor, SHOP_CURRENCY)

const variantTitle = (line: Line): string => `${line.product.title} - ${line.variant.title}`

// Carts

export const cartPayload = (cart: Cart, market: Market) => ({
  id: cart.token,
  token: cart.token,
  line_items: cart.lines.map((line) => cartLine(line, cart, market)),
  note: null,
  updated_at: new Date(cart.updatedAt).toISOString(),
  created_at: new Date(cart.createdAt).toISOString(),
})

const cartLine = (line: Line, cart: Cart, market: Market) => {
  const [shop] = totalsOf({ cart: { ...cart, lines: [line] } }, HOME).lines
  const [presentment] = totalsOf({ cart: { ...cart, lines: [line] } }, market).lines
  const unit = bag(shop?.unit ?? 0, presentment?.unit ?? 0, market)
  const whole = bag(shop?.before ?? 0, presentment?.before ?? 0, market)
  return {
    id: numeric(line.variant.id),
    properties: null,
    quantity: line.quantity,
    variant_id: numeric(line.variant.id),
    key: `${line.variant.id}:${cart.key}`,
    discounted_price: unit.shop_money.amount,
    discounts: [],
    gift_card: false,
    grams: line.variant.grams,
    line_price: whole.shop_money.amount,
    original_line_price: whole.shop_money.amount,
    original_price: unit.shop_money.amount,
    price: unit.shop_money.amount,
    product_id: numeric(line.product.id),
    sku: line.variant.sku,
    taxable: true,
    title: variantTitle(line),
    total_discount: usd(0),
    vendor: VENDOR,
    discounted_price_set: unit,
    line_price_set: whole,
    original_line_price_set: whole,
    price_set: unit,
    total_discount_set: bag(0, 0, market),
    parent_relationship: null,
  }
}

// People

const address = (buyer: Buyer) => ({
  first_name: buyer.firstName,
  address1: buyer.address1,
  phone: buyer.phone,
  city: buyer.city,
  zip: buyer.zip,
  province: buyer.market.province || null,
  country: buyer.market.name,
  last_name: buyer.lastName,
  address2: null,
  company: null,
  latitude: null,
  longitude: null,
  name: `${buyer.firstName} ${buyer.lastName}`,
  country_code: buyer.market.country,
  province_code: buyer.market.provinceCode || null,
})

const customer = (buyer: Buyer, updatedAt: number) => ({
  id: numeric(buyer.customerId),
  created_at: shopTime(buyer.since),
  updated_at: shopTime(updatedAt),
  first_name: buyer.firstName,
  last_name: buyer.lastName,
  state: 'disabled',
  note: null,
  verified_email: true,
  multipass_identifier: null,
  tax_exempt: false,
  email: buyer.email,
  phone: buyer.phone,
  currency: SHOP_CURRENCY,
  tax_exemptions: [],
  admin_graphql_api_id: gid('Customer', buyer.customerId),
  default_address: {
    id: numeric(buyer.addressId),
    customer_id: numeric(buyer.customerId),
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    company: null,
    address1: buyer.address1,
    address2: null,
    city: buyer.city,
    province: buyer.market.province || null,
    country: buyer.market.name,
    zip: buyer.zip,
    phone: buyer.phone,
    name: `${buyer.firstName} ${buyer.lastName}`,
    province_code: buyer.market.provinceCode || null,
    country_code: buyer.market.country,
    country_name: buyer.market.name,
    default: true,
  },
})

// Checkouts

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

const weight = (cart: Cart): number => cart.lines.reduce((sum, line) => sum + line.variant.grams * line.quantity, 0)

const discountCodes = (checkout: Checkout, totals: Totals, currency: string) =>
  checkout.discount
    ? [{ code: checkout.discount.code, amount: decimal(totals.discount, currency), type: 'percentage' }]
    : []

// Orders

export type FinancialStatus = 'pending' | 'paid' | 'refunded' | 'partially_refunded'

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

/** What an order's line and its copy in a refund share. */
const lineBasics = (order: Order, index: number) => {
  const line = order.checkout.cart.lines[index]
  const shop = totalsOf(order.checkout, HOME).lines[index]
  const presentment = totalsOf(order.checkout, order.checkout.market).lines[index]
  if (!line || !shop || !presentment) throw new Error(`order has no line ${index}`)
  const { market } = order.checkout
  const id = String(numeric(order.id) * 2 + index)
  return {
    shop,
    presentment,
    basics: {
      id: numeric(id),
      admin_graphql_api_id: gid('LineItem', id),
      fulfillable_quantity: line.quantity,
      fulfillment_service: 'manual',
      fulfillment_status: null,
      gift_card: false,
      grams: line.variant.grams,
      name: variantTitle(line),
      price: usd(shop.unit),
      price_set: bag(shop.unit, presentment.unit, market),
      product_exists: true,
      product_id: numeric(line.product.id),
      properties: [],
      quantity: line.quantity,
      requires_shipping: true,
      sku: line.variant.sku,
      taxable: true,
      title: line.product.title,
      total_discount: usd(0),
      total_discount_set: bag(0, 0, market),
      variant_id: numeric(line.variant.id),
      variant_inventory_management: 'shopify',
      variant_title: line.variant.title,
      vendor: VENDOR,
      tax_lines: [],
      duties: [],
      discount_allocations: shop.discount
        ? [
            {
              amount: usd(shop.discount),
              amount_set: bag(shop.discount, presentment.discount, market),
              discount_application_index: 0,
            },
          ]
        : [],
    },
  }
}

const orderLine = (order: Order, index: number) => {
  const { basics } = lineBasics(order, index)
  return { ...basics, attributed_staffs: [], current_quantity: basics.quantity, sales_line_item_group_id: null }
}

// Refunds

/** A refund of every piece of an order, shipping included. */
export const refundPayload = (order: Order, refund: { readonly id: string; readonly at: number }) => {
  const { market } = order.checkout
  const shop = totalsOf(order.checkout, HOME)
  const presentment = totalsOf(order.checkout, market)
  const nothing = bag(0, 0, market)
  const unsettled = (currency: string) => ({ amount: '0.0', currency })
  const at = shopTime(refund.at)
  return {
    id: numeric(refund.id),
    order_id: numeric(order.id),
    created_at: at,
    note: null,
    user_id: 101_000_000_001,
    processed_at: at,
    duties: [],
    total_duties_set: nothing,
    return: null,
    refund_shipping_lines: [
      {
        id: numeric(refund.id) + 1,
        shipping_line: { id: numeric(order.id) + 1, title: 'Standard', price: usd(shop.shipping), code: 'Standard' },
        subtotal_amount_set: bag(shop.shipping, presentment.shipping, market),
        tax_amount_set: nothing,
      },
    ],
    restock: true,
    admin_graphql_api_id: gid('Refund', refund.id),
    order_adjustments: [],
    refund_line_items: order.checkout.cart.lines.map((line, index) => {
      const { basics, shop: own, presentment: theirs } = lineBasics(order, index)
      return {
        id: numeric(refund.id) + 2 + index,
        quantity: line.quantity,
        line_item_id: basics.id,
        location_id: 85_500_000_001,
        restock_type: 'return',
        // Numbers, unlike everywhere else: Shopify's own samples have them so.
        subtotal: own.after / 100,
        total_tax: 0,
        subtotal_set: bag(own.after, theirs.after, market),
        total_tax_set: nothing,
        line_item: basics,
      }
    }),
    transactions: [
      {
        id: numeric(refund.id) + 50,
        order_id: numeric(order.id),
        kind: 'refund',
        gateway: 'shopify_payments',
        status: 'success',
        message: null,
        created_at: at,
        test: false,
        authorization: null,
        location_id: null,
        user_id: 101_000_000_001,
        parent_id: numeric(order.id) + 60,
        processed_at: at,
        device_id: null,
        error_code: null,
        source_name: '1830279',
        receipt: {},
        amount: usd(shop.total),
        currency: SHOP_CURRENCY,
        payment_id: `#${order.number}.1`,
        total_unsettled_set: {
          presentment_money: unsettled(market.currency),
          shop_money: unsettled(SHOP_CURRENCY),
        },
        manual_payment_gateway: false,
        amount_rounding: null,
        admin_graphql_api_id: gid('OrderTransaction', String(numeric(refund.id) + 50)),
      },
    ],
  }
}
