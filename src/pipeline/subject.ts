import type { Event } from '../event/event.ts'
import { fromBrowser } from './project.ts'

/** Whose key seals an event: the browser that told of it, else the customer, else the checkout, else itself. */
export const subjectOf = (event: Event): string =>
  (fromBrowser(event) ? event.identity?.clientId : undefined) ??
  event.identity?.customerId ??
  event.commerce?.checkoutToken ??
  event.id
