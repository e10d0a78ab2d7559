import { type ConsentPolicy, decideConsent } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { type Decoded, nothing } from '../sources/source.ts'

/** What the capture embed may tell of: what the pixel would have told, had it been let. */
const EMBEDDED: ReadonlySet<EventName> = new Set(['page_viewed', 'product_viewed'])

/** The flag of an event that the capture embed told. */
const FLAG = 'capture_embed'

const NEEDS = { purposes: ['analytics', 'marketing'], limitedUse: true } as const

/**
 * Of what the capture embed told, what may be kept. Shopify lets no pixel run before consent; the embed is not
 * Shopify's, so it is held to the same here, before anything is written down: an answer that is not known is a no where
 * consent must be asked for. `country` is where the visitor shops, as the page says.
 */
export const embedded = (decoded: Decoded, country: string | undefined, policy: ConsentPolicy): Decoded => {
  const events = decoded.events.filter((event) => EMBEDDED.has(event.name) && isAllowed(event, country, policy))
  if (events.length === 0) return nothing('Nothing of it may be kept without the visitor’s consent.')
  return { events: events.map((event) => ({ ...event, flags: [...event.flags, FLAG] })), parts: [], orders: [] }
}

const isAllowed = ({ consent, store }: Event, country: string | undefined, policy: ConsentPolicy): boolean =>
  decideConsent(consent, NEEDS, { country: country ?? store?.country, policy }).kind === 'go'
