import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pixelId } from '../event/event-ids.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import { newKey } from '../lib/seal.ts'
import { backUp } from '../store/sqlite/backup.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import { anArrival, aParked, REJECTED, SHOP, stretch } from '../store/testing.ts'
import type { Check } from './doctor.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const masterKey = newKey()

let home: string
let data: string

const doctor = (...argv: readonly string[]): Promise<{ status: number; checks: ReadonlyMap<string, Check> }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, CONVERLAY_MASTER_KEY: masterKey.toString('hex') }
    // A port on which nothing of ours listens.
    const run = [MAIN, 'doctor', '--json', '--data', data, '--port', '1', ...argv]
    execFile(process.execPath, run, { env }, (fault, out) => {
      const { checks } = JSON.parse(out) as { checks: readonly Check[] }
      const status = typeof fault?.code === 'number' ? fault.code : 0
      resolve({ status, checks: new Map(checks.map((one) => [one.check, one])) })
    })
  })

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'converlay-doctor-'))
  data = join(home, 'data')
  const store = await openSqlite({ path: data, masterKey })
  const now = Date.now()
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: now - 30 * DAY })
  const settings = { adAccountId: '549755885175', conversionToken: 'pina_test' }
  const { id } = await store.addConnection({ shop: SHOP, destination: 'pinterest', settings, createdAt: now })
  for (const [n, age] of [5 * DAY, 5 * DAY, HOUR].entries())
    await store.append(anArrival(pixelId(`page-${n}`), { receivedAt: now - age, at: now - age }))
  await store.settle({
    shop: SHOP,
    connection: id,
    stretch: stretch(1, REJECTED),
    park: [aParked(1, { kind: 'dead' })],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [],
  })
  await store.saveSetting('retention', { attempts: 14 })
  await store.close()
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('doctor', () => {
  it('says of each connection what waits there and what will be lost, and that this is not well', async () => {
    const { status, checks } = await doctor()
    expect(status).toBe(1)
    const told = checks.get(`${SHOP} to pinterest 549755885175`)
    expect(told?.ok).toBe(false)
    expect(told?.told).toMatch(
      /^active; 2 wait, the oldest for 5 days; 1 dead letter; Events that wait here begin to expire on \d{4}-/,
    )
    expect([...checks.values()].filter(({ ok }) => !ok)).toEqual([told])
    expect(checks.get('retention')?.told).toBe('attempts 14 days')
    for (const check of ['write-ahead log', 'clock', 'disk', 'master key', 'capture', 'store'])
      expect(checks.get(check), check).toMatchObject({ ok: true })
  }, 60_000)

  it('reads the newest backup, tells how old it is and whether it could be restored', async () => {
    const to = join(home, 'backups')
    expect((await doctor('--backup', to)).checks.get('backup')).toMatchObject({
      ok: false,
      told: `there is none in ${to}`,
    })
    await backUp({ data, to, now: Date.now() - 3 * DAY })
    const old = (await doctor('--backup', to)).checks.get('backup')
    expect(old).toMatchObject({ ok: false })
    expect(old?.told).toContain('72 h old, 3 events; it is older than two days')
    await backUp({ data, to, now: Date.now() })
    const fresh = (await doctor('--backup', to)).checks.get('backup')
    expect(fresh).toMatchObject({ ok: true })
    expect(fresh?.told).toMatch(/\.db, 0 h old, 3 events$/)
  }, 60_000)
})
