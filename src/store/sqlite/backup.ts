import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { DAY } from '../../lib/duration.ts'
import { type BackupFiles, backupName, keyFilesBefore, newOwnFile, publish } from './backup-files.ts'
import { PAGE_BYTES } from './database.ts'
import { readTombstones, TOMBSTONES, tombstoneLines } from './tombstones.ts'

/** What opens sealed rows: kept apart from them, and not as long. */
const KEY_TABLES: ReadonlySet<string> = new Set(['subjects', 'shop_keys'])
/** A file of keys older than this goes with the next backup: then whoever was erased since is gone from backups too. */
const KEYS_LIVE = 30 * DAY
/** Rows that are copied in one go, and how long a go may take on the way to a rest of the same length, ms. */
const ROWS = 500
const STINT = 15

/** The name under which a backup notes when it was made, in its table `meta`. */
export const BACKUP_AT = 'backup_at'

export interface Backup extends BackupFiles {
  readonly events: number
  /** Of both files. */
  readonly bytes: number
  /** Old files of keys that went. */
  readonly deleted: readonly string[]
}

/**
 * Copies the store of a data folder, also while a server runs on it: one snapshot, read in short stints, so that nobody
 * waits for it. Rows are copied, not pages, and the tables of keys are never written into the main file: nothing of them
 * can be left over in it. Both files appear under their names when all of them is on the disk.
 */
export const backUp = async (options: {
  /** A data folder with a store. */
  readonly data: string
  readonly to: string
  /** ms since 1970. */
  readonly now: number
}): Promise<Backup> => {
  const { data, to, now } = options
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const file of readdirSync(to)) if (isLeftOver(join(to, file), now)) rmSync(join(to, file))
  const base = join(to, backupName(now))
  const main = newOwnFile(`${base}.db.part`)
  const keys = newOwnFile(`${base}.keys.db.part`)
  const copy = new DatabaseSync(main, { timeout: 5000 })
  try {
    await fill(copy, { live: join(data, 'converlay.db'), keys, now })
  } finally {
    copy.close()
  }
  const events = eventsIn(main)
  const bytes = statSync(main).size + statSync(keys).size
  // After the snapshot: what is erased meanwhile is told too.
  writeFileSync(newOwnFile(join(to, `${TOMBSTONES}.part`)), tombstoneLines(readTombstones([to, data])))
  publish(join(to, `${TOMBSTONES}.part`), join(to, TOMBSTONES))
  publish(keys, `${base}.keys.db`)
  publish(main, `${base}.db`)
  const deleted = keyFilesBefore(to, now - KEYS_LIVE)
  for (const file of deleted) rmSync(file)
  return { at: now - (now % 1000), main: `${base}.db`, keys: `${base}.keys.db`, events, bytes, deleted }
}

/** Half a file of a backup that did not end, and not of one that another command is making. */
const isLeftOver = (file: string, now: number): boolean => file.endsWith('.part') && statSync(file).mtimeMs < now - DAY

interface Made {
  readonly type: string
  readonly name: string
  readonly sql: string
}

const fill = async (
  copy: DatabaseSync,
  from: { readonly live: string; readonly keys: string; readonly now: number },
): Promise<void> => {
  // Nobody reads the copy before it has its name, so it needs no journal; it is flushed once at the end.
  copy.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;`)
  copy.prepare('ATTACH ? AS live').run(from.live)
  copy.prepare('ATTACH ? AS keys').run(from.keys)
  copy.exec('PRAGMA keys.journal_mode = OFF; PRAGMA keys.synchronous = OFF; BEGIN')
  const made = copy
    .prepare(`SELECT type, name, sql FROM live.sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL`)
    .all() as unknown as readonly Made[]
  const tables = made.filter(({ type }) => type === 'table')
  for (const { name, sql } of tables) {
    copy.exec(sql)
    if (KEY_TABLES.has(name)) copy.exec(sql.replace(/^CREATE TABLE /, 'CREATE TABLE keys.'))
  }
  for (const { name } of tables) await copyTable(copy, name, KEY_TABLES.has(name) ? 'keys' : 'main')
  // Ids of connections are never given again, also not after a restore.
  copy.exec('DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM live.sqlite_sequence')
  copy
    .prepare('INSERT OR REPLACE INTO main.meta (name, value) VALUES (?, ?)')
    .run(BACKUP_AT, Buffer.from(String(from.now)))
  const { user_version: version } = copy.prepare('PRAGMA live.user_version').get() as { user_version: number }
  copy.exec(`COMMIT; DETACH live; DETACH keys; PRAGMA user_version = ${version}`)
  // Made at the end, each out of sorted rows: that is less work, and the snapshot is no longer needed for it.
  for (const { type, sql } of made) if (type !== 'table') copy.exec(sql)
}

/** A table's rows in the order of its key, some at a time. */
const copyTable = async (copy: DatabaseSync, table: string, to: 'main' | 'keys'): Promise<void> => {
  const columns = copy.prepare(`PRAGMA live.table_info(${table})`).all() as unknown as readonly {
    readonly name: string
    readonly pk: number
  }[]
  const names = columns.map(({ name }) => name).join(', ')
  const key = columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name)
  const order = key.join(', ')
  const backwards = key.map((name) => `${name} DESC`).join(', ')
  const copied = `INSERT INTO ${to}.${table} (${names}) SELECT ${names} FROM live.${table}`
  const first = copy.prepare(`${copied} ORDER BY ${order} LIMIT ${ROWS}`)
  // With the values in hand the whole key is looked up; out of a subquery SQLite takes only its first column.
  const next = copy.prepare(
    `${copied} WHERE (${order}) > (${key.map(() => '?').join(', ')}) ORDER BY ${order} LIMIT ${ROWS}`,
  )
  const last = copy.prepare(`SELECT ${order} FROM ${to}.${table} ORDER BY ${backwards} LIMIT 1`)
  let began = performance.now()
  let { changes } = first.run()
  while (Number(changes) === ROWS) {
    const took = performance.now() - began
    if (took >= STINT) {
      await setTimeout(took)
      began = performance.now()
    }
    const reached = last.get() ?? {}
    changes = next.run(...key.map((name) => reached[name] ?? null)).changes
  }
}

const eventsIn = (file: string): number => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const { events } = db.prepare('SELECT max(id) AS events FROM events').get() as { events: number | null }
    return events ?? 0
  } finally {
    db.close()
  }
}
