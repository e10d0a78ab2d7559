import type { EventName } from '../event/names.ts'
import type { ConnectionId } from './store.ts'

export interface RollupDelta {
  /** Start of the quarter hour, ms. */
  readonly bucket: number
  readonly name: EventName
  /** The outcome byte, or 0 for what arrived. */
  readonly outcome: number
  readonly count: number
  /** Minor units of the shop's currency. */
  readonly value: number
  /** Counts per class of time from occurrence to acceptance (LAG_BOUNDS); only for delivered events. */
  readonly lag?: readonly number[]
  /** How many of the sent items carried each identifier. */
  readonly carried?: Readonly<Record<string, number>>
  /** Of purchases that were sent, those that the browser's side did not tell the platform itself. */
  readonly recovered?: Recovered
  /** What the platform remarked on events that it took, and on how many. */
  readonly notes?: Readonly<Record<string, number>>
}

/** How many, and their worth in minor units of the shop's currency. */
export interface Sum {
  readonly count: number
  readonly value: number
}

export interface Recovered {
  /** No tag of ours had reported, when it was sent, that it fired for this platform: failed, blocked, or not there. */
  readonly noTag: Sum
  /** Nothing in the shopper's browser told of the visit that led to it, neither a tag nor the web pixel. */
  readonly noBrowser: Sum
}

export interface Rollup extends RollupDelta {
  /** Absent on arrivals. */
  readonly connection?: ConnectionId
}

/** Upper bounds of the lag classes in ms; the last class is beyond. */
export const LAG_BOUNDS: readonly number[] = [1000, 5000, 30_000, 60_000, 300_000, 3_600_000, 86_400_000]

/** The start of the quarter hour that holds an instant. */
export const quarterHour = (at: number): number => at - (at % 900_000)
