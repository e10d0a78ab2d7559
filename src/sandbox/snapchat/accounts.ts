import { type Account, readsAccount } from '../kit/accounts.ts'

/** A pixel; its browser tag and the path of its events name the same id. */
export const DEFAULT_ACCOUNT: Account = {
  id: '3ff2a6f1-1111-4000-8000-000000000001',
  tokens: ['snap_sandbox_token'],
}

export const readAccount = readsAccount({
  id: { pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, words: 'id must be a UUID in lower case' },
  token: { pattern: /^\S+$/, words: 'token must be a text without spaces' },
})
