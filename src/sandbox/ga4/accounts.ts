import { type Account, readsAccount } from '../kit/accounts.ts'

/** A web stream: its measurement id, which the browser’s tag names too, and its Measurement Protocol API secrets. */
export const DEFAULT_ACCOUNT: Account = {
  id: 'G-TEST123456',
  tokens: ['ga4_sandbox_secret'],
}

export const readAccount = readsAccount({
  id: { pattern: /^G-[A-Z0-9]{4,20}$/, words: 'id must be a measurement id such as G-XXXXXXXXXX' },
  token: { pattern: /^\S{8,}$/, words: 'token must be an API secret of at least 8 characters' },
})
