import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { checkoutId, pixelId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import { newKey } from '../../lib/seal.ts'
import type { Store } from '../store.ts'
import { anArrival, aParked, NOW, PARKED, POLICY, SHOP, stretch } from '../testing.ts'
import { isOldSqlite } from './database.ts'
import { openSqlite } from './sqlite.ts'

const root = mkdtempSync(join(tmpdir(), 'converlay-'))
afterAll(() => rmSync(root, { recursive: true }))
const newFolder = (): string => mkdtempSync(join(root, 'data-'))
const masterKey = newKey()

const openWithShop = async (path: string): Promise<Store> => {
  const store = await openSqlite({ path, masterKey })
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
  return store
}

/** Runs the appender in a process of its own; `limitKb` is the largest file that the system lets it write. */
const appender = (folder: string, limitKb: number | 'unlimited') => {
  const script = fileURLToPath(new URL('./appender.fixture.ts', import.meta.url))
  const child = spawn('/bin/sh', [
    '-c',
    `ulimit -f ${limitKb === 'unlimited' ? limitKb : limitKb * 2}; exec "$@"`,
    'sh',
    process.execPath,
    script,
    folder,
    masterKey.toString('hex'),
  ])
  let output = ''
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const reached = (lines: number) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.split('\n').length > lines) resolve()
      })
    })
  return { child, ended, reached, lines: () => output.split('\n').slice(0, -1) }
}

const idsOf = async (store: Store): Promise<Set<string>> =>
  new Set((await store.read(SHOP, 0, 100_000)).map(({ event }) => event?.id ?? ''))

describe('what was acknowledged', () => {
  test('is there after closing and opening', async () => {
    const path = newFolder()
    const store = await openWithShop(path)
    const { id } = await store.addConnection({
      shop: SHOP,
      destination: 'pinterest',
      settings: { a: 1 },
      createdAt: NOW,
    })
    await store.append(anArrival(checkoutId('c1'), { email: 'ada@example.com' }))
    await store.close()
    const again = await openSqlite({ path, masterKey })
    expect((await again.read(SHOP, 0, 9))[0]?.event?.identity?.email).toBe('ada@example.com')
    expect(await again.connections(SHOP)).toMatchObject([{ id, settings: { a: 1 } }])
    expect(await again.append(anArrival(checkoutId('c1')))).toEqual({
      repeated: false,
      events: [{ seq: 1, fresh: false }],
    })
    await again.close()
  })

  test('is there after kill -9, and the log has no gap', async () => {
    const path = newFolder()
    const run = appender(path, 'unlimited')
    await run.reached(400)
    run.child.kill('SIGKILL')
    await run.ended
    const store = await openSqlite({ path, masterKey })
    const stored = await idsOf(store)
    expect(run.lines().length).toBeGreaterThanOrEqual(400)
    expect(run.lines().filter((id) => !stored.has(id))).toEqual([])
    expect(await store.head(SHOP)).toBe(stored.size)
    await store.close()
  })
})

describe('after a start', () => {
  const connected = async (path: string) => {
    const store = await openWithShop(path)
    const { id } = await store.addConnection({ shop: SHOP, destination: 'criteo', settings: {}, createdAt: NOW })
    await store.append(anArrival(pixelId('event-1')))
    await store.settle({
      shop: SHOP,
      connection: id,
      stretch: stretch(1, PARKED),
      park: [aParked(1)],
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [],
    })
    return { store, id }
  }

  test('nothing is in doubt when the store was closed before', async () => {
    const path = newFolder()
    const { store, id } = await connected(path)
    await store.close()
    const again = await openSqlite({ path, masterKey })
    expect((await again.lanes(SHOP))[0]).not.toHaveProperty('unsureSince')
    expect((await again.parked(SHOP, id, 9))[0]).not.toHaveProperty('unsureSince')
    await again.close()
  })

  test('after any other end every lane’s next stretch may have been sent, since its last settlement', async () => {
    const path = newFolder()
    const messages = vi.spyOn(Worker.prototype, 'postMessage')
    const { id } = await connected(path)
    const thread = messages.mock.contexts[0] as Worker
    messages.mockRestore()
    const before = Date.now()
    await thread.terminate()
    const again = await openSqlite({ path, masterKey })
    const [lane] = await again.lanes(SHOP)
    expect(lane?.unsureSince).toBeLessThanOrEqual(before)
    expect(lane?.unsureUntil).toBeGreaterThanOrEqual(before)
    // It was due long ago, so it may have gone as well.
    expect(await again.parked(SHOP, id, 9)).toMatchObject([{ unsureSince: NOW }])
    await again.close()
  })
})

describe('a disk that fails', () => {
  test('full: the append is refused, nothing of it is stored, and appends go on when there is room', async () => {
    const path = newFolder()
    const small = await openSqlite({ path, masterKey, maxBytes: 1_000_000 })
    await small.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
    const large = { email: 'ada@example.com', seenBy: 'x'.repeat(20_000) }
    const told = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => small.append(anArrival(pixelId(`event-${n}`), large))),
    )
    const refused = told.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'StoreFault', kind: 'full' })
    expect(await small.head(SHOP)).toBe(100 - refused.length)

    let kept = 0
    while (
      await small.append(anArrival(pixelId(`more-${kept}`), large)).then(
        () => true,
        () => false,
      )
    )
      kept++
    expect(await small.head(SHOP)).toBe(100 - refused.length + kept)
    while ((await small.retain(POLICY, NOW + 31 * DAY, 10)) > 0);
    const fresh = { at: NOW + 31 * DAY, receivedAt: NOW + 31 * DAY }
    expect((await small.append(anArrival(pixelId('again-1'), fresh))).events).toEqual([
      { seq: 101 - refused.length + kept, fresh: true },
    ])
    await small.close()
  })

  test('a thread that ends by itself is a store that failed; one that is closed is not', async () => {
    const messages = vi.spyOn(Worker.prototype, 'postMessage')
    const store = await openWithShop(newFolder())
    const thread = messages.mock.contexts[0] as Worker
    messages.mockRestore()
    await thread.terminate()
    expect(await store.failed).toMatchObject({ name: 'StoreFault', kind: 'broken' })
    await expect(store.append(anArrival(pixelId('late-1')))).rejects.toMatchObject({ kind: 'broken' })
    await expect(store.health()).rejects.toMatchObject({ kind: 'broken' })
    await store.close()

    const closed = await openWithShop(newFolder())
    await closed.close()
    expect(await Promise.race([closed.failed, Promise.resolve('not failed')])).toBe('not failed')
  })

  test('broken: after an I/O error nothing more is accepted until a restart, which finds all that was acknowledged', async () => {
    const path = newFolder()
    const run = appender(path, 1500)
    void run.reached(1)
    await run.ended
    const lines = run.lines()
    const firstFault = lines.indexOf('fault broken')
    const acknowledged = lines.slice(0, firstFault)
    expect(acknowledged.length).toBeGreaterThan(0)
    // Once refused, nothing is acknowledged any more, and the process is told.
    expect(new Set(lines.slice(firstFault))).toEqual(new Set(['fault broken', 'failed broken', 'unhealthy']))
    const store = await openSqlite({ path, masterKey })
    const stored = await idsOf(store)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    await store.close()
  })
})

test('an event that the disk damaged is told of as that; the others are as they were', async () => {
  const path = newFolder()
  const store = await openWithShop(path)
  for (const n of [1, 2, 3]) await store.append(anArrival(pixelId(`event-${n}`)))
  await store.close()
  const db = new DatabaseSync(join(path, 'converlay.db'))
  const { sealed } = db.prepare('SELECT sealed FROM events WHERE seq = 2').get() as { sealed: Uint8Array }
  sealed[40] = (sealed[40] ?? 0) ^ 1
  db.prepare('UPDATE events SET sealed = ? WHERE seq = 2').run(sealed)
  db.close()
  const again = await openSqlite({ path, masterKey })
  expect((await again.read(SHOP, 0, 9)).map(({ event, gone }) => event?.id ?? gone)).toEqual([
    'event-1',
    'damaged',
    'event-3',
  ])
  await again.close()
})

test('files show nothing of a shopper or a secret', async () => {
  const path = newFolder()
  const store = await openWithShop(path)
  const canaries = ['canary@example.com', '+14155550132', 'Ada Canary', '203.0.113.77', 'pina_canary_token']
  const [email = '', phone, name, ip, token] = canaries
  const event = {
    ...anArrival(checkoutId('c1'), { email }).events[0]?.event,
    custom: { name: 'x', phone, person: name, ip },
  }
  const added = anArrival(checkoutId('c1'), { email }).events.map((one) => ({
    ...one,
    event: { ...one.event, ...event },
  }))
  const body = Buffer.from(JSON.stringify(canaries))
  const message = {
    source: 'shopify-webhook',
    topic: 'orders/create',
    webhookId: 'w-1',
    receivedAt: NOW,
    body,
  } as const
  const { id } = await store.addConnection({
    shop: SHOP,
    destination: 'pinterest',
    settings: { token },
    createdAt: NOW,
  })
  await store.append({ shop: SHOP, message, events: added, parts: added, orders: [{ orderId: '1', email }] })
  const record = { ip: '203.0.113.77', userAgent: 'Ada Canary', seenAt: NOW }
  await store.saveProjection({
    changes: [{ shop: SHOP, key: 'client:c', record }],
    links: [],
    arrivals: [],
    projected: [],
  })
  await store.settle({
    shop: SHOP,
    connection: id,
    stretch: { lane: 1, from: 1, outcomes: Uint8Array.of(40) },
    park: added.map((one) => ({ seq: 1, kind: 'dead', due: 0, tries: 1, parkedAt: NOW, copy: one.event })),
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: added,
  })
  const scan = () => {
    const bytes = Buffer.concat(readdirSync(path).map((file) => readFileSync(join(path, file))))
    return { found: canaries.filter((canary) => bytes.includes(canary)), bytes: bytes.length }
  }
  expect(scan()).toMatchObject({ found: [] })
  await store.close()
  expect(scan()).toMatchObject({ found: [] })
  expect(scan().bytes).toBeGreaterThan(100_000)
})

describe('opening', () => {
  test('flushes every commit, on a SQLite without the WAL reset race', async () => {
    const path = newFolder()
    const store = await openWithShop(path)
    expect(await store.health()).toMatchObject({ engine: 'sqlite', durability: 'full', events: 0 })
    await store.close()
    const db = new DatabaseSync(join(path, 'converlay.db'))
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    db.close()
    expect(['3.40.1', '3.51.2', '2.9.9'].map(isOldSqlite)).toEqual([true, true, true])
    expect(['3.51.3', '3.53.4', '4.0.0'].map(isOldSqlite)).toEqual([false, false, false])
  })

  test('refuses another master key', async () => {
    const path = newFolder()
    await (await openWithShop(path)).close()
    await expect(openSqlite({ path, masterKey: newKey() })).rejects.toThrow(/master key does not belong to the data/)
  })

  test('refuses data of a newer version', async () => {
    const path = newFolder()
    await (await openWithShop(path)).close()
    const db = new DatabaseSync(join(path, 'converlay.db'))
    db.exec('PRAGMA user_version = 999')
    db.close()
    await expect(openSqlite({ path, masterKey })).rejects.toThrow(/newer Converlay/)
  })

  test('refuses a second server of one folder; a tool beside it works, and the server sees what it did', async () => {
    const path = newFolder()
    const server = await openWithShop(path)
    await expect(openSqlite({ path, masterKey })).rejects.toThrow(/Another Converlay is running/)
    const tool = await openSqlite({ path, masterKey, role: 'tool' })
    const { id } = await tool.addConnection({ shop: SHOP, destination: 'pinterest', settings: {}, createdAt: NOW })
    expect(await server.connections(SHOP)).toMatchObject([{ id }])
    await server.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
    expect(await tool.erase(SHOP, ['client-1'])).toBe(1)
    await server.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
    expect((await server.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
    await tool.close()
    await server.close()
    await (await openSqlite({ path, masterKey })).close()
  })
})
