import type { Event } from '../event/event.ts'
import { MINUTE } from '../lib/duration.ts'

/** The longest a purchase may wait for its browser's part, whatever is set. */
const LONGEST_HOLD = 5 * MINUTE

/**
 * Until when an event waits (ms since 1970), or undefined when it goes at once. Only a live web purchase whose visit
 * is unknown waits: the order's webhook may be there seconds before the thank-you page has loaded.
 */
export const heldUntil = (
  event: Event,
  receivedAt: number,
  visit: { readonly known: boolean },
  hold: number,
  now: number,
): number | undefined => {
  if (event.name !== 'order_placed' && event.name !== 'order_paid') return undefined
  if (event.origin !== 'live' || event.commerce?.channel !== 'web' || !event.commerce.checkoutToken) return undefined
  if (visit.known) return undefined
  const until = receivedAt + Math.min(hold, LONGEST_HOLD)
  // Further away than anything is held: the clock was set back since.
  return until > now && until <= now + LONGEST_HOLD ? until : undefined
}
