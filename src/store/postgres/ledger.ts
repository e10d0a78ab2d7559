import type { Shop } from '../../event/event.ts'
import { type LedgerRow, layRuns, ROW_LENGTH, readOutcomes } from '../ledger-rows.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

const rowsTouching = async (
  sql: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  ranges: readonly { readonly from: number; readonly to: number }[],
): Promise<LedgerRow[]> => {
  const rows = await sql
    .sql<{ first: number; outcomes: Uint8Array }>(
      `SELECT DISTINCT l.first, l.outcomes FROM unnest($3::bigint[], $4::bigint[]) AS r(low, high)
       JOIN ledger l ON l.shop = $1 AND l.connection = $2 AND l.first BETWEEN r.low AND r.high ORDER BY l.first`,
    )
    .all(
      shop.id,
      connection,
      ranges.map(({ from }) => from - ROW_LENGTH),
      ranges.map(({ to }) => to),
    )
  return rows.map((row) => ({ from: row.first, outcomes: row.outcomes }))
}

/** Writes runs of bytes, one per number, over what stands there. The connection has to be held. */
export const writeOutcomes = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  runs: readonly LedgerRow[],
): Promise<void> => {
  if (runs.length === 0) return
  const ranges = runs.map(({ from, outcomes }) => ({ from, to: from + outcomes.length - 1 }))
  const changed = layRuns(await rowsTouching(tx, shop, connection, ranges), runs)
  await tx
    .sql(
      `INSERT INTO ledger (shop, connection, first, outcomes)
       SELECT $1, $2, u.first, u.outcomes FROM unnest($3::bigint[], $4::bytea[]) AS u(first, outcomes)
       ON CONFLICT (shop, connection, first) DO UPDATE SET outcomes = excluded.outcomes`,
    )
    .run(
      shop.id,
      connection,
      changed.map(({ from }) => from),
      changed.map(({ outcomes }) => outcomes),
    )
}

export const ledgerOperations = (context: Context) => ({
  async ledger(shop: Shop, connection: ConnectionId, from: number, to: number): Promise<Uint8Array> {
    const row = await findShop(context, shop)
    return readOutcomes(row ? await rowsTouching(context.db, row, connection, [{ from, to }]) : [], from, to)
  },
})
