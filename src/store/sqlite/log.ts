import type { EventId, Shop } from '../../event/event.ts'
import { seenFromSeveralSides } from '../../event/event-ids.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { type LogRow, opener, type RawEvent } from '../log-rows.ts'
import { openRow } from '../sealing.ts'
import type { Only } from '../search.ts'
import type { StoredMessage } from '../store.ts'
import { spellings } from '../subject-names.ts'
import { shortHash } from '../unique-ids.ts'
import { type Context, findShop, list, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

const LOG = `
  SELECT e.seq, e.name, e.received_at, e.subject AS subject_id, s.subject, s.salt, e.sealed
  FROM events e LEFT JOIN subjects s ON s.id = e.subject`

export const headOf = (db: Database, shop: ShopRow): number =>
  db.sql<{ head: number }>('SELECT head FROM heads WHERE shop = ?').get(shop.id)?.head ?? 0

/** Distinct seconds that are searched for a pixel event of which only the id is known, the newest first. */
const SEARCHED_SECONDS = 100_000

export const logOperations = (context: Context) => {
  const { db, subjects } = context
  const read = (row: ShopRow, after: number, limit: number): readonly RawEvent[] =>
    db
      .sql<LogRow>(`${LOG} WHERE e.shop = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`)
      .all(row.id, after, limit)
      .map(opener(row))

  return {
    head(shop: Shop): number {
      const row = findShop(context, shop)
      return row ? headOf(db, row) : 0
    },

    read(shop: Shop, after: number, limit: number): readonly RawEvent[] {
      const row = findShop(context, shop)
      return row ? read(row, after, limit) : []
    },

    readSeqs(shop: Shop, seqs: readonly number[]): readonly RawEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<LogRow>(`${LOG} WHERE e.shop = ? AND e.seq IN (SELECT value FROM json_each(?)) ORDER BY e.seq`)
        .all(row.id, list(seqs))
        .map(opener(row))
    },

    eventsOf(shop: Shop, people: readonly string[], after: number, limit: number): readonly RawEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<LogRow>(
          `${LOG} WHERE e.shop = ? AND e.seq > ? AND e.seq <= ? AND s.subject IN (SELECT value FROM json_each(?))
           ORDER BY e.seq`,
        )
        .all(row.id, after, after + limit, list(people.flatMap(spellings)))
        .map(opener(row))
    },

    newest(shop: Shop, limit: number, below: number = Number.MAX_SAFE_INTEGER, only?: Only): readonly RawEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      const names = only?.names && list(only.names.map((name) => EVENT_NAMES.indexOf(name)))
      const seqs = only?.seqs && list(only.seqs)
      const among = [
        ...(names === undefined ? [] : ['AND e.name IN (SELECT value FROM json_each(?))']),
        ...(seqs === undefined ? [] : ['AND e.seq IN (SELECT value FROM json_each(?))']),
      ].join(' ')
      return db
        .sql<LogRow>(`${LOG} WHERE e.shop = ? AND e.seq < ? AND e.seq >= ? ${among} ORDER BY e.seq DESC LIMIT ?`)
        .all(row.id, below, only?.from ?? 0, ...[names, seqs].filter((one) => one !== undefined), limit)
        .map(opener(row))
    },

    seqOf(shop: Shop, id: EventId): number | undefined {
      const row = findShop(context, shop)
      if (!row) return undefined
      const hash = shortHash(id)
      const shared = db.sql<{ seq: number }>('SELECT seq FROM ids WHERE shop = ? AND id = ?').get(row.id, hash)
      if (shared || seenFromSeveralSides(id)) return shared?.seq
      // Keys of pixel ids begin with the second, which the id does not tell: one look-up per second that has any. A
      // person looking up one event waits up to about 0.2 s; nothing on an event's path asks this.
      return db
        .sql<{ seq: number }>(
          `WITH RECURSIVE seconds(second, n) AS (
             SELECT max(second), 1 FROM recent_ids
             UNION ALL
             SELECT (SELECT max(r.second) FROM recent_ids r WHERE r.second < seconds.second), n + 1
             FROM seconds WHERE second IS NOT NULL AND n < ?
           )
           SELECT r.seq FROM seconds JOIN recent_ids r ON r.second = seconds.second AND r.shop = ? AND r.id = ? LIMIT 1`,
        )
        .get(SEARCHED_SECONDS, row.id, hash)?.seq
    },

    unprojected(limit: number): readonly { readonly shop: Shop; readonly event: RawEvent }[] {
      const behind = db
        .sql<{ domain: Shop; projected: number }>(
          'SELECT s.domain, h.projected FROM heads h JOIN shops s ON s.id = h.shop WHERE h.projected < h.head ORDER BY h.shop',
        )
        .all()
      const found: { readonly shop: Shop; readonly event: RawEvent }[] = []
      for (const { domain, projected } of behind) {
        if (found.length >= limit) break
        const row = findShop(context, domain)
        for (const event of row ? read(row, projected, limit - found.length) : []) found.push({ shop: domain, event })
      }
      return found
    },

    message(shop: Shop, webhookId: string): StoredMessage | undefined {
      const shopRow = findShop(context, shop)
      const row =
        shopRow &&
        db
          .sql<{
            topic: string
            event_id: string | null
            received_at: number
            subject: number | null
            sealed: Uint8Array
          }>('SELECT topic, event_id, received_at, subject, sealed FROM messages WHERE shop = ? AND webhook = ?')
          .get(shopRow.id, shortHash(webhookId))
      if (!row) return undefined
      const key = row.subject === null ? shopRow.key : subjects.keyOf(shopRow, row.subject)
      const body = key && openRow(key, row.sealed, shop, 'messages', webhookId)
      return (
        body && {
          source: 'shopify-webhook',
          topic: row.topic,
          webhookId,
          ...(row.event_id !== null && { eventId: row.event_id }),
          receivedAt: row.received_at,
          body,
        }
      )
    },
  }
}
