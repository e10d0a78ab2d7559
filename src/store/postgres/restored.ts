import type { Shop } from '../../event/event.ts'
import { purchaseId } from '../../event/event-ids.ts'
import { ALL_OF_SHOP, PAST_OF_SHOP, type Tombstone } from '../sqlite/tombstones.ts'
import type { Context } from './context.ts'
import type { Sql } from './database.ts'
import { retire } from './erasing.ts'
import { doubtAllLanes } from './lanes.ts'
import { takeTurns } from './locks.ts'
import { erasePeople } from './subjects.ts'

/** What was done to a restored database. */
export interface Restored {
  /** Salts that went. */
  readonly erased: number
  /** Shops that went as a whole. */
  readonly shops: number
}

export const restoredOperations = (context: Context) => {
  const { db, blind } = context

  /** Everybody of a shop whose name may stand in a tombstone. */
  const namesIn = async (tx: Sql, shop: number): Promise<string[]> => {
    const people = await tx
      .sql<{ name: string }>(
        `SELECT subject AS name FROM subjects WHERE shop = $1 AND salt IS NOT NULL
         UNION SELECT a FROM links WHERE shop = $1 UNION SELECT $2 || order_id FROM orders WHERE shop = $1`,
      )
      .all(shop, purchaseId(''))
    return people.map(({ name }) => name)
  }

  return {
    async tombstones(): Promise<readonly Tombstone[]> {
      return db.sql<Tombstone>('SELECT id, at, who FROM tombstones ORDER BY at, id, who').all()
    },

    async restored(options: {
      readonly at: number
      readonly now: number
      readonly tombstones: readonly Tombstone[]
    }): Promise<Restored> {
      const { at, now, tombstones } = options
      return db.transaction(async (tx) => {
        const applied = await tx.sql<{ id: string }>('SELECT DISTINCT id FROM tombstones').all()
        const known = new Set(applied.map(({ id }) => id))
        const pending = tombstones.filter(({ id }) => !known.has(id))
        const buried = new Set(pending.map(({ who }) => who))
        const rows = await tx
          .sql<{ id: number; domain: Shop; wrapped: Uint8Array }>(
            'SELECT s.id, s.domain, k.wrapped FROM shops s JOIN shop_keys k ON k.shop = s.id ORDER BY s.id',
          )
          .all()
        await takeTurns(
          tx,
          rows.map(({ id }) => id),
        )
        let erased = 0
        let shops = 0
        for (const { id, domain, wrapped } of buried.size > 0 ? rows : []) {
          if (buried.has(blind(domain, ALL_OF_SHOP))) {
            await retire(tx, { id })
            shops++
            continue
          }
          // Of a shop that was installed again nobody can say here what is of which installation: nobody is read.
          const isPast = buried.has(blind(domain, PAST_OF_SHOP))
          const names = (await namesIn(tx, id)).filter((name) => isPast || buried.has(blind(domain, name)))
          const row = { id, shop: domain, key: context.keys.unwrap(domain, wrapped) }
          if (names.length > 0) erased += await erasePeople(tx, row, names)
        }
        // Told again they change nothing, and the next dump knows that they were applied.
        await tx
          .sql(
            `INSERT INTO tombstones (shop, id, who, at)
             SELECT 0, * FROM unnest($1::text[], $2::text[], $3::bigint[]) ON CONFLICT DO NOTHING`,
          )
          .run(
            pending.map(({ id }) => id),
            pending.map(({ who }) => who),
            pending.map((one) => one.at),
          )
        await tx.exec(`UPDATE leases SET owner = NULL, until = 0`)
        await doubtAllLanes(tx, at, now)
        return { erased, shops }
      })
    },
  }
}
