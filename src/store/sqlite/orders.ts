import type { Shop } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex } from '../../lib/seal.ts'
import { changeOrder } from '../order-rows.ts'
import type { OrderRecord } from '../store.ts'
import { type Context, findShop, list, type ShopRow } from './context.ts'

/**
 * Creates or changes an order's row. `seq` is where its purchase stands in the log, when it does; `at` stands in for the
 * day of an order whose placing was not told yet.
 */
export const saveOrder = (
  { db }: Context,
  shop: ShopRow,
  change: OrderChange,
  seq: number | undefined,
  at: number,
): void => {
  const row = db
    .sql<{ record: string }>('SELECT record FROM orders WHERE shop = ? AND order_id = ?')
    .get(shop.id, change.orderId)
  const freshRefund =
    change.refund !== undefined &&
    Number(
      db
        .sql('INSERT INTO refunds (shop, order_id, refund_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
        .run(shop.id, change.orderId, change.refund.id).changes,
    ) === 1
  const order = changeOrder(row && (JSON.parse(row.record) as OrderRecord), change, seq, freshRefund)
  db.sql(
    `INSERT INTO orders (shop, order_id, seq, placed_day, record, email) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, placed_day = excluded.placed_day, record = excluded.record,
       email = coalesce(excluded.email, email)`,
  ).run(
    shop.id,
    change.orderId,
    order.seq ?? null,
    Math.floor((order.placedAt ?? at) / DAY),
    JSON.stringify(order),
    change.email === undefined ? null : blindIndex(shop.key, change.email),
  )
}

export const orderOperations = (context: Context) => ({
  orders(shop: Shop, orderIds: readonly string[]): ReadonlyMap<string, OrderRecord> {
    const row = findShop(context, shop)
    if (!row) return new Map()
    return new Map(
      context.db
        .sql<{ order_id: string; record: string }>(
          'SELECT order_id, record FROM orders WHERE shop = ? AND order_id IN (SELECT value FROM json_each(?))',
        )
        .all(row.id, list(orderIds))
        .map((order) => [order.order_id, JSON.parse(order.record) as OrderRecord]),
    )
  },

  ordersOfDay(
    shop: Shop,
    day: number,
    { limit, before }: { readonly limit: number; readonly before?: string },
  ): readonly OrderRecord[] {
    const row = findShop(context, shop)
    if (!row) return []
    // The index by day goes on with the table's key: shop and order.
    return context.db
      .sql<{ record: string }>(
        `SELECT record FROM orders WHERE placed_day = ?1 AND shop = ?2 AND (?3 IS NULL OR order_id < ?3)
         ORDER BY order_id DESC LIMIT ?4`,
      )
      .all(day, row.id, before ?? null, limit)
      .map(({ record }) => JSON.parse(record) as OrderRecord)
  },
})
