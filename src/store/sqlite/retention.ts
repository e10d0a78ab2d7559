import type { Shop } from '../../event/event.ts'
import { DAY, HOUR, SECOND } from '../../lib/duration.ts'
import { withoutAddress } from '../identity-rows.ts'
import { longestSealed, type Retention } from '../keeping-times.ts'
import { settledUpTo } from '../settled.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { openIdentity, saveIdentity } from './identities.ts'
import { lanesOf } from './lanes.ts'
import { headOf } from './log.ts'

/** A settled mark is written at most this often for a shop. */
const MARK_EVERY = HOUR
/** Longest time that one step keeps the thread from capture, ms; its commit comes on top. */
export const STEP = 5
/** Rows that go between two looks at the time. */
const SLICE = 20

/** Tables with much of a shop in them, and their keys; the clear ones first. Ids, which are hashes, go with their age. */
const LEFT_BEHIND = [
  ['orders', 'shop, order_id'],
  ['links', 'shop, a, b'],
  ['attempts', 'id'],
  ['messages', 'id'],
  ['parts', 'id'],
  ['identities', 'id'],
  ['rollups', 'shop, bucket, connection, name, outcome'],
  ['settled', 'shop, at'],
  ['ledger', 'shop, connection, first'],
  ['events', 'id'],
] as const

/** Where retention stands: at a kind of row, behind a shop where the kind goes shop by shop, with so many left to go. */
export interface Place {
  readonly kind: number
  readonly shop: number
  readonly left: number
}

/** What a step did and where the next one goes on; without a next one, everything was looked at. */
export interface Step {
  readonly gone: number
  readonly next?: Place
}

/** Deletes a slice of what is past its time. */
type Slice = (policy: Retention, now: number, limit: number) => number
/** The same for one shop. */
type ShopSlice = (shop: ShopRow, policy: Retention, now: number, limit: number) => number

export const retentionOperations = (context: Context) => {
  const { db, subjects } = context

  /** Deletes at most `limit` rows of a table, found through the index that its condition names. */
  const drop =
    (table: string, key: string, condition: string, before: (policy: Retention, now: number) => number): Slice =>
    (policy, now, limit) =>
      Number(
        db
          .sql(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ?2)`)
          .run(before(policy, now), limit).changes,
      )

  /** Notes how far a shop is settled now, so that later it can be told how long ago that was. */
  const markSettled = (shop: ShopRow, now: number): void => {
    const last = db
      .sql<{ at: number; seq: number }>('SELECT at, seq FROM settled WHERE shop = ? ORDER BY at DESC LIMIT 1')
      .get(shop.id)
    if (last && now < last.at + MARK_EVERY) return
    const parked = db
      .sql<{ seq: number | null }>(`SELECT min(seq) AS seq FROM parked WHERE shop = ? AND kind <> 'dead'`)
      .get(shop.id)?.seq
    const seq = settledUpTo(lanesOf(db, shop), parked ? [parked] : [], headOf(db, shop))
    if (seq === undefined || (last && seq <= last.seq)) return
    db.sql('INSERT INTO settled (shop, at, seq) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq').run(
      shop.id,
      now,
      seq,
    )
  }

  const dropBodies: ShopSlice = (shop, policy, now, limit) => {
    markSettled(shop, now)
    const settled = db
      .sql<{ seq: number | null }>('SELECT max(seq) AS seq FROM settled WHERE shop = ? AND at <= ?')
      .get(shop.id, now - policy.bodyAfterSettled)?.seq
    const rows = db
      .sql<{ seq: number; received_at: number }>(
        `SELECT seq, received_at FROM events
         WHERE shop = ?1 AND seq > (SELECT cleared FROM heads WHERE shop = ?1) ORDER BY seq LIMIT ?2`,
      )
      .all(shop.id, limit)
    const stays = rows.findIndex((row) => row.seq > (settled ?? 0) && row.received_at > now - policy.bodyAtMost)
    const due = stays === -1 ? rows : rows.slice(0, stays)
    const last = due.at(-1)
    if (!last) return 0
    db.sql('UPDATE events SET sealed = NULL WHERE shop = ? AND seq BETWEEN ? AND ?').run(
      shop.id,
      due[0]?.seq ?? last.seq,
      last.seq,
    )
    db.sql('UPDATE heads SET cleared = ? WHERE shop = ?').run(last.seq, shop.id)
    // One mark at or before the cleared number is enough.
    db.sql('DELETE FROM settled WHERE shop = ? AND seq < ?').run(shop.id, last.seq)
    return due.length
  }

  const dropRollups: ShopSlice = (shop, policy, now, limit) =>
    Number(
      db
        .sql(
          `DELETE FROM rollups WHERE (shop, bucket, connection, name, outcome) IN (
             SELECT shop, bucket, connection, name, outcome FROM rollups WHERE shop = ? AND bucket < ? LIMIT ?)`,
        )
        .run(shop.id, now - policy.rollups, limit).changes,
    )

  /** IP and user agent are sealed inside the record: it is opened, cut and sealed again. */
  const dropAddresses: Slice = (policy, now, limit) => {
    const rows = db
      .sql<{ id: number; domain: Shop; key: Uint8Array; subject: number; sealed: Uint8Array; person: string | null }>(
        `SELECT i.id, s.domain, i.key, i.subject, i.sealed, p.subject AS person
         FROM identities i JOIN shops s ON s.id = i.shop LEFT JOIN subjects p ON p.id = i.subject
         WHERE i.address_day IS NOT NULL AND i.address_day < ? LIMIT ?`,
      )
      .all(dayBefore(now, policy.addresses), limit)
    for (const row of rows) {
      const shop = findShop(context, row.domain)
      const record = shop && openIdentity(context, shop, row)
      if (record && row.person !== null) saveIdentity(context, shop, row.key, row.person, withoutAddress(record))
      else db.sql('DELETE FROM identities WHERE id = ?').run(row.id)
    }
    return rows.length
  }

  const dropSubjects: Slice = (policy, now, limit) => {
    const gone = subjects.drop(dayBefore(now, longestSealed(policy) + DAY), limit)
    if (gone > 0) subjects.forget()
    return gone
  }

  const nextShop = (after: number): ShopRow | undefined => {
    const row = db
      .sql<{ domain: Shop }>(
        'SELECT domain FROM shops WHERE id > ? AND id IN (SELECT shop FROM shop_keys) ORDER BY id LIMIT 1',
      )
      .get(after)
    return row && findShop(context, row.domain)
  }

  /** What a shop that was erased leaves behind: unreadable rows. */
  const dropErased: Slice = (_, __, limit) => {
    const shop = db
      .sql<{ id: number }>('SELECT id FROM shops WHERE id NOT IN (SELECT shop FROM shop_keys) LIMIT 1')
      .get()
    if (!shop) return 0
    for (const [table, key] of LEFT_BEHIND) {
      const { changes } = db
        .sql(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE shop = ?1 LIMIT ?2)`)
        .run(shop.id, limit)
      if (changes !== 0) return limit
    }
    db.sql('DELETE FROM shops WHERE id = ?').run(shop.id)
    return limit
  }

  /** Of every kind the rows that are past their time. Salts go last: until then what they open can be read. */
  const kinds: readonly (Slice | { readonly each: ShopSlice })[] = [
    dropErased,
    { each: dropBodies },
    { each: dropRollups },
    drop('messages', 'id', 'received_at < ?1', ({ messages }, now) => now - messages),
    drop('parts', 'id', 'joined = 0 AND received_at < ?1', ({ bodyAtMost }, now) => now - bodyAtMost),
    // What a refund weeks later is completed from.
    drop('parts', 'id', 'joined = 1 AND received_at < ?1', ({ orderIdentifiers }, now) => now - orderIdentifiers),
    drop('attempts', 'id', 'at < ?1', ({ attempts }, now) => now - attempts),
    drop('entries', 'shop, kind, key', 'until < ?1', (_, now) => now),
    drop('tasks', 'shop, id', 'ended_at < ?1', ({ attempts }, now) => now - attempts),
    drop(
      'parked',
      'shop, connection, seq',
      `kind = 'dead' AND parked_at < ?1`,
      ({ deadLetters }, now) => now - deadLetters,
    ),
    drop('orders', 'shop, order_id', 'placed_day < ?1', ({ orders }, now) => dayBefore(now, orders)),
    drop('ids', 'shop, id', 'day < ?1', ({ sharedIds }, now) => dayBefore(now, sharedIds)),
    drop('recent_ids', 'second, shop, id', 'second < ?1', ({ pixelIds }, now) => Math.floor((now - pixelIds) / SECOND)),
    drop('identities', 'id', 'seen_day < ?1', ({ identities }, now) => dayBefore(now, identities)),
    dropAddresses,
    dropSubjects,
  ]

  return {
    /** Goes on from a place for some milliseconds. */
    retainStep(policy: Retention, now: number, limit: number, from: Place): Step {
      const end = performance.now() + STEP
      const nextKind = ({ kind }: Place): Place => ({ kind: kind + 1, shop: 0, left: limit })
      const sliceAt = (place: Place): { readonly gone: number; readonly next: Place } => {
        const kind = kinds[place.kind]
        const wanted = Math.min(SLICE, place.left)
        if (typeof kind === 'function') {
          const gone = kind(policy, now, wanted)
          const next = { ...place, left: place.left - gone }
          return { gone, next: gone < wanted || next.left === 0 ? nextKind(place) : next }
        }
        const shop = nextShop(place.shop)
        if (!shop || !kind) return { gone: 0, next: nextKind(place) }
        const gone = kind.each(shop, policy, now, wanted)
        const left = place.left - gone
        if (left === 0) return { gone, next: nextKind(place) }
        return { gone, next: { ...place, left, shop: gone < wanted ? shop.id : place.shop } }
      }
      return db.transaction(() => {
        let place = from
        let gone = 0
        while (place.kind < kinds.length) {
          const slice = sliceAt(place)
          gone += slice.gone
          place = slice.next
          if (performance.now() >= end) return place.kind < kinds.length ? { gone, next: place } : { gone }
        }
        return { gone }
      })
    },
  }
}

/** The day, since 1970, that was so many ms ago. */
const dayBefore = (now: number, age: number): number => Math.floor((now - age) / DAY)
