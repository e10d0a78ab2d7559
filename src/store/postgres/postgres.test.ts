import pg from 'pg'
import { afterAll } from 'vitest'
import { newKey } from '../../lib/seal.ts'
import { describeStore } from '../conformance.ts'
import { openPostgres } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'

// CONVERLAY_TEST_POSTGRES=packaged takes npm's PostgreSQL though the system has one.
const packaged = process.env.CONVERLAY_TEST_POSTGRES === 'packaged'
const server = await startPostgres(packaged ? { binaries: 'packaged' } : {})
afterAll(() => server.stop())

const url = await server.newDatabase()
const masterKey = newKey()
await (await openPostgres({ url, masterKey })).close()

/** An empty database. Making a new one for each test takes many times as long. */
const empty = async (): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'meta'`,
  )
  const tables = rows.map(({ name }) => `DELETE FROM ${name};`).join('\n')
  await client.query(`${tables} DELETE FROM meta WHERE name NOT IN ('schema', 'key_check')`)
  await client.end()
}

describeStore('postgres', async () => {
  await empty()
  return openPostgres({ url, masterKey })
})
