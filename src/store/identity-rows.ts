import { DAY } from '../lib/duration.ts'
import type { Key } from '../lib/seal.ts'
import { openText, type SealedFor, sealRow } from './sealing.ts'
import type { IdentityRecord } from './store.ts'

const rowName = (key: Uint8Array): string => Buffer.from(key).toString('hex')

/** Opens a record with its subject's key. */
export const identityOf = (
  { shop }: SealedFor,
  row: { readonly key: Uint8Array; readonly sealed: Uint8Array },
  key: Key,
): IdentityRecord | undefined => {
  const text = openText(key, row.sealed, shop, 'identities', rowName(row.key))
  return text === undefined ? undefined : (JSON.parse(text) as IdentityRecord)
}

export const sealIdentity = ({ shop }: SealedFor, rowKey: Uint8Array, key: Key, record: IdentityRecord): Uint8Array =>
  sealRow(key, JSON.stringify(record), shop, 'identities', rowName(rowKey))

export const seenDay = (record: IdentityRecord): number => Math.floor(record.seenAt / DAY)

/** The day of the IP and user agent that it holds; undefined when it holds none. */
export const addressDay = (record: IdentityRecord): number | undefined =>
  record.ip === undefined && record.userAgent === undefined
    ? undefined
    : Math.floor((record.addressAt ?? record.seenAt) / DAY)

/** A record without IP and user agent. */
export const withoutAddress = ({
  ip: _ip,
  userAgent: _userAgent,
  addressAt: _addressAt,
  ...rest
}: IdentityRecord): IdentityRecord => rest
