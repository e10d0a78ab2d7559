import type { SourceName } from '../sources/source.ts'

/** What became of an event, as it is counted: `sent` is not confirmed yet, or never will be. */
export type Counted = 'delivered' | 'sent' | 'skipped' | 'dead'

/** A breaker stops requests to one connection, to a whole platform, or to all of them while our own network is down. */
export type BreakerScope = 'connection' | 'platform' | 'network'
export type BreakerState = 'closed' | 'open' | 'probing'

/**
 * Counts what happens, for whoever watches the process. It is told slugs, states and numbers, and never a shop, an event
 * or a person: what it is told is published.
 */
export interface Meter {
  /** A message was answered with this status. */
  answered(source: SourceName, status: number): void
  /** So many new events of a message are on the disk. */
  accepted(source: SourceName, events: number): void
  /** A message was dropped on purpose: its shop is not connected here. */
  dropped(source: SourceName): void
  /** So many calls of a message were of no use: they tell of no act of a shopper, or cannot be read. */
  leftOut(source: SourceName, calls: number): void
  /** A request to a platform took so many ms; status 0 is no answer. */
  request(destination: string, status: number, ms: number): void
  /** A request that failed as a whole, or an event of one, is put off to be sent again. */
  retry(destination: string): void
  settled(destination: string, what: Counted): void
  /** From an event's own time until its platform took it, ms; of events that were told as they happened. */
  lag(destination: string, ms: number): void
  /** A breaker changed; of the network's own the destination is `all`. */
  breaker(destination: string, scope: BreakerScope, from: BreakerState, to: BreakerState): void
}

export const silentMeter: Meter = {
  answered() {},
  accepted() {},
  dropped() {},
  leftOut() {},
  request() {},
  retry() {},
  settled() {},
  lag() {},
  breaker() {},
}
