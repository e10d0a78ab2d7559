import type { Shop } from '../event/event.ts'

/** Where the Admin API's access tokens come from. */
export interface AccessTokens {
  /** One that is good for a while yet; `refused` is one that Shopify would not take: it is not given again. */
  of(shop: Shop, refused?: string): Promise<AccessAnswer>
}

/** reinstall: only the merchant can mend it, by opening the app. */
export type AccessAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: 'not_installed' | 'reinstall' | 'unreachable'; readonly message: string }
