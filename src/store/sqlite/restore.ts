import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Shop } from '../../event/event.ts'
import { purchaseId } from '../../event/event-ids.ts'
import { passesKeyCheck } from '../keys.ts'
import { BACKUP_AT } from './backup.ts'
import { type BackupFiles, backupsIn, newOwnFile, publish } from './backup-files.ts'
import { openDatabase } from './database.ts'
import { retire } from './erasing.ts'
import { doubtAllLanes } from './lanes.ts'
import {
  ALL_OF_SHOP,
  blindNames,
  PAST_OF_SHOP,
  readTombstones,
  TOMBSTONES,
  type Tombstone,
  tombstoneLines,
} from './tombstones.ts'

export interface Restored {
  readonly from: BackupFiles
  readonly events: number
  /** Subjects that were erased after the backup was made, and stay erased. */
  readonly erased: number
}

/** A restore that cannot be, with a sentence for people. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError'
}

/**
 * Makes a data folder out of a backup. What was erased since the backup was made is never written into it, and what was
 * waiting then counts as possibly sent since: beyond the time in which its platform merges repeats it is not sent again.
 */
export const restoreBackup = (options: {
  readonly from: string
  /** Takes the newest backup that was made at this moment or before, ms since 1970. */
  readonly at: number
  readonly data: string
  readonly masterKey: Uint8Array
  /** Folders whose tombstones count beside the backup's own. */
  readonly tombstones: readonly string[]
  readonly now: number
}): Restored => {
  const { data } = options
  const from = choose(options.from, options.at)
  if (existsSync(data) && readdirSync(data).length > 0)
    throw new RestoreError(`${data} is not empty. Restore into a new folder, and start Converlay on that.`)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const part = newOwnFile(join(data, 'converlay.db.part'))
  try {
    copyFileSync(from.main, part)
    // Opened once by the store's own hands, which bring the tables of an older version up to this one.
    openDatabase(part).close()
    const tombstones = readTombstones([options.from, ...options.tombstones])
    const { at, events, erased } = fill(part, { keys: from.keys, masterKey: options.masterKey, tombstones })
    doubt(part, at, options.now)
    writeFileSync(newOwnFile(join(data, TOMBSTONES)), tombstoneLines(tombstones))
    publish(part, join(data, 'converlay.db'))
    return { from, events, erased }
  } catch (fault) {
    for (const file of readdirSync(data)) rmSync(join(data, file))
    throw fault
  }
}

const choose = (folder: string, at: number): BackupFiles & { readonly keys: string } => {
  const backups = backupsIn(folder)
  const chosen = backups.findLast((backup) => backup.at <= at)
  if (!chosen)
    throw new RestoreError(
      backups.length === 0
        ? `There is no backup in ${folder}.`
        : `${folder} has no backup from before that time; the oldest is of ${timeText(backups[0]?.at ?? 0)}.`,
    )
  if (chosen.keys === undefined)
    throw new RestoreError(
      `The keys of the backup of ${timeText(chosen.at)} are no longer there (they are deleted after 30 days), and without them it cannot be read.`,
    )
  return { ...chosen, keys: chosen.keys }
}

const timeText = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

interface Filling {
  readonly keys: string
  readonly masterKey: Uint8Array
  readonly tombstones: readonly Tombstone[]
}

/** Puts the keys back, but for those of whoever was erased since; when the backup was made, and what there is in it. */
const fill = (file: string, { keys, masterKey, tombstones }: Filling) => {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
    const note = (name: string): Uint8Array | undefined =>
      (db.prepare('SELECT value FROM meta WHERE name = ?').get(name) as { value: Uint8Array } | undefined)?.value
    const check = note('key_check')
    if (!check || !passesKeyCheck(masterKey, check))
      throw new RestoreError('The master key does not belong to this backup. Give the key of its data folder.')

    const applied = db.prepare('SELECT 1 FROM tombstones WHERE id = ?')
    const pending = tombstones.filter(({ id }) => applied.get(id) === undefined)
    const buried = new Set(pending.map(({ who }) => who))
    const nameOf = blindNames(masterKey)
    db.function('buried', (domain, name) =>
      buried.size > 0 && buried.has(nameOf(String(domain) as Shop, String(name))) ? 1 : 0,
    )
    db.prepare('ATTACH ? AS keys').run(keys)
    // Of a shop that was installed again nobody can say here what is of which installation: nobody in it is read.
    db.exec(`
      BEGIN;
      CREATE TEMP TABLE erased (shop, all_of_it, past);
      INSERT INTO erased SELECT id, buried(domain, '${ALL_OF_SHOP}'), buried(domain, '${PAST_OF_SHOP}') FROM shops;
      INSERT INTO shop_keys SELECT * FROM keys.shop_keys
        WHERE shop NOT IN (SELECT shop FROM erased WHERE all_of_it);
      INSERT INTO subjects (id, shop, subject, salt, day)
        SELECT id, shop, CASE WHEN salt IS NULL THEN '' ELSE subject END, salt, day FROM (
          SELECT k.id, k.shop, k.subject, CASE
            WHEN k.shop IN (SELECT shop FROM erased WHERE past OR all_of_it) OR buried(s.domain, k.subject) THEN NULL
            ELSE k.salt END AS salt, k.day
          FROM keys.subjects k JOIN shops s ON s.id = k.shop)
        ORDER BY id;
      DELETE FROM entries WHERE subject IN (SELECT id FROM subjects WHERE salt IS NULL);
      DELETE FROM links WHERE (SELECT buried(domain, a) OR buried(domain, b) FROM shops WHERE id = shop);
      UPDATE orders SET email = NULL WHERE email IS NOT NULL
        AND (SELECT buried(domain, '${purchaseId('')}' || order_id) FROM shops WHERE id = shop);
      DELETE FROM meta WHERE name = 'clean_stop';
    `)
    const { erased } = db
      .prepare(
        `SELECT count(*) AS erased FROM keys.subjects k JOIN subjects s ON s.id = k.id
         WHERE k.salt IS NOT NULL AND s.salt IS NULL`,
      )
      .get() as { erased: number }
    const apply = db.prepare('INSERT OR IGNORE INTO tombstones (id) VALUES (?)')
    for (const { id } of pending) apply.run(id)
    db.exec('COMMIT; DETACH keys')
    const { events } = db.prepare('SELECT max(id) AS events FROM events').get() as { events: number | null }
    const at = Number(Buffer.from(note(BACKUP_AT) ?? []).toString())
    return { at, events: events ?? 0, erased }
  } finally {
    db.close()
  }
}

const doubt = (file: string, at: number, now: number): void => {
  const db = openDatabase(file)
  db.transaction(() => {
    for (const shop of db
      .sql<{ id: number }>('SELECT id FROM shops WHERE id NOT IN (SELECT shop FROM shop_keys)')
      .all())
      retire({ db }, shop)
    doubtAllLanes(db, at, now)
  })
  db.close()
}
