import type { Event, Shop } from '../event/event.ts'
import { type Key, open, seal } from '../lib/seal.ts'

/** Whose rows they are, and the key that all of them begin with. */
export interface SealedFor {
  readonly shop: Shop
  readonly key: Uint8Array
}

/** Tables that hold sealed columns. */
export type SealedTable =
  | 'events'
  | 'parts'
  | 'parked'
  | 'messages'
  | 'identities'
  | 'connections'
  | 'tokens'
  | 'entries'

/** Binds an envelope to its row: moved to another shop, table or row it does not open. */
const place = (shop: Shop, table: SealedTable, row: string | number): string => `${shop}\n${table}\n${row}`

export const sealRow = (
  key: Key,
  content: string | Uint8Array,
  shop: Shop,
  table: SealedTable,
  row: string | number,
): Uint8Array => seal(key, content, place(shop, table, row))

/** Undefined when the envelope does not open: its subject was erased, or it was tampered with. */
export const openRow = (
  key: Key,
  sealed: Uint8Array,
  shop: Shop,
  table: SealedTable,
  row: string | number,
): Uint8Array | undefined => open(key, sealed, place(shop, table, row))

export const openText = (
  key: Key,
  sealed: Uint8Array,
  shop: Shop,
  table: SealedTable,
  row: string | number,
): string | undefined => open(key, sealed, place(shop, table, row))?.toString()

/** What this store sealed was an event when it went in; the envelope proves that it still is. */
export const eventOf = (text: string): Event => JSON.parse(text) as Event
