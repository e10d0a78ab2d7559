import type { EventId, Shop } from '../../event/event.ts'
import { eventOf, openText, sealRow } from '../sealing.ts'
import { MOST_PARTS, sameSighting } from '../sightings.ts'
import type { NewEvent, StoredPart } from '../store.ts'
import { shortHash } from '../unique-ids.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { type PackedEvent, packedOf } from './pack.ts'

/** The joined result of an event has this number; sightings count from 1. */
const JOINED = 0

const rowName = (event: Uint8Array, n: number): string => `${Buffer.from(event).toString('hex')}/${n}`

/** Parts of one event in order of arrival; those whose subject was erased are left out. */
export const readParts = ({ db, subjects }: Context, shop: ShopRow, id: EventId): StoredPart[] => {
  const event = shortHash(id)
  return db
    .sql<{ n: number; joined: number; received_at: number; subject: number; sealed: Uint8Array }>(
      'SELECT n, joined, received_at, subject, sealed FROM parts WHERE shop = ? AND event = ? ORDER BY id',
    )
    .all(shop.id, event)
    .flatMap((row) => {
      const key = subjects.keyOf(shop, row.subject)
      const text = key && openText(key, row.sealed, shop.shop, 'parts', rowName(event, row.n))
      return text ? [{ receivedAt: row.received_at, event: eventOf(text), joined: row.joined === 1 }] : []
    })
}

const insert = ({ db, subjects }: Context, shop: ShopRow, part: PackedEvent, n: number): void => {
  const event = shortHash(part.id)
  const subject = subjects.of(shop, part.subject, part.receivedAt)
  db.sql('INSERT INTO parts (shop, event, n, joined, received_at, subject, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    shop.id,
    event,
    n,
    n === JOINED ? 1 : 0,
    part.receivedAt,
    subject.id,
    sealRow(subject.key, part.text, shop.shop, 'parts', rowName(event, n)),
  )
}

/** Adds a sighting, unless the same one is there or the event has as many as it may. */
export const addPart = (context: Context, shop: ShopRow, part: PackedEvent): void => {
  const last = context.db
    .sql<{ n: number | null }>('SELECT max(n) AS n FROM parts WHERE shop = ? AND event = ?')
    .get(shop.id, shortHash(part.id))?.n
  if (last !== null && last !== undefined) {
    if (last >= MOST_PARTS) return
    const event = eventOf(part.text)
    if (readParts(context, shop, event.id).some((known) => !known.joined && sameSighting(known.event, event))) return
  }
  insert(context, shop, part, (last ?? 0) + 1)
}

/** Keeps the joined result of an event, in place of an earlier one. */
export const keepJoined = (context: Context, shop: ShopRow, joined: NewEvent): void => {
  context.db
    .sql('DELETE FROM parts WHERE shop = ? AND event = ? AND n = ?')
    .run(shop.id, shortHash(joined.event.id), JOINED)
  insert(context, shop, packedOf(joined), JOINED)
}

export const partOperations = (context: Context) => ({
  parts(shop: Shop, ids: readonly EventId[]): ReadonlyMap<EventId, readonly StoredPart[]> {
    const row = findShop(context, shop)
    const found = new Map<EventId, readonly StoredPart[]>()
    if (!row) return found
    for (const id of ids) {
      const parts = readParts(context, row, id)
      if (parts.length > 0) found.set(id, parts)
    }
    return found
  },
})
