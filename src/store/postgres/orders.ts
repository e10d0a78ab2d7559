import type { Shop } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex } from '../../lib/seal.ts'
import { changeOrder } from '../order-rows.ts'
import type { FoundOrder, OrderSearch } from '../search.ts'
import type { OrderRecord } from '../store.ts'
import { columns } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

/** The orders that a group of arrivals changes. Their shops' turns are needed. */
export interface Orders {
  /**
   * Creates or changes an order. `seq` is where its purchase stands in the log, when it does; `at` stands in for the day
   * of an order whose placing was not told yet.
   */
  change(shop: ShopRow, change: OrderChange, seq: number | undefined, at: number): void
  write(): Promise<void>
}

interface Changed {
  readonly shop: number
  readonly order: OrderRecord
  readonly day: number
  readonly email: Uint8Array | null
}

interface Refund {
  readonly shop: number
  readonly order: string
  readonly refund: string
}

const refundName = ({ shop, order, refund }: Refund): string => `${shop} ${order} ${refund}`

export const ordersOf = async (
  tx: Sql,
  asked: readonly { readonly shop: ShopRow; readonly change: OrderChange }[],
): Promise<Orders> => {
  const orders = new Map<string, OrderRecord>()
  const refunds = new Set<string>()
  if (asked.length > 0) {
    const shops = asked.map(({ shop }) => shop.id)
    const ids = asked.map(({ change }) => change.orderId)
    for (const row of await tx
      .sql<{ shop: number; record: string }>(
        `SELECT o.shop, o.record FROM unnest($1::int[], $2::text[]) AS w(shop, order_id)
         JOIN orders o ON o.shop = w.shop AND o.order_id = w.order_id`,
      )
      .all(shops, ids)) {
      const order = JSON.parse(row.record) as OrderRecord
      orders.set(`${row.shop} ${order.orderId}`, order)
    }
    if (asked.some(({ change }) => change.refund))
      for (const row of await tx
        .sql<Refund>(
          `SELECT r.shop, r.order_id AS order, r.refund_id AS refund FROM unnest($1::int[], $2::text[]) AS w(shop, order_id)
           JOIN refunds r ON r.shop = w.shop AND r.order_id = w.order_id`,
        )
        .all(shops, ids))
        refunds.add(refundName(row))
  }
  const changed = new Map<string, Changed>()
  const freshRefunds: Refund[] = []
  return {
    change(shop, change, seq, at) {
      const name = `${shop.id} ${change.orderId}`
      const refund = change.refund && { shop: shop.id, order: change.orderId, refund: change.refund.id }
      const isFresh = refund !== undefined && !refunds.has(refundName(refund))
      if (refund && isFresh) {
        refunds.add(refundName(refund))
        freshRefunds.push(refund)
      }
      const order = changeOrder(orders.get(name), change, seq, isFresh)
      orders.set(name, order)
      changed.set(name, {
        shop: shop.id,
        order,
        day: Math.floor((order.placedAt ?? at) / DAY),
        email: change.email === undefined ? (changed.get(name)?.email ?? null) : blindIndex(shop.key, change.email),
      })
    },
    async write() {
      if (freshRefunds.length > 0)
        await tx
          .sql(
            `INSERT INTO refunds (shop, order_id, refund_id) SELECT * FROM unnest($1::int[], $2::text[], $3::text[])`,
          )
          .run(
            ...columns<Refund, string | number>(
              freshRefunds,
              ({ shop }) => shop,
              ({ order }) => order,
              ({ refund }) => refund,
            ),
          )
      if (changed.size > 0)
        await tx
          .sql(
            `INSERT INTO orders (shop, order_id, seq, placed_day, record, email)
             SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::bytea[])
             ON CONFLICT (shop, order_id) DO UPDATE SET seq = excluded.seq, placed_day = excluded.placed_day,
               record = excluded.record, email = coalesce(excluded.email, orders.email)`,
          )
          .run(
            ...columns<Changed, string | number | Uint8Array | null>(
              [...changed.values()],
              ({ shop }) => shop,
              ({ order }) => order.orderId,
              ({ order }) => order.seq ?? null,
              ({ day }) => day,
              ({ order }) => JSON.stringify(order),
              ({ email }) => email,
            ),
          )
    },
  }
}

export const orderOperations = (context: Context) => ({
  async orders(shop: Shop, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderRecord>> {
    const row = await findShop(context, shop)
    if (!row) return new Map()
    const orders = await context.db
      .sql<{ order_id: string; record: string }>(
        'SELECT order_id, record FROM orders WHERE shop = $1 AND order_id = ANY($2)',
      )
      .all(row.id, orderIds)
    return new Map(orders.map((order) => [order.order_id, JSON.parse(order.record) as OrderRecord]))
  },

  async findOrders(shop: Shop, by: OrderSearch, limit: number): Promise<readonly FoundOrder[]> {
    const row = await findShop(context, shop)
    if (!row) return []
    const [column, value] =
      'email' in by
        ? (['o.email', blindIndex(row.key, by.email)] as const)
        : (["(o.record::json ->> 'name')", by.name] as const)
    const found = await context.db
      .sql<{ record: string; refunds: readonly string[] }>(
        `SELECT o.record, ARRAY(SELECT r.refund_id FROM refunds r WHERE r.shop = o.shop AND r.order_id = o.order_id
           ORDER BY r.refund_id) AS refunds
         FROM orders o WHERE o.shop = $1 AND ${column} = $2 ORDER BY o.placed_day DESC, o.order_id DESC LIMIT $3`,
      )
      .all(row.id, value, limit)
    return found.map(({ record, refunds }) => ({ ...(JSON.parse(record) as OrderRecord), refunds }))
  },

  async ordersOfDay(
    shop: Shop,
    day: number,
    { limit, before }: { readonly limit: number; readonly before?: string },
  ): Promise<readonly OrderRecord[]> {
    const row = await findShop(context, shop)
    if (!row) return []
    const orders = await context.db
      .sql<{ record: string }>(
        `SELECT record FROM orders
         WHERE shop = $1 AND placed_day = $2 AND ($3::text IS NULL OR order_id < $3 COLLATE "C")
         ORDER BY order_id COLLATE "C" DESC LIMIT $4`,
      )
      .all(row.id, day, before ?? null, limit)
    return orders.map(({ record }) => JSON.parse(record) as OrderRecord)
  },
})
