import type { Shop } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex } from '../../lib/seal.ts'
import { changeOrder } from '../order-rows.ts'
import type { FoundOrder, OrderSearch } from '../search.ts'
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

/** As the index `orders_by_name` is made of. */
const ORDER_NAME = "json_extract(record, '$.name')"

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

  findOrders(shop: Shop, by: OrderSearch, limit: number): readonly FoundOrder[] {
    const row = findShop(context, shop)
    if (!row) return []
    const [column, value] =
      'email' in by ? (['email', blindIndex(row.key, by.email)] as const) : ([ORDER_NAME, by.name] as const)
    return context.db
      .sql<{ record: string; refunds: string }>(
        `SELECT record, (SELECT json_group_array(refund_id ORDER BY refund_id) FROM refunds r
           WHERE r.shop = orders.shop AND r.order_id = orders.order_id) AS refunds
         FROM orders WHERE shop = ? AND ${column} = ? ORDER BY placed_day DESC, order_id DESC LIMIT ?`,
      )
      .all(row.id, value, limit)
      .map(({ record, refunds }) => ({
        ...(JSON.parse(record) as OrderRecord),
        refunds: JSON.parse(refunds) as readonly string[],
      }))
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
