import type { Key } from '../lib/seal.ts'
import { eventOf, openText, type SealedFor, sealRow } from './sealing.ts'
import type { ConnectionId, NewParked, ParkedEvent, ParkedKind } from './store.ts'

/** What a copy's envelope is bound to. */
export const parkedName = (connection: number, seq: number): string => `${connection}/${seq}`

/** A dead letter's own copy, sealed with the key of its subject. */
export const sealCopy = (
  { shop }: SealedFor,
  connection: ConnectionId,
  parked: NewParked,
  key: Key | undefined,
): Uint8Array | undefined =>
  parked.copy && key
    ? sealRow(key, JSON.stringify(parked.copy), shop, 'parked', parkedName(connection, parked.seq))
    : undefined

/** A row of `parked`. */
export interface ParkedRow {
  readonly seq: number
  readonly kind: ParkedKind
  readonly due: number
  readonly tries: number
  readonly unsure_since: number | null
  readonly code: string | null
  readonly message: string | null
  readonly parked_at: number
  readonly subject: number | null
  readonly sealed: Uint8Array | null
}

/** `key` is that of the row's subject; without it the copy cannot be read. */
export const parkedOf = (
  { shop }: SealedFor,
  connection: ConnectionId,
  row: ParkedRow,
  key: Key | undefined,
): ParkedEvent => {
  const copy = row.sealed && key && openText(key, row.sealed, shop, 'parked', parkedName(connection, row.seq))
  return {
    connection,
    seq: row.seq,
    kind: row.kind,
    due: row.due,
    tries: row.tries,
    ...(row.unsure_since !== null && { unsureSince: row.unsure_since }),
    ...(row.code !== null && { code: row.code }),
    ...(row.message !== null && { message: row.message }),
    ...(copy && { copy: eventOf(copy) }),
    parkedAt: row.parked_at,
  }
}
