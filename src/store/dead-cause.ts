import { EVENT_NAMES } from '../event/names.ts'

/** Dead letters of one connection that ended for the same reason. */
export interface DeadCause {
  /** As the platform, or the outcome, calls it. */
  readonly code?: string
  readonly message?: string
  readonly count: number
  /** The highest number among them, and when the last of them ended, ms. */
  readonly newest: number
  readonly at: number
  /** Those of them that are purchases, newest first, at most MOST_PURCHASES: what they are worth is asked for. */
  readonly purchases: readonly number[]
}

export const MOST_PURCHASES = 1000

/** The names of purchases, as the log writes them. */
export const PURCHASES: readonly number[] = [EVENT_NAMES.indexOf('order_placed'), EVENT_NAMES.indexOf('order_paid')]

/** A cause as a database counts it. */
export interface CauseRow {
  readonly code: string | null
  readonly message: string | null
  readonly count: number
  readonly newest: number
  readonly at: number
}

export const causeOf = ({ code, message, count, newest, at }: CauseRow, purchases: readonly number[]): DeadCause => ({
  ...(code !== null && { code }),
  ...(message !== null && { message }),
  count,
  newest,
  at,
  purchases: purchases.toSorted((a, b) => b - a).slice(0, MOST_PURCHASES),
})
