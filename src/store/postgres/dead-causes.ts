import type { Shop } from '../../event/event.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { type DeadCause, MOST_PURCHASES } from '../dead-cause.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop } from './context.ts'

interface CauseRow {
  readonly code: string | null
  readonly message: string | null
  readonly count: number
  readonly newest: number
  readonly at: number
  readonly purchases: readonly number[] | null
}

const PURCHASES = [EVENT_NAMES.indexOf('order_placed'), EVENT_NAMES.indexOf('order_paid')]

const CAUSES = `
  SELECT p.code, p.message, count(*) AS count, max(p.seq) AS newest, max(p.parked_at) AS at,
    (array_agg(p.seq ORDER BY p.seq DESC) FILTER (WHERE e.name IN (${PURCHASES.join(', ')})))[1:${MOST_PURCHASES}]
      AS purchases
  FROM parked p LEFT JOIN events e ON e.shop = p.shop AND e.seq = p.seq
  WHERE p.shop = $1 AND p.connection = $2 AND p.kind = 'dead'
  GROUP BY p.code, p.message ORDER BY count DESC, newest DESC LIMIT $3`

export const deadCauseOperations = (context: Context) => ({
  async deadCauses(domain: Shop, connection: ConnectionId, limit: number): Promise<readonly DeadCause[]> {
    const shop = await findShop(context, domain)
    if (!shop) return []
    const rows = await context.db.sql<CauseRow>(CAUSES).all(shop.id, connection, limit)
    return rows.map(({ code, message, count, newest, at, purchases }) => ({
      ...(code !== null && { code }),
      ...(message !== null && { message }),
      count,
      newest,
      at,
      purchases: purchases ?? [],
    }))
  },
})
