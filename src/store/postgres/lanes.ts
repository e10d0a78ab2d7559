import type { Shop } from '../../event/event.ts'
import { type LaneRow, laneOf } from '../lane-rows.ts'
import type { ConnectionId, Lane } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

export const lanesOf = async (sql: Sql, shop: ShopRow): Promise<Lane[]> => {
  const rows = await sql
    .sql<LaneRow>(
      `SELECT l.connection, l.lane, l.kind, l.first, l.last, l.position, l.due, l.tries, l.unsure_since, l.unsure_until,
         l.unsure_to, l.task, t.choice
       FROM lanes l LEFT JOIN tasks t ON t.shop = l.shop AND t.id = l.task
       WHERE l.shop = $1 ORDER BY l.connection, l.lane`,
    )
    .all(shop.id)
  return rows.map(laneOf)
}

/**
 * After a kill nobody knows what was on its way: every lane's next stretch may have been sent since the lane was last
 * settled, and what was parked and due may have gone again. For the shops that a new owner takes over from one who did
 * not give them back (leases.ts).
 */
export const doubtLanes = async (tx: Sql, shops: readonly number[], now: number): Promise<void> => {
  if (shops.length === 0) return
  await tx
    .sql(
      `UPDATE lanes SET unsure_since = coalesce(unsure_since, settled_at, $2), unsure_until = $2
       WHERE shop = ANY($1)`,
    )
    .run(shops, now)
  await tx
    .sql(
      `UPDATE parked SET unsure_since = coalesce(unsure_since, parked_at)
       WHERE shop = ANY($1) AND (kind = 'hold' OR (kind IN ('retry', 'singly') AND due <= $2))`,
    )
    .run(shops, now)
}

/**
 * After a restore: whatever waited when the dump was made may have been sent since, and not only one round of it. `at` is
 * when that was.
 */
export const doubtAllLanes = async (tx: Sql, at: number, now: number): Promise<void> => {
  await tx
    .sql(
      `UPDATE lanes SET unsure_since = least(coalesce(unsure_since, $1), $1), unsure_until = $2,
         unsure_to = (SELECT head FROM heads WHERE heads.shop = lanes.shop)`,
    )
    .run(at, now)
  await tx.sql(`UPDATE parked SET unsure_since = least(coalesce(unsure_since, $1), $1) WHERE kind <> 'dead'`).run(at)
}

/** The live lane goes on at the head; what it leaves behind, doubt included, is the range of a new catch-up lane. */
export const cutLane = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  lane: number,
  head: number,
): Promise<void> => {
  const live = await tx
    .sql<{ position: number }>(
      `SELECT position FROM lanes WHERE shop = $1 AND connection = $2 AND lane = $3 AND kind = 'live'`,
    )
    .get(shop.id, connection, lane)
  if (!live || live.position >= head) return
  await tx
    .sql(
      `INSERT INTO lanes (shop, connection, lane, kind, first, last, position, unsure_since, unsure_until, unsure_to)
       SELECT shop, connection, (SELECT max(lane) + 1 FROM lanes WHERE shop = $1 AND connection = $2), 'backlog', $4, $5,
         position, unsure_since, unsure_until, unsure_to
       FROM lanes WHERE shop = $1 AND connection = $2 AND lane = $3`,
    )
    .run(shop.id, connection, lane, live.position + 1, head)
  await tx
    .sql('UPDATE lanes SET position = $4 WHERE shop = $1 AND connection = $2 AND lane = $3')
    .run(shop.id, connection, lane, head)
}

/** A catch-up lane that has settled its last number is over. */
export const dropFinishedLanes = async (tx: Sql, shop: ShopRow, connection: ConnectionId): Promise<void> => {
  await tx
    .sql('DELETE FROM lanes WHERE shop = $1 AND connection = $2 AND last IS NOT NULL AND position >= last')
    .run(shop.id, connection)
}

export const laneOperations = (context: Context) => ({
  async lanes(shop: Shop): Promise<readonly Lane[]> {
    const row = await findShop(context, shop)
    return row ? lanesOf(context.db, row) : []
  },
})
