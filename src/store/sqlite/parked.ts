import type { Shop } from '../../event/event.ts'
import { eventOf, openText, sealRow } from '../sealing.ts'
import type { ConnectionId, NewParked, ParkedEvent, ParkedKind } from '../store.ts'
import { type Context, findShop, list, type ShopRow } from './context.ts'

const rowName = (connection: ConnectionId, seq: number): string => `${connection}/${seq}`

/** Parks an event, or changes the row of one that is parked. */
export const park = ({ db, subjects }: Context, shop: ShopRow, connection: ConnectionId, parked: NewParked): void => {
  const subject = db
    .sql<{ subject: number }>('SELECT subject FROM events WHERE shop = ? AND seq = ?')
    .get(shop.id, parked.seq)?.subject
  const key = subject === undefined ? undefined : subjects.keyOf(shop, subject)
  const copy =
    parked.copy && key
      ? sealRow(key, JSON.stringify(parked.copy), shop.shop, 'parked', rowName(connection, parked.seq))
      : null
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
    copy,
  )
}

interface ParkedRow {
  readonly seq: number
  readonly kind: ParkedKind
  readonly due: number
  readonly tries: number
  readonly unsure_since: number | null
  readonly code: string | null
  readonly message: string | null
  readonly parked_at: number
  readonly subject: number | null
  readonly sealed: Uint8Array | null
}

const PARKED = `
  SELECT seq, kind, due, tries, unsure_since, code, message, parked_at, subject, sealed
  FROM parked WHERE shop = ? AND connection = ?`

export const parkedOperations = (context: Context) => {
  const { db, subjects } = context
  const record = (shop: ShopRow, connection: ConnectionId, row: ParkedRow): ParkedEvent => {
    const key = row.subject === null ? undefined : subjects.keyOf(shop, row.subject)
    const copy = row.sealed && key && openText(key, row.sealed, shop.shop, 'parked', rowName(connection, row.seq))
    return {
      connection,
      seq: row.seq,
      kind: row.kind,
      due: row.due,
      tries: row.tries,
      ...(row.unsure_since !== null && { unsureSince: row.unsure_since }),
      ...(row.code !== null && { code: row.code }),
      ...(row.message !== null && { message: row.message }),
      ...(copy && { copy: eventOf(copy) }),
      parkedAt: row.parked_at,
    }
  }
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
