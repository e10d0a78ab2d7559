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
