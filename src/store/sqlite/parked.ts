import type { Shop } from '../../event/event.ts'
import { type CauseRow, causeOf, type DeadCause, PURCHASES } from '../dead-cause.ts'
import { type ParkedRow, parkedOf, sealCopy } from '../parked-rows.ts'
import type { ConnectionId, NewParked, ParkedEvent } from '../store.ts'
import { type Context, findShop, list, type ShopRow } from './context.ts'

/** Parks an event, or changes the row of one that is parked. */
export const park = ({ db, subjects }: Context, shop: ShopRow, connection: ConnectionId, parked: NewParked): void => {
  const subject = db
    .sql<{ subject: number }>('SELECT subject FROM events WHERE shop = ? AND seq = ?')
    .get(shop.id, parked.seq)?.subject
  const key = subject === undefined ? undefined : subjects.keyOf(shop, subject)
  db.sql(
    `INSERT OR REPLACE INTO parked
       (shop, connection, seq, kind, due, tries, unsure_since, code, message, parked_at, subject, sealed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    shop.id,
    connection,
    parked.seq,
    parked.kind,
    parked.due,
    parked.tries,
    parked.unsureSince ?? null,
    parked.code ?? null,
    parked.message ?? null,
    parked.parkedAt,
    subject ?? null,
    sealCopy(shop, connection, parked, key) ?? null,
  )
}

const PARKED = `
  SELECT seq, kind, due, tries, unsure_since, code, message, parked_at, subject, sealed
  FROM parked WHERE shop = ? AND connection = ?`

const CAUSES = `
  SELECT p.code, p.message, count(*) AS count, max(p.seq) AS newest, max(p.parked_at) AS at,
    json_group_array(p.seq) FILTER (WHERE e.name IN (${PURCHASES.join(', ')})) AS purchases
  FROM parked p LEFT JOIN events e ON e.shop = p.shop AND e.seq = p.seq
  WHERE p.shop = ? AND p.connection = ? AND p.kind = 'dead'
  GROUP BY p.code, p.message ORDER BY count DESC, newest DESC LIMIT ?`

export const parkedOperations = (context: Context) => {
  const { db, subjects } = context
  const record = (shop: ShopRow, connection: ConnectionId, row: ParkedRow): ParkedEvent =>
    parkedOf(shop, connection, row, row.subject === null ? undefined : subjects.keyOf(shop, row.subject))
  return {
    parked(
      shop: Shop,
      connection: ConnectionId,
      limit: number,
      dueBefore: number = Number.MAX_SAFE_INTEGER,
    ): readonly ParkedEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<ParkedRow>(`${PARKED} AND kind <> 'dead' AND due < ? ORDER BY due, seq LIMIT ?`)
        .all(row.id, connection, dueBefore, limit)
        .map((parked) => record(row, connection, parked))
    },

    deadLetters(shop: Shop, connection: ConnectionId, limit: number): readonly ParkedEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<ParkedRow>(`${PARKED} AND kind = 'dead' ORDER BY parked_at DESC, seq DESC LIMIT ?`)
        .all(row.id, connection, limit)
        .map((parked) => record(row, connection, parked))
    },

    deadCauses(shop: Shop, connection: ConnectionId, limit: number): readonly DeadCause[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<CauseRow & { readonly purchases: string }>(CAUSES)
        .all(row.id, connection, limit)
        .map(({ purchases, ...row }) => causeOf(row, JSON.parse(purchases) as number[]))
    },

    parkedSeqs(shop: Shop, connection: ConnectionId, seqs: readonly number[]): readonly ParkedEvent[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<ParkedRow>(`${PARKED} AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq`)
        .all(row.id, connection, list(seqs))
        .map((parked) => record(row, connection, parked))
    },
  }
}
