import { arrayAt, booleanAt, isObject, type Json, numberAt, objectAt, textAt } from '../../lib/json.ts'

/**
 * An order of the Admin API in the shape of its webhook, so that both are read by the same code and can only tell the
 * same. What the API does not have (user agent, lines' own discounts in text) is absent.
 */
export const orderAsWebhook = (order: Json): { readonly [key: string]: Json } => ({
  ...present({
    id: textAt(order, 'legacyResourceId') ?? textAt(order, 'id'),
    name: textAt(order, 'name'),
    created_at: textAt(order, 'createdAt'),
    processed_at: textAt(order, 'processedAt'),
    updated_at: textAt(order, 'updatedAt'),
    cancelled_at: textAt(order, 'cancelledAt'),
    cancel_reason: lower(order, 'cancelReason'),
    source_name: textAt(order, 'sourceName'),
    cart_token: textAt(order, 'cartToken'),
    checkout_token: textAt(order, 'checkoutToken'),
    email: textAt(order, 'email'),
    phone: textAt(order, 'phone'),
    currency: textAt(order, 'currencyCode'),
    presentment_currency: textAt(order, 'presentmentCurrencyCode'),
    financial_status: lower(order, 'displayFinancialStatus'),
    total_tip_received: textAt(objectAt(objectAt(order, 'totalTipReceivedSet'), 'shopMoney'), 'amount'),
    test: booleanAt(order, 'test'),
    taxes_included: booleanAt(order, 'taxesIncluded'),
    ...visitOf(order),
  }),
  total_price_set: bag(order, 'totalPriceSet'),
  subtotal_price_set: bag(order, 'subtotalPriceSet'),
  total_tax_set: bag(order, 'totalTaxSet'),
  total_discounts_set: bag(order, 'totalDiscountsSet'),
  total_shipping_price_set: bag(order, 'totalShippingPriceSet'),
  payment_gateway_names: arrayAt(order, 'paymentGatewayNames'),
  discount_codes: arrayAt(order, 'discountCodes').map((code) => ({ code })),
  note_attributes: arrayAt(order, 'customAttributes').map((attribute) =>
    present({ name: textAt(attribute, 'key'), value: textAt(attribute, 'value') }),
  ),
  shipping_lines: nodesAt(order, 'shippingLines').map((line) => ({
    ...present({ title: textAt(line, 'title'), is_removed: booleanAt(line, 'isRemoved') }),
    discounted_price_set: bag(line, 'discountedPriceSet'),
  })),
  customer: customerOf(objectAt(order, 'customer')),
  billing_address: addressOf(objectAt(order, 'billingAddress')),
  shipping_address: addressOf(objectAt(order, 'shippingAddress')),
  client_details: present({ browser_ip: textAt(order, 'clientIp') }),
  line_items: nodesAt(order, 'lineItems').map((line) => ({
    ...lineOf(line),
    ...present({
      quantity: textAt(line, 'quantity'),
      price: textAt(objectAt(objectAt(line, 'originalUnitPriceSet'), 'shopMoney'), 'amount'),
      compare_at_price: textAt(objectAt(line, 'variant'), 'compareAtPrice'),
    }),
    discount_allocations: arrayAt(line, 'discountAllocations').map((allocation) =>
      present({ amount: textAt(objectAt(objectAt(allocation, 'allocatedAmountSet'), 'shopMoney'), 'amount') }),
    ),
  })),
})

/** The refunds of an order, each in the shape of refunds/create. */
export const refundsAsWebhooks = (order: Json): readonly { readonly [key: string]: Json }[] =>
  arrayAt(order, 'refunds').map((refund) => ({
    ...present({
      id: textAt(refund, 'legacyResourceId'),
      order_id: textAt(order, 'legacyResourceId'),
      created_at: textAt(refund, 'createdAt'),
    }),
    transactions: nodesAt(refund, 'transactions').map((payment) => {
      const paid = objectAt(objectAt(payment, 'amountSet'), 'presentmentMoney')
      return present({
        kind: lower(payment, 'kind'),
        status: lower(payment, 'status'),
        test: booleanAt(payment, 'test'),
        amount: textAt(paid, 'amount'),
        currency: textAt(paid, 'currencyCode'),
      })
    }),
    refund_line_items: nodesAt(refund, 'refundLineItems').map((line) => ({
      ...present({ quantity: textAt(line, 'quantity') }),
      subtotal_set: bag(line, 'subtotalSet'),
      line_item: lineOf(objectAt(line, 'lineItem')),
    })),
    refund_shipping_lines: nodesAt(refund, 'refundShippingLines').map((line) => ({
      subtotal_amount_set: bag(line, 'subtotalAmountSet'),
    })),
    order_adjustments: nodesAt(refund, 'orderAdjustments').map((adjustment) => ({
      ...present({ amount: textAt(objectAt(objectAt(adjustment, 'amountSet'), 'shopMoney'), 'amount') }),
      amount_set: bag(adjustment, 'amountSet'),
    })),
  }))

/** When an order was paid: its last payment that went through. */
export const paidAt = (order: Json): string | undefined =>
  arrayAt(order, 'transactions')
    .filter((one) => ['sale', 'capture'].includes(lower(one, 'kind') ?? '') && lower(one, 'status') === 'success')
    .flatMap((one) => textAt(one, 'processedAt') ?? [])
    .sort()
    .at(-1)

/**
 * Whether it is its customer's first order. Whether Shopify counts their places from 0 or from 1 is not documented, so of
 * a customer with several orders the place 1 tells nothing.
 */
export const customerTypeOf = (order: Json): 'new' | 'returning' | undefined => {
  const orders = numberAt(objectAt(order, 'customer'), 'numberOfOrders')
  const place = numberAt(objectAt(order, 'customerJourneySummary'), 'customerOrderIndex')
  if ((orders !== undefined && orders <= 1) || place === 0) return 'new'
  return place !== undefined && place >= 2 ? 'returning' : undefined
}

const present = (values: { readonly [key: string]: Json | undefined }): { [key: string]: Json } =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))

const lower = (value: Json, key: string): string | undefined => textAt(value, key)?.toLowerCase()

/** A connection's nodes; a list that came plainly, as bulk results do, is taken as it is. */
const nodesAt = (value: Json, key: string): readonly Json[] =>
  isObject(value) && Array.isArray(value[key]) ? arrayAt(value, key) : arrayAt(objectAt(value, key), 'nodes')

const moneyOf = (bagOf: Json, key: string): { [key: string]: Json } => {
  const money = objectAt(bagOf, key)
  return present({ amount: textAt(money, 'amount'), currency_code: textAt(money, 'currencyCode') })
}

const bag = (value: Json, key: string): Json => {
  const both = objectAt(value, key)
  return { shop_money: moneyOf(both, 'shopMoney'), presentment_money: moneyOf(both, 'presentmentMoney') }
}

const lineOf = (line: Json): { [key: string]: Json } =>
  present({
    id: textAt(line, 'id'),
    title: textAt(line, 'title'),
    variant_title: textAt(line, 'variantTitle'),
    sku: textAt(line, 'sku'),
    vendor: textAt(line, 'vendor'),
    gift_card: booleanAt(line, 'isGiftCard'),
    product_id: textAt(objectAt(line, 'product'), 'legacyResourceId'),
    variant_id: textAt(objectAt(line, 'variant'), 'legacyResourceId'),
  })

const customerOf = (customer: Json): Json =>
  present({
    id: textAt(customer, 'legacyResourceId'),
    email: textAt(customer, 'email'),
    phone: textAt(customer, 'phone'),
    first_name: textAt(customer, 'firstName'),
    last_name: textAt(customer, 'lastName'),
  })

const addressOf = (address: Json): Json =>
  present({
    first_name: textAt(address, 'firstName'),
    last_name: textAt(address, 'lastName'),
    company: textAt(address, 'company'),
    address1: textAt(address, 'address1'),
    city: textAt(address, 'city'),
    province: textAt(address, 'province'),
    province_code: textAt(address, 'provinceCode'),
    country_code: textAt(address, 'countryCodeV2'),
    zip: textAt(address, 'zip'),
    phone: textAt(address, 'phone'),
  })

/** The visit that led to the order: the last one, else the first; while Shopify still works it out there is none. */
const visitOf = (order: Json): { readonly [key: string]: string | undefined } => {
  const journey = objectAt(order, 'customerJourneySummary')
  if (booleanAt(journey, 'ready') === false) return {}
  const last = objectAt(journey, 'lastVisit')
  const first = objectAt(journey, 'firstVisit')
  return {
    landing_site: textAt(last, 'landingPage') ?? textAt(first, 'landingPage'),
    referring_site: textAt(last, 'referrerUrl') ?? textAt(first, 'referrerUrl'),
  }
}
