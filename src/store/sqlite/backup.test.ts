import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import { DAY, SECOND } from '../../lib/duration.ts'
import { newKey } from '../../lib/seal.ts'
import type { ConnectionId, Store } from '../store.ts'
import { aMessage, anArrival, aParked, DELIVERED, NOW, PARKED, SHOP, stretch } from '../testing.ts'
import { backUp } from './backup.ts'
import { backupsIn } from './backup-files.ts'
import { checkBackup } from './check-backup.ts'
import { restoreBackup } from './restore.ts'
import { openSqlite } from './sqlite.ts'

const root = mkdtempSync(join(tmpdir(), 'converlay-backup-'))
afterAll(() => rmSync(root, { recursive: true }))
const newFolder = (): string => mkdtempSync(join(root, 'folder-'))
const masterKey = newKey()

/** A running store with a connection, and its folder. */
const running = async () => {
  const data = newFolder()
  const store = await openSqlite({ path: data, masterKey })
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
  const { id } = await store.addConnection({ shop: SHOP, destination: 'criteo', settings: { a: 1 }, createdAt: NOW })
  return { data, store, id }
}

const settle = (store: Store, connection: ConnectionId, change: object) =>
  store.settle({
    shop: SHOP,
    connection,
    park: [],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [],
    ...change,
  })

const restored = async (from: string, options: { tombstones?: readonly string[]; at?: number; now?: number } = {}) => {
  const data = join(newFolder(), 'new')
  const told = restoreBackup({ from, at: NOW + 99 * DAY, data, masterKey, tombstones: [], now: NOW, ...options })
  return { data, told, store: await openSqlite({ path: data, masterKey }) }
}

const bytesIn = (folder: string): Buffer =>
  Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))))

const secretsIn = (data: string): Buffer[] => {
  const db = new DatabaseSync(join(data, 'converlay.db'), { readOnly: true })
  const rows = db
    .prepare('SELECT salt AS secret FROM subjects WHERE salt IS NOT NULL UNION ALL SELECT wrapped FROM shop_keys')
    .all() as unknown as readonly { secret: Uint8Array }[]
  db.close()
  return rows.map(({ secret }) => Buffer.from(secret))
}

describe('a backup', () => {
  test('made while events come in and go out holds all that was acknowledged before, and its books balance', async () => {
    const { data, store, id } = await running()
    const to = newFolder()
    const acknowledged: string[] = []
    let stop = false
    // More rows than are copied in one go.
    await Promise.all(
      Array.from({ length: 1200 }, async (_, n) => {
        await store.append(anArrival(pixelId(`early-${n}`), { subject: `early-${n}` }))
        acknowledged.push(pixelId(`early-${n}`))
      }),
    )
    let settledTo = 0
    const load = Array.from({ length: 4 }, async (_, lane) => {
      for (let n = 0; !stop; n++) {
        const event = pixelId(`page-${lane}-${n}`)
        await store.append(anArrival(event, { subject: `client-${n % 40}` }))
        acknowledged.push(event)
        if (lane > 0 || n % 10 !== 0) continue
        const delivered = Array(Math.min(500, (await store.head(SHOP)) - settledTo)).fill(DELIVERED)
        await settle(store, id, { stretch: stretch(settledTo + 1, ...delivered) })
        settledTo += delivered.length
      }
    })
    while (acknowledged.length < 1500) await new Promise((resolve) => setImmediate(resolve))
    const before = [...acknowledged]
    const made = await backUp({ data, to, now: NOW })
    stop = true
    await Promise.all(load)
    await store.close()

    expect(made.events).toBeGreaterThanOrEqual(before.length)
    expect(checkBackup(made, masterKey)).toEqual({ events: made.events, faults: [] })
    const { store: again, told } = await restored(to)
    expect(told).toMatchObject({ events: made.events, erased: 0 })
    const there = new Set((await again.read(SHOP, 0, 1_000_000)).map(({ event }) => event?.id))
    expect(before.filter((event) => !there.has(event as never))).toEqual([])
    expect(await again.connections(SHOP)).toMatchObject([{ id, settings: { a: 1 } }])
    await again.close()
  }, 60_000)

  test('keeps apart what opens it: no salt and no key is in the main file, and others can read neither', async () => {
    const { data, store } = await running()
    for (let n = 0; n < 60; n++)
      await store.append({
        ...anArrival(purchaseId(`${n}`), { subject: `client-${n}`, email: 'ada@example.com' }),
        message: aMessage(`w-${n}`),
      })
    const to = newFolder()
    const { main, keys } = await backUp({ data, to, now: NOW })
    await store.close()
    const secrets = secretsIn(data)
    expect(secrets.length).toBe(61)
    const [without, beside] = [readFileSync(main), readFileSync(keys ?? '')]
    expect(secrets.filter((secret) => without.includes(secret))).toEqual([])
    expect(secrets.filter((secret) => !beside.includes(secret))).toEqual([])
    expect(bytesIn(to).includes('ada@example.com')).toBe(false)
    for (const file of readdirSync(to)) expect(statSync(join(to, file)).mode & 0o077, file).toBe(0)
  })

  test('deletes files of keys that are older than 30 days; what is left of such a backup cannot be restored', async () => {
    const { data, store } = await running()
    const to = newFolder()
    await backUp({ data, to, now: NOW - 31 * DAY })
    await backUp({ data, to, now: NOW - 29 * DAY })
    const { deleted } = await backUp({ data, to, now: NOW })
    await store.close()
    expect(deleted).toHaveLength(1)
    expect(backupsIn(to).map(({ keys }) => keys !== undefined)).toEqual([false, true, true])
    expect(() =>
      restoreBackup({ from: to, at: NOW - 30 * DAY, data: newFolder(), masterKey, tombstones: [], now: NOW }),
    ).toThrow('The keys of the backup of 2026-10-20T10:00:00Z are no longer there')
    const [oldest] = backupsIn(to)
    expect(oldest && checkBackup(oldest, masterKey).faults).toEqual([
      'its file of keys is gone, so nothing sealed in it can be read',
    ])
  })

  test('that was damaged, or belongs to another master key, is noticed', async () => {
    const { data, store } = await running()
    for (let n = 0; n < 200; n++) await store.append(anArrival(pixelId(`page-${n}`)))
    const made = await backUp({ data, to: newFolder(), now: NOW })
    await store.close()
    expect(checkBackup(made, newKey()).faults).toEqual(['the master key does not belong to it'])
    const db = new DatabaseSync(made.main)
    db.exec('DELETE FROM events WHERE seq = 7; DELETE FROM lanes')
    db.close()
    expect(checkBackup(made, masterKey).faults).toEqual([`${SHOP} has 199 events and should have 200`])
  })
})

describe('restoring', () => {
  test('does not bring back who was erased after the backup was made, and leaves everybody else', async () => {
    const { data, store } = await running()
    await store.append(anArrival(pixelId('page-1'), { subject: 'client-1', email: 'ada@example.com' }))
    await store.append(anArrival(pixelId('page-2'), { subject: 'customer-1', email: 'ada@example.com' }))
    await store.append(anArrival(pixelId('page-3'), { subject: 'client-2', email: 'bob@example.com' }))
    await store.saveProjection({
      changes: [],
      links: [{ shop: SHOP, a: 'client-1', b: 'customer-1' }],
      arrivals: [],
      projected: [],
    })
    const to = newFolder()
    await backUp({ data, to, now: NOW })
    const salts = secretsIn(data)
    expect(await store.erase(SHOP, ['customer-1'])).toBe(2)
    const living = secretsIn(data)
    const erased = salts.filter((salt) => !living.some((one) => one.equals(salt)))
    expect(erased).toHaveLength(2)

    // The next backup carries the tombstone; so does the old data folder.
    const { store: again, data: fresh, told } = await restored(to, { tombstones: [data] })
    expect(told.erased).toBe(2)
    expect((await again.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', 'redacted', undefined])
    await again.close()
    expect(erased.filter((salt) => bytesIn(fresh).includes(salt))).toEqual([])
    await backUp({ data, to, now: NOW + SECOND })
    await store.close()
    const earlier = await restored(to, { at: NOW })
    expect(earlier.told).toMatchObject({ from: { at: NOW }, erased: 2 })
    await earlier.store.close()
    const file = readFileSync(join(data, 'tombstones.jsonl'), 'utf8')
    expect(file).not.toMatch(/example|customer|client|myshopify/)
  })

  // A name is erased once, but whoever bears it may come back: the tombstone is of what was there before.
  test('keeps a person who came back after the erasure, where the backup is from after it', async () => {
    const { data, store } = await running()
    await store.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
    await store.erase(SHOP, ['client-1'])
    await store.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
    const to = newFolder()
    await backUp({ data, to, now: NOW })
    await store.close()
    const { store: again, told } = await restored(to, { tombstones: [data] })
    expect(told.erased).toBe(0)
    expect((await again.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
    await again.close()
  })

  test('leaves in doubt all that waited, also beyond a cut, until the lane is through with it', async () => {
    const { data, store, id } = await running()
    for (let n = 0; n < 6; n++) await store.append(anArrival(pixelId(`page-${n}`)))
    await settle(store, id, { stretch: stretch(1, PARKED), park: [aParked(1)] })
    const to = newFolder()
    await backUp({ data, to, now: NOW })
    await store.close()
    const later = NOW + 3 * DAY
    const { store: again } = await restored(to, { now: later })
    const [lane] = await again.lanes(SHOP)
    expect(lane).toMatchObject({ position: 1, unsureSince: NOW, unsureTo: 6 })
    expect((await again.parked(SHOP, id, 9))[0]).toMatchObject({ seq: 1, unsureSince: NOW })
    await settle(again, id, {
      stretch: stretch(2, DELIVERED),
      lane: { lane: 1, due: 0, tries: 0, unsureSince: NOW, unsureUntil: later },
      cut: { lane: 1 },
    })
    expect((await again.lanes(SHOP)).find(({ kind }) => kind === 'backlog')).toMatchObject({
      position: 2,
      to: 6,
      unsureSince: NOW,
      unsureUntil: later,
      unsureTo: 6,
    })
    await again.close()
  })

  test('refuses a folder with anything in it, another master key, and a time before the first backup', async () => {
    const { data, store } = await running()
    const to = newFolder()
    await backUp({ data, to, now: NOW })
    await store.close()
    const options = { from: to, at: NOW, data: join(newFolder(), 'new'), masterKey, tombstones: [], now: NOW }
    expect(() => restoreBackup({ ...options, data })).toThrow(`${data} is not empty.`)
    expect(() => restoreBackup({ ...options, masterKey: newKey() })).toThrow('does not belong to this backup')
    expect(readdirSync(options.data)).toEqual([])
    expect(() => restoreBackup({ ...options, at: NOW - DAY })).toThrow('no backup from before that time')
    expect(() => restoreBackup({ ...options, from: newFolder() })).toThrow('There is no backup in')
  })

  test('of files that were copied elsewhere works as of the ones that were made', async () => {
    const { data, store } = await running()
    await store.append(anArrival(pixelId('page-1'), { email: 'ada@example.com' }))
    const to = newFolder()
    await backUp({ data, to, now: NOW })
    await store.close()
    const elsewhere = newFolder()
    cpSync(to, elsewhere, { recursive: true })
    renameSync(to, `${to}-gone`)
    const { store: again } = await restored(elsewhere)
    expect((await again.read(SHOP, 0, 1))[0]?.event?.identity?.email).toBe('ada@example.com')
    await again.close()
  })
})
