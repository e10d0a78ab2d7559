import { type Account, readsAccount } from '../kit/accounts.ts'

/** A dataset, formerly pixel; the browser's tag names the same id. */
export const DEFAULT_ACCOUNT: Account = {
  id: '1234567890123456',
  tokens: ['EAAsandboxtoken'],
}

export const readAccount = readsAccount({
  id: { pattern: /^\d{1,20}$/, words: 'id must be 1 to 20 digits' },
  token: { pattern: /^EAA\w+$/, words: 'token must begin with EAA' },
})
