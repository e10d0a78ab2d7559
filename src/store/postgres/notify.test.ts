import pg from 'pg'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { silentLog } from '../../lib/log.ts'
import { OTHER, SHOP } from '../testing.ts'
import { type NoticeKind, openNotices, telling } from './notify.ts'
import { openPostgres } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'

const server = await startPostgres()
const url = await server.newDatabase()
afterAll(() => server.stop())

/** A process that listens; what it heard and how often it connected can be waited for. */
const listener = (listen: readonly NoticeKind[]) => {
  const heard: string[] = []
  let connected = 0
  let changed = Promise.withResolvers<void>()
  const change = () => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const notices = openNotices({
    url,
    listen,
    onNotice(kind, shop) {
      heard.push(`${kind} ${shop}`)
      change()
    },
    onConnected() {
      connected++
      change()
    },
    log: silentLog,
  })
  onTestFinished(() => notices.close())
  const until = async (reached: () => boolean) => {
    while (!reached()) await changed.promise
  }
  return {
    notices,
    heard: (kind: NoticeKind, shop: Shop) => until(() => heard.includes(`${kind} ${shop}`)),
    connections: (count: number) => until(() => connected >= count),
    all: heard,
  }
}

test('a notice reaches the processes that listen to its kind', async () => {
  const teller = listener([])
  const both = listener(['arrived', 'settled'])
  const one = listener(['settled'])
  for (const process of [teller, both, one]) await process.connections(1)
  teller.notices.tell('arrived', SHOP)
  await both.heard('arrived', SHOP)
  teller.notices.tell('settled', OTHER)
  await both.heard('settled', OTHER)
  await one.heard('settled', OTHER)
  expect(one.all).toEqual([`settled ${OTHER}`])
  expect(teller.all).toEqual([])
})

test('what is told before the connection stands is told when it does', async () => {
  const hears = listener(['arrived'])
  await hears.connections(1)
  const teller = listener([])
  teller.notices.tell('arrived', OTHER)
  await hears.heard('arrived', OTHER)
})

test('a lost connection is made again, which is told, because notices were missed meanwhile', async () => {
  const both = [listener(['arrived']), listener([])]
  for (const process of both) await process.connections(1)
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`)
  await admin.end()
  for (const process of both) await process.connections(2)
  both[1]?.notices.tell('arrived', SHOP)
  await both[0]?.heard('arrived', SHOP)
})

test('it survives a restart of the server', { timeout: 120_000 }, async () => {
  const hears = listener(['arrived'])
  await hears.connections(1)
  await server.restart()
  await hears.connections(2)
  hears.notices.tell('arrived', SHOP)
  await hears.heard('arrived', SHOP)
})

test('a command tells the shop that it changed', async () => {
  const server = listener(['arrived'])
  await server.connections(1)
  const store = telling(await openPostgres({ url, masterKey: Buffer.alloc(32, 1), connections: 1, groups: 1 }))
  onTestFinished(() => store.close())
  await store.cancelTask(SHOP, 1, 0)
  await server.heard('arrived', SHOP)
  await store.saveShop({ shop: OTHER, facts: {}, installedAt: 1 })
  await server.heard('arrived', OTHER)
})
