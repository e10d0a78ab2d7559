import { purchaseId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import { blindIndex, type Key, newKey, subjectKey } from '../../lib/seal.ts'
import { bareSubject, emailOf, linkName, ordersAmong, spellings } from '../subject-names.ts'
import { columns } from './columns.ts'
import type { ShopRow } from './context.ts'
import type { Sql } from './database.ts'

/** A subject's row and the key that its salt gives. */
export interface Subject {
  readonly id: number
  readonly key: Key
}

interface Living extends Subject {
  readonly shop: ShopRow
  readonly name: string
  readonly salt: Uint8Array
  day: number
  state: 'kept' | 'used' | 'new'
}

/** Who appears in a transaction, and when they were seen, ms. */
export interface Person {
  readonly shop: ShopRow
  readonly name: string
}

/** The living subjects of one transaction. Salts are read in it: another process may have erased one a moment ago. */
export interface Subjects {
  /** The living subject of this name; made when there is none. Its shop's turn is needed (context.ts). */
  of(shop: ShopRow, name: string, at: number): Subject
  /** Whether `of` would make a subject or write its day. */
  isChange(shop: ShopRow, name: string, at: number): boolean
  /** Writes what is new. */
  write(): Promise<void>
}

const personName = (shop: ShopRow, name: string): string => `${shop.id} ${name}`

const dayOf = (at: number): number => Math.floor(at / DAY)

/** Reads who of these people is known. Only they may be asked for. */
export const subjectsOf = async (tx: Sql, people: readonly Person[]): Promise<Subjects> => {
  const asked = [...new Map(people.map((person) => [personName(person.shop, person.name), person])).values()]
  const shops = new Map(asked.map(({ shop }) => [shop.id, shop]))
  const rows = await tx
    .sql<{ shop: number; id: number; subject: string; salt: Uint8Array; day: number }>(
      `SELECT s.shop, s.id, s.subject, s.salt, s.day FROM unnest($1::int[], $2::text[]) AS p(shop, subject)
       JOIN subjects s ON s.shop = p.shop AND s.subject = p.subject AND s.salt IS NOT NULL`,
    )
    .all(
      asked.map(({ shop }) => shop.id),
      asked.map(({ name }) => name),
    )
  const living = new Map<string, Living>()
  for (const row of rows) {
    const shop = shops.get(row.shop)
    if (!shop) continue
    const { id, subject: name, salt, day } = row
    living.set(personName(shop, name), { shop, name, id, salt, day, key: subjectKey(shop.key, salt), state: 'kept' })
  }
  const counters = await tx
    .sql<{ shop: number; subjects: number }>('SELECT shop, subjects FROM heads WHERE shop = ANY($1)')
    .all([...shops.keys()])
  const last = new Map(counters.map(({ shop, subjects }) => [shop, subjects]))

  const make = (shop: ShopRow, name: string, day: number): Living => {
    const id = (last.get(shop.id) ?? 0) + 1
    last.set(shop.id, id)
    const salt = newKey()
    const made: Living = { shop, name, id, salt, day, key: subjectKey(shop.key, salt), state: 'new' }
    living.set(personName(shop, name), made)
    return made
  }

  return {
    of(shop, name, at) {
      const day = dayOf(at)
      const subject = living.get(personName(shop, name)) ?? make(shop, name, day)
      // The day says how long the salt is needed; it is written once a day however often the visitor comes.
      if (subject.day < day) {
        subject.day = day
        if (subject.state === 'kept') subject.state = 'used'
      }
      return subject
    },
    isChange(shop, name, at) {
      const known = living.get(personName(shop, name))
      return known === undefined || known.day < dayOf(at)
    },
    async write() {
      const made = [...living.values()].filter(({ state }) => state === 'new')
      const used = [...living.values()].filter(({ state }) => state === 'used')
      if (made.length > 0) {
        await tx
          .sql(
            `INSERT INTO subjects (shop, id, subject, salt, day)
             SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::bytea[], $5::int[])`,
          )
          .run(
            ...columns<Living, string | number | Uint8Array>(
              made,
              ({ shop }) => shop.id,
              ({ id }) => id,
              ({ name }) => name,
              ({ salt }) => salt,
              ({ day }) => day,
            ),
          )
        const counted = [...new Set(made.map(({ shop }) => shop.id))]
        await tx
          .sql(
            `UPDATE heads SET subjects = c.subjects FROM unnest($1::int[], $2::bigint[]) AS c(shop, subjects)
             WHERE heads.shop = c.shop`,
          )
          .run(
            counted,
            counted.map((shop) => last.get(shop) ?? 0),
          )
      }
      if (used.length > 0)
        await tx
          .sql(
            `UPDATE subjects SET day = u.day FROM unnest($1::int[], $2::bigint[], $3::int[]) AS u(shop, id, day)
             WHERE subjects.shop = u.shop AND subjects.id = u.id`,
          )
          .run(
            ...columns(
              used,
              ({ shop }) => shop.id,
              ({ id }) => id,
              ({ day }) => day,
            ),
          )
    },
  }
}

/** Takes away the salts of people, their documents, what links them and the addresses of their orders; how many salts went. */
export const erasePeople = async (tx: Sql, shop: ShopRow, people: readonly string[]): Promise<number> => {
  // The names go too: one may be a customer's number.
  const gone = await tx
    .sql<{ id: number }>(
      `UPDATE subjects SET salt = NULL, subject = '' WHERE shop = $1 AND subject = ANY($2) AND salt IS NOT NULL
       RETURNING id`,
    )
    .all(shop.id, people.flatMap(spellings))
  await tx.sql('DELETE FROM entries WHERE shop = $1 AND subject = ANY($2)').run(
    shop.id,
    gone.map(({ id }) => id),
  )
  await tx.sql('DELETE FROM links WHERE shop = $1 AND (a = ANY($2) OR b = ANY($2))').run(shop.id, people)
  await tx
    .sql('UPDATE orders SET email = NULL WHERE shop = $1 AND order_id = ANY($2)')
    .run(shop.id, ordersAmong(people))
  return gone.length
}

/** These and everyone they are linked to, however far, as names of links; an address leads to people, and nobody on to one. */
export const linkedPeople = async (sql: Sql, shop: ShopRow, names: readonly string[]): Promise<string[]> => {
  const emails = names.flatMap((name) => {
    const email = emailOf(name)
    return email === undefined ? [] : [blindIndex(shop.key, email)]
  })
  const orders = await sql
    .sql<{ order_id: string }>('SELECT order_id FROM orders WHERE shop = $1 AND email = ANY($2)')
    .all(shop.id, emails)
  const rows = await sql
    .sql<{ person: string }>(
      `WITH RECURSIVE people(person) AS (
         SELECT unnest($1::text[]) UNION SELECT links.b FROM links
         JOIN people ON links.shop = $2 AND links.a = people.person
         WHERE links.b NOT LIKE 'email:%' AND links.b NOT LIKE 'phone:%'
       ) SELECT person FROM people`,
    )
    .all([...names.map((name) => linkName(shop.key, name)), ...orders.map((row) => purchaseId(row.order_id))], shop.id)
  return rows.map(({ person }) => person)
}

/** Deletes up to `limit` subjects of a shop that were last needed before a day; how many went. Needs the shop's turn. */
export const dropSubjects = async (tx: Sql, shop: number, before: number, limit: number): Promise<number> => {
  const due = await tx
    .sql<{ subject: string }>(
      `DELETE FROM subjects WHERE shop = $1
       AND id = ANY(ARRAY(SELECT id FROM subjects WHERE shop = $1 AND day < $2 LIMIT $3)) RETURNING subject`,
    )
    .all(shop, before, limit)
  await dropLinks(tx, shop, [...new Set(due.map(({ subject }) => bareSubject(subject)))])
  return due.length
}

/**
 * A link goes with the second of the two that it joins: as long as one of them has rows that can be read, erasing the
 * other must find them.
 */
const dropLinks = async (tx: Sql, shop: number, gone: readonly string[]): Promise<void> => {
  if (gone.length === 0) return
  const links = await tx
    .sql<{ a: string; b: string }>('SELECT a, b FROM links WHERE shop = $1 AND a = ANY($2)')
    .all(shop, gone)
  const names = [...new Set(links.flatMap(({ a, b }) => [a, b]))]
  const alive = await tx
    .sql<{ subject: string }>('SELECT subject FROM subjects WHERE shop = $1 AND subject = ANY($2) AND salt IS NOT NULL')
    .all(shop, names.flatMap(spellings))
  const living = new Set(alive.map(({ subject }) => bareSubject(subject)))
  const over = links.filter(({ a, b }) => !living.has(a) && !living.has(b))
  await tx
    .sql(
      `DELETE FROM links USING unnest($2::text[], $3::text[]) AS o(a, b)
       WHERE links.shop = $1 AND ((links.a = o.a AND links.b = o.b) OR (links.a = o.b AND links.b = o.a))`,
    )
    .run(
      shop,
      over.map(({ a }) => a),
      over.map(({ b }) => b),
    )
}
