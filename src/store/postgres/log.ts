import type { EventId, Shop } from '../../event/event.ts'
import { seenFromSeveralSides } from '../../event/event-ids.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { type LogRow, opener } from '../log-rows.ts'
import { eventOf } from '../sealing.ts'
import type { Only } from '../search.ts'
import type { StoredEvent } from '../store.ts'
import { spellings } from '../subject-names.ts'
import { shortHash } from '../unique-ids.ts'
import { type Context, findShop, findShops, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

const LOG = `
  SELECT e.seq, e.name, e.received_at, e.subject AS subject_id, s.subject, s.salt, e.sealed
  FROM events e LEFT JOIN subjects s ON s.shop = e.shop AND s.id = e.subject`

const stored = (shop: ShopRow, rows: readonly LogRow[]): StoredEvent[] => {
  const open = opener(shop)
  return rows.map((row) => {
    const { text, ...clear } = open(row)
    return { ...clear, event: text === undefined ? undefined : eventOf(text) }
  })
}

/** The texts of single events of several shops, in their order; undefined where the body is gone. */
export const readEvents = async (
  tx: Sql,
  places: readonly { readonly shop: ShopRow; readonly seq: number }[],
): Promise<(string | undefined)[]> => {
  if (places.length === 0) return []
  const rows = await tx
    .sql<LogRow & { shop: number }>(
      `SELECT e.shop, e.seq, e.name, e.received_at, e.subject AS subject_id, s.subject, s.salt, e.sealed
       FROM unnest($1::int[], $2::bigint[]) AS w(shop, seq) JOIN events e ON e.shop = w.shop AND e.seq = w.seq
       LEFT JOIN subjects s ON s.shop = e.shop AND s.id = e.subject`,
    )
    .all(
      places.map(({ shop }) => shop.id),
      places.map(({ seq }) => seq),
    )
  const byPlace = new Map(rows.map((row) => [`${row.shop} ${row.seq}`, row]))
  return places.map(({ shop, seq }) => {
    const row = byPlace.get(`${shop.id} ${seq}`)
    return row && opener(shop)(row).text
  })
}

/** A shop's events with seq > after, ascending. */
export const eventsAfter = async (
  sql: Sql,
  row: ShopRow,
  after: number,
  limit: number,
): Promise<readonly StoredEvent[]> =>
  stored(
    row,
    await sql.sql<LogRow>(`${LOG} WHERE e.shop = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`).all(row.id, after, limit),
  )

export const headOf = async (sql: Sql, shop: ShopRow): Promise<number> =>
  (await sql.sql<{ head: number }>('SELECT head FROM heads WHERE shop = $1').get(shop.id))?.head ?? 0

export const logOperations = (context: Context) => {
  const { db } = context
  return {
    async head(shop: Shop): Promise<number> {
      const row = await findShop(context, shop)
      return row ? headOf(db, row) : 0
    },

    async read(shop: Shop, after: number, limit: number): Promise<readonly StoredEvent[]> {
      const row = await findShop(context, shop)
      return row ? eventsAfter(db, row, after, limit) : []
    },

    async readSeqs(shop: Shop, seqs: readonly number[]): Promise<readonly StoredEvent[]> {
      const row = await findShop(context, shop)
      if (!row) return []
      return stored(
        row,
        await db.sql<LogRow>(`${LOG} WHERE e.shop = $1 AND e.seq = ANY($2) ORDER BY e.seq`).all(row.id, seqs),
      )
    },

    async eventsOf(
      shop: Shop,
      people: readonly string[],
      after: number,
      limit: number,
    ): Promise<readonly StoredEvent[]> {
      const row = await findShop(context, shop)
      if (!row) return []
      return stored(
        row,
        await db
          .sql<LogRow>(`${LOG} WHERE e.shop = $1 AND e.seq > $2 AND e.seq <= $3 AND s.subject = ANY($4) ORDER BY e.seq`)
          .all(row.id, after, after + limit, people.flatMap(spellings)),
      )
    },

    async newest(
      shop: Shop,
      limit: number,
      below: number = Number.MAX_SAFE_INTEGER,
      only?: Only,
    ): Promise<readonly StoredEvent[]> {
      const row = await findShop(context, shop)
      if (!row) return []
      return stored(
        row,
        await db
          .sql<LogRow>(
            `${LOG} WHERE e.shop = $1 AND e.seq < $2 AND e.seq >= $4 AND ($5::smallint[] IS NULL OR e.name = ANY($5))
               AND ($6::bigint[] IS NULL OR e.seq = ANY($6))
             ORDER BY e.seq DESC LIMIT $3`,
          )
          .all(
            row.id,
            below,
            limit,
            only?.from ?? 0,
            only?.names?.map((name) => EVENT_NAMES.indexOf(name)) ?? null,
            only?.seqs ?? null,
          ),
      )
    },

    async seqOf(shop: Shop, id: EventId): Promise<number | undefined> {
      const row = await findShop(context, shop)
      if (!row) return undefined
      const hash = shortHash(id)
      const shared = await db.sql<{ seq: number }>('SELECT seq FROM ids WHERE shop = $1 AND id = $2').get(row.id, hash)
      if (shared || seenFromSeveralSides(id)) return shared?.seq
      // Keys of pixel ids go by the second, which the id does not tell: the shop's part of the index is walked, the newest
      // first. A person looking up one event waits for it; nothing on an event's path asks this.
      const recent = await db
        .sql<{ seq: number }>(
          'SELECT seq FROM recent_ids WHERE shop = $1 AND id = $2 ORDER BY shop DESC, second DESC LIMIT 1',
        )
        .get(row.id, hash)
      return recent?.seq
    },

    async unprojected(limit: number): Promise<readonly { readonly shop: Shop; readonly event: StoredEvent }[]> {
      const behind = await db
        .sql<{ domain: Shop; projected: number }>(
          `SELECT s.domain, h.projected FROM heads h JOIN shops s ON s.id = h.shop
           WHERE h.projected < h.head ORDER BY h.shop`,
        )
        .all()
      const rows = await findShops(
        context,
        db,
        behind.map(({ domain }) => domain),
      )
      const found: { readonly shop: Shop; readonly event: StoredEvent }[] = []
      for (const row of rows) {
        if (found.length >= limit) break
        const projected = behind.find(({ domain }) => domain === row.shop)?.projected ?? 0
        for (const event of await eventsAfter(db, row, projected, limit - found.length))
          found.push({ shop: row.shop, event })
      }
      return found
    },
  }
}
