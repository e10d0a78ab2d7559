import { purchaseId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex, type Key, newKey, subjectKey } from '../../lib/seal.ts'
import { lru } from '../lru.ts'
import { bareSubject, emailOf, linkName, ordersAmong, spellings } from '../subject-names.ts'
import { list, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

/** A subject's row and the key that its salt gives. */
export interface Subject {
  readonly id: number
  readonly key: Key
}

export interface Subjects {
  /** The living subject of this name; made when there is none. */
  of(shop: ShopRow, subject: string, at: number): Subject
  /** The living subject of this name, if there is one. */
  living(shop: ShopRow, subject: string, at: number): Subject | undefined
  /** The living subject of this number, if it is living still: it is needed since `at`. */
  kept(shop: ShopRow, id: number, at: number): Subject | undefined
  /** The key of a row that was sealed earlier; undefined when its subject was erased. */
  keyOf(shop: ShopRow, id: number): Key | undefined
  /** These and everyone they are linked to, however far, as names of links. */
  linked(shop: ShopRow, names: readonly string[]): readonly string[]
  /** Takes away the salts of people and what links them; the number of salts that went. */
  erase(shop: ShopRow, people: readonly string[]): number
  /** Deletes up to `limit` subjects that were last needed before a day; the number that went. */
  drop(before: number, limit: number): number
  /** Forgets what is in memory, when another process wrote or a transaction was rolled back. */
  forget(): void
}

/** Visitors whose keys stay in memory: about 300 bytes each. */
const KEPT = 20_000

export const subjectsIn = (db: Database): Subjects => {
  const living = lru<string, Subject & { readonly day: number }>(KEPT)
  const keys = lru<number, Key>(KEPT)
  /** The day says how long the salt is needed; it is written once a day however often the visitor comes. */
  const used = (row: { readonly id: number; readonly day: number }, day: number): void => {
    if (row.day < day) db.sql('UPDATE subjects SET day = ? WHERE id = ?').run(day, row.id)
  }
  const find = (shop: ShopRow, subject: string, at: number): Subject | undefined => {
    const name = `${shop.id} ${subject}`
    const day = Math.floor(at / DAY)
    const known = living.get(name)
    if (known && known.day >= day) return known
    const row = db
      .sql<{ id: number; salt: Uint8Array; day: number }>(
        'SELECT id, salt, day FROM subjects WHERE shop = ? AND subject = ? AND salt IS NOT NULL',
      )
      .get(shop.id, subject)
    if (!row) return undefined
    used(row, day)
    const found = { id: row.id, key: subjectKey(shop.key, row.salt), day: Math.max(day, row.day) }
    living.set(name, found)
    return found
  }
  return {
    of(shop, subject, at) {
      const known = find(shop, subject, at)
      if (known) return known
      const day = Math.floor(at / DAY)
      const salt = newKey()
      const id = Number(
        db.sql('INSERT INTO subjects (shop, subject, salt, day) VALUES (?, ?, ?, ?)').run(shop.id, subject, salt, day)
          .lastInsertRowid,
      )
      const made = { id, key: subjectKey(shop.key, salt), day }
      living.set(`${shop.id} ${subject}`, made)
      return made
    },
    living: find,
    kept(shop, id, at) {
      const row = db
        .sql<{ salt: Uint8Array; day: number }>(
          'SELECT salt, day FROM subjects WHERE id = ? AND shop = ? AND salt IS NOT NULL',
        )
        .get(id, shop.id)
      if (!row) return undefined
      used({ id, day: row.day }, Math.floor(at / DAY))
      return { id, key: subjectKey(shop.key, row.salt) }
    },
    keyOf(shop, id) {
      const known = keys.get(id)
      if (known) return known
      const row = db
        .sql<{ salt: Uint8Array | null }>('SELECT salt FROM subjects WHERE id = ? AND shop = ?')
        .get(id, shop.id)
      if (!row?.salt) return undefined
      const key = subjectKey(shop.key, row.salt)
      keys.set(id, key)
      return key
    },
    linked: (shop, names) => linked(db, shop, names),
    erase(shop, people) {
      let gone = 0
      for (const person of people) {
        for (const name of spellings(person)) {
          // The name goes too: it may be a customer's number.
          const erased = db
            .sql<{ id: number }>(
              `UPDATE subjects SET salt = NULL, subject = '' WHERE shop = ? AND subject = ? AND salt IS NOT NULL
               RETURNING id`,
            )
            .all(shop.id, name)
          for (const { id } of erased) db.sql('DELETE FROM entries WHERE shop = ? AND subject = ?').run(shop.id, id)
          gone += erased.length
        }
        db.sql('DELETE FROM links WHERE shop = ? AND a = ?').run(shop.id, person)
        db.sql('DELETE FROM links WHERE shop = ? AND b = ?').run(shop.id, person)
      }
      for (const order of ordersAmong(people))
        db.sql('UPDATE orders SET email = NULL WHERE shop = ? AND order_id = ?').run(shop.id, order)
      living.clear()
      keys.clear()
      return gone
    },
    drop(before, limit) {
      const due = db
        .sql<{ shop: number; subject: string }>(
          `DELETE FROM subjects WHERE id IN (SELECT id FROM subjects WHERE day < ? LIMIT ?) RETURNING shop, subject`,
        )
        .all(before, limit)
      for (const { shop, subject } of due) dropLinks(db, shop, bareSubject(subject))
      return due.length
    },
    forget() {
      living.clear()
      keys.clear()
    },
  }
}

const isLiving = (db: Database, shop: number, name: string): boolean =>
  spellings(name).some((one) =>
    db.sql('SELECT 1 FROM subjects WHERE shop = ? AND subject = ? AND salt IS NOT NULL').get(shop, one),
  )

/**
 * A link goes with the second of the two that it joins: as long as one of them has rows that can be read, erasing the
 * other must find them.
 */
const dropLinks = (db: Database, shop: number, gone: string): void => {
  if (isLiving(db, shop, gone)) return
  const others = db.sql<{ b: string }>('SELECT b FROM links WHERE shop = ? AND a = ?').all(shop, gone)
  const unlink = db.sql('DELETE FROM links WHERE shop = ? AND a = ? AND b = ?')
  for (const { b } of others)
    if (!isLiving(db, shop, b)) {
      unlink.run(shop, gone, b)
      unlink.run(shop, b, gone)
    }
}

/** Links are kept in both directions; an address leads to people, and nobody on to an address. */
const linked = (db: Database, shop: ShopRow, names: readonly string[]): string[] =>
  db
    .sql<{ person: string }>(
      `WITH RECURSIVE people(person) AS (
         SELECT value FROM json_each(?1) UNION
         SELECT links.b FROM links JOIN people ON links.shop = ?2 AND links.a = people.person
         WHERE links.b NOT GLOB 'email:*' AND links.b NOT GLOB 'phone:*'
       ) SELECT person FROM people`,
    )
    .all(list([...names.map((name) => linkName(shop.key, name)), ...ordersOf(db, shop, names)]), shop.id)
    .map((row) => row.person)

/** The orders that were placed with these addresses. */
const ordersOf = (db: Database, shop: ShopRow, names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const email = emailOf(name)
    if (email === undefined) return []
    return db
      .sql<{ order_id: string }>('SELECT order_id FROM orders WHERE shop = ? AND email = ?')
      .all(shop.id, blindIndex(shop.key, email))
      .map(({ order_id }) => purchaseId(order_id))
  })
