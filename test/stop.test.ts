import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outcomeOf } from '../src/destinations/outcomes.ts'
import { type Shop, shopFrom } from '../src/event/event.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { openSqlite } from '../src/store/sqlite/sqlite.ts'
import { isTaken, keepPosting } from './faults/load.ts'
import { startVictim } from './faults/start-victim.ts'
import { until } from './harness.ts'

const shop = shopFrom('demo.myshopify.com') as Shop

test('SIGTERM under load: ends with status 0, loses nothing, and what a platform has got is exactly what the store says', async () => {
  const sandbox = await startSandbox({ port: 0 })
  const dataDir = await mkdtemp(join(tmpdir(), 'converlay-stop-'))
  const masterKey = randomBytes(32)
  // Slow enough that requests are out whenever the signal comes.
  sandbox.faults.set('pinterest', { mode: 'slow', ms: 400 })
  const victim = await startVictim({ dataDir, masterKey, sandboxUrl: sandbox.url })
  const acknowledged: string[] = []
  const loading = new AbortController()
  let made = 0
  const load = Array.from({ length: 8 }, () =>
    keepPosting(
      victim.pool,
      loading.signal,
      () => made++,
      (id, status) => {
        if (isTaken(status)) acknowledged.push(id)
      },
    ),
  )
  const platform = () => sandbox.pinterest.requests()
  await until('requests to be on their way', () => acknowledged.length > 200 && platform().length > 1, 60_000)
  victim.child.kill('SIGTERM')
  expect(await victim.ended).toEqual({ status: 0, signal: null })
  loading.abort()
  await Promise.all(load)
  await victim.pool.destroy()

  const store = await openSqlite({ path: dataDir, masterKey })
  const [connection] = await store.connections(shop)
  if (!connection) throw new Error('no connection')
  const head = await store.head(shop)
  const events = await store.read(shop, 0, head)
  const there = new Set<string>(events.flatMap(({ event }) => event?.id ?? []))
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([])

  const inDoubt = [...(await store.lanes(shop)), ...(await store.parked(shop, connection.id, head))].filter(
    ({ unsureSince }) => unsureSince !== undefined,
  )
  expect(inDoubt).toEqual([])
  const ledger = await store.ledger(shop, connection.id, 1, head)
  const delivered = events.filter(({ seq }) => outcomeOf(ledger[seq - 1] ?? 0) === 'delivered')
  const seen = platform().flatMap(({ body }) => (JSON.parse(body) as { data: readonly { event_id: string }[] }).data)
  expect(seen.map(({ event_id }) => event_id).sort()).toEqual(delivered.flatMap(({ event }) => event?.id ?? []).sort())
  expect(delivered.length).toBeGreaterThan(0)
  await store.close()
  await sandbox.close()
  await rm(dataDir, { recursive: true, force: true })
}, 120_000)
