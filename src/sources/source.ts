import type { Consent } from '../event/consent.ts'
import type { Event, Shop, Store } from '../event/event.ts'
import type { Identity } from '../event/identity.ts'
import type { OrderChange } from '../event/order-change.ts'
import type { Notice } from './notice.ts'

export type SourceName = 'shopify-webhook' | 'web-pixel' | 'admin-api' | 'track'

/** What is known about a message beside its body. What is not known is absent. */
export interface Message {
  readonly source: SourceName
  readonly shop?: Shop
  /** A webhook's topic, "orders/create". */
  readonly topic?: string
  readonly webhookId?: string
  readonly eventId?: string
  /** ISO 8601, up to nanoseconds. */
  readonly triggeredAt?: string
  /** ISO 8601. */
  readonly receivedAt?: string
  /** Of the request itself. Only a browser's own request tells about the shopper. */
  readonly ip?: string
  readonly userAgent?: string
  /** It came with a key that only the merchant's own servers have: it may tell of orders and money. */
  readonly trusted?: true
  /** Of orders that are looked up: found missing, or fetched from before the installation. */
  readonly origin?: 'reconcile' | 'backfill'
  /** The shop's own country, currency, timezone and storefront, when they are known. */
  readonly facts?: Store
}

/** A browser's new choice of consent, told by itself because nothing else may follow it. It is no fact of the log. */
export interface ConsentSighting {
  readonly clientId: NonNullable<Identity['clientId']>
  readonly consent: Consent
}

/** What a message said. */
export interface Decoded {
  /** Facts. */
  readonly events: readonly Event[]
  /** Sightings that add to a fact and may not create it. */
  readonly parts: readonly Event[]
  readonly orders: readonly OrderChange[]
  readonly consents?: readonly ConsentSighting[]
  readonly notice?: Notice
  /** Why some of a beacon's events were left out, in plain words, each reason once. */
  readonly leftOut?: readonly string[]
  /** Of a track message with calls that were left out: how many, and how many of them could not be read. */
  readonly unused?: { readonly calls: number; readonly faulty: number }
  /** In plain words, why there is nothing to send. Set exactly when events and parts are empty. */
  readonly nothing?: string
}

export const nothing = (why: string): Decoded => ({ events: [], parts: [], orders: [], nothing: why })

export const NO_SHOP = 'The message does not say which shop it is from.'
