import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { newKey } from '../../lib/seal.ts'
import { type Connection, Fenced } from '../store.ts'
import { aParked, DELIVERED, NOW, PARKED, SHOP, stretch } from '../testing.ts'
import { anArrivalOf } from './arrivals.fixture.ts'
import { LEASE, type Leases, leasesIn } from './leases.ts'
import { openPostgres, type PostgresStore } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'

const masterKey = newKey()
const server = await startPostgres({
  prepare: async (url) => (await openPostgres({ url, masterKey })).close(),
})
afterAll(() => server.stop())

let store: PostgresStore
let leases: Leases
beforeEach(async () => {
  store = await openPostgres({ url: await server.newDatabase(), masterKey })
  leases = leasesIn(store.database)
})
afterEach(() => store.close())

const shopNamed = (n: number): Shop => `shop-${n}.myshopify.com` as Shop

const save = async (...shops: readonly Shop[]): Promise<void> => {
  for (const shop of shops) await store.saveShop({ shop, facts: {}, installedAt: NOW })
}

/** SHOP with a connection whose first event is parked and due, and whose second is not settled. */
const busyShop = async (): Promise<Connection> => {
  await save(SHOP)
  const connection = await store.addConnection({ shop: SHOP, destination: 'meta', settings: {}, createdAt: NOW })
  await store.append(anArrivalOf(2))
  await store.settle({ ...settled(connection), stretch: stretch(1, PARKED), park: [aParked(1)] })
  return connection
}

const settled = ({ shop, id }: Connection) => ({
  shop,
  connection: id,
  park: [],
  overwrite: [],
  attempts: [],
  rollups: [],
  joined: [],
})

const doubts = async ({ shop, id }: Connection) => ({
  lane: (await store.lanes(shop))[0]?.unsureSince !== undefined,
  parked: (await store.parked(shop, id, 9))[0]?.unsureSince !== undefined,
})

describe('leases', () => {
  test('processes that claim at the same time never get the same shop', async () => {
    const shops = Array.from({ length: 40 }, (_, n) => shopNamed(n))
    await save(...shops)
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) => leases.claim(`process-${n}`, 5).then((got) => got.map(({ shop }) => shop))),
    )
    let rest = await leases.claim('the last', 40)
    const all = [...claims.flat(), ...rest.map(({ shop }) => shop)]
    expect([...all].sort()).toEqual([...shops].sort())
    rest = await leases.claim('too late', 40)
    expect(rest).toEqual([])
  })

  test('last a minute, and are renewed as long as nobody else came', async () => {
    await save(SHOP)
    const [lease] = await leases.claim('one', 9, NOW)
    expect(lease).toEqual({ shop: SHOP, epoch: 1, until: NOW + LEASE, left: LEASE })
    expect(await leases.claim('two', 9, NOW + LEASE - 1)).toEqual([])
    expect(await leases.renew('one', NOW + 40_000)).toMatchObject([{ shop: SHOP, epoch: 1, until: NOW + 100_000 }])
    expect(await leases.heldBy('one', NOW + 90_000)).toMatchObject([{ left: 10_000 }])
    // It ran out, and nobody took it.
    expect(await leases.renew('one', NOW + 200_000)).toMatchObject([{ epoch: 1 }])
    expect(await leases.claim('two', 9, NOW + 260_000)).toMatchObject([{ epoch: 2 }])
    expect(await leases.renew('one', NOW + 260_001)).toEqual([])
    expect(await leases.heldBy('one')).toEqual([])
  })

  test('one that ran out is handed over with doubt: what was on its way may have been sent', async () => {
    const connection = await busyShop()
    await leases.claim('one', 9)
    expect(await doubts(connection)).toEqual({ lane: false, parked: false })
    const [lease] = await leases.claim('two', 9, Date.now() + 2 * LEASE)
    expect(lease).toMatchObject({ shop: SHOP, epoch: 2 })
    expect(await doubts(connection)).toEqual({ lane: true, parked: true })
  })

  test('one that was given back is handed over without doubt', async () => {
    const connection = await busyShop()
    await save(shopNamed(1))
    await leases.claim('one', 9)
    await leases.release('one', [SHOP])
    expect((await leases.heldBy('one')).map(({ shop }) => shop)).toEqual([shopNamed(1)])
    expect(await leases.claim('two', 9)).toMatchObject([{ shop: SHOP, epoch: 2 }])
    await leases.release('two')
    expect(await leases.heldBy('two')).toEqual([])
    expect(await leases.claim('three', 9)).toMatchObject([{ shop: SHOP, epoch: 3 }])
    expect(await doubts(connection)).toEqual({ lane: false, parked: false })
  })
})

describe('a fenced settlement', () => {
  test('is written while its owner has the shop', async () => {
    const connection = await busyShop()
    const [lease] = await leases.claim('one', 9)
    await store.settle({ ...settled(connection), fence: lease?.epoch ?? 0, stretch: stretch(2, DELIVERED) })
    expect((await store.lanes(SHOP))[0]).toMatchObject({ position: 2 })
  })

  test('is refused once another process has it, and writes nothing', async () => {
    const connection = await busyShop()
    const [old] = await leases.claim('one', 9, NOW)
    const [lease] = await leases.claim('two', 9, NOW + 2 * LEASE)
    const late = { ...settled(connection), stretch: stretch(2, DELIVERED), park: [aParked(2)] }
    await expect(store.settle({ ...late, fence: old?.epoch ?? 0 })).rejects.toThrow(Fenced)
    expect((await store.lanes(SHOP))[0]).toMatchObject({ position: 1 })
    expect((await store.parked(SHOP, connection.id, 9)).map(({ seq }) => seq)).toEqual([1])
    await store.settle({ ...late, fence: lease?.epoch ?? 0 })
    expect((await store.lanes(SHOP))[0]).toMatchObject({ position: 2 })
  })

  test('and a takeover at the same moment: either it is written first, or it is refused', async () => {
    const connection = await busyShop()
    await store.append(anArrivalOf(20, 3))
    let owner = (await leases.claim('process-0', 9, NOW))[0]
    for (let n = 1; n <= 10; n++) {
      const at = NOW + 2 * n * LEASE
      const position = (await store.lanes(SHOP))[0]?.position ?? 0
      const [written, taken] = await Promise.allSettled([
        store.settle({ ...settled(connection), fence: owner?.epoch ?? 0, stretch: stretch(position + 1, DELIVERED) }),
        leases.claim(`process-${n}`, 9, at),
      ])
      if (written.status === 'rejected') expect(written.reason).toBeInstanceOf(Fenced)
      const moved = written.status === 'fulfilled' ? 1 : 0
      expect((await store.lanes(SHOP))[0]?.position).toBe(position + moved)
      owner = taken.status === 'fulfilled' ? taken.value[0] : undefined
      expect(owner?.epoch).toBe(n + 1)
    }
  })
})
