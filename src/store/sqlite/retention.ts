import type { Shop } from '../../event/event.ts'
import { DAY, HOUR, SECOND } from '../../lib/duration.ts'
import { withoutAddress } from '../identity-rows.ts'
import { longestSealed, type Retention } from '../keeping-times.ts'
import { settledUpTo } from '../settled.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { openIdentity, saveIdentity } from './identities.ts'
import { lanesOf } from './lanes.ts'
import { headOf } from './log.ts'

/** A settled mark is written at most this often for a shop. */
const MARK_EVERY = HOUR

export const retentionOperations = (context: Context) => {
  const { db, subjects } = context

  /** Deletes at most `limit` rows of a table, found through the index that its condition names. */
  const drop = (table: string, key: string, condition: string, before: number, limit: number): number =>
    Number(
      db
        .sql(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ?2)`)
        .run(before, limit).changes,
    )

  const shops = (): ShopRow[] =>
    db
      .sql<{ domain: Shop }>('SELECT domain FROM shops ORDER BY id')
      .all()
      .flatMap(({ domain }) => findShop(context, domain) ?? [])

  /** Notes how far a shop is settled now, so that later it can be told how long ago that was. */
  const markSettled = (shop: ShopRow, now: number): void => {
    const parked = db
      .sql<{ seq: number | null }>(`SELECT min(seq) AS seq FROM parked WHERE shop = ? AND kind <> 'dead'`)
      .get(shop.id)?.seq
    const seq = settledUpTo(lanesOf(db, shop), parked ? [parked] : [], headOf(db, shop))
    const last = db
      .sql<{ at: number; seq: number }>('SELECT at, seq FROM settled WHERE shop = ? ORDER BY at DESC LIMIT 1')
      .get(shop.id)
    if (seq === undefined || (last && (seq <= last.seq || now < last.at + MARK_EVERY))) return
    db.sql('INSERT INTO settled (shop, at, seq) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq').run(
      shop.id,
      now,
      seq,
    )
  }

  const dropBodies = (shop: ShopRow, policy: Retention, now: number, limit: number): number => {
    const settled = db
      .sql<{ seq: number | null }>('SELECT max(seq) AS seq FROM settled WHERE shop = ? AND at <= ?')
      .get(shop.id, now - policy.bodyAfterSettled)?.seq
    const rows = db
      .sql<{ seq: number; received_at: number }>(
        `SELECT seq, received_at FROM events
         WHERE shop = ?1 AND seq > (SELECT cleared FROM heads WHERE shop = ?1) ORDER BY seq LIMIT ?2`,
      )
      .all(shop.id, limit)
    const stays = rows.findIndex((row) => row.seq > (settled ?? 0) && row.received_at > now - policy.bodyAtMost)
    const due = stays === -1 ? rows : rows.slice(0, stays)
    const last = due.at(-1)
    if (!last) return 0
    db.sql('UPDATE events SET sealed = NULL WHERE shop = ? AND seq BETWEEN ? AND ?').run(
      shop.id,
      due[0]?.seq ?? last.seq,
      last.seq,
    )
    db.sql('UPDATE heads SET cleared = ? WHERE shop = ?').run(last.seq, shop.id)
    // One mark at or before the cleared number is enough.
    db.sql('DELETE FROM settled WHERE shop = ? AND seq < ?').run(shop.id, last.seq)
    return due.length
  }

  /** IP and user agent are sealed inside the record: it is opened, cut and sealed again. */
  const dropAddresses = (before: number, limit: number): number => {
    const rows = db
      .sql<{ id: number; domain: Shop; key: Uint8Array; subject: number; sealed: Uint8Array; person: string | null }>(
        `SELECT i.id, s.domain, i.key, i.subject, i.sealed, p.subject AS person
         FROM identities i JOIN shops s ON s.id = i.shop LEFT JOIN subjects p ON p.id = i.subject
         WHERE i.address_day IS NOT NULL AND i.address_day < ? LIMIT ?`,
      )
      .all(before, limit)
    for (const row of rows) {
      const shop = findShop(context, row.domain)
      const record = shop && openIdentity(context, shop, row)
      if (record && row.person !== null) saveIdentity(context, shop, row.key, row.person, withoutAddress(record))
      else db.sql('DELETE FROM identities WHERE id = ?').run(row.id)
    }
    return rows.length
  }

  return {
    retain(policy: Retention, now: number, limit: number): number {
      const day = (age: number): number => Math.floor((now - age) / DAY)
      return db.transaction(() => {
        const every = shops()
        for (const shop of every) markSettled(shop, now)
        let bodies = 0
        for (const shop of every) if (bodies < limit) bodies += dropBodies(shop, policy, now, limit - bodies)
        let rollups = 0
        for (const shop of every)
          if (rollups < limit)
            rollups += Number(
              db
                .sql(
                  `DELETE FROM rollups WHERE (shop, bucket, connection, name, outcome) IN (
                     SELECT shop, bucket, connection, name, outcome FROM rollups WHERE shop = ? AND bucket < ? LIMIT ?)`,
                )
                .run(shop.id, now - policy.rollups, limit - rollups).changes,
            )
        const gone =
          bodies +
          rollups +
          drop('messages', 'id', 'received_at < ?1', now - policy.messages, limit) +
          drop('parts', 'id', 'joined = 0 AND received_at < ?1', now - policy.bodyAtMost, limit) +
          // What a refund weeks later is completed from.
          drop('parts', 'id', 'joined = 1 AND received_at < ?1', now - policy.orderIdentifiers, limit) +
          drop('attempts', 'id', 'at < ?1', now - policy.attempts, limit) +
          drop('tasks', 'shop, id', 'ended_at < ?1', now - policy.attempts, limit) +
          drop('parked', 'shop, connection, seq', `kind = 'dead' AND parked_at < ?1`, now - policy.deadLetters, limit) +
          drop('orders', 'shop, order_id', 'placed_day < ?1', day(policy.orders), limit) +
          drop('ids', 'shop, id', 'day < ?1', day(policy.sharedIds), limit) +
          drop('recent_ids', 'second, shop, id', 'second < ?1', Math.floor((now - policy.pixelIds) / SECOND), limit) +
          drop('identities', 'id', 'seen_day < ?1', day(policy.identities), limit) +
          dropAddresses(day(policy.addresses), limit) +
          subjects.drop(day(longestSealed(policy) + DAY), limit)
        if (gone > 0) subjects.forget()
        return gone
      })
    },

    erase(domain: Shop, subject: string): number {
      const shop = findShop(context, domain)
      if (!shop) return 0
      // What was deleted is overwritten with zeros, and the log that still holds the old page is cut.
      db.exec('PRAGMA secure_delete = ON')
      let gone: number
      try {
        gone = db.transaction(() => subjects.erase(shop, subject))
      } finally {
        db.exec('PRAGMA secure_delete = OFF')
      }
      context.room.forUpkeep(() => db.sql('PRAGMA wal_checkpoint(TRUNCATE)').get())
      return gone
    },
  }
}
