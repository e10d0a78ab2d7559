import type { Event, EventId, Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import type { Retention } from './keeping-times.ts'
import type { NewAttempt, Settlement } from './settlement.ts'
import type { Arrival, NewEvent, NewMessage, NewParked } from './store.ts'

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

/** Bytes of the ledger. */
export const DELIVERED = 2
export const PARKED = 1
export const REJECTED = 40

/** How long things are kept; times in ms. */
export const POLICY: Retention = {
  messages: 7 * DAY,
  bodyAfterSettled: 7 * DAY,
  bodyAtMost: 30 * DAY,
  attempts: 30 * DAY,
  deadLetters: 14 * DAY,
  orders: 400 * DAY,
  orderIdentifiers: 90 * DAY,
  sharedIds: 400 * DAY,
  pixelIds: 30 * DAY,
  addresses: 7 * DAY,
  identities: 390 * DAY,
  rollups: 800 * DAY,
}

/** An arrival of one part. */
export const aPart = (id: EventId, told: Told = {}): Arrival => ({
  ...anArrival(id, told),
  events: [],
  parts: [added(id, told)],
})

/** A webhook's message. */
export const aMessage = (webhookId: string, told: Partial<NewMessage> = {}): NewMessage => ({
  source: 'shopify-webhook',
  topic: 'orders/create',
  webhookId,
  receivedAt: NOW,
  body: Buffer.from('{"email":"ada@example.com"}'),
  ...told,
})

/** A request that was accepted, carrying these numbers. */
export const anAttempt = (seqs: readonly number[], at = NOW): NewAttempt => ({
  at,
  ms: 12,
  from: Math.min(...seqs),
  to: Math.max(...seqs),
  seqs,
  settingsVersion: 1,
  revision: 1,
  bodyHash: 'ab',
  bytes: 100,
  status: 200,
  answer: '{}',
  accepted: seqs.length,
  refused: 0,
  carriesOrder: false,
})

/** A number that is tried again in a minute. */
export const aParked = (seq: number, told: Partial<NewParked> = {}): NewParked => ({
  seq,
  kind: 'retry',
  due: NOW + MINUTE,
  tries: 1,
  parkedAt: NOW,
  ...told,
})

/** Outcomes of the live lane's numbers `from`, `from` + 1, … */
export const stretch = (from: number, ...outcomes: number[]): NonNullable<Settlement['stretch']> => ({
  lane: 1,
  from,
  outcomes: Uint8Array.from(outcomes),
})
