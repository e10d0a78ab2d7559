import type { Shop } from '../../event/event.ts'
import { subjectKey } from '../../lib/seal.ts'
import type { Entry, EntryChange, EntryKind, EntryQuery } from '../entry.ts'
import { type EntryRow, entryOf, sealEntry } from '../entry-rows.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'
import { takeTurns } from './locks.ts'
import { type Subject, subjectsOf } from './subjects.ts'

type Row = EntryRow & { readonly subject: number | null; readonly salt: Uint8Array | null }

const ROWS = `
  SELECT e.key, e.version, e.at, e.sealed, e.subject, s.salt
  FROM entries e LEFT JOIN subjects s ON s.shop = e.shop AND s.id = e.subject WHERE e.shop = $1 AND e.kind = $2`

const opened = (shop: ShopRow, kind: EntryKind, row: Row): Entry | undefined => {
  const key = row.subject === null ? shop.key : row.salt && subjectKey(shop.key, row.salt)
  return key ? entryOf({ shop: shop.shop, key }, kind, row) : undefined
}

export const entryOperations = (context: Context) => {
  const { db } = context
  const find = (shop: ShopRow, kind: EntryKind, key: string): Promise<Row | undefined> =>
    db.sql<Row>(`${ROWS} AND e.key = $3`).get(shop.id, kind, key)
  /** Whose key seals it; made when there is none. */
  const personOf = (shop: ShopRow, name: string, at: number): Promise<Subject> =>
    db.transaction(async (tx) => {
      await takeTurns(tx, [shop.id])
      const subjects = await subjectsOf(tx, [{ shop, name }])
      const person = subjects.of(shop, name, at)
      await subjects.write()
      return person
    })
  return {
    async entry(domain: Shop, kind: EntryKind, key: string): Promise<Entry | undefined> {
      const shop = await findShop(context, domain)
      const row = shop && (await find(shop, kind, key))
      return row && opened(shop, kind, row)
    },

    async entries(
      domain: Shop,
      kind: EntryKind,
      { limit, after, descending = false }: EntryQuery,
    ): Promise<readonly Entry[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<Row>(
          `${ROWS} AND ($3::text IS NULL OR e.key ${descending ? '<' : '>'} $3)
           ORDER BY e.key ${descending ? 'DESC' : 'ASC'} LIMIT $4`,
        )
        .all(shop.id, kind, after ?? null, limit)
      return rows.flatMap((row) => opened(shop, kind, row) ?? [])
    },

    /** One statement each, so that of two callers who saw the same version exactly one finds it there. */
    async saveEntry(
      domain: Shop,
      kind: EntryKind,
      key: string,
      value: unknown,
      { at, was, until, subject }: EntryChange,
    ): Promise<boolean> {
      const shop = await needShop(context, domain)
      if (value === undefined) {
        const gone = await db
          .sql('DELETE FROM entries WHERE shop = $1 AND kind = $2 AND key = $3 AND ($4::int IS NULL OR version = $4)')
          .run(shop.id, kind, key, was ?? null)
        return gone > 0 || was === undefined || (was === 0 && !(await find(shop, kind, key)))
      }
      const person = subject === undefined ? undefined : await personOf(shop, subject, at)
      const sealed = sealEntry({ shop: domain, key: person?.key ?? shop.key }, kind, key, value)
      const values = [shop.id, kind, key, at, until ?? null, person?.id ?? null, sealed]
      const insert = `
        INSERT INTO entries (shop, kind, key, version, at, until, subject, sealed) VALUES ($1, $2, $3, 1, $4, $5, $6, $7)`
      const update = 'version = entries.version + 1, at = $4, until = $5, subject = $6, sealed = $7'
      if (was === undefined) {
        await db.sql(`${insert} ON CONFLICT (shop, kind, key) DO UPDATE SET ${update}`).run(...values)
        return true
      }
      if (was === 0) return (await db.sql(`${insert} ON CONFLICT (shop, kind, key) DO NOTHING`).run(...values)) > 0
      const changed = await db
        .sql(`UPDATE entries SET ${update} WHERE shop = $1 AND kind = $2 AND key = $3 AND version = $8`)
        .run(...values, was)
      return changed > 0
    },
  }
}
