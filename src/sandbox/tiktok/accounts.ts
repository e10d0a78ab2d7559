import { type Account, readsAccount } from '../kit/accounts.ts'

/** A pixel; its code is the tag's id and the `event_source_id` of its events. */
export const DEFAULT_ACCOUNT: Account = {
  id: 'C4A1B2C3D4E5F6G7H8I9',
  tokens: ['tiktok_sandbox_token'],
}

// 20 characters is what pixel codes normally have, so other lengths are let through.
export const readAccount = readsAccount({
  id: { pattern: /^[A-Z0-9]{8,40}$/, words: 'id must be a pixel code: 8 to 40 capital letters and digits' },
  token: { pattern: /^\S+$/, words: 'token must be a text without spaces' },
})
