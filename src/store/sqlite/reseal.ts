import { type Key, subjectKey } from '../../lib/seal.ts'
import { entryName } from '../entry-rows.ts'
import { parkedName } from '../parked-rows.ts'
import { partName } from '../part-rows.ts'
import { openRow, type SealedTable, sealRow } from '../sealing.ts'
import type { Context, ShopRow } from './context.ts'

interface Row {
  /** Null on a message from before those were sealed for somebody: it stays under the shop's key. */
  readonly subject: number | null
  readonly sealed: Uint8Array
  readonly at: number
}

/** What envelopes are bound to: the columns that say it. */
interface Place {
  readonly id: number
  readonly seq: number
  readonly event: Uint8Array
  readonly n: number
  readonly webhook_id: string
}

const PLACES = { events: 'seq', parts: 'event, n', messages: 'webhook_id' } as const
const AT_ONCE = 500

/**
 * Gives everybody of a shop a new salt, and seals under it what came since; what came before has no key any more.
 */
export const resealSince = ({ db, subjects }: Context, shop: ShopRow, before: number): void => {
  const old = new Map<number, { readonly name: string; readonly key: Key }>()
  for (const { id, subject, salt } of db
    .sql<{ id: number; subject: string; salt: Uint8Array }>(
      'SELECT id, subject, salt FROM subjects WHERE shop = ? AND salt IS NOT NULL',
    )
    .all(shop.id))
    old.set(id, { name: subject, key: subjectKey(shop.key, salt) })
  db.sql(`UPDATE subjects SET salt = NULL, subject = '' WHERE shop = ?`).run(shop.id)
  subjects.forget()

  const again = (row: Row, table: SealedTable, place: string | number) => {
    const person = row.subject === null ? undefined : old.get(row.subject)
    const content = person && openRow(person.key, row.sealed, shop.shop, table, place)
    if (!person || !content) return undefined
    const { id, key } = subjects.of(shop, person.name, row.at)
    return { id, sealed: sealRow(key, content, shop.shop, table, place) }
  }

  const toRow = (table: 'events' | 'parts' | 'messages', place: (row: Place) => string | number): void => {
    const next = db.sql<Row & Place>(
      `SELECT id, subject, sealed, received_at AS at, ${PLACES[table]} FROM ${table}
       WHERE shop = ? AND received_at >= ? AND sealed IS NOT NULL AND id > ? ORDER BY id LIMIT ${AT_ONCE}`,
    )
    const save = db.sql(`UPDATE ${table} SET subject = ?, sealed = ? WHERE id = ?`)
    let rows = next.all(shop.id, before, 0)
    for (; rows.length > 0; rows = next.all(shop.id, before, rows.at(-1)?.id ?? 0))
      for (const row of rows) {
        const made = again(row, table, place(row))
        if (made) save.run(made.id, made.sealed, row.id)
      }
  }
  toRow('events', ({ seq }) => seq)
  toRow('parts', ({ event, n }) => partName(event, n))
  toRow('messages', ({ webhook_id: id }) => id)
  // What is asked in the name of others still has to be done.
  for (const row of db
    .sql<Row & { key: string }>(
      `SELECT key, subject, sealed, at FROM entries
       WHERE shop = ? AND kind = 'data_request_open' AND at >= ? AND subject IS NOT NULL`,
    )
    .all(shop.id, before)) {
    const made = again(row, 'entries', entryName('data_request_open', row.key))
    if (made)
      db.sql(
        `UPDATE entries SET subject = ?, sealed = ? WHERE shop = ? AND kind = 'data_request_open' AND key = ?`,
      ).run(made.id, made.sealed, shop.id, row.key)
  }
  for (const row of db
    .sql<Row & { connection: number; seq: number }>(
      `SELECT p.connection, p.seq, p.subject, p.sealed, p.parked_at AS at FROM parked p
       JOIN events e ON e.shop = p.shop AND e.seq = p.seq
       WHERE p.shop = ? AND e.received_at >= ? AND p.sealed IS NOT NULL AND p.subject IS NOT NULL`,
    )
    .all(shop.id, before)) {
    const made = again(row, 'parked', parkedName(row.connection, row.seq))
    if (made)
      db.sql('UPDATE parked SET subject = ?, sealed = ? WHERE shop = ? AND connection = ? AND seq = ?').run(
        made.id,
        made.sealed,
        shop.id,
        row.connection,
        row.seq,
      )
  }
}
