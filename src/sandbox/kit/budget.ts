import { SECOND } from '../../lib/duration.ts'

export interface Budget {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window begins anew. */
  readonly reset: number
  readonly over: boolean
}

/** Counts calls per key in windows of fixed length (ms). */
export const createBudget = (limit: number, window: number) => {
  const windows = new Map<string, { from: number; used: number }>()
  return {
    spend: (key: string, now: number): Budget => {
      const known = windows.get(key)
      const current = known && now - known.from < window ? known : { from: now, used: 0 }
      windows.set(key, current)
      current.used++
      return {
        limit,
        remaining: Math.max(0, limit - current.used),
        reset: Math.ceil((current.from + window - now) / SECOND),
        over: current.used > limit,
      }
    },
    clear: () => windows.clear(),
  }
}
