import type { LineItem } from '../../event/event.ts'
import { arrayAt, compact, isObject, type Json, textAt } from '../../lib/json.ts'
import { times } from '../../lib/money.ts'
import { amountAt, quantityAt } from '../amounts.ts'
import { shopifyId } from '../ids.ts'
import { webUrlAt } from '../web-url.ts'

/** Most products of one call that are read. */
const MOST_LINES = 250
const LONGEST_ID = 100

/** A product's id: Shopify's digits however they are written, else the shop's own text. */
const idAt = (value: Json, ...keys: readonly string[]): string | undefined => {
  for (const key of keys) {
    const text = textAt(value, key)
    if (text !== undefined && text.length <= LONGEST_ID) return shopifyId(text) ?? text
  }
  return undefined
}

/** The products of a call that lists them. Their price is that of one piece. */
export const productLines = (properties: Json, currency: string | undefined, flags: Set<string>): LineItem[] =>
  arrayAt(properties, 'products')
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map((product) => productLine(product, currency, flags))

/** One product, as calls about a single one spell it in their own properties. */
export const productLine = (product: Json, currency: string | undefined, flags: Set<string>): LineItem => {
  const price = amountAt(product, 'price', currency, flags)
  const quantity = quantityAt(product, 'quantity', flags)
  return compact<LineItem>({
    productId: idAt(product, 'product_id', 'id'),
    variantId: idAt(product, 'variant_id'),
    sku: textAt(product, 'sku'),
    title: textAt(product, 'name'),
    variantTitle: textAt(product, 'variant'),
    vendor: textAt(product, 'brand'),
    category: textAt(product, 'category'),
    url: webUrlAt(product, 'url'),
    imageUrl: webUrlAt(product, 'image_url'),
    quantity,
    price,
    total: price === undefined || quantity === undefined ? undefined : times(price, quantity, currency),
    cost: amountAt(product, 'cost', currency, flags),
  })
}
