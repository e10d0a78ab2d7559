import type { Event } from '../../event/event.ts'
import { EVENT_NAMES, type EventName, isOrderEvent } from '../../event/names.ts'
import { type Destination, type Skip, skip } from '../destination.ts'
import { CART_STATE } from '../told.ts'

/** Google Analytics' name of each event, or null with the reason. */
export const accepts = {
  page_viewed: 'page_view',
  product_viewed: 'view_item',
  collection_viewed: 'view_item_list',
  searched: 'search',
  cart_viewed: 'view_cart',
  product_added: 'add_to_cart',
  product_removed: 'remove_from_cart',
  wishlist_added: 'add_to_wishlist',
  checkout_started: 'begin_checkout',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: 'add_shipping_info',
  payment_info_added: 'add_payment_info',
  order_placed: 'purchase',
  order_paid: 'purchase',
  // A refund of the whole order: there is no event for a cancellation.
  order_refunded: 'refund',
  order_cancelled: 'refund',
  signed_up: 'sign_up',
  // There is no standard name for a newsletter; `lead_source` tells it from other leads.
  subscribed: 'generate_lead',
  lead_submitted: 'generate_lead',
  cart_updated: null,
  custom: '(its own name)',
} satisfies Record<EventName, string | null>

export const declines = {
  contact_submitted: 'A step of the checkout for which Google Analytics has no event.',
  address_submitted: 'A step of the checkout for which Google Analytics has no event.',
  cart_updated: CART_STATE,
} satisfies Destination['declines']

const ACCEPTED: readonly EventName[] = EVENT_NAMES.filter((name) => accepts[name] !== null)
const ORDERS: readonly EventName[] = ACCEPTED.filter(isOrderEvent)

/** With a Google tag on the store only orders and refunds: Google merges purchases and nothing else. */
export const defaultEvents = ({ googleTag }: { readonly googleTag: boolean }): readonly EventName[] =>
  googleTag ? ORDERS : ACCEPTED

/** Of the names of events and of parameters. */
export const WELL_FORMED = /^[A-Za-z][A-Za-z0-9_]{0,39}$/
const RESERVED =
  /^(?:ad_|adunit_|app_|notification_|firebase_|ga_|google_|(?:error|first_open|first_visit|in_app_purchase|os_update|screen_view|session_start|user_engagement)$)/
const STANDARD: ReadonlySet<string | null> = new Set(Object.values(accepts))

/**
 * An event's name at Google, or the reason why it has none. An event that the theme or an app published keeps its own,
 * unless Google reserves it or cannot read it, or it is one of the shop's own steps: a `purchase` without an order would
 * be counted as one.
 */
export const googleName = ({ name, custom }: Event): string | Skip => {
  if (name !== 'custom') return accepts[name] ?? skip('not_accepted')
  if (custom === undefined) return skip('missing_field', 'custom.name')
  return WELL_FORMED.test(custom.name) && !RESERVED.test(custom.name) && !STANDARD.has(custom.name)
    ? custom.name
    : skip('invalid_field', 'custom.name')
}
