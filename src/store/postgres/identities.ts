import type { Shop } from '../../event/event.ts'
import { subjectKey } from '../../lib/seal.ts'
import { addressDay, identityOf, sealIdentity, seenDay } from '../identity-rows.ts'
import type { Projection } from '../projection.ts'
import { ARRIVALS } from '../rollup-rows.ts'
import type { IdentityKey, IdentityRecord } from '../store.ts'
import { bareSubject, linkName } from '../subject-names.ts'
import { shortHash } from '../unique-ids.ts'
import { columns } from './columns.ts'
import { type Context, findShop, findShops, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import { takeTurns } from './locks.ts'
import { addRollups } from './rollups.ts'
import { checkFence } from './settle.ts'
import { type Subjects, subjectsOf } from './subjects.ts'

/** A record that is to be written under the key of the person it speaks of. */
export interface Identity {
  readonly shop: ShopRow
  readonly key: Uint8Array
  readonly person: string
  readonly record: IdentityRecord
}

interface Sealed extends Identity {
  readonly subject: number
  readonly sealed: Uint8Array
}

/** Writes records; no key may come twice. The shops' turns are needed. */
export const saveIdentities = async (tx: Sql, subjects: Subjects, identities: readonly Identity[]): Promise<void> => {
  if (identities.length === 0) return
  const rows = identities.map((identity): Sealed => {
    const { shop, key, person, record } = identity
    const subject = subjects.of(shop, person, record.seenAt)
    return { ...identity, subject: subject.id, sealed: sealIdentity(shop, key, subject.key, record) }
  })
  await tx
    .sql(
      `INSERT INTO identities (shop, key, subject, seen_day, address_day, sealed)
       SELECT * FROM unnest($1::int[], $2::bytea[], $3::bigint[], $4::int[], $5::int[], $6::bytea[])
       ON CONFLICT (shop, key) DO UPDATE SET subject = excluded.subject, seen_day = excluded.seen_day,
         address_day = excluded.address_day, sealed = excluded.sealed`,
    )
    .run(
      ...columns<Sealed, number | Uint8Array | null>(
        rows,
        ({ shop }) => shop.id,
        ({ key }) => key,
        ({ subject }) => subject,
        ({ record }) => seenDay(record),
        ({ record }) => addressDay(record) ?? null,
        ({ sealed }) => sealed,
      ),
    )
}

interface IdentityRow {
  readonly key: Uint8Array
  readonly sealed: Uint8Array
  readonly salt: Uint8Array | null
}

/** Opens a record; undefined when its subject was erased. */
export const openIdentity = (shop: ShopRow, row: IdentityRow): IdentityRecord | undefined =>
  row.salt ? identityOf(shop, row, subjectKey(shop.key, row.salt)) : undefined

interface Link {
  readonly shop: ShopRow
  readonly a: string
  readonly b: string
}

/** Links are kept in both directions. */
const saveLinks = async (tx: Sql, links: readonly Link[]): Promise<void> => {
  if (links.length === 0) return
  const both = links.flatMap(({ shop, a, b }) => [
    { shop, a, b },
    { shop, a: b, b: a },
  ])
  await tx
    .sql(
      `INSERT INTO links (shop, a, b) SELECT * FROM unnest($1::int[], $2::text[], $3::text[])
       ON CONFLICT DO NOTHING`,
    )
    .run(
      ...columns<Link, string | number>(
        both,
        ({ shop }) => shop.id,
        ({ a }) => a,
        ({ b }) => b,
      ),
    )
}

export const identityOperations = (context: Context) => {
  const { db } = context
  return {
    async identities(domain: Shop, keys: readonly IdentityKey[]): Promise<ReadonlyMap<IdentityKey, IdentityRecord>> {
      const found = new Map<IdentityKey, IdentityRecord>()
      const shop = await findShop(context, domain)
      if (!shop || keys.length === 0) return found
      const rows = await db
        .sql<IdentityRow>(
          `SELECT i.key, i.sealed, s.salt FROM identities i
           LEFT JOIN subjects s ON s.shop = i.shop AND s.id = i.subject WHERE i.shop = $1 AND i.key = ANY($2)`,
        )
        .all(shop.id, keys.map(shortHash))
      const byKey = new Map(rows.map((row) => [Buffer.from(row.key).toString('hex'), row]))
      for (const key of keys) {
        const row = byKey.get(shortHash(key).toString('hex'))
        const record = row && openIdentity(shop, row)
        if (record) found.set(key, record)
      }
      return found
    },

    async saveProjection({ changes, links, arrivals, projected, fence }: Projection): Promise<void> {
      const domains = [...changes, ...links, ...arrivals, ...projected].map(({ shop }) => shop)
      if (domains.length === 0) return
      const shops = new Map((await findShops(context, db, [...new Set(domains)])).map((row) => [row.shop, row]))
      const need = (shop: Shop): ShopRow => {
        const row = shops.get(shop)
        if (!row) throw new Error(`The shop ${shop} is not in the store.`)
        return row
      }
      const newest = new Map(changes.map((change) => [`${change.shop} ${change.key}`, change]))
      const identities = [...newest.values()].map(
        ({ shop, key, record }): Identity => ({
          shop: need(shop),
          key: shortHash(key),
          person: bareSubject(key),
          record,
        }),
      )
      await db.transaction(async (tx) => {
        if (fence) await checkFence(tx, need(fence.shop), fence.epoch)
        await takeTurns(
          tx,
          domains.map((domain) => need(domain).id),
        )
        const subjects = await subjectsOf(
          tx,
          identities.map(({ shop, person }) => ({ shop, name: person })),
        )
        await saveIdentities(tx, subjects, identities)
        await subjects.write()
        await saveLinks(
          tx,
          links.map(({ shop, a, b }) => {
            const row = need(shop)
            return { shop: row, a: linkName(row.key, a), b: linkName(row.key, b) }
          }),
        )
        await addRollups(
          tx,
          arrivals.map(({ shop, bucket, name, count }) => ({
            shop: need(shop),
            connection: ARRIVALS,
            delta: { bucket, name, outcome: 0, count, value: 0 },
          })),
        )
        await tx
          .sql(
            `UPDATE heads SET projected = greatest(projected, p.seq), learned_parts = greatest(learned_parts, p.parts)
             FROM (SELECT shop, max(seq) AS seq, max(parts) AS parts
               FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS u(shop, seq, parts) GROUP BY shop) p
             WHERE heads.shop = p.shop`,
          )
          .run(
            projected.map(({ shop }) => need(shop).id),
            projected.map(({ seq }) => seq),
            projected.map(({ parts = 0 }) => parts),
          )
      })
    },
  }
}
