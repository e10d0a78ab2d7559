import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { MIGRATIONS } from './schema.ts'

/** A statement that was prepared once. `Row` is what the STRICT columns of its tables give. */
export interface Statement<Row> {
  get(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
  run(...values: SQLInputValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
}

export interface Database {
  sql<Row = unknown>(text: string): Statement<Row>
  /** All of it or nothing. Inside a running transaction it is a part of that one, which can fail by itself. */
  transaction<Result>(work: () => Result): Result
  exec(text: string): void
  close(): void
}

/** 3.7.0 to 3.51.2 can corrupt a WAL database in a race between checkpoint and writer (fixed 2026-03-13). */
const OLDEST_SQLITE = [3, 51, 3] as const

/** Half of these pages would be written for nothing at 8 KB (docs/decisions/0007-small-pages-ids-by-second.md). */
export const PAGE_BYTES = 4096

/** The newest schema this version of Converlay reads. */
export const SCHEMA_VERSION = MIGRATIONS.length

export const isOldSqlite = (version: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [oldMajor, oldMinor, oldPatch] = OLDEST_SQLITE
  if (major !== oldMajor) return major < oldMajor
  return minor === oldMinor ? patch < oldPatch : minor < oldMinor
}

/**
 * Pages of log (128 MB) after which a commit checkpoints by itself. Only a backstop: a thread of its own does it long
 * before (checkpoints.ts).
 */
const LOG_PAGES = 32_000

/**
 * Opens a database file with the settings on which the store's promises stand: a write-ahead log that is flushed at
 * every commit, so that an answered commit survives power loss.
 */
export const openDatabase = (file: string, migrations: readonly string[] = MIGRATIONS): Database => {
  // A command line beside the running server waits for its commits, which take milliseconds.
  const db = new DatabaseSync(file, { timeout: 5000 })
  const read = (text: string): unknown => Object.values(db.prepare(text).get() ?? {})[0]
  const version = String(read('SELECT sqlite_version()'))
  if (isOldSqlite(version))
    throw new Error(
      `SQLite ${version} can damage its files (WAL reset race); Converlay needs ${OLDEST_SQLITE.join('.')} or newer. Start it with the Node that it brings along.`,
    )
  // page_size counts only before the first table is there.
  db.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = ${LOG_PAGES};
    PRAGMA temp_store = MEMORY;
  `)
  if (read('PRAGMA journal_mode') !== 'wal' || read('PRAGMA synchronous') !== 2)
    throw new Error(`${file} cannot keep a write-ahead log; put the data folder on a local disk.`)

  const statements = new Map<string, Statement<unknown>>()
  const database: Database = {
    sql<Row>(text: string) {
      let statement = statements.get(text)
      if (!statement) {
        // The one place where SQL's untyped rows get the type that the statement beside it declares.
        statement = db.prepare(text) as unknown as Statement<unknown>
        statements.set(text, statement)
      }
      return statement as Statement<Row>
    },
    transaction(work) {
      const [begin, end, back] = db.isTransaction ? INNER : OUTER
      database.sql(begin).run()
      try {
        const result = work()
        database.sql(end).run()
        return result
      } catch (error) {
        // SQLite itself rolls back on a full disk and on some I/O errors.
        if (db.isTransaction) for (const step of back) database.sql(step).run()
        throw error
      }
    },
    exec: (text) => db.exec(text),
    close: () => db.close(),
  }
  migrate(database, migrations)
  return database
}

const OUTER = ['BEGIN IMMEDIATE', 'COMMIT', ['ROLLBACK']] as const
const INNER = ['SAVEPOINT part', 'RELEASE part', ['ROLLBACK TO part', 'RELEASE part']] as const

const migrate = (db: Database, migrations: readonly string[]): void => {
  const version = () => db.sql<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0
  if (version() > migrations.length)
    throw new Error(
      `The data folder was written by a newer Converlay (schema ${version()}, this one knows ${migrations.length}). Start the newer version.`,
    )
  if (version() === migrations.length) return
  db.transaction(() => {
    for (let next = version(); next < migrations.length; next++) db.exec(migrations[next] ?? '')
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}
