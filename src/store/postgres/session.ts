import type pg from 'pg'
import { keyCheck, passesKeyCheck } from '../keys.ts'
import { StoreFault } from '../store.ts'
import type { Database, Sql } from './database.ts'
import { asked, Refusal } from './faults.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts'

/** PostgreSQL 15: the oldest that the store is tried with. */
const OLDEST = 150_000

/** Settings under which a COMMIT that was answered is on the disk of this server at least. */
const HONEST = ['on', 'remote_apply', 'remote_write']

/**
 * Limits of every session, ms. A process that stands still in a transaction holds its shops' turns: after the last of
 * these the server lets them go on without it.
 */
const LIMITS = {
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 20_000,
} as const

interface Settings {
  readonly version: number
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
  readonly standby: boolean
}

const SETTINGS = `
  SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS standby`

/**
 * Makes a new connection honest, or refuses it: an answered COMMIT has to be on the disk. Rejects with a Refusal, a
 * sentence for people, when the server is not one to keep acknowledged events on.
 */
export const prepareSession = async (client: pg.ClientBase): Promise<void> => {
  const read = async (): Promise<Settings | undefined> => (await asked(client.query<Settings>(SETTINGS))).rows[0]
  const server = await read()
  if (!server) throw new Error('PostgreSQL did not tell its settings.')
  if (server.version < OLDEST)
    throw new Refusal(
      `PostgreSQL ${Math.floor(server.version / 10_000)} is too old; Converlay needs 15 or newer. Upgrade the server.`,
    )
  for (const name of ['fsync', 'full_page_writes'] as const)
    if (server[name] !== 'on')
      throw new Refusal(
        `PostgreSQL runs with ${name} = ${server[name]} and can lose what it has confirmed. Switch ${name} on in its configuration.`,
      )
  if (server.standby) throw new StoreFault('away', 'This PostgreSQL server is a standby and only reads.')
  for (const [name, ms] of Object.entries(LIMITS))
    await asked(client.query('SELECT set_config($1, $2, false)', [name, String(ms)]))
  if (HONEST.includes(server.synchronous_commit)) return
  await asked(client.query('SET synchronous_commit = on'))
  const now = (await read())?.synchronous_commit ?? ''
  if (!HONEST.includes(now))
    throw new Refusal(
      `PostgreSQL runs with synchronous_commit = ${now} and does not let it be switched on. Switch it on for this user.`,
    )
}

/** The advisory lock under which one process at a time changes tables: "conv" and "tabl" in ASCII. */
const MIGRATING = 'SELECT pg_advisory_xact_lock(1668247158, 1952539244)'

/** Brings the tables to this version, one transaction for each step; several processes may do it at once. */
export const migrate = async (db: Database): Promise<void> => {
  for (let version = 0; version < SCHEMA_VERSION; )
    version = await db.transaction(async (tx) => {
      await tx.exec(MIGRATING)
      await tx.exec('CREATE TABLE IF NOT EXISTS meta (name text PRIMARY KEY, value text NOT NULL)')
      const now = await schemaVersion(tx)
      if (now >= SCHEMA_VERSION) return now
      await tx.exec(MIGRATIONS[now] ?? '')
      await tx
        .sql(`INSERT INTO meta VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
        .run(String(now + 1))
      return now + 1
    })
}

const meta = async (sql: Sql, name: string): Promise<string | undefined> =>
  (await sql.sql<{ value: string }>('SELECT value FROM meta WHERE name = $1').get(name))?.value

const schemaVersion = async (sql: Sql): Promise<number> => Number((await meta(sql, 'schema')) ?? 0)

/** Whether this is our data: not of a newer version, and sealed under this master key. The first to come leaves the mark. */
export const checkOwner = async (db: Database, masterKey: Uint8Array): Promise<void> => {
  const version = await schemaVersion(db)
  if (version > SCHEMA_VERSION)
    throw new Refusal(
      `The database was written by a newer Converlay (schema ${version}, this one knows ${SCHEMA_VERSION}). Start the newer version.`,
    )
  await db
    .sql(`INSERT INTO meta VALUES ('key_check', $1) ON CONFLICT (name) DO NOTHING`)
    .run(Buffer.from(keyCheck(masterKey)).toString('hex'))
  const check = await meta(db, 'key_check')
  if (check === undefined || !passesKeyCheck(masterKey, Buffer.from(check, 'hex')))
    throw new Refusal(
      'The master key does not belong to the data in this database. Give the key that it was created with; without it the data cannot be read.',
    )
}
