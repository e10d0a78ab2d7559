import type { Shop } from '../../event/event.ts'
import { addressDay, identityOf, sealIdentity, seenDay } from '../identity-rows.ts'
import type { Projection } from '../projection.ts'
import { ARRIVALS } from '../rollup-rows.ts'
import type { IdentityKey, IdentityRecord } from '../store.ts'
import { bareSubject, linkName } from '../subject-names.ts'
import { shortHash } from '../unique-ids.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'
import { addRollup } from './rollups.ts'

/** Opens a record; undefined when its subject was erased. */
export const openIdentity = (
  { subjects }: Context,
  shop: ShopRow,
  row: { readonly key: Uint8Array; readonly subject: number; readonly sealed: Uint8Array },
): IdentityRecord | undefined => {
  const key = subjects.keyOf(shop, row.subject)
  return key && identityOf(shop, row, key)
}

/** Writes a record under the key of the person it speaks of. */
export const saveIdentity = (
  { db, subjects }: Context,
  shop: ShopRow,
  key: Uint8Array,
  person: string,
  record: IdentityRecord,
): void => {
  const subject = subjects.of(shop, person, record.seenAt)
  db.sql(
    `INSERT INTO identities (shop, key, subject, seen_day, address_day, sealed) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET subject = excluded.subject, seen_day = excluded.seen_day,
       address_day = excluded.address_day, sealed = excluded.sealed`,
  ).run(
    shop.id,
    key,
    subject.id,
    seenDay(record),
    addressDay(record) ?? null,
    sealIdentity(shop, key, subject.key, record),
  )
}

export const identityOperations = (context: Context) => {
  const { db } = context
  return {
    identities(shop: Shop, keys: readonly IdentityKey[]): ReadonlyMap<IdentityKey, IdentityRecord> {
      const found = new Map<IdentityKey, IdentityRecord>()
      const row = findShop(context, shop)
      if (!row) return found
      for (const key of keys) {
        const stored = db
          .sql<{ key: Uint8Array; subject: number; sealed: Uint8Array }>(
            'SELECT key, subject, sealed FROM identities WHERE shop = ? AND key = ?',
          )
          .get(row.id, shortHash(key))
        const record = stored && openIdentity(context, row, stored)
        if (record) found.set(key, record)
      }
      return found
    },

    saveProjection({ changes, links, arrivals, projected }: Projection): void {
      db.transaction(() => {
        for (const { shop, key, record } of changes)
          saveIdentity(context, needShop(context, shop), shortHash(key), bareSubject(key), record)
        for (const { shop, a, b } of links) {
          const { id, key } = needShop(context, shop)
          const link = db.sql('INSERT INTO links (shop, a, b) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
          link.run(id, linkName(key, a), linkName(key, b))
          link.run(id, linkName(key, b), linkName(key, a))
        }
        for (const { shop, bucket, name, count } of arrivals)
          addRollup(db, needShop(context, shop), ARRIVALS, { bucket, name, outcome: 0, count, value: 0 })
        for (const { shop, seq } of projected)
          db.sql('UPDATE heads SET projected = max(projected, ?) WHERE shop = ?').run(seq, needShop(context, shop).id)
      })
    },
  }
}
