import type { Event } from '../event/event.ts'
import { purchaseId } from '../event/event-ids.ts'
import { fromBrowser } from '../event/from-browser.ts'

/**
 * Whose key seals an event: the browser that told of it, else the customer, else the checkout, else the cart, else the
 * order (a refund names nothing more, and may come before its order), else itself. The projection links these names
 * as soon as a message tells that they are one person.
 */
export const subjectOf = (event: Event): string => {
  const { checkoutToken, cartToken, orderId } = event.commerce ?? {}
  return (
    (fromBrowser(event) ? event.identity?.clientId : undefined) ??
    event.identity?.customerId ??
    checkoutToken ??
    cartToken ??
    (orderId === undefined ? event.id : purchaseId(orderId))
  )
}
