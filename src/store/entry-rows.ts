import type { Entry, EntryKind } from './entry.ts'
import { openText, type SealedFor, sealRow } from './sealing.ts'

/** A row of `entries`. */
export interface EntryRow {
  readonly key: string
  readonly version: number
  readonly at: number
  readonly sealed: Uint8Array
}

/** Bound to its kind and key: under another it does not open. */
const place = (kind: EntryKind, key: string): string => `${kind}\n${key}`

export const sealEntry = ({ shop, key: shopKey }: SealedFor, kind: EntryKind, key: string, value: unknown) =>
  sealRow(shopKey, JSON.stringify(value), shop, 'entries', place(kind, key))

/** Undefined when it does not open: it was tampered with. */
export const entryOf = (
  { shop, key: shopKey }: SealedFor,
  kind: EntryKind,
  { key, version, at, sealed }: EntryRow,
): Entry | undefined => {
  const text = openText(shopKey, sealed, shop, 'entries', place(kind, key))
  return text === undefined ? undefined : { key, value: JSON.parse(text), version, at }
}
