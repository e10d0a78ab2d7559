import type pg from 'pg'
import { keyCheck, passesKeyCheck } from '../keys.ts'
import { StoreFault } from '../store.ts'
import type { Database, Sql } from './database.ts'
import { asked, Refusal } from './faults.ts'
import { startMigration } from './locks.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts'

/** PostgreSQL 15: the oldest that the store is tried with. */
const OLDEST = 150_000

/** Settings under which a COMMIT that was answered is on the disk of this server at least. */
const HONEST = ['on', 'remote_apply', 'remote_write']

/**
 * Settings of every session. Limits are in ms: a process that stands still in a transaction holds its shops' turns, and
 * after the last of these the server lets them go on without it. And every statement is a walk along an index: without
 * statistics of a table that has just grown, the planner would rather read and hash all of a shop's rows (reading 512
 * events of 20,000 then took 130 to 650 ms).
 */
const SESSION: Readonly<Record<string, string>> = {
  lock_timeout: '10000',
  statement_timeout: '30000',
  idle_in_transaction_session_timeout: '20000',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
  // What is off counts as very expensive, which would have plans compiled.
  jit: 'off',
}

/** What a server tells of itself. */
export interface Settings {
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

/** Why a server is not one to keep acknowledged events on, for people; undefined when it is. */
export const refusalOf = (server: Settings): string | undefined => {
  if (server.version < OLDEST)
    return `PostgreSQL ${Math.floor(server.version / 10_000)} is too old; Converlay needs 15 or newer. Upgrade the server.`
  for (const name of ['fsync', 'full_page_writes'] as const)
    if (server[name] !== 'on')
      return `PostgreSQL runs with ${name} = ${server[name]} and can lose what it has confirmed. Switch ${name} on in its configuration.`
  if (!HONEST.includes(server.synchronous_commit))
    return `PostgreSQL runs with synchronous_commit = ${server.synchronous_commit} and does not let it be switched on. Switch it on for this user.`
  return undefined
}

/**
 * Makes a new connection honest, or refuses it with a Refusal: an answered COMMIT has to be on the disk. A weaker
 * synchronous_commit, which a database or a user may have been given, is switched on for the session.
 */
export const prepareSession = async (client: pg.ClientBase): Promise<void> => {
  const read = async (): Promise<Settings> => {
    const [server] = (await asked(client.query<Settings>(SETTINGS))).rows
    if (!server) throw new Error('PostgreSQL did not tell its settings.')
    return server
  }
  let server = await read()
  if (server.standby) throw new StoreFault('away', 'This PostgreSQL server is a standby and only reads.')
  if (!HONEST.includes(server.synchronous_commit)) {
    await asked(client.query('SET synchronous_commit = on'))
    server = await read()
  }
  const refusal = refusalOf(server)
  if (refusal !== undefined) throw new Refusal(refusal)
  await asked(
    client.query('SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS s(name, value)', [
      Object.keys(SESSION),
      Object.values(SESSION),
    ]),
  )
}

/** Brings the tables to this version, one transaction for each step; several processes may do it at once. */
export const migrate = async (db: Database): Promise<void> => {
  for (let version = 0; version < SCHEMA_VERSION; )
    version = await db.transaction(async (tx) => {
      await startMigration(tx)
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
