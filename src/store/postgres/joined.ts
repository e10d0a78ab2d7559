import { DAY } from '../../lib/duration.ts'
import { subjectKey } from '../../lib/seal.ts'
import type { NewEvent } from '../store.ts'
import { shortHash } from '../unique-ids.ts'
import type { ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import { takeTurns } from './locks.ts'
import type { Subject } from './subjects.ts'

/** A joined result and the key that seals it. */
export interface Joinable {
  readonly joined: NewEvent
  readonly subject: Subject
}

interface Row {
  readonly place: number
  readonly id: number
  readonly salt: Uint8Array | null
  readonly day: number
}

/** The subject of the event itself; of one that is not in the log, the living one of this name. */
const ROWS = `
  SELECT w.place, s.id, s.salt, s.day FROM unnest($2::int[], $3::bytea[], $4::text[]) AS w(place, event, name)
  LEFT JOIN ids i ON i.shop = $1 AND i.id = w.event
  LEFT JOIN events e ON e.shop = $1 AND e.seq = i.seq
  JOIN subjects s ON s.shop = $1
    AND (s.id = e.subject OR (e.subject IS NULL AND s.subject = w.name AND s.salt IS NOT NULL))`

/**
 * The joined results that may be kept, each under the key of its event. Of somebody who was erased while it was sent
 * nothing is kept: no new key is made for what is old. Nearly always nothing of a subject changes, and the shop's turn is
 * not needed.
 */
export const joinable = async (tx: Sql, shop: ShopRow, joined: readonly NewEvent[]): Promise<readonly Joinable[]> => {
  if (joined.length === 0) return []
  const read = () =>
    tx.sql<Row>(ROWS).all(
      shop.id,
      joined.map((_, place) => place),
      joined.map(({ event }) => shortHash(event.id)),
      joined.map(({ subject }) => subject),
    )
  const dayOf = (place: number): number => Math.floor((joined[place]?.receivedAt ?? 0) / DAY)
  let rows = await read()
  const older = rows.filter(({ salt, day, place }) => salt && day < dayOf(place))
  if (older.length > 0) {
    await takeTurns(tx, [shop.id])
    await tx
      .sql(
        `UPDATE subjects SET day = greatest(day, u.day) FROM unnest($2::bigint[], $3::int[]) AS u(id, day)
         WHERE subjects.shop = $1 AND subjects.id = u.id`,
      )
      .run(
        shop.id,
        older.map(({ id }) => id),
        older.map(({ place }) => dayOf(place)),
      )
    rows = await read()
  }
  return rows.flatMap(({ place, id, salt }) => {
    const one = joined[place]
    return one && salt ? [{ joined: one, subject: { id, key: subjectKey(shop.key, salt) } }] : []
  })
}
