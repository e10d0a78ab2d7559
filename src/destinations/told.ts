import type { Event, EventId } from '../event/event.ts'
import { purchaseId } from '../event/event-ids.ts'
import type { EventName } from '../event/names.ts'

/** A purchase, whether it counts when placed or when paid: route lets one of the two through. */
export const isPurchase = (name: EventName): boolean => name === 'order_placed' || name === 'order_paid'

/** The id told to platforms: a purchase has one, so that the tag's copy is merged whichever moment counts. */
export const toldId = ({ id, name, commerce }: Pick<Event, 'id' | 'name' | 'commerce'>): EventId =>
  name === 'order_paid' && commerce?.orderId !== undefined ? purchaseId(commerce.orderId) : id

/** When it happened, ms since 1970, but never after now: clocks of shoppers run ahead, and platforms refuse the future. */
export const toldTime = ({ occurredAt }: Pick<Event, 'occurredAt'>, now: Date): number =>
  Math.min(Date.parse(occurredAt), now.getTime())

/**
 * The event with a moment no later than its receipt. Where a clock runs ahead of ours, `toldTime` alone would tell another
 * moment at every try until that one has come, and a platform that compares moments would count the tries.
 */
export const notAfterReceipt = (event: Event, receivedAt: number): Event =>
  Date.parse(event.occurredAt) > receivedAt ? { ...event, occurredAt: new Date(receivedAt).toISOString() } : event

/** Why no destination takes cart_updated. */
export const CART_STATE = 'The state of a cart is for our own comparison and never sent.'
