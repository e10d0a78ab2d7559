import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { EventId } from '../../event/event.ts'
import { pixelId } from '../../event/event-ids.ts'
import { newKey } from '../../lib/seal.ts'
import { type Store, StoreFault } from '../store.ts'
import { anArrival, aParked, DELIVERED, NOW, PARKED, SHOP, stretch } from '../testing.ts'
import { anArrivalOf } from './arrivals.fixture.ts'
import { openPostgres } from './postgres.ts'
import { startPostgres } from './server.fixture.ts'

/** PostgreSQL starts and recovers at the machine's own pace, ms. */
const RESTARTING = 120_000

const masterKey = newKey()
const server = await startPostgres({
  prepare: async (url) => {
    const store = await openPostgres({ url, masterKey })
    await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
    await store.close()
  },
})
afterAll(() => server.stop())

const openedAt = async (url: string): Promise<Store> => {
  const store = await openPostgres({ url, masterKey })
  onTestFinished(() => store.close())
  return store
}

const all = async (store: Store) => {
  const events = await store.read(SHOP, 0, 100_000)
  return { seqs: events.map(({ seq }) => seq), ids: new Set(events.map(({ event }) => event?.id)) }
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1)

describe('several processes on one database', () => {
  test('number one shop without gaps, and no reader ever sees a hole', async () => {
    const url = await server.newDatabase()
    const writers = [await openedAt(url), await openedAt(url), await openedAt(url)]
    const reader = await openedAt(url)
    const each = 150
    const writing = Promise.all(
      writers.map(async (store, w) => {
        for (let n = 0; n < each; n += 5)
          await Promise.all(upTo(5).map((i) => store.append(anArrival(pixelId(`event-${w}-${n + i}`)))))
      }),
    )
    let after = 0
    while (after < writers.length * each) {
      const events = await reader.read(SHOP, after, 100)
      expect(events.map(({ seq }) => seq - after)).toEqual(upTo(events.length))
      after += events.length
    }
    await writing
    expect(await reader.head(SHOP)).toBe(writers.length * each)
  })

  test('append the same facts at the same time: each is one event', async () => {
    const url = await server.newDatabase()
    const script = fileURLToPath(new URL('./appender.fixture.ts', import.meta.url))
    const run = () => promisify(execFile)(process.execPath, [script, url, masterKey.toString('hex')])
    const outputs = await Promise.all([run(), run()])
    const first = outputs.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean))
    expect(new Set(first).size).toBe(100)
    expect(first).toHaveLength(100)
    const store = await openedAt(url)
    expect((await all(store)).seqs).toEqual(upTo(100))
  })

  test('one erases a person while the other remembers them: nothing is sealed with the erased key any more', async () => {
    const url = await server.newDatabase()
    const [one, two] = [await openedAt(url), await openedAt(url)]
    await one.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
    expect(await two.erase(SHOP, ['client-1'])).toBe(1)
    await one.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
    expect((await one.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
  })
})

describe('when PostgreSQL goes away', () => {
  test('under load: nothing acknowledged is missing, nothing is there twice, and it goes on', {
    timeout: RESTARTING,
  }, async () => {
    const store = await openedAt(await server.newDatabase())
    const acknowledged: EventId[] = []
    const faults = new Set<string>()
    let wanted = 100
    let restarted = Promise.resolve()
    const append = async (name: number): Promise<void> => {
      for (let n = 0; acknowledged.length < wanted; n++) {
        const id = pixelId(`event-${name}-${n}`)
        // As a sender does: the same message again until it is taken.
        for (let taken = false; !taken; )
          try {
            await store.append(anArrival(id))
            acknowledged.push(id)
            taken = true
          } catch (fault) {
            if (!(fault instanceof StoreFault)) throw fault
            faults.add(fault.kind)
            await restarted
          }
      }
    }
    const reached = async (count: number) => {
      wanted = count
      await Promise.all(upTo(8).map(append))
    }
    await reached(100)
    const load = reached(200)
    restarted = server.restart()
    await load
    expect([...faults]).toEqual(['away'])
    const { seqs, ids } = await all(store)
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    expect(seqs).toEqual(upTo(seqs.length))
    expect(ids.size).toBe(seqs.length)
    expect(await Promise.race([store.failed, Promise.resolve('not failed')])).toBe('not failed')
  })

  test('calls are refused while it is away, and work when it is back', { timeout: RESTARTING }, async () => {
    const store = await openedAt(await server.newDatabase())
    await server.kill()
    const away = { name: 'StoreFault', kind: 'away' }
    await expect(store.append(anArrival(pixelId('late-1')))).rejects.toMatchObject(away)
    await expect(store.health()).rejects.toMatchObject(away)
    await expect(store.read(SHOP, 0, 9)).rejects.toMatchObject(away)
    await server.start()
    expect((await store.append(anArrival(pixelId('late-1')))).events).toEqual([{ seq: 1, fresh: true }])
  })

  test('a settlement whose COMMIT was answered to nobody is told again and counted once', async () => {
    const direct = await server.newDatabase()
    const way = await lossyWay(direct)
    const store = await openedAt(way.url)
    const { id } = await store.addConnection({ shop: SHOP, destination: 'meta', settings: {}, createdAt: NOW })
    await store.append(anArrivalOf(3))
    const settlement = {
      shop: SHOP,
      connection: id,
      stretch: stretch(1, DELIVERED, PARKED),
      park: [aParked(2)],
      overwrite: [],
      attempts: [],
      rollups: [{ bucket: NOW, name: 'product_viewed', outcome: DELIVERED, count: 1, value: 0 }],
      joined: [],
    } as const
    way.loseNextCommit()
    await expect(store.settle(settlement)).rejects.toMatchObject({ kind: 'away' })
    await store.settle(settlement)
    expect((await store.lanes(SHOP))[0]).toMatchObject({ position: 2 })
    expect((await store.rollups(SHOP, 0)).map(({ count }) => count)).toEqual([1])
    expect(await store.parked(SHOP, id, 9)).toHaveLength(1)
  })
})

/** A way to a database on which the answer to a COMMIT can be lost, and the connection with it. */
const lossyWay = async (direct: string) => {
  const url = new URL(direct.replace('@/', '@localhost/'))
  const target = join(url.searchParams.get('host') ?? '', '.s.PGSQL.5432')
  const folder = mkdtempSync(join(tmpdir(), 'converlay-way-'))
  let losing = false
  const proxy = createServer((client) => {
    const upstream = connect(target)
    let lost = false
    client.on('data', (chunk) => {
      if (losing && chunk.includes('COMMIT')) {
        losing = false
        lost = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (lost) client.destroy()
      else client.write(chunk)
    })
    client.on('close', () => upstream.destroy()).on('error', () => {})
    upstream.on('close', () => client.destroy()).on('error', () => {})
  })
  await new Promise<void>((resolve) => proxy.listen(join(folder, '.s.PGSQL.5432'), resolve))
  onTestFinished(() => {
    proxy.close()
    rmSync(folder, { recursive: true })
  })
  url.searchParams.set('host', folder)
  return {
    url: url.href.replace('@localhost/', '@/'),
    loseNextCommit() {
      losing = true
    },
  }
}
