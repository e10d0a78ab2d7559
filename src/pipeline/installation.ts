import type { Shop } from '../event/event.ts'
import type { Entry } from '../store/entry.ts'
import type { Store } from '../store/store.ts'

/** How the app is installed on a shop: the entry `installation`, key `app`. A shop that was added by hand has none. */
export interface Installation {
  readonly state: 'installed' | 'uninstalled'
  /** Since when, by Shopify's clock where it told, ms since 1970. */
  readonly since: number
  /** When the one before it ended, as far as that was heard of. */
  readonly uninstalledAt?: number
  /** What the merchant allows the app, and when we were told, ms. */
  readonly scopes: readonly string[]
  readonly scopesAt: number
  /** When Shopify last gave access, by the clock of what it was given for, ms: it was installed then. */
  readonly grantedAt: number
  /** The record that makes Shopify run our pixel, as last seen. */
  readonly pixel?: PixelState
}

/** Whether Shopify runs our pixel in a store and sends its beacons to us; in words what is wrong, where it does not. */
export type PixelState = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly message: string }

export const INSTALLATION_KEY = 'app'

/** What only this project's own code writes. */
export const installationIn = (entry: Entry | undefined): Installation | undefined =>
  entry?.value as Installation | undefined

export const installationOf = async (store: Pick<Store, 'entry'>, shop: Shop): Promise<Installation | undefined> =>
  installationIn(await store.entry(shop, 'installation', INSTALLATION_KEY))
