import { type Key, subjectKey } from '../../lib/seal.ts'
import { entryName } from '../entry-rows.ts'
import { parkedName } from '../parked-rows.ts'
import { partName } from '../part-rows.ts'
import { openRow, type SealedTable, sealRow } from '../sealing.ts'
import type { ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import { subjectsOf } from './subjects.ts'

interface Row {
  /** Where the row is in its table, which nobody else changes meanwhile. */
  readonly ctid: string
  readonly subject: number | null
  readonly sealed: Uint8Array
  readonly since: number
}

/** What envelopes are bound to: the columns that say it. */
interface Place {
  readonly seq: number
  readonly event: Uint8Array
  readonly n: number
  readonly webhook_id: string
  readonly connection: number
  readonly key: string
}

interface Person {
  readonly name: string
  readonly key: Key
}

/** The column that says when a row was made. */
const WHEN = {
  events: 'received_at',
  parts: 'received_at',
  messages: 'received_at',
  entries: 'at',
  parked: 'parked_at',
} as const

/** Rows that are in memory at once. */
const AT_ONCE = 500

/**
 * Gives everybody of a shop a new salt, and seals under it what came since; what came before has no key any more. The
 * shop's turn is needed, and that nobody settles it.
 */
export const resealSince = async (tx: Sql, shop: ShopRow, before: number): Promise<void> => {
  const old = new Map<number, Person>()
  for (const { id, subject, salt } of await tx
    .sql<{ id: number; subject: string; salt: Uint8Array }>(
      'SELECT id, subject, salt FROM subjects WHERE shop = $1 AND salt IS NOT NULL',
    )
    .all(shop.id))
    old.set(id, { name: subject, key: subjectKey(shop.key, salt) })
  await tx.sql(`UPDATE subjects SET salt = NULL, subject = '' WHERE shop = $1`).run(shop.id)

  const again = async (
    table: SealedTable & keyof typeof WHEN,
    from: string,
    place: (row: Place) => string | number,
  ): Promise<void> => {
    const places = await tx
      .sql<{ ctid: string }>(
        `SELECT ctid::text AS ctid FROM ${table} WHERE shop = $1 AND sealed IS NOT NULL AND ${from}`,
      )
      .all(shop.id, before)
    for (let next = 0; next < places.length; next += AT_ONCE) {
      const rows = await tx
        .sql<Row & Place>(
          `SELECT ctid::text AS ctid, *, ${WHEN[table]} AS since FROM ${table}
           WHERE shop = $1 AND ctid = ANY($2::tid[])`,
        )
        .all(
          shop.id,
          places.slice(next, next + AT_ONCE).map(({ ctid }) => ctid),
        )
      const known = rows.flatMap((row) => {
        const person = row.subject === null ? undefined : old.get(row.subject)
        const content = person && openRow(person.key, row.sealed, shop.shop, table, place(row))
        return person && content ? [{ row, name: person.name, content }] : []
      })
      const subjects = await subjectsOf(
        tx,
        known.map(({ name }) => ({ shop, name })),
      )
      const made = known.map(({ row, name, content }) => {
        const { id, key } = subjects.of(shop, name, row.since)
        return { ctid: row.ctid, id, sealed: sealRow(key, content, shop.shop, table, place(row)) }
      })
      await subjects.write()
      await tx
        .sql(
          `UPDATE ${table} SET subject = u.subject, sealed = u.sealed
           FROM unnest($2::tid[], $3::bigint[], $4::bytea[]) AS u(place, subject, sealed)
           WHERE ${table}.shop = $1 AND ${table}.ctid = u.place`,
        )
        .run(
          shop.id,
          made.map(({ ctid }) => ctid),
          made.map(({ id }) => id),
          made.map(({ sealed }) => sealed),
        )
    }
  }
  await again('events', 'received_at >= $2', ({ seq }) => seq)
  await again('parts', 'received_at >= $2', ({ event, n }) => partName(event, n))
  await again('messages', 'received_at >= $2', ({ webhook_id: id }) => id)
  // What is asked in the name of others still has to be done.
  await again('entries', `kind = 'data_request_open' AND at >= $2`, ({ key }) => entryName('data_request_open', key))
  await again(
    'parked',
    'seq IN (SELECT seq FROM events WHERE shop = $1 AND received_at >= $2)',
    ({ connection, seq }) => parkedName(connection, seq),
  )
}
