import { DAY } from '../../lib/duration.ts'
import { type Key, newKey, subjectKey } from '../../lib/seal.ts'
import { lru } from '../lru.ts'
import { bareSubject, spellings } from '../subject-names.ts'
import type { ShopRow } from './context.ts'
import type { Database } from './database.ts'

/** A subject's row and the key that its salt gives. */
export interface Subject {
  readonly id: number
  readonly key: Key
}

export interface Subjects {
  /** The living subject of this name; made when there is none. */
  of(shop: ShopRow, subject: string, at: number): Subject
  /** The key of a row that was sealed earlier; undefined when its subject was erased. */
  keyOf(shop: ShopRow, id: number): Key | undefined
  /** A subject and everyone it is linked to, however far. */
  linked(shop: ShopRow, subject: string): readonly string[]
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
  return {
    of(shop, subject, at) {
      const name = `${shop.id} ${subject}`
      const day = Math.floor(at / DAY)
      const known = living.get(name)
      if (known && known.day >= day) return known
      const row = db
        .sql<{ id: number; salt: Uint8Array; day: number }>(
          'SELECT id, salt, day FROM subjects WHERE shop = ? AND subject = ? AND salt IS NOT NULL',
        )
        .get(shop.id, subject)
      // The day says how long the salt is needed; it is written once a day however often the visitor comes.
      if (row && row.day < day) db.sql('UPDATE subjects SET day = ? WHERE id = ?').run(day, row.id)
      const salt = row?.salt ?? newKey()
      const id =
        row?.id ??
        Number(
          db.sql('INSERT INTO subjects (shop, subject, salt, day) VALUES (?, ?, ?, ?)').run(shop.id, subject, salt, day)
            .lastInsertRowid,
        )
      const made = { id, key: subjectKey(shop.key, salt), day: Math.max(day, row?.day ?? 0) }
      living.set(name, made)
      return made
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
    linked: (shop, subject) => linked(db, shop, subject),
    erase(shop, people) {
      let gone = 0
      for (const person of people) {
        for (const name of spellings(person))
          gone += Number(
            db
              .sql('UPDATE subjects SET salt = NULL WHERE shop = ? AND subject = ? AND salt IS NOT NULL')
              .run(shop.id, name).changes,
          )
        db.sql('DELETE FROM links WHERE shop = ? AND a = ?').run(shop.id, person)
        db.sql('DELETE FROM links WHERE shop = ? AND b = ?').run(shop.id, person)
      }
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

/** Links are kept in both directions. */
const linked = (db: Database, shop: ShopRow, subject: string): string[] =>
  db
    .sql<{ person: string }>(
      `WITH RECURSIVE people(person) AS (
         VALUES (?1) UNION SELECT links.b FROM links JOIN people ON links.shop = ?2 AND links.a = people.person
       ) SELECT person FROM people`,
    )
    .all(spellings(subject)[0] ?? subject, shop.id)
    .map((row) => row.person)
