import type { Event, EventId } from '../../event/event.ts'
import { eventOf, openText } from '../sealing.ts'
import { shortHash } from '../unique-ids.ts'
import type { Context, ShopRow } from './context.ts'

/** Where a fact that several sides can tell of stands in the log. */
export const sharedSeq = ({ db }: Context, shop: ShopRow, id: EventId): number | undefined =>
  db.sql<{ seq: number }>('SELECT seq FROM ids WHERE shop = ? AND id = ?').get(shop.id, shortHash(id))?.seq

/** Such a fact as it stands in the log; undefined when it is not there or its body is gone. */
export const firstTelling = (context: Context, shop: ShopRow, id: EventId): Event | undefined => {
  const seq = sharedSeq(context, shop, id)
  if (seq === undefined) return undefined
  const row = context.db
    .sql<{ subject: number; sealed: Uint8Array | null }>(
      'SELECT subject, sealed FROM events WHERE shop = ? AND seq = ?',
    )
    .get(shop.id, seq)
  const key = row && context.subjects.keyOf(shop, row.subject)
  const text = key && row.sealed ? openText(key, row.sealed, shop.shop, 'events', seq) : undefined
  return text ? eventOf(text) : undefined
}
