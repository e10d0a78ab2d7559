import type { Shop } from '../../event/event.ts'
import type { Entry, EntryChange, EntryKind, EntryQuery } from '../entry.ts'
import { type EntryRow, entryOf, sealEntry } from '../entry-rows.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'

type Row = EntryRow & { readonly subject: number | null }

export const entryOperations = (context: Context) => {
  const { db, subjects } = context
  const opened = (shop: ShopRow, kind: EntryKind, row: Row): Entry | undefined => {
    const key = row.subject === null ? shop.key : subjects.keyOf(shop, row.subject)
    return key && entryOf({ shop: shop.shop, key }, kind, row)
  }
  return {
    entry(domain: Shop, kind: EntryKind, key: string): Entry | undefined {
      const shop = findShop(context, domain)
      const row =
        shop &&
        db
          .sql<Row>('SELECT key, version, at, subject, sealed FROM entries WHERE shop = ? AND kind = ? AND key = ?')
          .get(shop.id, kind, key)
      return row && opened(shop, kind, row)
    },

    entries(domain: Shop, kind: EntryKind, { limit, after, descending = false }: EntryQuery): readonly Entry[] {
      const shop = findShop(context, domain)
      if (!shop) return []
      return db
        .sql<Row>(
          `SELECT key, version, at, subject, sealed FROM entries
           WHERE shop = ?1 AND kind = ?2 AND (?3 IS NULL OR key ${descending ? '<' : '>'} ?3)
           ORDER BY key ${descending ? 'DESC' : 'ASC'} LIMIT ?4`,
        )
        .all(shop.id, kind, after ?? null, limit)
        .flatMap((row) => opened(shop, kind, row) ?? [])
    },

    saveEntry(domain: Shop, kind: EntryKind, key: string, value: unknown, change: EntryChange): boolean {
      const shop = needShop(context, domain)
      const { at, was, until = null } = change
      const is =
        db
          .sql<{ version: number }>('SELECT version FROM entries WHERE shop = ? AND kind = ? AND key = ?')
          .get(shop.id, kind, key)?.version ?? 0
      if (was !== undefined && was !== is) return false
      if (value === undefined)
        db.sql('DELETE FROM entries WHERE shop = ? AND kind = ? AND key = ?').run(shop.id, kind, key)
      else {
        const person = change.subject === undefined ? undefined : subjects.of(shop, change.subject, at)
        const sealed = sealEntry({ shop: domain, key: person?.key ?? shop.key }, kind, key, value)
        db.sql(
          `INSERT OR REPLACE INTO entries (shop, kind, key, version, at, until, subject, sealed)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ).run(shop.id, kind, key, is + 1, at, until, person?.id ?? null, sealed)
      }
      return true
    },
  }
}
