import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkoutId, pixelId, purchaseId } from '../../event/event-ids.ts'
import { newKey } from '../../lib/seal.ts'
import { fillWithAda, readable } from '../raw-rows.fixture.ts'
import { StoreFault } from '../store.ts'
import { aMessage, anArrival, anEvent, aParked, DELIVERED, NOW, PARKED, SHOP, stretch } from '../testing.ts'
import { openPostgres, type PostgresStore } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'
import { refusalOf } from './session.ts'

const server = await startPostgres()
afterAll(() => server.stop())
const masterKey = newKey()

const opened = async (url: string): Promise<PostgresStore> => {
  const store = await openPostgres({ url, masterKey })
  onTestFinished(() => store.close())
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
  return store
}

/** What a person beside the program asks of the database. */
const asking = async <Row>(url: string, text: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows as Row[]
}

/** Changes a setting of the server, and waits until new connections see it. */
const configure = async (url: string, name: string, value: 'on' | 'off'): Promise<void> => {
  await asking(url, `ALTER SYSTEM SET ${name} = ${value}`)
  await asking(url, 'SELECT pg_reload_conf()')
  const now = async () => (await asking<{ now: string }>(url, `SELECT current_setting('${name}') AS now`))[0]?.now
  while ((await now()) !== value);
}

describe('opening', () => {
  test('by several processes at once makes the tables once', async () => {
    const url = await server.newDatabase()
    const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgres({ url, masterKey })))
    for (const store of stores) await store.close()
    expect(await (await opened(url)).health()).toMatchObject({ engine: 'postgres', durability: 'full', events: 0 })
  })

  test('refuses another master key, and data of a newer version', async () => {
    const url = await server.newDatabase()
    await opened(url)
    await expect(openPostgres({ url, masterKey: newKey() })).rejects.toThrow(/master key does not belong to the data/)
    await asking(url, `UPDATE meta SET value = '999' WHERE name = 'schema'`)
    await expect(openPostgres({ url, masterKey })).rejects.toThrow(/newer Converlay/)
  })

  test('refuses a server that can lose what it confirmed; one that becomes so later has failed', async () => {
    const url = await server.newDatabase()
    for (const name of ['fsync', 'full_page_writes']) {
      const store = await opened(url)
      await configure(url, name, 'off')
      await expect(openPostgres({ url, masterKey })).rejects.toThrow(`PostgreSQL runs with ${name} = off`)
      await asking(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      await expect(store.health()).rejects.toBeInstanceOf(StoreFault)
      await expect(store.health()).rejects.toMatchObject({ kind: 'broken' })
      expect(await store.failed).toMatchObject({ kind: 'broken' })
      await configure(url, name, 'on')
    }
  })

  test('switches synchronous_commit on where the database has it off', async () => {
    const url = await server.newDatabase()
    const [database] = await asking<{ name: string }>(url, 'SELECT current_database() AS name')
    await asking(url, `ALTER DATABASE ${database?.name} SET synchronous_commit = off`)
    const store = await opened(url)
    const { sql } = store.database
    expect(await sql(`SELECT current_setting('synchronous_commit') AS now`).get()).toEqual({ now: 'on' })
    expect(await store.health()).toMatchObject({ durability: 'full' })
  })

  test.each([
    [{ version: 140_012 }, /PostgreSQL 14 is too old/],
    [{ fsync: 'off' }, /fsync = off/],
    [{ full_page_writes: 'off' }, /full_page_writes = off/],
    [{ synchronous_commit: 'local' }, /synchronous_commit = local/],
    [{ synchronous_commit: 'remote_apply' }, undefined],
  ])('a server with %o', (different, refusal) => {
    const good = { version: 150_000, fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', standby: false }
    expect(refusalOf(good)).toBeUndefined()
    const told = refusalOf({ ...good, ...different })
    if (refusal) expect(told).toMatch(refusal)
    else expect(told).toBeUndefined()
  })

  test('says that the server is away when it does not answer', async () => {
    const url = 'postgres://converlay@/nothing?host=%2Fnowhere'
    await expect(openPostgres({ url, masterKey })).rejects.toMatchObject({ name: 'StoreFault', kind: 'away' })
  })
})

describe('the tables', () => {
  test('have keys and indexes that begin with the shop, but for those that are no shop’s', async () => {
    const url = await server.newDatabase()
    await opened(url)
    const indexes = await asking<{ table: string; first: string }>(
      url,
      `SELECT c.relname AS table, a.attname AS first FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE c.relnamespace = 'public'::regnamespace`,
    )
    const others = new Set(indexes.filter(({ first }) => first !== 'shop').map(({ table }) => table))
    expect([...others].sort()).toEqual(['meta', 'quotas', 'shops', 'workers'])
    expect(indexes.length).toBeGreaterThan(30)
    const [global] = await asking<{ count: number }>(
      url,
      `SELECT count(*)::int AS count FROM pg_attribute WHERE attidentity <> '' AND attrelid > 16384`,
    )
    expect(global?.count).toBe(0)
  })

  /** Everything that the tables hold, as text; bytes as hex. */
  const contents = async (url: string): Promise<string> => {
    const tables = await asking<{ name: string }>(
      url,
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    )
    const rows = await Promise.all(
      tables.map(({ name }) => asking<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t`)),
    )
    return rows.flatMap((table) => table.map(({ row }) => row)).join('\n')
  }

  test('show nothing of a shopper or a secret', async () => {
    const url = await server.newDatabase()
    const store = await opened(url)
    const email = 'canary@example.com'
    const canaries = [email, '+14155550132', 'Ada Canary', '203.0.113.77', 'pina_canary_token']
    const { id } = await store.addConnection({
      shop: SHOP,
      destination: 'pinterest',
      settings: { token: 'pina_canary_token' },
      createdAt: NOW,
    })
    const event = { ...anEvent(checkoutId('c1'), { email }), custom: { name: 'x', phone: '+14155550132' } }
    const added = { event, subject: 'client-1', receivedAt: NOW }
    const body = Buffer.from(JSON.stringify(canaries))
    await store.append({
      shop: SHOP,
      message: aMessage('w-1', { body }),
      events: [added],
      parts: [added],
      orders: [{ orderId: '1', email }],
    })
    const record = { ip: '203.0.113.77', userAgent: 'Ada Canary', seenAt: NOW }
    const change = { shop: SHOP, key: 'client:c', record } as const
    await store.saveProjection({ changes: [change], links: [], arrivals: [], projected: [] })
    await store.saveToken(SHOP, id, { token: 'pina_canary_token', expiresAt: NOW, settingsVersion: 1 })
    await store.settle({
      shop: SHOP,
      connection: id,
      stretch: stretch(1, DELIVERED),
      park: [aParked(1, { kind: 'dead', copy: event })],
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [added],
    })
    const text = await contents(url)
    expect(text).toContain('client-1')
    const shown = canaries.filter((one) => text.includes(one) || text.includes(Buffer.from(one).toString('hex')))
    expect(shown).toEqual([])
  })

  test('hold texts of strangers that PostgreSQL has no text for', async () => {
    const store = await opened(await server.newDatabase())
    const { id } = await store.addConnection({ shop: SHOP, destination: 'meta', settings: {}, createdAt: NOW })
    await store.append(anArrival(pixelId('page-1'), { subject: 'client\0one' }))
    await store.settle({
      shop: SHOP,
      connection: id,
      stretch: stretch(1, PARKED),
      park: [aParked(1, { message: 'a\0b \ud800' })],
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [],
    })
    expect((await store.parked(SHOP, id, 9))[0]?.message).toBe('a\ufffdb \ufffd')
    expect((await store.read(SHOP, 0, 9))[0]?.event?.id).toBe('page-1')
  })

  test('lose the salts of an erased person from the file too, not only from what is read', async () => {
    const url = await server.newDatabase()
    const store = await opened(url)
    await store.append(anArrival(purchaseId('1'), { subject: 'customer-1' }))
    const [subject] = await asking<{ salt: Buffer }>(url, 'SELECT salt FROM subjects')
    const [file] = await asking<{ path: string }>(url, `SELECT pg_relation_filepath('subjects') AS path`)
    const inFile = async () => {
      await asking(url, 'CHECKPOINT')
      return readFileSync(join(server.data, file?.path ?? '')).includes(subject?.salt ?? 'nothing')
    }
    expect(await inFile()).toBe(true)
    expect(await store.erase(SHOP, ['customer-1'])).toBe(1)
    expect(await inFile()).toBe(false)
  })
  test('open nothing any more of a person who was erased, whoever has the rows and the master key', async () => {
    const url = await server.newDatabase()
    const store = await opened(url)
    const names = await fillWithAda(store)
    const told = async () => {
      const texts = await readable((text) => asking<object>(url, text), masterKey)
      return (what: string) => texts.filter((text) => text.includes(what)).length
    }
    expect((await told())('ada@example.com')).toBe(9)
    await store.erase(SHOP, names)
    const now = await told()
    expect([now('ada@example.com'), now('bob@example.com'), now('token-of-the-shop')]).toEqual([0, 1, 1])
    await store.eraseShop(SHOP, { note: { kind: 'data_request', key: 'done', value: 'in numbers', at: NOW } })
    expect(await readable((text) => asking<object>(url, text), masterKey)).toEqual(['"in numbers"'])
  })

  test('restored from a dump of before erase again who was erased since, and leave in doubt all that waited', async () => {
    const url = await server.newDatabase()
    const store = await opened(url)
    const names = await fillWithAda(store)
    // The dump: everything but what the erasure is known by.
    const before = await asking<{ shop: number; id: number; subject: string; salt: Buffer }>(
      url,
      'SELECT shop, id, subject, salt FROM subjects',
    )
    await store.erase(SHOP, names)
    const tombstones = await store.tombstones()
    expect(JSON.stringify(tombstones)).not.toMatch(/example|phone|checkout|myshopify/)
    await asking(url, 'DELETE FROM tombstones')
    for (const { id, subject, salt } of before)
      await asking(
        url,
        `UPDATE subjects SET subject = '${subject}', salt = '\\x${salt.toString('hex')}' WHERE id = ${id}`,
      )
    expect((await store.read(SHOP, 0, 9))[0]?.event).toBeDefined()
    const options = { at: NOW, now: NOW + 1000, tombstones }
    expect(await store.restored(options)).toEqual({ erased: expect.any(Number), shops: 0 })
    expect((await store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', 'redacted', undefined])
    expect(await store.lanes(SHOP)).toMatchObject([{ unsureSince: NOW, unsureUntil: NOW + 1000, unsureTo: 3 }])
    expect((await store.restored(options)).erased).toBe(0)
  })
})
