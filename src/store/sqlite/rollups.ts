import type { Shop } from '../../event/event.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import type { Rollup, RollupDelta } from '../rollup.ts'
import { type ARRIVALS, addCounts, type Counts, type RollupRow, rollupOf } from '../rollup-rows.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

export const addRollup = (
  db: Database,
  shop: ShopRow,
  connection: ConnectionId | typeof ARRIVALS,
  { bucket, name, outcome, ...counts }: RollupDelta,
): void => {
  const key = [shop.id, bucket, connection, EVENT_NAMES.indexOf(name), outcome] as const
  const known = db
    .sql<{ counts: string }>(
      'SELECT counts FROM rollups WHERE shop = ? AND bucket = ? AND connection = ? AND name = ? AND outcome = ?',
    )
    .get(...key)
  const total = known ? addCounts(JSON.parse(known.counts) as Counts, counts) : counts
  db.sql(
    `INSERT INTO rollups (shop, bucket, connection, name, outcome, counts) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET counts = excluded.counts`,
  ).run(...key, JSON.stringify(total))
}

export const rollupOperations = (context: Context) => ({
  rollups(shop: Shop, since: number, until: number = Number.MAX_SAFE_INTEGER): readonly Rollup[] {
    const row = findShop(context, shop)
    if (!row) return []
    return context.db
      .sql<RollupRow>(
        `SELECT bucket, connection, name, outcome, counts FROM rollups WHERE shop = ? AND bucket >= ? AND bucket < ?
         ORDER BY bucket, connection, name, outcome`,
      )
      .all(row.id, since, until)
      .map(rollupOf)
  },
})
