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
}

export const lanesOf = (db: Database, shop: ShopRow): Lane[] =>
  db
    .sql<LaneRow>(
      `SELECT connection, lane, kind, first, last, position, due, tries, unsure_since
       FROM lanes WHERE shop = ? ORDER BY connection, lane`,
    )
    .all(shop.id)
    .map(({ connection, lane, kind, first, last, position, due, tries, unsure_since }) => ({
      connection,
      lane,
      kind,
      from: first,
      ...(last !== null && { to: last }),
      position,
      due,
      tries,
      ...(unsure_since !== null && { unsureSince: unsure_since }),
    }))

export const laneOperations = (context: Context) => ({
  lanes(shop: Shop): readonly Lane[] {
    const row = findShop(context, shop)
    return row ? lanesOf(context.db, row) : []
  },
})
