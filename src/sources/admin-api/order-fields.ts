/**
 * The fields of an order that are asked for through the Admin API (version 2026-07 and later: `checkoutToken` and
 * `cartToken`), as GraphQL fragments on Order. There is no user agent in it, and no more than 60 days of orders without
 * the scope read_all_orders. What is read of it: as-webhook.ts.
 */

const MONEY =
  'fragment Money on MoneyBag { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }'

/** Of what was given back. It costs many points for hardly any order, so it is asked for by itself. */
export const REFUND_FIELDS = `${MONEY}
fragment RefundFields on Order {
  legacyResourceId createdAt
  refunds(first: 20) {
    legacyResourceId createdAt
    transactions(first: 10) { nodes { kind status test amountSet { ...Money } } }
    refundLineItems(first: 50) { nodes {
      quantity subtotalSet { ...Money }
      lineItem { id title variantTitle sku vendor isGiftCard product { legacyResourceId } variant { legacyResourceId } }
    } }
    refundShippingLines(first: 5) { nodes { subtotalAmountSet { ...Money } } }
    orderAdjustments(first: 10) { nodes { amountSet { ...Money } } }
  }
}`

/** Of the order itself. */
export const ORDER_FIELDS = `${MONEY}
fragment Address on MailingAddress {
  firstName lastName company address1 city province provinceCode countryCodeV2 zip phone
}
fragment OrderFields on Order {
  id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test sourceName
  clientIp cartToken checkoutToken email phone taxesIncluded currencyCode presentmentCurrencyCode displayFinancialStatus
  paymentGatewayNames discountCodes
  customAttributes { key value }
  totalPriceSet { ...Money } subtotalPriceSet { ...Money } totalTaxSet { ...Money } totalDiscountsSet { ...Money }
  totalShippingPriceSet { ...Money } totalTipReceivedSet { ...Money }
  shippingLines(first: 5) { nodes { id title discountedPriceSet { ...Money } isRemoved } }
  customer { legacyResourceId email phone firstName lastName numberOfOrders }
  billingAddress { ...Address } shippingAddress { ...Address }
  customerJourneySummary {
    ready customerOrderIndex firstVisit { landingPage referrerUrl } lastVisit { landingPage referrerUrl }
  }
  transactions(first: 20) { kind status processedAt test }
  lineItems(first: 100) { nodes {
    id title variantTitle sku vendor quantity isGiftCard
    originalUnitPriceSet { shopMoney { amount } }
    discountAllocations { allocatedAmountSet { shopMoney { amount } } }
    product { legacyResourceId } variant { legacyResourceId compareAtPrice }
  } }
}`
