import type { Shop } from '../../event/event.ts'
import { type LaneRow, laneOf } from '../lane-rows.ts'
import type { ConnectionId, Lane } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

export const lanesOf = (db: Database, shop: ShopRow): Lane[] =>
  db
    .sql<LaneRow>(
      `SELECT l.connection, l.lane, l.kind, l.first, l.last, l.position, l.due, l.tries, l.unsure_since, l.unsure_until,
         l.unsure_to, l.task, t.choice
       FROM lanes l LEFT JOIN tasks t ON t.shop = l.shop AND t.id = l.task
       WHERE l.shop = ? ORDER BY l.connection, l.lane`,
    )
    .all(shop.id)
    .map(laneOf)

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

/**
 * After a restore: whatever waited when the backup was made may have been sent since, and not only one round of it. `at`
 * is when the backup was made.
 */
export const doubtAllLanes = (db: Database, at: number, now: number): void => {
  db.sql(
    `UPDATE lanes SET unsure_since = min(coalesce(unsure_since, ?1), ?1), unsure_until = ?2,
       unsure_to = (SELECT head FROM heads WHERE heads.shop = lanes.shop)`,
  ).run(at, now)
  db.sql(`UPDATE parked SET unsure_since = min(coalesce(unsure_since, ?1), ?1) WHERE kind <> 'dead'`).run(at)
}

/** The live lane goes on at the head; what it leaves behind, doubt included, is the range of a new catch-up lane. */
export const cutLane = (db: Database, shop: ShopRow, connection: ConnectionId, lane: number, head: number): void => {
  const live = db
    .sql<{ position: number }>(
      `SELECT position FROM lanes WHERE shop = ? AND connection = ? AND lane = ? AND kind = 'live'`,
    )
    .get(shop.id, connection, lane)
  if (!live || live.position >= head) return
  db.sql(
    `INSERT INTO lanes (shop, connection, lane, kind, first, last, position, unsure_since, unsure_until, unsure_to)
     SELECT shop, connection, (SELECT max(lane) + 1 FROM lanes WHERE shop = ?1 AND connection = ?2), 'backlog', ?4, ?5,
       position, unsure_since, unsure_until, unsure_to
     FROM lanes WHERE shop = ?1 AND connection = ?2 AND lane = ?3`,
  ).run(shop.id, connection, lane, live.position + 1, head)
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
