import type { Commerce, Event, LineItem } from '../event/event.ts'
import { fromBrowser } from '../event/from-browser.ts'
import { shortHash } from './unique-ids.ts'

/** Signed sightings kept for one event, the joined result not counted. */
const MOST_SIGNED = 16
/** Sightings by browsers that name the same checkout. */
const MOST_OF_A_CHECKOUT = 4
/** Sightings by browsers, whatever checkouts they name. */
const MOST_CLAIMS = 64

/**
 * Anybody can post a beacon about an order whose number they guess. What tells the buyer's own from those is the
 * checkout token, which nobody guesses and which the signed order will name. The claim of a sighting is the hash of the
 * token that it names; a signed sighting claims nothing.
 */
export const claimOf = (sighting: Event): string | undefined =>
  fromBrowser(sighting) ? claimOn(sighting.commerce?.checkoutToken ?? '') : undefined

const claimOn = (checkoutToken: string): string => shortHash(checkoutToken).toString('hex')

/**
 * Where a new sighting of an event goes: into a free place, into that of another one, or nowhere. Signed ones have places
 * of their own. Of a browser's, the first few of each checkout are kept, so that nobody who does not know the buyer's
 * token takes the buyer's places. When strangers' tokens have filled all the others, the newcomer takes the place of the
 * oldest that names neither its own checkout nor the order's: once the order is there, the buyer's part always finds a
 * place and keeps it. Before that it could be pushed out only by 64 beacons between it and the order, which follows it by
 * seconds. `kept` is in order of arrival; `ownToken` tells the event's own checkout token, when it is known.
 */
export const placeFor = <Kept extends { readonly claim: string | undefined }>(
  kept: readonly Kept[],
  claim: string | undefined,
  ownToken: () => string | undefined,
): 'free' | 'none' | Kept => {
  const alike = kept.filter((one) => one.claim === claim).length
  if (claim === undefined) return alike < MOST_SIGNED ? 'free' : 'none'
  if (alike >= MOST_OF_A_CHECKOUT) return 'none'
  const claims = kept.filter((one) => one.claim !== undefined)
  if (claims.length < MOST_CLAIMS) return 'free'
  const token = ownToken()
  const own = token === undefined ? undefined : claimOn(token)
  return claims.find((one) => one.claim !== claim && one.claim !== own) ?? 'none'
}

const lineWithoutMoney = ({ price, total, compareAtPrice, discount, cost, ...line }: LineItem): LineItem => line

const withoutMoney = ({
  currency,
  value,
  subtotal,
  tax,
  shipping,
  discount,
  tip,
  presentment,
  original,
  remaining,
  items,
  ...rest
}: Commerce): Commerce => (items ? { ...rest, items: items.map(lineWithoutMoney) } : rest)

/** A second telling of a known fact: it adds what it knows, but the first telling's money stands. */
export const asPart = (event: Event): Event => ({
  ...event,
  part: true,
  ...(event.commerce && { commerce: withoutMoney(event.commerce) }),
})

/** Told by the same messages: nothing new can be in it. */
export const sameTeller = (a: Event, b: Event): boolean =>
  a.seenBy.length === b.seenBy.length && a.seenBy.every((teller, at) => teller === b.seenBy[at])

/** The same sighting sent again: equal but for when it arrived. */
export const sameSighting = (a: Event, b: Event): boolean =>
  JSON.stringify({ ...a, receivedAt: undefined }) === JSON.stringify({ ...b, receivedAt: undefined })
