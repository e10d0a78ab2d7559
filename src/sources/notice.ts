import { hash } from 'node:crypto'
import type { Store } from '../event/event.ts'

/** What Shopify tells of the app or of the shop itself: it is carried out, not sent. `at` in ms since 1970. */
export type Notice =
  | { readonly kind: 'uninstalled'; readonly at: number }
  | { readonly kind: 'scopes_changed'; readonly at: number; readonly scopes: readonly string[] }
  | { readonly kind: 'shop_changed'; readonly at: number; readonly facts: Store }
  | { readonly kind: 'product_changed'; readonly at: number; readonly product: string }

/**
 * Under which a notice waits: one for each message, however often it comes. An uninstallation stands before everything
 * else: nothing more is sent for a store that took the app off.
 */
export const noticeKey = ({ kind }: Pick<Notice, 'kind'>, webhookId: string): string =>
  `${kind === 'uninstalled' ? '0' : '1'}.${hash('sha256', webhookId)}`
