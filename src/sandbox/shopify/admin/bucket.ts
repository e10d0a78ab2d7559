import { SECOND } from '../../../lib/duration.ts'

/** Points of the standard plan: what fits, and how many come back in a second. */
export const STANDARD = { maximum: 2000, restoreRate: 100 } as const

/** No single query may cost more. */
export const MOST_OF_A_QUERY = 1000

export interface Plan {
  readonly maximum: number
  readonly restoreRate: number
}

/** An app's points at a shop. What a query may cost is taken first, and what it did not use is given back. */
export const createBucket = ({ maximum, restoreRate }: Plan = STANDARD) => {
  let available = maximum
  let at = Number.NEGATIVE_INFINITY
  const fill = (now: number) => {
    if (now > at && at > 0) available = Math.min(maximum, available + ((now - at) / SECOND) * restoreRate)
    at = Math.max(at, now)
  }
  return {
    /** Whether there was room for a query; then it is taken. */
    take(cost: number, now: number): boolean {
      fill(now)
      if (available < cost) return false
      available -= cost
      return true
    },
    giveBack(cost: number): void {
      available = Math.min(maximum, available + cost)
    },
    status(now: number) {
      fill(now)
      return { maximumAvailable: maximum, currentlyAvailable: Math.floor(available), restoreRate }
    },
  }
}

export type Bucket = ReturnType<typeof createBucket>
