import { afterAll } from 'vitest'
import { newKey } from '../../lib/seal.ts'
import { describeStore } from '../conformance.ts'
import { openPostgres } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'

// CONVERLAY_TEST_POSTGRES=packaged takes npm's PostgreSQL though the system has one.
const packaged = process.env.CONVERLAY_TEST_POSTGRES === 'packaged'
const masterKey = newKey()
const server = await startPostgres({
  ...(packaged && { binaries: 'packaged' }),
  prepare: async (url) => (await openPostgres({ url, masterKey })).close(),
})
afterAll(() => server.stop())

describeStore('postgres', async () => openPostgres({ url: await server.newDatabase(), masterKey }))
