import type { Shop } from '../../event/event.ts'
import type { StoredEvent, StoredPart } from '../store.ts'
import { type Context, findShop } from './context.ts'
import { eventsAfter } from './log.ts'
import { openPart, type PartRow } from './parts.ts'

/** Behind the watermarks of a shop's projection (Projection.projected). */
export interface Unlearned {
  readonly events: readonly StoredEvent[]
  /** In order of arrival, each with its number; one whose person was erased has no part any more. */
  readonly parts: readonly { readonly arrived: number; readonly part: StoredPart | undefined }[]
}

const PARTS = `
  SELECT p.shop, p.event, p.n, p.claim, p.received_at, p.sealed, s.salt, p.arrived
  FROM parts p LEFT JOIN subjects s ON s.shop = p.shop AND s.id = p.subject
  WHERE p.shop = $1 AND p.arrived > $2 ORDER BY p.arrived LIMIT $3`

export const learningOperations = (context: Context) => ({
  async unlearned(domain: Shop, limit: number): Promise<Unlearned> {
    const { db } = context
    const shop = await findShop(context, domain)
    const heads =
      shop &&
      (await db
        .sql<{ head: number; projected: number; parts: number; learned_parts: number }>(
          'SELECT head, projected, parts, learned_parts FROM heads WHERE shop = $1',
        )
        .get(shop.id))
    if (!heads) return { events: [], parts: [] }
    const events = heads.head > heads.projected ? await eventsAfter(db, shop, heads.projected, limit) : []
    if (heads.parts <= heads.learned_parts) return { events, parts: [] }
    const rows = await db.sql<PartRow & { arrived: number }>(PARTS).all(shop.id, heads.learned_parts, limit)
    const parts = rows.map((row) => {
      const event = openPart(shop, row)
      return { arrived: row.arrived, part: event && { receivedAt: row.received_at, event, joined: false } }
    })
    // Of the newest sightings one may have made room for a better one: its number is passed all the same.
    return rows.length < limit && rows.at(-1)?.arrived !== heads.parts
      ? { events, parts: [...parts, { arrived: heads.parts, part: undefined }] }
      : { events, parts }
  },

  async counts(shops: readonly Shop[]): Promise<ReadonlyMap<Shop, number>> {
    const rows = await context.db
      .sql<{ domain: Shop; arrived: number }>(
        `SELECT s.domain, h.head + h.parts AS arrived FROM shops s JOIN heads h ON h.shop = s.id
         WHERE s.domain = ANY($1)`,
      )
      .all(shops)
    return new Map(rows.map(({ domain, arrived }) => [domain, arrived]))
  },
})
