import { VENDOR } from '../catalogue.ts'
import { decimal, type Market, SHOP_CURRENCY } from '../markets.ts'
import { gid, HOME } from '../payloads/fields.ts'
import { type Buyer, type Totals, totalsOf } from '../sale.ts'
import type { Sold } from './books.ts'
import { connection, type Node } from './execute.ts'

/** An order as the Admin API gives it, from the documentation of 2026-10: what the sheet names and we may ask for. */
export const orderNode = (sold: Sold): Node => {
  const { order, status, updatedAt, cancelledAt, place } = sold
  const { checkout, browser } = order
  const { buyer, market } = checkout
  // Made only when they are asked for: a glance at thousands of orders wants hardly any.
  const both = (pick: (totals: Totals) => number) => () =>
    bag(pick(totalsOf(checkout, HOME)), pick(totalsOf(checkout, market)), market)
  const nothing = () => bag(0, 0, market)
  return {
    __typename: 'Order',
    id: gid('Order', order.id),
    legacyResourceId: order.id,
    name: `#${order.number}`,
    createdAt: time(order.createdAt),
    processedAt: time(order.createdAt),
    updatedAt: time(updatedAt),
    cancelledAt: cancelledAt === undefined ? null : time(cancelledAt),
    cancelReason: cancelledAt === undefined ? null : 'CUSTOMER',
    closedAt: null,
    test: false,
    sourceName: 'web',
    clientIp: browser.ip,
    cartToken: checkout.cart.token,
    checkoutToken: checkout.token,
    email: buyer.email,
    phone: null,
    taxesIncluded: false,
    currencyCode: SHOP_CURRENCY,
    presentmentCurrencyCode: market.currency,
    displayFinancialStatus: status,
    paymentGatewayNames: ['shopify_payments'],
    discountCodes: checkout.discount ? [checkout.discount.code] : [],
    customAttributes: checkout.noteAttributes.map(({ name, value }) => ({ __typename: 'Attribute', key: name, value })),
    totalPriceSet: both(({ total }) => total),
    currentTotalPriceSet: status === 'REFUNDED' ? nothing : both(({ total }) => total),
    subtotalPriceSet: both(({ subtotal }) => subtotal),
    totalTaxSet: nothing,
    totalDiscountsSet: both(({ discount }) => discount),
    totalShippingPriceSet: both(({ shipping }) => shipping),
    totalTipReceivedSet: nothing,
    shippingLines: connection([
      {
        __typename: 'ShippingLine',
        id: gid('ShippingLine', `${order.id}1`),
        title: 'Standard',
        discountedPriceSet: both(({ shipping }) => shipping),
        isRemoved: false,
      },
    ]),
    customer: {
      __typename: 'Customer',
      id: gid('Customer', buyer.customerId),
      legacyResourceId: buyer.customerId,
      email: buyer.email,
      phone: buyer.phone,
      firstName: buyer.firstName,
      lastName: buyer.lastName,
      numberOfOrders: String(place),
    },
    billingAddress: () => address(buyer),
    shippingAddress: () => address(buyer),
    customerJourneySummary: {
      __typename: 'CustomerJourneySummary',
      ready: true,
      customerOrderIndex: place,
      firstVisit: visit(checkout),
      lastVisit: visit(checkout),
    },
    transactions:
      status === 'PENDING'
        ? []
        : [
            {
              __typename: 'OrderTransaction',
              kind: 'SALE',
              status: 'SUCCESS',
              test: false,
              processedAt: time(order.createdAt),
            },
          ],
    lineItems: () => connection(checkout.cart.lines.map((_, index) => lineNode(sold, index))),
    refunds: () => sold.refunds.map((refund) => refundNode(sold, refund)),
  }
}

const lineNode = ({ order }: Sold, index: number): Node => {
  const { market, cart } = order.checkout
  const line = cart.lines[index]
  const shop = totalsOf(order.checkout, HOME).lines[index]
  const theirs = totalsOf(order.checkout, market).lines[index]
  if (!line || !shop || !theirs) throw new Error(`order has no line ${index}`)
  const { product, variant, quantity } = line
  return {
    __typename: 'LineItem',
    id: gid('LineItem', `${order.id}${index}`),
    title: product.title,
    variantTitle: variant.title,
    sku: variant.sku,
    vendor: VENDOR,
    quantity,
    isGiftCard: false,
    originalUnitPriceSet: bag(shop.unit, theirs.unit, market),
    discountAllocations: shop.discount
      ? [{ __typename: 'DiscountAllocation', allocatedAmountSet: bag(shop.discount, theirs.discount, market) }]
      : [],
    product: { __typename: 'Product', id: gid('Product', product.id), legacyResourceId: product.id },
    variant: {
      __typename: 'ProductVariant',
      id: gid('ProductVariant', variant.id),
      legacyResourceId: variant.id,
      compareAtPrice: null,
    },
  }
}

const refundNode = (sold: Sold, { id, at }: Sold['refunds'][number]): Node => {
  const { order } = sold
  const { market, cart } = order.checkout
  const shop = totalsOf(order.checkout, HOME)
  const theirs = totalsOf(order.checkout, market)
  return {
    __typename: 'Refund',
    id: gid('Refund', id),
    legacyResourceId: id,
    createdAt: time(at),
    transactions: connection([
      {
        __typename: 'OrderTransaction',
        id: gid('OrderTransaction', `${id}50`),
        kind: 'REFUND',
        status: 'SUCCESS',
        test: false,
        amountSet: bag(shop.total, theirs.total, market),
      },
    ]),
    refundLineItems: connection(
      cart.lines.map((line, index) => ({
        __typename: 'RefundLineItem',
        id: gid('RefundLineItem', `${id}${index}`),
        quantity: line.quantity,
        subtotalSet: bag(shop.lines[index]?.after ?? 0, theirs.lines[index]?.after ?? 0, market),
        lineItem: lineNode(sold, index),
      })),
    ),
    refundShippingLines: connection([
      {
        __typename: 'RefundShippingLine',
        id: gid('RefundShippingLine', `${id}9`),
        subtotalAmountSet: bag(shop.shipping, theirs.shipping, market),
      },
    ]),
    orderAdjustments: connection([]),
  }
}

const money = (minor: number, currency: string): Node => ({
  __typename: 'MoneyV2',
  // Shopify writes amounts here with one digit where that is enough: "49.0".
  amount: decimal(minor, currency).replace(/(\.\d)0$/, '$1'),
  currencyCode: currency,
})

const bag = (shop: number, presentment: number, market: Market): Node => ({
  __typename: 'MoneyBag',
  shopMoney: money(shop, SHOP_CURRENCY),
  presentmentMoney: money(presentment, market.currency),
})

const address = (buyer: Buyer): Node => ({
  __typename: 'MailingAddress',
  firstName: buyer.firstName,
  lastName: buyer.lastName,
  company: null,
  address1: buyer.address1,
  city: buyer.city,
  province: buyer.market.province || null,
  provinceCode: buyer.market.provinceCode || null,
  countryCodeV2: buyer.market.country,
  zip: buyer.zip,
  phone: buyer.phone,
})

const visit = ({ landingSite, referringSite }: Sold['order']['checkout']): Node => ({
  __typename: 'CustomerVisit',
  landingPage: landingSite,
  referrerUrl: referringSite === '' ? null : referringSite,
})

/** GraphQL has UTC and whole seconds. */
const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
