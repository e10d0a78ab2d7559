import type { Shop } from '../../event/event.ts'
import type { ShopKeys } from '../keys.ts'
import type { Database } from './database.ts'
import type { Room } from './room.ts'
import type { Subjects } from './subjects.ts'
import type { Graveyard } from './tombstones.ts'

/** What every area of the store works with, inside the worker thread. */
export interface Context {
  readonly db: Database
  readonly keys: ShopKeys
  readonly subjects: Subjects
  readonly room: Room
  readonly graveyard: Graveyard
}

/** A shop as the rest of the store needs it. */
export interface ShopRow {
  readonly id: number
  readonly shop: Shop
  readonly key: Uint8Array
}

/**
 * A shop's row, read anew each time: a command line beside the server may have added it a moment ago. Undefined for a
 * shop that was never saved.
 */
export const findShop = ({ db, keys }: Pick<Context, 'db' | 'keys'>, shop: Shop): ShopRow | undefined => {
  const row = db
    .sql<{ id: number; wrapped: Uint8Array }>(
      'SELECT s.id, k.wrapped FROM shops s JOIN shop_keys k ON k.shop = s.id WHERE s.domain = ?',
    )
    .get(shop)
  return row && { id: row.id, shop, key: keys.unwrap(shop, row.wrapped) }
}

/** For calls that make no sense for an unknown shop. */
export const needShop = (context: Pick<Context, 'db' | 'keys'>, shop: Shop): ShopRow => {
  const row = findShop(context, shop)
  if (!row) throw new Error(`The shop ${shop} is not in the store.`)
  return row
}

/** A list of values as JSON, for `IN (SELECT value FROM json_each(?))`. */
export const list = (values: readonly (string | number)[]): string => JSON.stringify(values)
