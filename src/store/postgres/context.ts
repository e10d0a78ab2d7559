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
  readonly shops: Lru<Shop, ShopRow>
}

/** A shop as the rest of the store needs it. */
export interface ShopRow {
  readonly id: number
  readonly shop: Shop
  readonly key: Uint8Array
}

/** These shops, in the order of their numbers; those that were never saved are left out. A shop's number and key never change. */
export const findShops = async (
  { keys, shops }: Pick<Context, 'keys' | 'shops'>,
  sql: Sql,
  domains: readonly Shop[],
): Promise<ShopRow[]> => {
  const missing = domains.filter((domain) => !shops.get(domain))
  const found = new Map(domains.flatMap((domain) => [[domain, shops.get(domain)] as const]))
  if (missing.length > 0)
    for (const { id, domain, wrapped } of await sql
      .sql<{ id: number; domain: Shop; wrapped: Uint8Array }>(
        'SELECT s.id, s.domain, k.wrapped FROM shops s JOIN shop_keys k ON k.shop = s.id WHERE s.domain = ANY($1)',
      )
      .all(missing)) {
      const row = { id, shop: domain, key: keys.unwrap(domain, wrapped) }
      shops.set(domain, row)
      found.set(domain, row)
    }
  return [...found.values()].filter((row) => row !== undefined).sort((a, b) => a.id - b.id)
}

/** Undefined for a shop that was never saved. */
export const findShop = async (context: Context, shop: Shop, sql: Sql = context.db): Promise<ShopRow | undefined> =>
  context.shops.get(shop) ?? (await findShops(context, sql, [shop]))[0]

/** For calls that make no sense for an unknown shop. */
export const needShop = async (context: Context, shop: Shop, sql: Sql = context.db): Promise<ShopRow> => {
  const row = await findShop(context, shop, sql)
  if (!row) throw new Error(`The shop ${shop} is not in the store.`)
  return row
}
