import type { Destination } from '../destinations/destination.ts'
import type { Shop } from '../event/event.ts'
import type { Send } from '../lib/http.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import type { Breakers } from './breakers.ts'
import type { Catalogue } from './catalogue.ts'
import type { Limiter } from './limiter.ts'
import type { Meter } from './meter.ts'
import type { Ownership } from './ownership.ts'
import type { Slots } from './slots.ts'

/** The whole outside world as one record. A runtime builds one, a test builds a smaller one. */
export interface Runtime {
  readonly store: Store
  readonly send: Send
  readonly clock: Clock
  readonly wake: Wake
  readonly limiter: Limiter
  readonly breakers: Breakers
  readonly slots: Slots
  readonly ownership: Ownership
  /**
   * Resolves when what was acknowledged of the shop before is learned. Only where not capture itself learns from what
   * it appends (follower.ts).
   */
  readonly learned?: (shop: Shop) => Promise<void>
  /** What the shops' catalogues say; absent where nobody may ask them. */
  readonly catalogue?: Catalogue
  readonly log: Log
  readonly meter: Meter
  readonly destinations: ReadonlyMap<string, Destination>
  readonly options: PipelineOptions
}

export interface Clock {
  /** ms since 1970. */
  now(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** In [0, 1). */
  random(): number
}

/** Tells that something changed: capture wakes delivery, delivery wakes the dashboard's live view. */
export interface Wake {
  /** A shop has new events or parts. */
  arrived(shop: Shop): void
  /** Something of a shop was settled. */
  settled(shop: Shop): void
  /** Returns the function that ends the subscription. */
  on(kind: 'arrived' | 'settled', listener: (shop: Shop) => void): () => void
}

export interface PipelineOptions {
  /** How long a purchase whose visit is unknown waits for the pixel's part, ms. */
  readonly hold: number
  /** Of attempts that fully succeeded and carried no order, one in this many is kept. */
  readonly attemptSample: number
}
