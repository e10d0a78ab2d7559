import type { Brand } from '../lib/brand.ts'
import type { BrowserIds } from './browser-ids.ts'
import type { Consent } from './consent.ts'
import type { Identity } from './identity.ts'
import type { EventName } from './names.ts'

/** A shop's permanent domain, `something.myshopify.com`, lower case. It is in every key and every query. */
export type Shop = Brand<string, 'Shop'>

/** An event's id: a pure function of the fact (event-ids.ts), the same from whichever side it was seen. */
export type EventId = Brand<string, 'EventId'>

export type Origin = 'live' | 'reconcile' | 'backfill' | 'track'
export type Channel = 'web' | 'pos' | 'draft' | 'subscription' | 'app' | 'other'

/**
 * The canonical event: one fact about a shop, in our words. It is plain JSON: instants are ISO 8601 text in UTC with
 * milliseconds, money is decimal text in major units, ids are text, absent means absent (no null, no empty text).
 */
export interface Event {
  readonly schema: 1
  readonly id: EventId
  readonly shop: Shop
  readonly name: EventName
  /** Set on a sighting that only adds to a fact and may not create it; a part never carries money. */
  readonly part?: true
  readonly occurredAt: string
  readonly receivedAt?: string
  readonly origin: Origin
  /** Which messages told of it: "<source>:<topic or pixel event>", and ":<webhook id>" where there is one. */
  readonly seenBy: readonly string[]
  /**
   * What was odd about the message, e.g. "phone_unreadable", and `tag_fired:<destination>` where a platform's own tag
   * told the same event from the browser. Never values.
   */
  readonly flags: readonly string[]
  readonly store?: Store
  readonly page?: Page
  readonly landing?: Landing
  readonly device?: Device
  readonly identity?: Identity
  readonly ids?: BrowserIds
  readonly consent?: Consent
  readonly commerce?: Commerce
  readonly search?: { readonly query: string }
  readonly collection?: { readonly id?: string; readonly title?: string }
  readonly custom?: { readonly name: string; readonly [key: string]: unknown }
}

/** Facts about the shop itself, not the shopper. */
export interface Store {
  /** ISO 3166-1 alpha-2; also the catalogue's country. */
  readonly country?: string
  readonly currency?: string
  /** IANA name. */
  readonly timezone?: string
  /** Origin of the storefront, without a trailing slash. */
  readonly url?: string
}

export interface Page {
  readonly url?: string
  readonly referrer?: string
  readonly title?: string
  readonly viewId?: string
}

/** The first page of the visit. */
export interface Landing {
  readonly url?: string
  readonly referrer?: string
  readonly at?: string
}

export interface Device {
  readonly type?: string
  readonly screen?: { readonly width: number; readonly height: number }
}

/** Amounts in one currency. */
export interface Amounts {
  readonly currency?: string
  /** What the shopper pays in all: lines, shipping, tax, tip, after discounts. */
  readonly value?: string
  readonly subtotal?: string
  readonly tax?: string
  readonly shipping?: string
  readonly discount?: string
  readonly tip?: string
}

export interface Commerce extends Amounts {
  readonly taxesIncluded?: boolean
  readonly presentment?: Amounts
  readonly coupons?: readonly string[]
  readonly orderId?: string
  readonly orderName?: string
  readonly checkoutToken?: string
  readonly cartToken?: string
  readonly refundId?: string
  readonly placedAt?: string
  readonly updatedAt?: string
  /** On a refund or cancel: the order it takes back. */
  readonly original?: {
    readonly occurredAt?: string
    readonly value?: string
    readonly subtotal?: string
    /** Subtotal minus costs, where all of them are known. */
    readonly profit?: string
  }
  readonly remaining?: string
  readonly reason?: string
  readonly paymentType?: string
  readonly shippingMethod?: string
  readonly checkoutUrl?: string
  readonly items?: readonly LineItem[]
  /** Pieces in all. */
  readonly numItems?: number
  readonly customerType?: 'new' | 'returning'
  readonly channel?: Channel
  readonly financialStatus?: string
  readonly test?: boolean
}

export interface LineItem {
  readonly lineId?: string
  readonly productId?: string
  readonly variantId?: string
  readonly sku?: string
  readonly title?: string
  readonly variantTitle?: string
  readonly vendor?: string
  readonly category?: string
  readonly type?: string
  /** The merchant's own, from the catalogue. */
  readonly tags?: readonly string[]
  readonly url?: string
  readonly imageUrl?: string
  readonly quantity?: number
  /** Unit price after discounts: total / quantity, rounded half up. */
  readonly price?: string
  /** Exact line total after discounts. */
  readonly total?: string
  readonly compareAtPrice?: string
  readonly discount?: string
  readonly cost?: string
  readonly giftCard?: boolean
}

const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/

/** A shop domain, stricter than Shopify's own library, which also lets foreign hosts pass (platform sheet 1.4). */
export const shopFrom = (text: unknown): Shop | undefined => {
  const lower = typeof text === 'string' ? text.trim().toLowerCase() : ''
  return SHOP.test(lower) ? (lower as Shop) : undefined
}
