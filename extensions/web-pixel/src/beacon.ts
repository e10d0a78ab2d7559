import type { Consent, Customer, Store } from './facts.ts'
import type { Landing } from './landing.ts'
import { type PixelEvent, trimmed } from './trim.ts'

/** What all events of a beacon share. */
export interface Visit {
  readonly shop: string
  readonly consent: Consent
  readonly cookies: Readonly<Record<string, string>>
  readonly landing: Landing
  readonly customer: Customer | undefined
  readonly cart: string | undefined
  readonly store: Store
}

/** Browsers let 64 KiB of keepalive requests be under way; the server takes no more either. */
const LARGEST = 60 * 1024

const bytes = (text: string): number => new TextEncoder().encode(text).length

/**
 * A new choice of consent by itself, told at once: perhaps nothing else happens in this browser before it buys. It
 * holds nothing but the choice and whose it is.
 */
export const consentBeacon = (clientId: string, { shop, consent }: Pick<Visit, 'shop' | 'consent'>, sentAt: string) =>
  JSON.stringify({ v: 1, sentAt, shop, consent, clientId, events: [] })

/** The bodies to post: all events in as few beacons as their size allows. */
export const beacons = (events: readonly PixelEvent[], visit: Visit, sentAt: string): string[] => {
  const { cart, ...rest } = visit
  const shared = JSON.stringify({ v: 1, sentAt, ...rest, ...(cart ? { cart: { token: cart } } : {}) })
  const room = LARGEST - bytes(shared) - '"events":[],'.length
  const bodies: string[][] = []
  let left = 0
  for (const event of events) {
    const text = fitting(event, room)
    if (text === undefined) continue
    const size = bytes(text) + 1
    if (size > left || bodies.length === 0) {
      bodies.push([])
      left = room
    }
    bodies.at(-1)?.push(text)
    left -= size
  }
  return bodies.map((texts) => `{"events":[${texts.join(',')}],${shared.slice(1)}`)
}

/** An event's text, with shorter lists where it would not fit; undefined when it cannot be made to fit. */
const fitting = (event: PixelEvent, room: number): string | undefined => {
  for (const short of [event, trimmed(event, 5, 20)]) {
    const text = JSON.stringify(short)
    if (bytes(text) < room) return text
  }
  return undefined
}
