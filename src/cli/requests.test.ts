import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { pixelId, purchaseId } from '../event/event-ids.ts'
import { newKey } from '../lib/seal.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import { anArrival, SHOP } from '../store/testing.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const data = mkdtempSync(join(tmpdir(), 'converlay-requests-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))
const masterKey = newKey()
const env = { PATH: process.env.PATH, CONVERLAY_MASTER_KEY: Buffer.from(masterKey).toString('base64') }

const run = (...argv: readonly string[]): Promise<{ status: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...argv, '--shop', SHOP, '--data', data], { env }, (fault, out, err) =>
      resolve({ status: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    )
  })

it('a person is handed out and erased on a stopped Converlay, and what was asked is listed', async () => {
  const store = await openSqlite({ path: data, masterKey })
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: 1 })
  await store.append({
    ...anArrival(purchaseId('7'), { subject: '77', email: 'ada@example.com' }),
    orders: [{ orderId: '7', email: 'ada@example.com' }],
  })
  await store.append(anArrival(pixelId('page-2'), { subject: 'bob', email: 'bob@example.com' }))
  await store.saveProjection({
    changes: [],
    links: [{ shop: SHOP, a: '77', b: purchaseId('7') }],
    arrivals: [],
    projected: [],
  })
  await store.close()

  const [held, dry, ...nobody] = await Promise.all([
    run('export', '--email', 'Ada@example.com '),
    run('redact', '--order', '7', '--dry-run'),
    run('redact'),
    run('redact', '--email', 'nobody'),
    run('export', '--request', 'x'),
  ])
  expect(JSON.parse(held.out)).toMatchObject({
    events: [{ event: { id: purchaseId('7') } }],
    orders: [{ orderId: '7' }],
  })
  expect(JSON.parse(dry.out)).toMatchObject({ found: { events: 1, orders: 1 } })
  expect(nobody.map(({ status, out }) => [status, out])).toEqual([
    [2, ''],
    [2, ''],
    [1, ''],
  ])
  expect(nobody[0]?.err).toBe('Say who it is: a customer, an email address, an order.\n')

  const done = await run('redact', '--order', '7')
  expect(JSON.parse(done.out)).toMatchObject({
    kind: 'customer_erasure',
    by: 'merchant',
    found: { events: 1 },
    keys: 1,
  })
  expect(done.out).not.toMatch(/ada|"77"/i)
  const [gone, listed] = await Promise.all([run('export', '--customer', '77'), run('requests')])
  expect(JSON.parse(gone.out)).toMatchObject({ events: [] })
  expect(
    listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ state: 'done', kind: 'customer_erasure' }])
}, 60_000)
