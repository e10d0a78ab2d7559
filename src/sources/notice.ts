import type { Store } from '../event/event.ts'

/** What Shopify tells of the app or of the shop itself: it is carried out, not sent. `at` in ms since 1970. */
export type Notice =
  | { readonly kind: 'uninstalled'; readonly at: number }
  | { readonly kind: 'scopes_changed'; readonly at: number; readonly scopes: readonly string[] }
  | { readonly kind: 'shop_changed'; readonly at: number; readonly facts: Store }
  | { readonly kind: 'product_changed'; readonly at: number; readonly product: string }
