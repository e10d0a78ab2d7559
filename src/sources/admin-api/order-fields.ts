/**
 * The fields of an order that are asked for through the Admin API (version 2026-07 and later: `checkoutToken` and
 * `cartToken`), as a GraphQL fragment on Order. There is no user agent in it, and no more than 60 days of orders without
 * the scope read_all_orders. What is read of it: as-webhook.ts.
 */
export const ORDER_FIELDS = `
fragment Money on MoneyBag { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }
fragment Address on MailingAddress {
  firstName lastName company address1 city province provinceCode countryCodeV2 zip phone
}
fragment OrderFields on Order {
  legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test sourceName
  clientIp cartToken checkoutToken email phone taxesIncluded currencyCode presentmentCurrencyCode displayFinancialStatus
  paymentGatewayNames discountCodes
  customAttributes { key value }
  totalPriceSet { ...Money } subtotalPriceSet { ...Money } totalTaxSet { ...Money } totalDiscountsSet { ...Money }
  totalShippingPriceSet { ...Money } totalTipReceivedSet { ...Money }
  shippingLines(first: 5) { nodes { title discountedPriceSet { ...Money } isRemoved } }
  customer { legacyResourceId email phone firstName lastName }
  billingAddress { ...Address } shippingAddress { ...Address }
  customerJourneySummary { ready firstVisit { landingPage referrerUrl } lastVisit { landingPage referrerUrl } }
  transactions(first: 20) { kind status processedAt test }
  lineItems(first: 100) { nodes {
    id title variantTitle sku vendor quantity isGiftCard
    originalUnitPriceSet { ...Money }
    discountAllocations { allocatedAmountSet { ...Money } }
    product { legacyResourceId } variant { legacyResourceId compareAtPrice }
  } }
  refunds(first: 20) {
    legacyResourceId createdAt
    transactions(first: 10) { nodes { kind status test amountSet { ...Money } } }
    refundLineItems(first: 100) { nodes {
      quantity subtotalSet { ...Money }
      lineItem { id title variantTitle sku vendor isGiftCard product { legacyResourceId } variant { legacyResourceId } }
    } }
    refundShippingLines(first: 5) { nodes { subtotalAmountSet { ...Money } } }
    orderAdjustments(first: 10) { nodes { amountSet { ...Money } } }
  }
}`
