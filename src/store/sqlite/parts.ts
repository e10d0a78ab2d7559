import type { Event, EventId, Shop } from '../../event/event.ts'
import { type EventRow, eventRow } from '../event-rows.ts'
import { JOINED, partName } from '../part-rows.ts'
import { eventOf, openText, sealRow } from '../sealing.ts'
import { claimOf, placeFor, sameSighting } from '../sightings.ts'
import type { NewEvent, StoredPart } from '../store.ts'
import { shortHash } from '../unique-ids.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { firstTelling, sharedSeq } from './first-telling.ts'
import type { Subject } from './subjects.ts'

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
      const text = key && openText(key, row.sealed, shop.shop, 'parts', partName(event, row.n))
      return text ? [{ receivedAt: row.received_at, event: eventOf(text), joined: row.joined === 1 }] : []
    })
}

const insert = (
  { db }: Context,
  shop: ShopRow,
  part: EventRow,
  n: number,
  claim: string | undefined,
  subject: Subject,
): void => {
  const event = shortHash(part.id)
  db.sql(
    'INSERT INTO parts (shop, event, n, joined, claim, received_at, subject, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    shop.id,
    event,
    n,
    n === JOINED ? 1 : 0,
    claim ?? null,
    part.receivedAt,
    subject.id,
    sealRow(subject.key, part.text, shop.shop, 'parts', partName(event, n)),
  )
}

const openPart = ({ db, subjects }: Context, shop: ShopRow, id: EventId, n: number): Event | undefined => {
  const event = shortHash(id)
  const row = db
    .sql<{ subject: number; sealed: Uint8Array }>(
      'SELECT subject, sealed FROM parts WHERE shop = ? AND event = ? AND n = ?',
    )
    .get(shop.id, event, n)
  const key = row && subjects.keyOf(shop, row.subject)
  const text = key && openText(key, row.sealed, shop.shop, 'parts', partName(event, n))
  return text ? eventOf(text) : undefined
}

const dropPart = ({ db }: Context, shop: ShopRow, id: string, n: number): void => {
  db.sql('DELETE FROM parts WHERE shop = ? AND event = ? AND n = ?').run(shop.id, shortHash(id), n)
}

/** Adds a sighting, unless the same one is there or there is no place for it. */
export const addPart = (context: Context, shop: ShopRow, part: EventRow): void => {
  const event = eventOf(part.text)
  const claim = claimOf(event)
  const kept = context.db
    .sql<{ n: number; claim: string | null }>(
      'SELECT n, claim FROM parts WHERE shop = ? AND event = ? AND n > 0 ORDER BY n',
    )
    .all(shop.id, shortHash(part.id))
    .map((row) => ({ n: row.n, claim: row.claim ?? undefined }))
  const isKnown = kept.some((row) => {
    const other = row.claim === claim ? openPart(context, shop, event.id, row.n) : undefined
    return other !== undefined && sameSighting(other, event)
  })
  if (isKnown) return
  const place = placeFor(kept, claim, () => firstTelling(context, shop, event.id)?.commerce?.checkoutToken)
  if (place === 'none') return
  if (place !== 'free') dropPart(context, shop, part.id, place.n)
  const subject = context.subjects.of(shop, part.subject, part.receivedAt)
  insert(context, shop, part, (kept.at(-1)?.n ?? JOINED) + 1, claim, subject)
}

/**
 * Keeps the joined result of an event, in place of an earlier one, under the key of the event itself. Of somebody who was
 * erased while it was sent nothing is kept: no new key is made for what is old.
 */
export const keepJoined = (context: Context, shop: ShopRow, joined: NewEvent): void => {
  dropPart(context, shop, joined.event.id, JOINED)
  const { db, subjects } = context
  const sealedFor = db
    .sql<{ subject: number }>('SELECT subject FROM events WHERE shop = ? AND seq = ?')
    .get(shop.id, sharedSeq(context, shop, joined.event.id) ?? 0)?.subject
  const subject =
    sealedFor === undefined
      ? subjects.living(shop, joined.subject, joined.receivedAt)
      : subjects.kept(shop, sealedFor, joined.receivedAt)
  if (subject) insert(context, shop, eventRow(joined), JOINED, undefined, subject)
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

  unprojectedParts(margin: number, limit: number): readonly { readonly shop: Shop; readonly part: StoredPart }[] {
    const { db, subjects } = context
    const shops = new Map<Shop, ShopRow | undefined>()
    const projected = db
      .sql<{ at: number | null }>(
        'SELECT max(e.received_at) AS at FROM heads h JOIN events e ON e.shop = h.shop AND e.seq = h.projected',
      )
      .get()?.at
    return db
      .sql<{ domain: Shop; event: Uint8Array; n: number; received_at: number; subject: number; sealed: Uint8Array }>(
        `SELECT s.domain, p.event, p.n, p.received_at, p.subject, p.sealed FROM parts p JOIN shops s ON s.id = p.shop
         WHERE p.received_at >= ? AND p.joined = 0 ORDER BY p.received_at DESC, p.id DESC LIMIT ?`,
      )
      .all((projected ?? 0) - margin, limit)
      .reverse()
      .flatMap(({ domain, event, n, received_at: receivedAt, subject, sealed }) => {
        if (!shops.has(domain)) shops.set(domain, findShop(context, domain))
        const row = shops.get(domain)
        const key = row && subjects.keyOf(row, subject)
        const text = key && openText(key, sealed, domain, 'parts', partName(event, n))
        return text ? [{ shop: domain, part: { receivedAt, event: eventOf(text), joined: false } }] : []
      })
  },
})
