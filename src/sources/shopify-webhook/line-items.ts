import type { LineItem } from '../../event/event.ts'
import { arrayAt, booleanAt, compact, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { minus, perUnit, sum, times } from '../../lib/money.ts'
import { amountAt, quantityAt } from '../amounts.ts'
import { shopifyIdAt } from '../ids.ts'

/** The lines of an order or a checkout. Their `price` is the unit price before discounts. */
export const soldLines = (body: Json, currency: string | undefined, flags: Set<string>): LineItem[] =>
  linesAt(body, 'line_items', flags).map((raw) => {
    const quantity = quantityAt(raw, 'quantity', flags)
    const before = amountAt(raw, 'price', currency, flags)
    // The sum of allocations, not total_discount: that is 0 for codes that apply to the whole order.
    const discount = sum(
      arrayAt(raw, 'discount_allocations').map((allocation) => amountAt(allocation, 'amount', currency, flags)),
      currency,
    )
    const full = before !== undefined && quantity !== undefined ? times(before, quantity, currency) : undefined
    return compact<LineItem>({
      lineId: shopifyIdAt(raw, 'id'),
      ...product(raw),
      ...priced(full === undefined ? undefined : minus(full, discount, currency), quantity, currency, flags),
      compareAtPrice: amountAt(raw, 'compare_at_price', currency, flags),
      discount,
      giftCard: booleanAt(raw, 'gift_card'),
    })
  })

/** The lines of a cart. A line's id is its variant's, so it has none of its own. */
export const cartLines = (body: Json, currency: string | undefined, flags: Set<string>): LineItem[] =>
  linesAt(body, 'line_items', flags).map((raw) => {
    const quantity = quantityAt(raw, 'quantity', flags)
    const full = amountAt(raw, 'original_line_price', currency, flags)
    const discount = amountAt(raw, 'total_discount', currency, flags)
    const total =
      full !== undefined && discount !== undefined
        ? minus(full, discount, currency)
        : amountAt(raw, 'line_price', currency, flags)
    return compact<LineItem>({
      ...product(raw),
      ...priced(total, quantity, currency, flags),
      discount,
      giftCard: booleanAt(raw, 'gift_card'),
    })
  })

/** The pieces that a refund takes back, at what was paid for them. */
export const refundedLines = (body: Json, currency: string | undefined, flags: Set<string>): LineItem[] =>
  linesAt(body, 'refund_line_items', flags).map((raw) => {
    const line = objectAt(raw, 'line_item')
    const quantity = quantityAt(raw, 'quantity', flags)
    return compact<LineItem>({
      lineId: shopifyIdAt(raw, 'line_item_id') ?? shopifyIdAt(line, 'id'),
      ...product(line),
      ...priced(refundedLineTotal(raw, currency, flags), quantity, currency, flags),
      giftCard: booleanAt(line, 'gift_card'),
    })
  })

/** What a refunded line gives back, before tax; in the shop's currency where the money bag says so. */
export const refundedLineTotal = (raw: Json, currency: string | undefined, flags: Set<string>): string | undefined =>
  amountAt(objectAt(objectAt(raw, 'subtotal_set'), 'shop_money'), 'amount', currency, flags) ??
  amountAt(raw, 'subtotal', currency, flags)

const linesAt = (body: Json, key: string, flags: Set<string>): Json[] => {
  const all = arrayAt(body, key)
  const readable = all.filter(isObject)
  if (readable.length < all.length) flags.add('line_unreadable')
  return readable
}

/** What a line says about its product, in carts, checkouts, orders and refunds alike. */
const product = (raw: Json): LineItem =>
  compact<LineItem>({
    productId: shopifyIdAt(raw, 'product_id'),
    variantId: shopifyIdAt(raw, 'variant_id'),
    sku: textAt(raw, 'sku'),
    title: textAt(raw, 'title'),
    variantTitle: textAt(raw, 'variant_title'),
    vendor: textAt(raw, 'vendor'),
  })

/** Quantity, exact line total and unit price. Discounts beyond a line's price make it free, not negative. */
const priced = (
  total: string | undefined,
  quantity: number | undefined,
  currency: string | undefined,
  flags: Set<string>,
): LineItem => {
  const below = total?.startsWith('-') === true
  if (below) flags.add('line_total_negative')
  const paid = below ? sum([], currency) : total
  return compact<LineItem>({
    quantity,
    price: paid === undefined || quantity === undefined ? undefined : perUnit(paid, quantity, currency),
    total: paid,
  })
}
