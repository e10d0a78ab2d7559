import { randomBytes } from 'node:crypto'
import type { Shop } from '../../event/event.ts'
import { DAY } from '../../lib/duration.ts'
import { sealEntry } from '../entry-rows.ts'
import type { ShopErasure } from '../erasure.ts'
import { ALL_OF_SHOP, PAST_OF_SHOP } from '../sqlite/tombstones.ts'
import { isContact } from '../subject-names.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { NOW, type Sql } from './database.ts'
import { changeOwner, takeTurns } from './locks.ts'
import { resealSince } from './reseal.ts'
import { insertShop } from './shops.ts'
import { erasePeople, linkedPeople } from './subjects.ts'

/** Tables that hold little of a shop, and go with it at once; the others follow row by row (retention.ts). */
const AT_ONCE = ['connections', 'tokens', 'entries', 'lanes', 'parked', 'polls', 'tasks', 'leases', 'heads'] as const

export const erasingOperations = (context: Context) => {
  const { db, blind } = context

  /** Notes who is erased, for whoever restores a dump from before (restored.ts). */
  const bury = async (tx: Sql, { id, shop }: ShopRow, names: readonly string[]): Promise<void> => {
    const buried = [...new Set(names.map((name) => blind(shop, name)))]
    await tx
      .sql(`INSERT INTO tombstones (shop, id, who, at) SELECT $1, $2, unnest($3::text[]), ${NOW}`)
      .run(id, randomBytes(8).toString('hex'), buried)
  }

  /** The rows' old versions still hold the salts. Where this user may not vacuum, PostgreSQL does it by itself later. */
  const wipe = (tables: string) => db.alone('SET statement_timeout = 0', `VACUUM ${tables}`)

  return {
    async linked(domain: Shop, names: readonly string[]): Promise<readonly string[]> {
      const shop = await findShop(context, domain)
      return shop ? (await linkedPeople(db, shop, names)).filter((name) => !isContact(name)) : []
    },

    async erase(domain: Shop, names: readonly string[]): Promise<number> {
      const shop = await findShop(context, domain)
      if (!shop) return 0
      const gone = await db.transaction(async (tx) => {
        await takeTurns(tx, [shop.id])
        const people = await linkedPeople(tx, shop, names)
        await bury(
          tx,
          shop,
          people.filter((name) => !isContact(name)),
        )
        return erasePeople(tx, shop, people)
      })
      if (gone > 0) await wipe('subjects')
      return gone
    },

    async eraseShop(domain: Shop, { before, note }: ShopErasure): Promise<void> {
      const shop = await findShop(context, domain)
      if (!shop) return
      await db.transaction(async (tx) => {
        await changeOwner(tx, [shop.id])
        await takeTurns(tx, [shop.id])
        if (before === undefined) {
          await bury(tx, shop, [ALL_OF_SHOP])
          await retire(tx, shop)
          const fresh = await insertShop(context, tx, domain)
          await keepNote(tx, fresh, note)
        } else {
          await bury(tx, shop, [PAST_OF_SHOP])
          await resealSince(tx, shop, before)
          await dropPast(tx, shop, before)
          await keepNote(tx, shop, note)
        }
      })
      context.shops.clear()
      await wipe('subjects, shop_keys, connections, tokens, entries')
    },
  }
}

/** Its key and whatever is small go at once, and its name is free for the shop that may come back. */
export const retire = async (tx: Sql, { id }: Pick<ShopRow, 'id'>): Promise<void> => {
  await tx.sql('DELETE FROM shop_keys WHERE shop = $1').run(id)
  for (const table of AT_ONCE) await tx.sql(`DELETE FROM ${table} WHERE shop = $1`).run(id)
  await tx.sql(`UPDATE subjects SET salt = NULL, subject = '' WHERE shop = $1`).run(id)
  await tx.sql(`UPDATE shops SET domain = 'erased ' || id, facts = '{}' WHERE id = $1`).run(id)
}

const keepNote = async (tx: Sql, shop: ShopRow, { kind, key, value, at }: ShopErasure['note']): Promise<void> => {
  await tx
    .sql(
      `INSERT INTO entries (shop, kind, key, version, at, sealed) VALUES ($1, $2, $3, 1, $4, $5)
       ON CONFLICT (shop, kind, key) DO UPDATE SET at = $4, sealed = $5`,
    )
    .run(shop.id, kind, key, at, sealEntry(shop, kind, key, value))
}

/** What says something of the time before, beside the bodies whose keys are gone. */
const dropPast = async (tx: Sql, { id }: ShopRow, before: number): Promise<void> => {
  const first = await tx
    .sql<{ seq: number | null }>('SELECT min(seq) AS seq FROM events WHERE shop = $1 AND received_at >= $2')
    .get(id, before)
  await tx.sql('DELETE FROM identities WHERE shop = $1').run(id)
  await tx.sql('DELETE FROM messages WHERE shop = $1 AND received_at < $2').run(id, before)
  await tx.sql('DELETE FROM parts WHERE shop = $1 AND received_at < $2').run(id, before)
  await tx.sql('DELETE FROM attempts WHERE shop = $1 AND at < $2').run(id, before)
  await tx.sql('DELETE FROM rollups WHERE shop = $1 AND bucket < $2').run(id, before)
  const old = '(seq < $2 OR (seq IS NULL AND placed_day < $3))'
  const orders = [id, first?.seq ?? Number.MAX_SAFE_INTEGER, Math.floor(before / DAY)]
  await tx
    .sql(`DELETE FROM refunds WHERE shop = $1 AND order_id IN (SELECT order_id FROM orders WHERE shop = $1 AND ${old})`)
    .run(...orders)
  await tx.sql(`DELETE FROM orders WHERE shop = $1 AND ${old}`).run(...orders)
  await tx
    .sql(
      `DELETE FROM entries WHERE shop = $1
       AND subject IN (SELECT id FROM subjects WHERE shop = $1 AND salt IS NULL)`,
    )
    .run(id)
  const living = 'SELECT subject FROM subjects WHERE shop = $1 AND salt IS NOT NULL'
  await tx.sql(`DELETE FROM links WHERE shop = $1 AND a NOT IN (${living}) AND b NOT IN (${living})`).run(id)
}
