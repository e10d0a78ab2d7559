import { VENDOR } from './catalogue.ts'
import { amount, inMarket, type Market } from './markets.ts'
import { type Checkout, type Line, totalsOf } from './sale.ts'

/** Ids as the store's catalogue feed at Pinterest has them: the shop's country, product and variant. */
export const catalogueId = (line: Pick<Line, 'product' | 'variant'>): string =>
  `shopify_US_${line.product.id}_${line.variant.id}`

const lineItem = (line: Line, market: Market) => ({
  product_id: catalogueId(line),
  product_name: line.product.title,
  product_price: amount(inMarket(line.variant.price, market), market.currency),
  product_quantity: line.quantity,
  product_brand: VENDOR,
})

/** The data of the tag's calls about products: a numeric value and `line_items`, unlike the server's. */
export const tagLines = (lines: readonly Line[], market: Market) => ({
  currency: market.currency,
  value: amount(
    lines.reduce((sum, line) => sum + inMarket(line.variant.price, market) * line.quantity, 0),
    market.currency,
  ),
  line_items: lines.map((line) => lineItem(line, market)),
})

export const tagCheckout = (checkout: Checkout, orderId?: string) => ({
  ...tagLines(checkout.cart.lines, checkout.market),
  value: amount(totalsOf(checkout, checkout.market).total, checkout.market.currency),
  order_quantity: checkout.cart.lines.reduce((sum, line) => sum + line.quantity, 0),
  ...(orderId === undefined ? {} : { order_id: orderId }),
})
