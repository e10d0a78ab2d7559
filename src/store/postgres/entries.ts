import type { Shop } from '../../event/event.ts'
import type { Entry, EntryChange, EntryKind, EntryQuery } from '../entry.ts'
import { type EntryRow, entryOf, sealEntry } from '../entry-rows.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'

export const entryOperations = (context: Context) => {
  const { db } = context
  const find = (shop: ShopRow, kind: EntryKind, key: string): Promise<EntryRow | undefined> =>
    db
      .sql<EntryRow>('SELECT key, version, at, sealed FROM entries WHERE shop = $1 AND kind = $2 AND key = $3')
      .get(shop.id, kind, key)
  return {
    async entry(domain: Shop, kind: EntryKind, key: string): Promise<Entry | undefined> {
      const shop = await findShop(context, domain)
      const row = shop && (await find(shop, kind, key))
      return row && entryOf(shop, kind, row)
    },

    async entries(
      domain: Shop,
      kind: EntryKind,
      { limit, after, descending = false }: EntryQuery,
    ): Promise<readonly Entry[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<EntryRow>(
          `SELECT key, version, at, sealed FROM entries
           WHERE shop = $1 AND kind = $2 AND ($3::text IS NULL OR key ${descending ? '<' : '>'} $3)
           ORDER BY key ${descending ? 'DESC' : 'ASC'} LIMIT $4`,
        )
        .all(shop.id, kind, after ?? null, limit)
      return rows.flatMap((row) => entryOf(shop, kind, row) ?? [])
    },

    /** One statement each, so that of two callers who saw the same version exactly one finds it there. */
    async saveEntry(
      domain: Shop,
      kind: EntryKind,
      key: string,
      value: unknown,
      { at, was, until }: EntryChange,
    ): Promise<boolean> {
      const shop = await needShop(context, domain)
      if (value === undefined) {
        const gone = await db
          .sql('DELETE FROM entries WHERE shop = $1 AND kind = $2 AND key = $3 AND ($4::int IS NULL OR version = $4)')
          .run(shop.id, kind, key, was ?? null)
        return gone > 0 || was === undefined || (was === 0 && !(await find(shop, kind, key)))
      }
      const values = [shop.id, kind, key, at, until ?? null, sealEntry(shop, kind, key, value)]
      const insert = `INSERT INTO entries (shop, kind, key, version, at, until, sealed) VALUES ($1, $2, $3, 1, $4, $5, $6)`
      const update = 'version = entries.version + 1, at = $4, until = $5, sealed = $6'
      if (was === undefined) {
        await db.sql(`${insert} ON CONFLICT (shop, kind, key) DO UPDATE SET ${update}`).run(...values)
        return true
      }
      if (was === 0) return (await db.sql(`${insert} ON CONFLICT (shop, kind, key) DO NOTHING`).run(...values)) > 0
      const changed = await db
        .sql(`UPDATE entries SET ${update} WHERE shop = $1 AND kind = $2 AND key = $3 AND version = $7`)
        .run(...values, was)
      return changed > 0
    },
  }
}
