import type { LineItem } from '../../event/event.ts'
import { arrayAt, compact, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { perUnit, times } from '../../lib/money.ts'
import { amountAt, currencyAt, quantityAt } from '../amounts.ts'
import { shopifyIdAt } from '../ids.ts'

/** Where amounts and relative URLs of one event belong. */
export interface Place {
  /** Of the store, "https://shop.example". */
  readonly origin: string | undefined
  readonly flags: Set<string>
}

/** Most lines of one event that are read. */
const MOST_LINES = 250

/** Product variants as seen, one line each and without quantities, as in a collection or a search. */
export const variantLines = (variants: readonly Json[], place: Place): LineItem[] =>
  variants
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map((variant) => variantLine(variant, undefined, undefined, place))

/** One piece of a variant, as viewed. */
export const viewedLine = (variant: Json, place: Place): LineItem => variantLine(variant, 1, undefined, place)

/** A line of a cart: merchandise, quantity and what all of it costs. */
export const cartLine = (line: Json, place: Place): LineItem =>
  variantLine(
    objectAt(line, 'merchandise'),
    quantityAt(line, 'quantity', place.flags),
    objectAt(objectAt(line, 'cost'), 'totalAmount'),
    place,
  )

export const cartLines = (cart: Json, place: Place): LineItem[] =>
  arrayAt(cart, 'lines')
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map((line) => cartLine(line, place))

/** The lines of a checkout. Their own ids differ between kinds of checkout, so they are left out. */
export const checkoutLines = (checkout: Json, place: Place): LineItem[] =>
  arrayAt(checkout, 'lineItems')
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map((line) => {
      const item = variantLine(
        objectAt(line, 'variant'),
        quantityAt(line, 'quantity', place.flags),
        objectAt(line, 'finalLinePrice'),
        place,
      )
      return compact<LineItem>({ ...item, title: item.title ?? textAt(line, 'title') })
    })

/** An amount of the pixel, {amount: number, currencyCode}, as decimal text. */
export const pixelAmount = (raw: unknown, currency: string | undefined, flags: Set<string>): string | undefined =>
  amountAt(raw, 'amount', currencyAt(raw, 'currencyCode') ?? currency, flags)

const variantLine = (
  variant: Json,
  quantity: number | undefined,
  totalPrice: Json | undefined,
  { origin, flags }: Place,
): LineItem => {
  const product = objectAt(variant, 'product')
  const unit = objectAt(variant, 'price')
  const currency = currencyAt(totalPrice ?? unit, 'currencyCode')
  const single = pixelAmount(unit, currency, flags)
  const total =
    pixelAmount(totalPrice, currency, flags) ??
    (single !== undefined && quantity !== undefined
      ? quantity === 1
        ? single
        : times(single, quantity, currency)
      : undefined)
  return compact<LineItem>({
    productId: shopifyIdAt(product, 'id'),
    variantId: shopifyIdAt(variant, 'id'),
    sku: textAt(variant, 'sku'),
    title: textAt(product, 'title'),
    variantTitle: textAt(variant, 'title'),
    vendor: textAt(product, 'vendor'),
    type: textAt(product, 'type'),
    url: absolute(textAt(product, 'url'), origin),
    imageUrl: absolute(textAt(objectAt(variant, 'image'), 'src'), origin),
    quantity,
    // A view or an added piece is one: most lines, and nothing to divide.
    price: total === undefined || !quantity ? single : quantity === 1 ? total : perUnit(total, quantity, currency),
    total,
  })
}

/** The pixel gives product URLs as paths and image URLs without a scheme. */
const absolute = (url: string | undefined, origin: string | undefined): string | undefined => {
  if (url === undefined || url.length > 2048) return undefined
  if (url.startsWith('https://') || url.startsWith('http://')) return url
  if (url.startsWith('//')) return `https:${url}`
  return url.startsWith('/') && origin !== undefined ? origin + url : undefined
}
