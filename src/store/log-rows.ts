import { EVENT_NAMES } from '../event/names.ts'
import { type Key, subjectKey } from '../lib/seal.ts'
import { openText, type SealedFor } from './sealing.ts'
import type { StoredEvent } from './store.ts'

/** A stored event whose body is still text: cheaper to hand to the main thread than an object. */
export interface RawEvent extends Omit<StoredEvent, 'event'> {
  readonly text?: string
}

/** A row of `events`, with its subject. */
export interface LogRow {
  readonly seq: number
  readonly name: number
  readonly received_at: number
  readonly subject_id: number
  readonly subject: string | null
  readonly salt: Uint8Array | null
  readonly sealed: Uint8Array | null
}

/** Opens rows of one shop. Salts come with the rows, so nothing about subjects is kept between calls. */
export const opener = (shop: SealedFor): ((row: LogRow) => RawEvent) => {
  const keys = new Map<number, Key>()
  return (row) => {
    const clear = {
      seq: row.seq,
      name: EVENT_NAMES[row.name] ?? 'custom',
      receivedAt: row.received_at,
      subject: row.subject ?? '',
    }
    if (!row.salt && row.subject !== null) return { ...clear, gone: 'redacted' }
    if (!row.sealed || !row.salt) return { ...clear, gone: 'expired' }
    let key = keys.get(row.subject_id)
    if (!key) {
      key = subjectKey(shop.key, row.salt)
      keys.set(row.subject_id, key)
    }
    const text = openText(key, row.sealed, shop.shop, 'events', row.seq)
    return text === undefined ? { ...clear, gone: 'damaged' } : { ...clear, text }
  }
}
