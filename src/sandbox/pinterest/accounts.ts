import { MINUTE } from '../../lib/duration.ts'
import { type Account, type ReadAccount, readsAccount } from '../kit/accounts.ts'
import type { Budget } from '../kit/budget.ts'

/**
 * An ad account. Its id has up to 18 digits and is text, because it exceeds 2^53; a conversion token may serve several
 * accounts; `tagId` is that of `pintrk('load', id)`.
 */
export const DEFAULT_ACCOUNT: Account & { readonly tagId: string } = {
  id: '549755885175',
  tokens: ['pina_sandbox_token'],
  tagId: '2612345678901',
}

const read = readsAccount({
  id: { pattern: /^\d{1,18}$/, words: 'id must be 1 to 18 digits' },
  token: { pattern: /^pina_/, words: 'token must begin with pina_' },
})

export const readAccount: ReadAccount<Account> = (body, known) => {
  const account = read(body, known)
  return typeof account === 'string' ? account : { tagId: `26${account.id}`, ...account }
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
