import type { Shop } from '../../event/event.ts'
import type { ConnectionId, Lane, LaneKind } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

interface LaneRow {
  readonly connection: ConnectionId
  readonly lane: number
  readonly kind: LaneKind
  readonly first: number
  readonly last: number | null
  readonly position: number
  readonly due: number
  readonly tries: number
  readonly unsure_since: number | null
  readonly unsure_until: number | null
}

export const lanesOf = (db: Database, shop: ShopRow): Lane[] =>
  db
    .sql<LaneRow>(
      `SELECT connection, lane, kind, first, last, position, due, tries, unsure_since, unsure_until
       FROM lanes WHERE shop = ? ORDER BY connection, lane`,
    )
    .all(shop.id)
    .map(({ connection, lane, kind, first, last, position, due, tries, unsure_since, unsure_until }) => ({
      connection,
      lane,
      kind,
      from: first,
      ...(last !== null && { to: last }),
      position,
      due,
      tries,
      ...(unsure_since !== null && { unsureSince: unsure_since }),
      ...(unsure_until !== null && { unsureUntil: unsure_until }),
    }))

/**
 * After a kill nobody knows what was on its way: every lane's next stretch may have been sent since the lane was last
 * settled, and what was parked and due may have gone again.
 */
export const doubtLanes = (db: Database, now: number): void => {
  db.sql('UPDATE lanes SET unsure_since = coalesce(unsure_since, settled_at, ?1), unsure_until = ?1').run(now)
  db.sql(
    `UPDATE parked SET unsure_since = coalesce(unsure_since, parked_at)
     WHERE kind = 'hold' OR (kind IN ('retry', 'singly') AND due <= ?)`,
  ).run(now)
}

/** The live lane goes on at the head; what it leaves behind is the range of a new catch-up lane. */
export const cutLane = (db: Database, shop: ShopRow, connection: ConnectionId, lane: number, head: number): void => {
  const live = db
    .sql<{ position: number }>(
      `SELECT position FROM lanes WHERE shop = ? AND connection = ? AND lane = ? AND kind = 'live'`,
    )
    .get(shop.id, connection, lane)
  if (!live || live.position >= head) return
  db.sql(
    `INSERT INTO lanes (shop, connection, lane, kind, first, last, position)
     SELECT ?1, ?2, max(lane) + 1, 'backlog', ?3, ?4, ?5 FROM lanes WHERE shop = ?1 AND connection = ?2`,
  ).run(shop.id, connection, live.position + 1, head, live.position)
  db.sql('UPDATE lanes SET position = ? WHERE shop = ? AND connection = ? AND lane = ?').run(
    head,
    shop.id,
    connection,
    lane,
  )
}

/** A catch-up lane that has settled its last number is over. */
export const dropFinishedLanes = (db: Database, shop: ShopRow, connection: ConnectionId): void => {
  db.sql('DELETE FROM lanes WHERE shop = ? AND connection = ? AND last IS NOT NULL AND position >= last').run(
    shop.id,
    connection,
  )
}

export const laneOperations = (context: Context) => ({
  lanes(shop: Shop): readonly Lane[] {
    const row = findShop(context, shop)
    return row ? lanesOf(context.db, row) : []
  },
})
