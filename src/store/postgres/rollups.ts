import type { Shop } from '../../event/event.ts'
import { nameIndex } from '../event-rows.ts'
import type { Rollup, RollupDelta } from '../rollup.ts'
import { type ARRIVALS, addCounts, type Counts, type RollupRow, rollupOf } from '../rollup-rows.ts'
import type { ConnectionId } from '../store.ts'
import { columns } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

/** A change of one row; nobody else may change rows of its connection meanwhile (its row is held, or the shop's turn). */
export interface RollupChange {
  readonly shop: ShopRow
  readonly connection: ConnectionId | typeof ARRIVALS
  readonly delta: RollupDelta
}

interface Row extends Omit<RollupRow, 'counts'> {
  readonly shop: number
  readonly counts: Counts
}

const nameOf = ({ shop, bucket, connection, name, outcome }: Omit<Row, 'counts'>): string =>
  `${shop} ${bucket} ${connection} ${name} ${outcome}`

const keyColumns = (rows: readonly Row[]): number[][] =>
  columns(
    rows,
    ({ shop }) => shop,
    ({ bucket }) => bucket,
    ({ connection }) => connection,
    ({ name }) => name,
    ({ outcome }) => outcome,
  )

export const addRollups = async (tx: Sql, changes: readonly RollupChange[]): Promise<void> => {
  if (changes.length === 0) return
  const rows = new Map<string, Row>()
  for (const { shop, connection, delta } of changes) {
    const { bucket, name, outcome, ...counts } = delta
    const key = { shop: shop.id, bucket, connection, name: nameIndex(name), outcome } as Omit<Row, 'counts'>
    const known = rows.get(nameOf(key))
    rows.set(nameOf(key), { ...key, counts: known ? addCounts(known.counts, counts) : counts })
  }
  const stored = await tx
    .sql<RollupRow & { shop: number }>(
      `SELECT r.shop, r.bucket, r.connection, r.name, r.outcome, r.counts
       FROM unnest($1::int[], $2::bigint[], $3::int[], $4::smallint[], $5::smallint[])
         AS w(shop, bucket, connection, name, outcome)
       JOIN rollups r ON r.shop = w.shop AND r.bucket = w.bucket AND r.connection = w.connection AND r.name = w.name
         AND r.outcome = w.outcome`,
    )
    .all(...keyColumns([...rows.values()]))
  for (const row of stored) {
    const added = rows.get(nameOf(row))
    if (added) rows.set(nameOf(row), { ...added, counts: addCounts(JSON.parse(row.counts) as Counts, added.counts) })
  }
  const total = [...rows.values()]
  await tx
    .sql(
      `INSERT INTO rollups (shop, bucket, connection, name, outcome, counts)
       SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::smallint[], $5::smallint[], $6::text[])
       ON CONFLICT (shop, bucket, connection, name, outcome) DO UPDATE SET counts = excluded.counts`,
    )
    .run(
      ...keyColumns(total),
      total.map(({ counts }) => JSON.stringify(counts)),
    )
}

export const rollupOperations = (context: Context) => ({
  async rollups(shop: Shop, since: number, until: number = Number.MAX_SAFE_INTEGER): Promise<readonly Rollup[]> {
    const row = await findShop(context, shop)
    if (!row) return []
    const rows = await context.db
      .sql<RollupRow>(
        `SELECT bucket, connection, name, outcome, counts FROM rollups WHERE shop = $1 AND bucket >= $2 AND bucket < $3
         ORDER BY bucket, connection, name, outcome`,
      )
      .all(row.id, since, until)
    return rows.map(rollupOf)
  },
})
