import type { Commerce, Event } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { compactOrAbsent, type Json, textAt } from '../../lib/json.ts'
import { sum } from '../../lib/money.ts'
import { amountAt, currencyAt, piecesOf } from '../amounts.ts'
import { tokenAt } from '../ids.ts'
import { productLine, productLines } from './items.ts'

type Facts = Partial<Pick<Event, 'commerce' | 'search' | 'collection'>>

/** One of our events as Segment's specification of commerce names it, and what it tells. */
export interface Kind {
  readonly name: EventName
  read(properties: Json, flags: Set<string>): Facts
}

const told = <Key extends keyof Facts>(key: Key, facts: Facts[Key] | undefined): Facts =>
  facts === undefined ? {} : ({ [key]: facts } as Facts)

/** One product, in the properties themselves. */
const ofOne = (properties: Json, flags: Set<string>): Facts => {
  const currency = currencyAt(properties, 'currency')
  const line = productLine(properties, currency, flags)
  const item = {
    ...line,
    ...(line.quantity === undefined ? { quantity: 1, ...(line.price ? { total: line.price } : {}) } : {}),
  }
  return told(
    'commerce',
    compactOrAbsent<Commerce>({
      currency,
      value: amountAt(properties, 'value', currency, flags) ?? item.total,
      items: Object.keys(line).length === 0 ? undefined : [item],
      numItems: Object.keys(line).length === 0 ? undefined : piecesOf([item]),
      cartToken: tokenAt(properties, 'cart_id'),
    }),
  )
}

/** A list of products: a cart, a checkout. */
const ofMany = (properties: Json, flags: Set<string>): Facts => {
  const currency = currencyAt(properties, 'currency')
  const items = productLines(properties, currency, flags)
  const listed = items.length > 0 && items.every(({ total }) => total !== undefined)
  const totals = items.map(({ total }) => total)
  return told(
    'commerce',
    compactOrAbsent<Commerce>({
      currency,
      value:
        amountAt(properties, 'value', currency, flags) ??
        amountAt(properties, 'total', currency, flags) ??
        amountAt(properties, 'revenue', currency, flags) ??
        (listed ? sum(totals, currency) : undefined),
      items: items.length === 0 ? undefined : items,
      numItems: piecesOf(items),
      cartToken: tokenAt(properties, 'cart_id'),
      checkoutToken: tokenAt(properties, 'checkout_id'),
    }),
  )
}

const ofNothing = (): Facts => ({})

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['page viewed', { name: 'page_viewed', read: ofNothing }],
  ['product viewed', { name: 'product_viewed', read: ofOne }],
  [
    'product list viewed',
    {
      name: 'collection_viewed',
      read: (properties, flags) => ({
        ...ofMany(properties, flags),
        ...told(
          'collection',
          compactOrAbsent<NonNullable<Event['collection']>>({
            id: textAt(properties, 'list_id'),
            title: textAt(properties, 'category'),
          }),
        ),
      }),
    },
  ],
  [
    'products searched',
    {
      name: 'searched',
      read: (properties, flags) => {
        const query = textAt(properties, 'query')
        return { ...ofMany(properties, flags), ...told('search', query === undefined ? undefined : { query }) }
      },
    },
  ],
  ['cart viewed', { name: 'cart_viewed', read: ofMany }],
  ['product added', { name: 'product_added', read: ofOne }],
  ['product removed', { name: 'product_removed', read: ofOne }],
  ['product added to wishlist', { name: 'wishlist_added', read: ofOne }],
  ['checkout started', { name: 'checkout_started', read: ofMany }],
  ['payment info entered', { name: 'payment_info_added', read: ofMany }],
  ['signed up', { name: 'signed_up', read: ofNothing }],
  ['account created', { name: 'signed_up', read: ofNothing }],
  ['subscribed', { name: 'subscribed', read: ofNothing }],
  ['email subscribed', { name: 'subscribed', read: ofNothing }],
  ['lead generated', { name: 'lead_submitted', read: ofNothing }],
  ['lead submitted', { name: 'lead_submitted', read: ofNothing }],
])

/** The kind of an event name, in any case; undefined for one of the merchant's own. */
export const kindOf = (name: string): Kind | undefined => KINDS.get(name.trim().toLowerCase())
