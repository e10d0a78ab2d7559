import { DatabaseSync } from 'node:sqlite'
import type { Shop } from '../../event/event.ts'
import { unwrapKey } from '../../lib/seal.ts'
import { passesKeyCheck } from '../keys.ts'
import type { BackupFiles } from './backup-files.ts'
import { imbalances } from './balance.ts'

export interface BackupCheck {
  readonly events: number
  /** What is wrong with it, one sentence each; nothing when it can be restored. */
  readonly faults: readonly string[]
}

/** Reads all of a backup: its pages, the keys with this master key, and whether its books balance. */
export const checkBackup = ({ main, keys }: BackupFiles, masterKey: Uint8Array): BackupCheck => {
  const db = new DatabaseSync(main, { readOnly: true })
  try {
    const events = db.prepare('SELECT max(id) AS events FROM events').get() as { events: number | null }
    const damage = damageOf(db)
    const check = db.prepare(`SELECT value FROM meta WHERE name = 'key_check'`).get() as
      | { value: Uint8Array }
      | undefined
    const belongs = check !== undefined && passesKeyCheck(masterKey, check.value)
    const faults = [
      ...(damage === undefined ? imbalances(db) : [damage]),
      ...(belongs ? [] : ['the master key does not belong to it']),
      ...(keys === undefined
        ? ['its file of keys is gone, so nothing sealed in it can be read']
        : belongs
          ? keyFaults(keys, db, masterKey)
          : []),
    ]
    return { events: events.events ?? 0, faults }
  } finally {
    db.close()
  }
}

const damageOf = (db: DatabaseSync): string | undefined => {
  const { integrity_check: told } = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string }
  return told === 'ok' ? undefined : `it is damaged: ${told}`
}

/** Every shop's key must open, or its events never will. */
const keyFaults = (file: string, main: DatabaseSync, masterKey: Uint8Array): readonly string[] => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const damage = damageOf(db)
    if (damage !== undefined) return [damage]
    const keyOf = db.prepare('SELECT wrapped FROM shop_keys WHERE shop = ?')
    const shops = main.prepare('SELECT id, domain FROM shops').all() as unknown as readonly {
      readonly id: number
      readonly domain: Shop
    }[]
    return shops.flatMap(({ id, domain }) => {
      const row = keyOf.get(id) as { wrapped: Uint8Array } | undefined
      return row && unwrapKey(masterKey, row.wrapped, domain) ? [] : [`the key of ${domain} does not open`]
    })
  } finally {
    db.close()
  }
}
