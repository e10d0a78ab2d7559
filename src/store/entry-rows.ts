import type { Shop } from '../event/event.ts'
import type { Key } from '../lib/seal.ts'
import type { Entry, EntryKind } from './entry.ts'
import { openText, sealRow } from './sealing.ts'

/** A row of `entries`. */
export interface EntryRow {
  readonly key: string
  readonly version: number
  readonly at: number
  readonly sealed: Uint8Array
}

/** Whose shop it is, and the key that seals it: the shop's own or a person's. */
export interface EntryKey {
  readonly shop: Shop
  readonly key: Key
}

/** Bound to its kind and key: under another it does not open. */
export const entryName = (kind: EntryKind, key: string): string => `${kind}\n${key}`

export const sealEntry = ({ shop, key: sealing }: EntryKey, kind: EntryKind, key: string, value: unknown) =>
  sealRow(sealing, JSON.stringify(value), shop, 'entries', entryName(kind, key))

/** Undefined when it does not open: it was tampered with. */
export const entryOf = (
  { shop, key: sealing }: EntryKey,
  kind: EntryKind,
  { key, version, at, sealed }: EntryRow,
): Entry | undefined => {
  const text = openText(sealing, sealed, shop, 'entries', entryName(kind, key))
  return text === undefined ? undefined : { key, value: JSON.parse(text), version, at }
}
