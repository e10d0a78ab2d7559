import { MINUTE, SECOND } from '../../lib/duration.ts'

/** An ad account as the sandbox knows it. */
export interface Account {
  /** Digits, at most 18; text, because it exceeds 2^53. */
  readonly id: string
  /** Conversion tokens that may write to it; one token may serve several accounts. */
  readonly tokens: readonly string[]
  /** Id of the browser tag, `pintrk('load', id)`. */
  readonly tagId: string
}

export const DEFAULT_ACCOUNT: Account = {
  id: '549755885175',
  tokens: ['pina_sandbox_token'],
  tagId: '2612345678901',
}

export interface Budget {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window begins anew. */
  readonly reset: number
  readonly over: boolean
}

/** Counts calls in windows of fixed length. */
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

/** Endpoint text: 5,000 calls a minute and ad account. */
export const CALLS_PER_MINUTE = 5000
export const RATE_WINDOW = MINUTE
/** Test mode: 10 requests a second. */
export const TEST_CALLS_PER_SECOND = 10

/** The three headers as measured on 2026-09-24. */
export const rateHeaders = (budget: Budget): Record<string, string> => ({
  'x-ratelimit-limit': `${budget.limit}, ${budget.limit};w=60;name="ads_conversions_ad_account_id"`,
  'x-ratelimit-remaining': String(budget.remaining),
  'x-ratelimit-reset': String(budget.reset),
})
