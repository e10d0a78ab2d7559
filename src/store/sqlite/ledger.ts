import type { Shop } from '../../event/event.ts'
import { type LedgerRow, layOutcomes, ROW_LENGTH, readOutcomes } from '../ledger-rows.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

const rowsTouching = (db: Database, shop: ShopRow, connection: ConnectionId, from: number, to: number): LedgerRow[] =>
  db
    .sql<{ first: number; outcomes: Uint8Array }>(
      'SELECT first, outcomes FROM ledger WHERE shop = ? AND connection = ? AND first BETWEEN ? AND ? ORDER BY first',
    )
    .all(shop.id, connection, from - ROW_LENGTH, to)
    .map((row) => ({ from: row.first, outcomes: row.outcomes }))

/** Writes one byte per number, over what stands there. */
export const writeOutcomes = (
  db: Database,
  shop: ShopRow,
  connection: ConnectionId,
  from: number,
  outcomes: Uint8Array,
): void => {
  const near = rowsTouching(db, shop, connection, from, from + outcomes.length - 1)
  for (const row of layOutcomes(near, from, outcomes))
    db.sql(
      `INSERT INTO ledger (shop, connection, first, outcomes) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET outcomes = excluded.outcomes`,
    ).run(shop.id, connection, row.from, row.outcomes)
}

export const ledgerOperations = (context: Context) => ({
  ledger(shop: Shop, connection: ConnectionId, from: number, to: number): Uint8Array {
    const row = findShop(context, shop)
    return readOutcomes(row ? rowsTouching(context.db, row, connection, from, to) : [], from, to)
  },
})
