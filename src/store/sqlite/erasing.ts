import type { Shop } from '../../event/event.ts'
import { DAY } from '../../lib/duration.ts'
import { sealEntry } from '../entry-rows.ts'
import type { ShopErasure } from '../erasure.ts'
import { isContact } from '../subject-names.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'
import { resealSince } from './reseal.ts'
import { insertShop } from './shops.ts'
import { ALL_OF_SHOP, PAST_OF_SHOP } from './tombstones.ts'

/** Tables that hold little of a shop, and go with it at once; the others follow row by row (retention.ts). */
const AT_ONCE = ['connections', 'tokens', 'entries', 'lanes', 'parked', 'polls', 'tasks', 'heads'] as const

export const erasingOperations = (context: Context) => {
  const { db, subjects, graveyard } = context

  /** Changes with what was deleted overwritten with zeros, and cuts the log that still holds the old pages. */
  const forGood = <Result>(work: () => Result): Result => {
    db.exec('PRAGMA secure_delete = ON')
    let result: Result
    try {
      result = db.transaction(work)
    } finally {
      db.exec('PRAGMA secure_delete = OFF')
      subjects.forget()
    }
    context.room.forUpkeep(() => db.sql('PRAGMA wal_checkpoint(TRUNCATE)').get())
    return result
  }

  /** Names first, on the disk: what was begun is ended by whoever restores a backup. */
  const buried = (shop: Shop, names: readonly string[], work: () => void): void => {
    const id = graveyard.bury(shop, names)
    forGood(() => {
      db.sql('INSERT INTO tombstones (id) VALUES (?)').run(id)
      work()
    })
  }

  return {
    linked(domain: Shop, names: readonly string[]): readonly string[] {
      const shop = findShop(context, domain)
      return shop ? subjects.linked(shop, names).filter((name) => !isContact(name)) : []
    },

    erase(domain: Shop, names: readonly string[]): number {
      const shop = findShop(context, domain)
      if (!shop) return 0
      const people = subjects.linked(shop, names)
      let gone = 0
      buried(
        domain,
        people.filter((name) => !isContact(name)),
        () => {
          gone = subjects.erase(shop, people)
        },
      )
      return gone
    },

    eraseShop(domain: Shop, { before, note }: ShopErasure): void {
      const shop = findShop(context, domain)
      if (!shop) return
      if (before === undefined)
        buried(domain, [ALL_OF_SHOP], () => {
          retire(context, shop)
          insertShop(context, { shop: domain, facts: {}, installedAt: 0 })
          keepNote(context, needShop(context, domain), note)
        })
      else
        buried(domain, [PAST_OF_SHOP], () => {
          resealSince(context, shop, before)
          dropPast(context, shop, before)
          keepNote(context, shop, note)
        })
    },
  }
}

/** Its key and whatever is small go at once, and its name is free for the shop that may come back. */
export const retire = ({ db }: Pick<Context, 'db'>, { id }: Pick<ShopRow, 'id'>): void => {
  db.sql('DELETE FROM shop_keys WHERE shop = ?').run(id)
  for (const table of AT_ONCE) db.sql(`DELETE FROM ${table} WHERE shop = ?`).run(id)
  // By the index of the living.
  db.sql('DELETE FROM subjects WHERE shop = ? AND salt IS NOT NULL').run(id)
  db.sql(`UPDATE shops SET domain = 'erased ' || id, facts = '{}' WHERE id = ?`).run(id)
}

const keepNote = ({ db }: Context, shop: ShopRow, { kind, key, value, at }: ShopErasure['note']): void => {
  db.sql('INSERT OR REPLACE INTO entries (shop, kind, key, version, at, sealed) VALUES (?, ?, ?, 1, ?, ?)').run(
    shop.id,
    kind,
    key,
    at,
    sealEntry(shop, kind, key, value),
  )
}

/** What says something of the time before, beside the bodies whose keys are gone. */
const dropPast = ({ db }: Context, { id }: ShopRow, before: number): void => {
  const first =
    db
      .sql<{ seq: number | null }>('SELECT min(seq) AS seq FROM events WHERE shop = ? AND received_at >= ?')
      .get(id, before)?.seq ?? Number.MAX_SAFE_INTEGER
  db.sql('DELETE FROM identities WHERE shop = ?').run(id)
  db.sql('DELETE FROM messages WHERE shop = ? AND received_at < ?').run(id, before)
  db.sql('DELETE FROM parts WHERE shop = ? AND received_at < ?').run(id, before)
  db.sql('DELETE FROM attempts WHERE shop = ? AND at < ?').run(id, before)
  db.sql('DELETE FROM rollups WHERE shop = ? AND bucket < ?').run(id, before)
  db.sql('DELETE FROM orders WHERE shop = ?1 AND (seq < ?2 OR (seq IS NULL AND placed_day < ?3))').run(
    id,
    first,
    Math.floor(before / DAY),
  )
  db.sql('DELETE FROM entries WHERE shop = ? AND subject IN (SELECT id FROM subjects WHERE salt IS NULL)').run(id)
  const living = 'SELECT subject FROM subjects WHERE shop = ?1 AND salt IS NOT NULL'
  db.sql(`DELETE FROM links WHERE shop = ?1 AND a NOT IN (${living}) AND b NOT IN (${living})`).run(id)
}
