import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { DAY } from '../lib/duration.ts'
import { newKey } from '../lib/seal.ts'
import { fillWithAda, type ReadRows, readable } from './raw-rows.fixture.ts'
import { backUp } from './sqlite/backup.ts'
import { backupsIn } from './sqlite/backup-files.ts'
import { restoreBackup } from './sqlite/restore.ts'
import { openSqlite } from './sqlite/sqlite.ts'
import { NOW, SHOP } from './testing.ts'

const root = mkdtempSync(join(tmpdir(), 'converlay-erased-'))
afterAll(() => rmSync(root, { recursive: true }))
const newFolder = (): string => mkdtempSync(join(root, 'folder-'))
const masterKey = newKey()
const note = { kind: 'data_request', key: 'done', value: 'in numbers', at: NOW } as const

const rowsOf =
  (file: string): ReadRows =>
  async (text) => {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      return db.prepare(text).all()
    } finally {
      db.close()
    }
  }
const told = async (file: string) => {
  const texts = await readable(rowsOf(file), masterKey)
  return (what: string) => texts.filter((text) => text.includes(what)).length
}
const filled = async () => {
  const data = newFolder()
  const store = await openSqlite({ path: data, masterKey })
  const names = await fillWithAda(store)
  const to = newFolder()
  await backUp({ data, to, now: NOW })
  return { data, store, names, to, live: join(data, 'converlay.db') }
}
const restored = (to: string, data: string): string => {
  const fresh = join(newFolder(), 'new')
  restoreBackup({ from: to, at: NOW + DAY, data: fresh, masterKey, tombstones: [data], now: NOW + DAY })
  return join(fresh, 'converlay.db')
}

describe('whoever has the rows and the master key', () => {
  test('reads nothing any more of a person who was erased: not live, not in an old backup, not in one restored', async () => {
    const { data, store, names, to, live } = await filled()
    // Two events, a sighting, a joined form, two records, a message, a dead letter, an answer.
    expect((await told(live))('ada@example.com')).toBe(9)
    expect(await store.erase(SHOP, names)).toBeGreaterThan(0)
    const now = await told(live)
    expect([now('ada@example.com'), now('bob@example.com')]).toEqual([0, 1])
    const [backup] = backupsIn(to)
    expect((await told(backup?.main ?? ''))('')).toBe(0)
    const again = await told(restored(to, data))
    expect([again('ada@example.com'), again('bob@example.com'), again('token-of-the-shop')]).toEqual([0, 1, 1])
    await store.close()
    // Nor does any name of hers stand anywhere in the folder.
    const bytes = Buffer.concat(readdirSync(data).map((file) => readFileSync(join(data, file)))).toString('latin1')
    for (const name of ['ada@example.com', 'checkout-1', 'request:1']) expect(bytes).not.toContain(name)
  })

  test('reads nothing any more of a shop that was erased, its tokens and settings included', async () => {
    const { data, store, to, live } = await filled()
    await store.eraseShop(SHOP, { note })
    const texts = await readable(rowsOf(live), masterKey)
    expect(texts).toEqual(['"in numbers"'])
    expect(await readable(rowsOf(restored(to, data)), masterKey)).toEqual([])
    const again = await openSqlite({ path: join(restored(to, data), '..'), masterKey })
    expect(await again.shops()).toEqual([])
    await again.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
    expect(await again.read(SHOP, 0, 9)).toEqual([])
    await again.close()
    await store.close()
  })

  test('reads nothing any more of what came before a shop was installed again', async () => {
    const { data, store, to, live } = await filled()
    await store.eraseShop(SHOP, { before: NOW + 1, note })
    for (const file of [live, restored(to, data)]) {
      const now = await told(file)
      expect([now('example.com'), now('token-of-the-shop'), now('settings-of-the-shop')]).toEqual([0, 1, 1])
    }
    await store.close()
  })
})
