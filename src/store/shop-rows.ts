import type { ConsentPolicy } from '../event/consent.ts'
import type { Shop, Store as StoreFacts } from '../event/event.ts'
import { openText, type SealedFor, sealRow } from './sealing.ts'
import type { Connection, ConnectionId, ConnectionState, ShopRecord } from './store.ts'

/** A row of `shops`, with its head. */
export interface StoredShop {
  readonly domain: Shop
  readonly facts: string
  readonly policy: string
  readonly installed_at: number
  readonly head: number
}

export const shopRecord = (row: StoredShop): ShopRecord => ({
  shop: row.domain,
  facts: JSON.parse(row.facts) as StoreFacts,
  policy: JSON.parse(row.policy) as ConsentPolicy,
  installedAt: row.installed_at,
  head: row.head,
})

/** A row of `connections`. */
export interface StoredConnection {
  readonly id: ConnectionId
  readonly destination: string
  readonly sealed: Uint8Array
  readonly settings_version: number
  readonly state: ConnectionState
  readonly trouble: string | null
  readonly refused_since: number | null
  readonly created_at: number
}

export const connectionRecord = (shop: SealedFor, row: StoredConnection): Connection => {
  const settings = openText(shop.key, row.sealed, shop.shop, 'connections', row.id)
  if (settings === undefined) throw new Error(`The settings of connection ${row.id} cannot be opened.`)
  return {
    id: row.id,
    shop: shop.shop,
    destination: row.destination,
    settings: JSON.parse(settings),
    createdAt: row.created_at,
    state: row.state,
    ...(row.trouble !== null && { trouble: row.trouble }),
    ...(row.refused_since !== null && { refusedSince: row.refused_since }),
    settingsVersion: row.settings_version,
  }
}

export const sealSettings = (row: SealedFor, id: ConnectionId, settings: unknown): Uint8Array =>
  sealRow(row.key, JSON.stringify(settings ?? null), row.shop, 'connections', id)
