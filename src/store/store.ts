import type { BrowserIds } from '../event/browser-ids.ts'
import type { Consent, ConsentPolicy } from '../event/consent.ts'
import type { Event, EventId, Shop, Store as StoreFacts } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import type { OrderChange } from '../event/order-change.ts'
import type { Brand } from '../lib/brand.ts'
import type { DeadCause } from './dead-cause.ts'
import type { Entry, EntryChange, EntryKind, EntryQuery } from './entry.ts'
import type { ShopErasure } from './erasure.ts'
import type { StoreFault } from './fault.ts'
import type { StoreHealth } from './health.ts'
import type { Retention } from './keeping-times.ts'
import type { KeptToken, Poll } from './poll.ts'
import type { Projection } from './projection.ts'
import type { Rollup } from './rollup.ts'
import type { FoundOrder, Only, OrderSearch } from './search.ts'
import type { Attempt, Settlement } from './settlement.ts'
import type { Choice, NewTask, Task } from './task.ts'

/**
 * The store's port. Its promises are written once in conformance.ts and kept by every implementation:
 *
 * - `append` resolves after the flush that covers it; what it acknowledged survives kill -9 and power loss.
 * - A shop's events are numbered 1, 2, 3 … without gaps, in the appending commit.
 * - One fact is one event: an id that is known is not appended again.
 * - `settle` changes lane, ledger, parked, attempts and rollups in one transaction, or nothing.
 * - Bodies and secrets are sealed at rest; erasing a subject's salt makes its bodies unreadable for ever.
 * - Every call names its shop, and no call reaches another shop's rows.
 *
 * Instants are ms since 1970 (`number`), sequence numbers start at 1, and every method rejects only for a store that
 * cannot do it now (StoreFault), a settlement that came too late (Fenced) or a bug.
 */
export interface Store {
  // Shops and connections

  /**
   * Inserts the shop or updates its facts; keeps id, keys and the first installedAt of a known one. `installedAt` 0 says
   * that it was only heard of: that changes nothing of a known shop, and gives way to the installation that comes later.
   */
  saveShop(shop: NewShop): Promise<ShopRecord>
  shop(shop: Shop): Promise<ShopRecord | undefined>
  shops(): Promise<readonly ShopRecord[]>
  /** A new connection's live lane begins at the shop's head. */
  addConnection(connection: NewConnection): Promise<Connection>
  updateConnection(shop: Shop, id: ConnectionId, change: ConnectionChange): Promise<Connection | undefined>
  /** Parked events and lanes go; the ledger and attempts stay for the record. False when there was none. */
  removeConnection(shop: Shop, id: ConnectionId): Promise<boolean>
  connections(shop: Shop): Promise<readonly Connection[]>

  // The log

  /**
   * Appends what one message said, all of it or nothing, and answers after the flush. Concurrent calls share one
   * commit. A repeated message (same shop and webhook id, or same shop, topic and event id) appends nothing.
   */
  append(arrival: Arrival): Promise<Appended>
  /** The highest number of a shop's log; 0 when it is empty. */
  head(shop: Shop): Promise<number>
  /** Events with seq > after, ascending, at most `limit`. */
  read(shop: Shop, after: number, limit: number): Promise<readonly StoredEvent[]>
  /** The events of these numbers, ascending; numbers that the log does not have are left out. */
  readSeqs(shop: Shop, seqs: readonly number[]): Promise<readonly StoredEvent[]>
  /** Of the numbers after + 1 … after + limit those that were sealed for these people, ascending. */
  eventsOf(shop: Shop, people: readonly string[], after: number, limit: number): Promise<readonly StoredEvent[]>
  /** The newest events, descending, optionally below a number; with `only` no others, and no others are opened. */
  newest(shop: Shop, limit: number, below?: number, only?: Only): Promise<readonly StoredEvent[]>
  /** Where an event id stands in the log. */
  seqOf(shop: Shop, id: EventId): Promise<number | undefined>
  /** Parts of each event, in order of arrival. Parts may be there before their event; how many: sightings.ts. */
  parts(shop: Shop, ids: readonly EventId[]): Promise<ReadonlyMap<EventId, readonly StoredPart[]>>
  /** Events appended after a global watermark over all shops, for the projection after a crash. */
  unprojected(limit: number): Promise<readonly { readonly shop: Shop; readonly event: StoredEvent }[]>
  /**
   * Sightings that the projection may have missed in a crash. They have no number: it is those of all shops that were
   * received since the newest projected event, or up to `margin` (ms) before it. In order of arrival; of more than
   * `limit` the newest.
   */
  unprojectedParts(
    margin: number,
    limit: number,
  ): Promise<readonly { readonly shop: Shop; readonly part: StoredPart }[]>

  // What is known about shoppers

  identities(shop: Shop, keys: readonly IdentityKey[]): Promise<ReadonlyMap<IdentityKey, IdentityRecord>>
  /** Writes records, links of subjects and arrival counts, and moves the projection's watermark, in one transaction. */
  saveProjection(projection: Projection): Promise<void>

  // Delivery

  lanes(shop: Shop): Promise<readonly Lane[]>
  /** Changes nothing when the connection is gone: it may be removed while its last request is out. */
  settle(settlement: Settlement): Promise<void>
  /**
   * Opens catch-up lanes over the numbers of a stretch that no other lane of the connection holds. Undefined when there
   * are none, or no such connection.
   */
  openTask(task: NewTask): Promise<Task | undefined>
  /** A shop's tasks, newest first, at most `limit`; those of one connection, where it is named. */
  tasks(shop: Shop, query: { readonly connection?: ConnectionId; readonly limit: number }): Promise<readonly Task[]>
  /** Takes a running task's lanes away; what it has not passed stays what it is. False when it was not running. */
  cancelTask(shop: Shop, id: number, at: number): Promise<boolean>
  /** Parked events that are not dead, nearest due first. */
  parked(shop: Shop, connection: ConnectionId, limit: number, dueBefore?: number): Promise<readonly ParkedEvent[]>
  deadLetters(shop: Shop, connection: ConnectionId, limit: number): Promise<readonly ParkedEvent[]>
  /** What its dead letters died of, the most frequent first, at most `limit` causes. */
  deadCauses(shop: Shop, connection: ConnectionId, limit: number): Promise<readonly DeadCause[]>
  /** The rows of these numbers, of every kind, ascending; numbers without one are left out. */
  parkedSeqs(shop: Shop, connection: ConnectionId, seqs: readonly number[]): Promise<readonly ParkedEvent[]>
  /** Jobs to be asked about, nearest due first. */
  polls(shop: Shop, connection: ConnectionId, limit: number): Promise<readonly Poll[]>
  /** The token that was last saved for a connection. */
  token(shop: Shop, connection: ConnectionId): Promise<KeptToken | undefined>
  /** Sealed at rest; replaces the one before. Changes nothing when the connection is gone. */
  saveToken(shop: Shop, connection: ConnectionId, token: KeptToken): Promise<void>
  /** Ledger bytes of numbers from..to (inclusive); 0 where there is none. */
  ledger(shop: Shop, connection: ConnectionId, from: number, to: number): Promise<Uint8Array>
  /** Newest first. With `seq`: only attempts that carried it. */
  attempts(shop: Shop, query: { connection?: ConnectionId; seq?: number; limit: number }): Promise<readonly Attempt[]>
  orders(shop: Shop, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderRecord>>
  /** The newest orders with a name ("#1001") or of a buyer's address (lower-cased), at most `limit`. */
  findOrders(shop: Shop, by: OrderSearch, limit: number): Promise<readonly FoundOrder[]>
  /** Orders placed on a day (since 1970, UTC), the highest id first; one known from a refund only, when that was told. */
  ordersOfDay(shop: Shop, day: number, query: { limit: number; before?: string }): Promise<readonly OrderRecord[]>
  /** The message that brought an event, while it is kept. */
  message(shop: Shop, webhookId: string): Promise<StoredMessage | undefined>
  /** Quarter hours from `since` on, and before `until` where it is given. */
  rollups(shop: Shop, since: number, until?: number): Promise<readonly Rollup[]>

  // Small documents of a shop

  entry(shop: Shop, kind: EntryKind, key: string): Promise<Entry | undefined>
  /** By key, ascending unless it is asked otherwise. */
  entries(shop: Shop, kind: EntryKind, query: EntryQuery): Promise<readonly Entry[]>
  /**
   * Replaces what is there if it still has the version that the caller saw; false when another was faster. `undefined`
   * takes it away.
   */
  saveEntry(shop: Shop, kind: EntryKind, key: string, value: unknown, change: EntryChange): Promise<boolean>

  // Upkeep

  /** What was last saved under a name for the whole installation, as JSON gives it; undefined when there is nothing. */
  setting(name: string): Promise<unknown>
  /** Replaces what was there; `undefined` takes it away. For what every shop shares, and never for a secret. */
  saveSetting(name: string, value: unknown): Promise<void>
  /** Deletes what is past its time, at most `limit` rows of a kind; the number of rows that went. */
  retain(policy: Retention, now: number, limit: number): Promise<number>
  /**
   * These people and all that they are linked to, as names of subjects. A name is a subject (a customer's or browser's id, a
   * checkout's or cart's token, an order's purchase id) or an address (subject-names.ts).
   */
  linked(shop: Shop, names: readonly string[]): Promise<readonly string[]>
  /** Deletes the salts of these people and of all that are linked to them; the number of salts that went. */
  erase(shop: Shop, names: readonly string[]): Promise<number>
  /** Deletes a shop's keys and with them all that it has, or only what came before it was installed again. */
  eraseShop(shop: Shop, erasure: ShopErasure): Promise<void>
  /** Cheap; rejects when the store is broken. */
  health(): Promise<StoreHealth>
  /** Resolves when the store is broken for good: nothing more is taken until the process was started again. */
  readonly failed: Promise<StoreFault>
  /** Checkpoints and closes; waits for running calls. */
  close(): Promise<void>
}

export { type FaultKind, Fenced, StoreFault } from './fault.ts'

export type ConnectionId = Brand<number, 'ConnectionId'>

export interface NewShop {
  readonly shop: Shop
  readonly facts: StoreFacts
  readonly policy?: ConsentPolicy
  readonly installedAt: number
}

export interface ShopRecord {
  readonly shop: Shop
  readonly facts: StoreFacts
  readonly policy: ConsentPolicy
  /** Orders placed before this are for catch-up lanes only. */
  readonly installedAt: number
  readonly head: number
}

export interface NewConnection {
  readonly shop: Shop
  readonly destination: string
  /** As the destination's settings schema gives it; sealed at rest. */
  readonly settings: unknown
  readonly createdAt: number
}

export type ConnectionState = 'active' | 'paused' | 'needs_auth'

export interface Connection extends NewConnection {
  readonly id: ConnectionId
  readonly state: ConnectionState
  /** In plain words, why it is not active or what last failed for the whole connection. */
  readonly trouble?: string
  /** Since when the platform says that these credentials do not work, ms since 1970. */
  readonly refusedSince?: number
  /** Raised by every change of settings; kept with attempts. */
  readonly settingsVersion: number
}

/** New settings, or being switched on again, end a lane's wait after failures: who mends a token sees it work at once. */
export interface ConnectionChange {
  readonly settings?: unknown
  readonly state?: ConnectionState
  /** Here and below, null takes away what was there; new settings and being switched on end a refusal too. */
  readonly trouble?: string | null
  readonly refusedSince?: number | null
}

export interface NewMessage {
  readonly source: 'shopify-webhook'
  readonly topic: string
  /** Unique per delivery, constant over retries. */
  readonly webhookId: string
  /** Shared by all deliveries of one merchant action. */
  readonly eventId?: string
  readonly receivedAt: number
  readonly body: Uint8Array
}

export interface StoredMessage extends NewMessage {}

export interface NewEvent {
  readonly event: Event
  /** Whose key seals the body: client id, else customer, else checkout token, else the event's own id. */
  readonly subject: string
  readonly receivedAt: number
}

/** One message's content. */
export interface Arrival {
  readonly shop: Shop
  readonly message?: NewMessage
  /** Facts. One whose id is known is kept as a part when several sides can tell of it, else dropped. */
  readonly events: readonly NewEvent[]
  /** Sightings that add to a fact. */
  readonly parts: readonly NewEvent[]
  /** Rows of `orders` that this message creates or changes. */
  readonly orders: readonly OrderChange[]
}

export interface Appended {
  /** The whole message was known already. */
  readonly repeated: boolean
  /** For each event of the arrival: its number and whether this call appended it. */
  readonly events: readonly { readonly seq: number; readonly fresh: boolean }[]
}

export interface StoredEvent {
  readonly seq: number
  readonly name: EventName
  readonly receivedAt: number
  readonly subject: string
  /** Undefined when retention took the body, its subject was erased, or what the disk gave back does not open. */
  readonly event: Event | undefined
  readonly gone?: 'expired' | 'redacted' | 'damaged'
}

export interface StoredPart {
  readonly receivedAt: number
  readonly event: Event
  /** The joined result that was kept at the first send of an order or checkout. */
  readonly joined: boolean
}

/** "client:<id>", "checkout:<token>", "cart:<token>" or "customer:<id>". */
export type IdentityKey = `${'client' | 'checkout' | 'cart' | 'customer'}:${string}`

/** What is known under one key. Which fields are used depends on the key's kind (pipeline/project.ts). */
export interface IdentityRecord {
  readonly ids?: BrowserIds
  readonly ip?: string
  readonly userAgent?: string
  /** When ip and userAgent were seen, ms. */
  readonly addressAt?: number
  readonly consent?: Consent
  readonly landing?: Event['landing']
  readonly clientId?: string
  readonly customerId?: string
  /** On a customer: its browsers, newest last. */
  readonly clients?: readonly string[]
  /** On a cart: variant -> pieces as last told by Shopify. */
  readonly lines?: Readonly<Record<string, number>>
  /** On a cart: Shopify's own time of those lines, ms. */
  readonly linesAt?: number
  /** On a client: "<variant> <ms>" of its newest product_added sightings. */
  readonly added?: readonly string[]
  readonly seenAt: number
}

export interface OrderRecord {
  readonly orderId: string
  readonly seq?: number
  readonly name?: string
  readonly placedAt?: number
  readonly value?: string
  readonly refunded?: string
  readonly currency?: string
  readonly channel?: string
  readonly cancelledAt?: number
}

/** live has no end; the catch-up kinds end at `to`. */
export type LaneKind = 'live' | 'backlog' | 'backfill' | 'replay'

export interface Lane {
  readonly connection: ConnectionId
  readonly lane: number
  readonly kind: LaneKind
  /** First number of the lane. */
  readonly from: number
  readonly to?: number
  /** Last settled number. */
  readonly position: number
  /** Not before this moment, after a failed request. */
  readonly due: number
  /** Failed requests in a row. */
  readonly tries: number
  /** Since when and until when requests of unknown outcome may have left; without an end, they left at that moment. */
  readonly unsureSince?: number
  readonly unsureUntil?: number
  /** In a restored store the doubt does not end with the next round, but at this number. */
  readonly unsureTo?: number
  /** Of a replay or a backfill: the task and what it chooses. */
  readonly task?: { readonly id: number; readonly choice: Choice }
}

/** hold: waits for the browser's part. retry and singly: to be sent again. person: needs somebody. dead: final. */
export type ParkedKind = 'hold' | 'retry' | 'singly' | 'person' | 'dead'

export interface NewParked {
  readonly seq: number
  readonly kind: ParkedKind
  readonly due: number
  readonly tries: number
  /** First request of unknown outcome, ms. */
  readonly unsureSince?: number
  /** The last code and plain words. */
  readonly code?: string
  readonly message?: string
  /** Dead letters keep their own sealed copy for 14 days. */
  readonly copy?: Event
  readonly parkedAt: number
}

export interface ParkedEvent extends NewParked {
  readonly connection: ConnectionId
}
