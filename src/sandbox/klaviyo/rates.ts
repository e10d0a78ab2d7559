import { MINUTE, SECOND } from '../../lib/duration.ts'
import { createBudget } from '../kit/budget.ts'
import type { Answer } from '../platform.ts'
import { failing } from './errors.ts'

/** Calls per second and per minute. */
export interface Rate {
  readonly burst: number
  readonly steady: number
}

export type Call = 'event' | 'bulk' | 'accounts' | 'metrics' | 'client'

export type Rates = Readonly<Record<Call, Rate>>

export const RATES: Rates = {
  event: { burst: 350, steady: 3500 },
  bulk: { burst: 10, steady: 150 },
  accounts: { burst: 1, steady: 15 },
  metrics: { burst: 10, steady: 150 },
  client: { burst: 350, steady: 3500 },
}

/** Counts calls per account and kind in fixed windows of a second and a minute. */
export const createRates = (rates: Partial<Rates> = {}) => {
  const budgets = (call: Call) => {
    const { burst, steady } = rates[call] ?? RATES[call]
    return { burst: createBudget(burst, SECOND), steady: createBudget(steady, MINUTE) }
  }
  const calls = {
    event: budgets('event'),
    bulk: budgets('bulk'),
    accounts: budgets('accounts'),
    metrics: budgets('metrics'),
    client: budgets('client'),
  }
  return {
    /**
     * Spends one call: either the refusal, which says when to come back, or the headers of any other answer. They
     * tell the minute’s window, which of the two is not documented.
     */
    spend: (
      call: Call,
      account: string,
      now: number,
    ): { readonly refusal: Answer } | { readonly headers: Readonly<Record<string, string>> } => {
      const burst = calls[call].burst.spend(account, now)
      const steady = calls[call].steady.spend(account, now)
      if (burst.over || steady.over) {
        const refusal = failing(429)
        const after = String(steady.over ? steady.reset : burst.reset)
        return { refusal: { ...refusal, headers: { ...refusal.headers, 'retry-after': after } } }
      }
      return {
        headers: {
          'ratelimit-limit': String(steady.limit),
          'ratelimit-remaining': String(steady.remaining),
          'ratelimit-reset': String(steady.reset),
        },
      }
    },
    clear: () => {
      for (const { burst, steady } of Object.values(calls)) {
        burst.clear()
        steady.clear()
      }
    },
  }
}
