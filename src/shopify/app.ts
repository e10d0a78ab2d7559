import type { Shop } from '../event/event.ts'

/** Our app as Shopify knows it. */
export interface ShopifyApp {
  /** The client id: public, in every session token and every page of the app. */
  readonly clientId: string
  /** The client secret and, while it is being rotated, the one before. The first one is used for what we sign and ask. */
  readonly secrets: readonly [string, ...string[]]
  /** What the app asks for. */
  readonly scopes: readonly string[]
  /** Where the dashboard is reached from outside, without a trailing slash; absent: nobody can install from a browser. */
  readonly url?: string
  /** The one store of a merchant who runs the app for it alone: access comes by client credentials. */
  readonly shop?: Shop
}

/** What is needed to receive orders, customers and products, and to connect the web pixel (platform sheet 1.5). */
export const SCOPES: readonly string[] = [
  'read_orders',
  'read_customers',
  'read_products',
  'read_pixels',
  'write_pixels',
  'read_customer_events',
]

/** A scope to write something includes the one to read it. */
export const missingScopes = (wanted: readonly string[], granted: readonly string[]): readonly string[] => {
  const all = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]))
  return wanted.filter((scope) => !all.has(scope))
}

/** Scopes as Shopify writes them: separated by commas. */
export const scopesFrom = (text: string): readonly string[] => text.split(/[\s,]+/).filter(Boolean)
