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

/** The least that the app needs; what each is for stands in shopify.app.toml, which asks for the same. */
export const SCOPES: readonly string[] = [
  'read_orders',
  'read_customers',
  'read_products',
  'write_pixels',
  'read_customer_events',
  'read_privacy_settings',
  'write_app_proxy',
]

/** A scope to write something includes the one to read it. */
export const missingScopes = (wanted: readonly string[], granted: readonly string[]): readonly string[] => {
  const all = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]))
  return wanted.filter((scope) => !all.has(scope))
}

/** Scopes as Shopify writes them: separated by commas. */
export const scopesFrom = (text: string): readonly string[] => text.split(/[\s,]+/).filter(Boolean)
