import type { Event } from '../../event/event.ts'
import { identityFrom } from '../../event/identity.ts'
import { isObject, type Json, textAt } from '../../lib/json.ts'
import { instant } from '../instant.ts'
import { notAhead } from '../not-ahead.ts'
import { type Decoded, type Message, NO_SHOP, nothing } from '../source.ts'
import { type Beacon, readBeacon } from './beacon.ts'
import { consentAt, decodeEvent } from './pixel-event.ts'

/** The version of the beacon that this decoder reads. */
const VERSION = 1

/**
 * The events and parts of a beacon as our pixel posts it, or of one bare Shopify pixel event. An event that cannot be
 * used is left out with its reason; the others of the beacon go on.
 */
export const decodePixel = (message: Message, body: Json): Decoded => {
  if (!isObject(body)) return nothing('The body is not a JSON object.')
  if (body.v !== undefined && body.v !== VERSION) return nothing('The beacon is of another version of the web pixel.')
  if (!Array.isArray(body.events) && typeof body.name !== 'string') return nothing('The body holds no pixel event.')
  const beacon = readBeacon(message, body)
  if (beacon === undefined) return nothing(NO_SHOP)
  if (beacon.events.length === 0) return withoutEvents(beacon, body)
  const events: Event[] = []
  const parts: Event[] = []
  const leftOut = new Set<string>()
  for (const raw of beacon.events) {
    const decoded = decodeEvent(beacon, raw)
    if (typeof decoded === 'string') leftOut.add(decoded)
    else if (decoded.part) parts.push(decoded)
    else events.push(decoded)
  }
  if (events.length === 0 && parts.length === 0) return nothing([...leftOut].join(' '))
  return { events, parts, orders: [], ...(leftOut.size === 0 ? {} : { leftOut: [...leftOut] }) }
}

/** A choice of consent may come by itself: the page may be gone before anything else happens on it. */
const withoutEvents = (beacon: Beacon, body: Json): Decoded => {
  const clientId = identityFrom({ clientId: textAt(body, 'clientId') })?.clientId
  const at = notAhead(beacon.message.receivedAt, beacon.sentAt ?? instant(beacon.message.receivedAt))
  const consent = at === undefined ? undefined : consentAt(beacon, at)
  if (clientId === undefined || consent === undefined) return nothing('The beacon holds no events.')
  return {
    ...nothing('The beacon tells a choice of consent only; it is kept for its browser.'),
    consents: [{ clientId, consent }],
  }
}
