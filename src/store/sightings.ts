import type { Commerce, Event, LineItem } from '../event/event.ts'

/** Sightings kept for one event, the joined result not counted. */
export const MOST_PARTS = 16

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
