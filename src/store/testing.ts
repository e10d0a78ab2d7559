import type { Event, EventId, Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import type { Arrival, NewEvent } from './store.ts'

/** What tests of the store put into it: all of it invented. */
export const SHOP = 'demo.myshopify.com' as Shop
export const OTHER = 'other.myshopify.com' as Shop
export const NOW = Date.UTC(2026, 10, 20, 10)

export interface Told {
  readonly name?: EventName
  readonly shop?: Shop
  readonly at?: number
  readonly receivedAt?: number
  readonly seenBy?: string
  readonly subject?: string
  readonly email?: string
  readonly commerce?: Event['commerce']
}

/** An event of an invented shopper. */
export const anEvent = (id: EventId, told: Told = {}): Event => ({
  schema: 1,
  id,
  shop: told.shop ?? SHOP,
  name: told.name ?? 'product_viewed',
  occurredAt: new Date(told.at ?? NOW).toISOString(),
  origin: 'live',
  seenBy: [told.seenBy ?? 'web-pixel:product_viewed'],
  flags: [],
  ...(told.email !== undefined && { identity: { email: told.email } as NonNullable<Event['identity']> }),
  ...(told.commerce && { commerce: told.commerce }),
})

export const added = (id: EventId, told: Told = {}): NewEvent => ({
  event: anEvent(id, told),
  subject: told.subject ?? 'client-1',
  receivedAt: told.receivedAt ?? NOW,
})

/** An arrival of one event. */
export const anArrival = (id: EventId, told: Told = {}): Arrival => ({
  shop: told.shop ?? SHOP,
  events: [added(id, told)],
  parts: [],
  orders: [],
})
