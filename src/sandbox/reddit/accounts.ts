import { type Account, readsAccount } from '../kit/accounts.ts'

/** A pixel; the browser's tag names the same id. */
export const DEFAULT_ACCOUNT: Account = {
  id: 'a2_sandboxpixel',
  tokens: ['reddit_sandbox_token'],
}

/** A prefix of which three are known, then a code. */
export const PIXEL_ID = /^(?:a2|t2|p2)_\w+$/

export const readAccount = readsAccount({
  id: { pattern: PIXEL_ID, words: 'id must be a pixel id such as a2_abc123' },
  // The form of a conversion access token is published nowhere.
  token: { pattern: /^\S+$/, words: 'token must have no spaces' },
})
