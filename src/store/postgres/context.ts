import type { Shop } from '../../event/event.ts'
import type { ShopKeys } from '../keys.ts'
import type { Lru } from '../lru.ts'
import type { Database, Sql } from './database.ts'

/** What every area of the store works with. */
export interface Context {
  readonly db: Database
  /** Connections of their own for appending: what comes in never waits behind what is looked at. */
  readonly intake: Database
  readonly keys: ShopKeys
  readonly shops: Lru<Shop, ShopRow & { readonly readAt: number }>
  /** A name in a tombstone. */
  readonly blind: (shop: Shop, name: string) => string
}

/** A shop as the rest of the store needs it. */
export interface ShopRow {
  readonly id: number
  readonly shop: Shop
  readonly key: Uint8Array
}

/** A shop that was erased comes back under another number and key, which other processes notice after this long, ms. */
const FRESH = 10_000

/** These shops, in the order of their numbers; those that were never saved are left out. */
export const findShops = async (
  { keys, shops }: Pick<Context, 'keys' | 'shops'>,
  sql: Sql,
  domains: readonly Shop[],
): Promise<ShopRow[]> => {
  const now = performance.now()
  const found = new Map<Shop, ShopRow>()
  for (const domain of domains) {
    const known = shops.get(domain)
    if (known && now - known.readAt < FRESH) found.set(domain, known)
  }
  const missing = domains.filter((domain) => !found.has(domain))
  if (missing.length > 0)
    for (const { id, domain, wrapped } of await sql
      .sql<{ id: number; domain: Shop; wrapped: Uint8Array }>(
        'SELECT s.id, s.domain, k.wrapped FROM shops s JOIN shop_keys k ON k.shop = s.id WHERE s.domain = ANY($1)',
      )
      .all(missing)) {
      const row = { id, shop: domain, key: keys.unwrap(domain, wrapped), readAt: now }
      shops.set(domain, row)
      found.set(domain, row)
    }
  return [...found.values()].sort((a, b) => a.id - b.id)
}

/** Undefined for a shop that was never saved. */
export const findShop = async (context: Context, shop: Shop, sql: Sql = context.db): Promise<ShopRow | undefined> =>
  (await findShops(context, sql, [shop]))[0]

/** For calls that make no sense for an unknown shop. */
export const needShop = async (context: Context, shop: Shop, sql: Sql = context.db): Promise<ShopRow> => {
  const row = await findShop(context, shop, sql)
  if (!row) throw new Error(`The shop ${shop} is not in the store.`)
  return row
}
