/** Every canonical event name. A destination must answer for each of them; leaving one out does not compile. */
export const EVENT_NAMES = [
  'page_viewed',
  'product_viewed',
  'collection_viewed',
  'searched',
  'cart_viewed',
  'product_added',
  'product_removed',
  'wishlist_added',
  'checkout_started',
  'contact_submitted',
  'address_submitted',
  'shipping_submitted',
  'payment_info_added',
  'order_placed',
  'order_paid',
  'order_refunded',
  'order_cancelled',
  'signed_up',
  'subscribed',
  'lead_submitted',
  'cart_updated',
  'custom',
] as const

export type EventName = (typeof EVENT_NAMES)[number]

/** Names that tell about an order: their values are money that was really paid or given back. */
export const isOrderEvent = (name: EventName): boolean => name.startsWith('order_')

/** Events that take an order back, in part or whole. */
export const takesBack = (name: EventName): boolean => name === 'order_refunded' || name === 'order_cancelled'
