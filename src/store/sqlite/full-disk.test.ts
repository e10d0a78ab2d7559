import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pixelId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import { newKey } from '../../lib/seal.ts'
import type { ConnectionId, Store } from '../store.ts'
import { anArrival, DELIVERED, NOW, POLICY, SHOP, stretch } from '../testing.ts'
import { faultOf } from './faults.ts'
import { reserveOnDisk } from './reserve.ts'
import { openSqlite } from './sqlite.ts'

const root = mkdtempSync(join(tmpdir(), 'converlay-'))
afterAll(() => rmSync(root, { recursive: true }))
const masterKey = newKey()

/** A quota stands for the disk: it fills up the same way, without an administrator's rights. */
const QUOTA = { maxBytes: 2_000_000, reserveBytes: 125_000 }

describe('on a full disk', () => {
  let path: string
  let store: Store
  let connection: ConnectionId
  let made = 0

  const open = () => openSqlite({ path, masterKey, ...QUOTA })
  const append = () =>
    store.append(
      anArrival(pixelId(`event-${++made}`), {
        subject: `client-${made}`,
        email: 'a@example.com',
        seenBy: 'x'.repeat(20_000),
      }),
    )
  const fill = async (): Promise<void> => {
    while (
      await append().then(
        () => true,
        () => false,
      )
    );
  }
  const settleNext = async (outcomes: readonly number[], position: number) =>
    store.settle({
      shop: SHOP,
      connection,
      stretch: stretch(position + 1, ...outcomes),
      park: [],
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [],
    })

  beforeEach(async () => {
    made = 0
    path = mkdtempSync(join(root, 'data-'))
    store = await open()
    await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
    connection = (await store.addConnection({ shop: SHOP, destination: 'criteo', settings: {}, createdAt: NOW })).id
    await fill()
  })
  afterEach(() => store.close())

  test('everything that was acknowledged is settled all the same, on what is kept for that', async () => {
    const head = await store.head(SHOP)
    expect(head).toBeGreaterThan(50)
    for (let position = 0; position < head; position++) await settleNext([DELIVERED], position)
    expect([...(await store.ledger(SHOP, connection, 1, head))]).toEqual(Array(head).fill(DELIVERED))
  })

  test('a person is erased', async () => {
    expect(await store.erase(SHOP, ['client-1'])).toBe(1)
    expect((await store.read(SHOP, 0, 1))[0]?.gone).toBe('redacted')
  })

  test('what settling may need is not taken by what comes in, until there is room', async () => {
    // Far beyond what the quota has beside the reserve.
    const settings = { note: 'x'.repeat(5_000) }
    for (let n = 0; n < 5; n++) await store.updateConnection(SHOP, connection, { settings })
    await expect(append()).rejects.toMatchObject({ name: 'StoreFault', kind: 'full' })
    const head = await store.head(SHOP)
    await settleNext([DELIVERED], 0)
    expect(await store.head(SHOP)).toBe(head)

    while ((await store.retain(POLICY, NOW + 31 * DAY, 10)) > 0);
    expect(await append()).toMatchObject({ events: [{ seq: head + 1, fresh: true }] })
  })

  test('a stop and a start work, and leave no doubt about what was sent', async () => {
    await store.close()
    store = await open()
    expect((await store.lanes(SHOP))[0]).not.toHaveProperty('unsureSince')
    await settleNext([DELIVERED], 0)
  })

  test('when not even the reserve is left, nothing half is written, and the next start doubts what was not settled', async () => {
    let refused: unknown
    while (!refused)
      await store
        .addConnection({ shop: SHOP, destination: 'ga4', settings: { x: 'x'.repeat(90_000) }, createdAt: NOW })
        .catch((fault: unknown) => {
          refused = fault
        })
    expect(refused).toMatchObject({ name: 'StoreFault', kind: 'full' })
    const parks = Array.from({ length: 50 }, (_, n) => ({
      seq: n + 1,
      kind: 'retry' as const,
      due: 0,
      tries: 1,
      parkedAt: NOW,
      message: 'x'.repeat(2_000),
    }))
    const settled = store.settle({
      shop: SHOP,
      connection,
      stretch: stretch(1, ...Array<number>(50).fill(1)),
      park: parks,
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [],
    })
    await expect(settled).rejects.toMatchObject({ kind: 'full' })
    expect(await store.parked(SHOP, connection, 9)).toEqual([])
    expect((await store.ledger(SHOP, connection, 1, 1))[0]).toBe(0)
    await store.close()
    store = await open()
    expect((await store.lanes(SHOP)).find((lane) => lane.connection === connection)?.unsureSince).toBeGreaterThan(0)
  })
})

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EIO', 'broken'],
  ['EROFS', 'broken'],
])('%s of a file beside the database is a store that is %s', (code, kind) => {
  expect(faultOf(Object.assign(new Error(code), { code }))).toMatchObject({ name: 'StoreFault', kind })
})

describe('the reserve on the disk', () => {
  test('is a file of that size, gone when it is needed, and made again when there is room', () => {
    const folder = mkdtempSync(join(root, 'data-'))
    const file = join(folder, 'reserve')
    const reserve = reserveOnDisk(folder, 3_000_000)
    expect(statSync(file).size).toBe(3_000_000)
    expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(3_000_000)
    reserve.release()
    expect([reserve.held, existsSync(file)]).toEqual([false, false])
    expect([reserve.restore(), reserve.held, statSync(file).size]).toEqual([true, true, 3_000_000])
  })

  test('is not made unless asked for', () => {
    const folder = mkdtempSync(join(root, 'data-'))
    const reserve = reserveOnDisk(folder, 0)
    expect([reserve.restore(), existsSync(join(folder, 'reserve'))]).toEqual([true, false])
  })
})
