import type { Commerce, Event, EventId } from '../../event/event.ts'
import { checkoutId, contactId, paymentInfoId } from '../../event/event-ids.ts'
import type { EventName } from '../../event/names.ts'
import { arrayAt, compact, compactOrAbsent, type Json, objectAt, textAt } from '../../lib/json.ts'
import { currencyAt, piecesOf } from '../amounts.ts'
import { shopifyIdAt, token } from '../ids.ts'
import { isPersonalSearch } from '../personal.ts'
import { checkoutMoney } from './checkout.ts'
import { cartLine, cartLines, type Place, pixelAmount, variantLines, viewedLine } from './items.ts'

/** What an event's own data adds to what every pixel event tells. */
export type Own = Pick<Event, 'commerce' | 'search' | 'collection'>

/** A standard event of Shopify's pixel in our words. */
export interface Kind {
  readonly name: EventName
  /** Events of a checkout carry the checkout; one may be the same fact as another sighting of it. */
  readonly checkout?: { readonly id?: (checkoutToken: string) => EventId }
  readonly own: (data: Json, place: Place) => Own
}

const onlyPage = (): Own => ({})

const productViewed = (data: Json, place: Place): Own => {
  const variant = objectAt(data, 'productVariant')
  const item = viewedLine(variant, place)
  return oneItem(item, currencyAt(objectAt(variant, 'price'), 'currencyCode'))
}

const cartLineChanged = (data: Json, place: Place): Own => {
  const line = objectAt(data, 'cartLine')
  const currency =
    currencyAt(objectAt(objectAt(line, 'cost'), 'totalAmount'), 'currencyCode') ??
    currencyAt(objectAt(objectAt(line, 'merchandise'), 'price'), 'currencyCode')
  return oneItem(cartLine(line, place), currency)
}

const oneItem = (item: NonNullable<Commerce['items']>[number], currency: string | undefined): Own => {
  for (const _ in item)
    return { commerce: compact<Commerce>({ currency, value: item.total, items: [item], numItems: item.quantity }) }
  return {}
}

/** Lists of products have no value: nothing of them was chosen. */
const listed = (variants: readonly Json[], place: Place): { commerce?: Commerce } => {
  const items = variantLines(variants, place)
  const currency = currencyAt(objectAt(variants[0], 'price'), 'currencyCode')
  return items.length === 0 ? {} : { commerce: compact<Commerce>({ currency, items }) }
}

const collectionViewed = (data: Json, place: Place): Own => {
  const collection = objectAt(data, 'collection')
  return compact<Own>({
    ...listed(arrayAt(collection, 'productVariants'), place),
    collection: compactOrAbsent<NonNullable<Event['collection']>>({
      id: shopifyIdAt(collection, 'id'),
      title: textAt(collection, 'title'),
    }),
  })
}

const searched = (data: Json, place: Place): Own => {
  const result = objectAt(data, 'searchResult')
  const query = textAt(result, 'query')
  // Somebody looked for an order or an account by it, or pasted it into the wrong field: no platform is to know.
  const isPersonal = query !== undefined && isPersonalSearch(query)
  if (isPersonal) place.flags.add('search_personal')
  return compact<Own>({
    ...listed(arrayAt(result, 'productVariants'), place),
    search: query === undefined || isPersonal ? undefined : { query },
  })
}

const cartViewed = (data: Json, place: Place): Own => {
  const cart = objectAt(data, 'cart')
  const cost = objectAt(objectAt(cart, 'cost'), 'totalAmount')
  const currency = currencyAt(cost, 'currencyCode')
  const items = cartLines(cart, place)
  return compact<Own>({
    commerce: compactOrAbsent<Commerce>({
      currency,
      value: pixelAmount(cost, currency, place.flags),
      cartToken: token(textAt(cart, 'id')),
      items: items.length === 0 ? undefined : items,
      numItems: piecesOf(items),
    }),
  })
}

const checkedOut = (data: Json, place: Place): Own => ({ commerce: checkoutMoney(objectAt(data, 'checkout'), place) })

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['page_viewed', { name: 'page_viewed', own: onlyPage }],
  ['product_viewed', { name: 'product_viewed', own: productViewed }],
  ['collection_viewed', { name: 'collection_viewed', own: collectionViewed }],
  ['search_submitted', { name: 'searched', own: searched }],
  ['cart_viewed', { name: 'cart_viewed', own: cartViewed }],
  ['product_added_to_cart', { name: 'product_added', own: cartLineChanged }],
  ['product_removed_from_cart', { name: 'product_removed', own: cartLineChanged }],
  ['checkout_started', { name: 'checkout_started', checkout: { id: checkoutId }, own: checkedOut }],
  ['checkout_contact_info_submitted', { name: 'contact_submitted', checkout: { id: contactId }, own: checkedOut }],
  ['checkout_address_info_submitted', { name: 'address_submitted', checkout: {}, own: checkedOut }],
  ['checkout_shipping_info_submitted', { name: 'shipping_submitted', checkout: {}, own: checkedOut }],
  ['payment_info_submitted', { name: 'payment_info_added', checkout: { id: paymentInfoId }, own: checkedOut }],
])

/** The kind of a standard event; undefined for those that make no event of their own. */
export const kindOf = (name: string): Kind | undefined => KINDS.get(name)
