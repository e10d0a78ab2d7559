import { join } from 'node:path'
import { OUTCOMES } from '../src/destinations/outcomes.ts'
import type { Shop } from '../src/event/event.ts'
import { project } from '../src/pipeline/project.ts'
import { type Result, settle } from '../src/pipeline/settle.ts'
import { shopKeys } from '../src/store/keys.ts'
import type { Projection } from '../src/store/projection.ts'
import { quarterHour } from '../src/store/rollup.ts'
import { appendGroup } from '../src/store/sqlite/append.ts'
import type { Context } from '../src/store/sqlite/context.ts'
import { openDatabase } from '../src/store/sqlite/database.ts'
import { operations } from '../src/store/sqlite/operations.ts'
import { answersOf, type Packed, pack } from '../src/store/sqlite/pack.ts'
import { roomIn } from '../src/store/sqlite/room.ts'
import { openSqlite } from '../src/store/sqlite/sqlite.ts'
import { subjectsIn } from '../src/store/sqlite/subjects.ts'
import { graveyardIn } from '../src/store/sqlite/tombstones.ts'
import type { Arrival, ConnectionId, IdentityKey, IdentityRecord } from '../src/store/store.ts'
import { settingsOf } from './accounts.ts'
import { STORE_URL, shopNamed, visits } from './visits.ts'

export interface Seed {
  /** The data folder; nothing is in it yet. */
  readonly folder: string
  readonly masterKey: Uint8Array
  readonly shops: number
  /** Connections of each shop, as slugs out of accounts.ts; all eight unless told. */
  readonly destinations?: readonly string[]
  readonly events: number
  /** When the last of them came in, ms since 1970: they are of the time before, at 2,000 a second. */
  readonly until: number
  /** Whether every connection has them delivered, or all of them are still to be sent. */
  readonly settled: boolean
}

/** Events a second of a seeded past: 10 million are an hour and a half of a busy agency. */
const PER_SECOND = 2000
/** Arrivals in one commit: nobody waits for an answer here. */
const GROUP = 4096
const NO_RESERVE = { bytes: 0, held: true, release: () => {}, restore: () => true }
/** Numbers settled at once. */
const STRETCH = 512

/**
 * Fills a store with the demo's journeys by the store's own functions, as capture, projection and delivery would have
 * left it after a clean stop, messages and attempts apart. Runs in this thread and does not flush: nothing is lost but
 * a benchmark.
 */
export const seedStore = async (seed: Seed): Promise<void> => {
  const { folder, masterKey, events, until, settled } = seed
  const connections = await install(seed)
  const file = join(folder, 'converlay.db')
  const db = openDatabase(file)
  db.exec('PRAGMA synchronous = OFF')
  const context: Context = {
    db,
    keys: shopKeys(masterKey),
    subjects: subjectsIn(db),
    graveyard: graveyardIn(folder, masterKey),
    room: roomIn(db, NO_RESERVE),
  }
  const store = operations(context, file)
  let made = 0
  const next = visits([...connections.keys()], () => Math.floor(until - ((events - made) * 1000) / PER_SECOND))
  const open = new Map<Shop, Result[]>()

  const settleShop = (shop: Shop, results: readonly Result[]): void => {
    const outcomes = Uint8Array.from(results, ({ outcome }) => OUTCOMES[outcome])
    const stretch = { lane: 1, from: results[0]?.seq ?? 0, outcomes }
    // No tag reports that it fired, so the counts are the same for each platform.
    const rest = settle(results, [], [], results[0]?.receivedAt ?? 0, 'pinterest')
    for (const connection of connections.get(shop) ?? []) store.settle({ shop, connection, stretch, ...rest })
  }

  while (made < events) {
    const arrivals: Arrival[] = []
    for (let expected = made; arrivals.length < GROUP && expected < events; ) {
      const arrival = next()
      arrivals.push(arrival)
      expected += arrival.events.length
    }
    db.transaction(() => {
      const seqs = append(context, arrivals)
      const learned = projection()
      for (const [index, { shop, events, parts }] of arrivals.entries()) {
        for (const { event, receivedAt } of parts) learned.learn(shop, event, receivedAt)
        for (const [place, { event, receivedAt }] of events.entries()) {
          const seq = seqs[index]?.[place]
          learned.learn(shop, event, receivedAt, seq)
          if (seq === undefined) continue
          made++
          if (!settled) continue
          const results = open.get(shop) ?? []
          open.set(shop, results)
          results.push({ seq, name: event.name, receivedAt, event: undefined, outcome: 'delivered' })
          if (results.length === STRETCH) settleShop(shop, results.splice(0))
        }
      }
      store.saveProjection(learned.done())
    })
  }
  db.transaction(() => {
    for (const [shop, results] of open) if (results.length > 0) settleShop(shop, results)
  })
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

const install = async ({
  folder,
  masterKey,
  shops,
  destinations,
  until,
}: Seed): Promise<ReadonlyMap<Shop, readonly ConnectionId[]>> => {
  const store = await openSqlite({ path: folder, masterKey })
  const installed = new Map<Shop, ConnectionId[]>()
  for (let n = 0; n < shops; n++) {
    const shop = shopNamed(n)
    const facts = { country: 'US', currency: 'USD', timezone: 'America/Los_Angeles', url: STORE_URL }
    await store.saveShop({ shop, facts, installedAt: 1 })
    const ids: ConnectionId[] = []
    installed.set(shop, ids)
    for (const [destination, settings] of Object.entries(settingsOf(n)))
      if (destinations?.includes(destination) ?? true)
        ids.push((await store.addConnection({ shop, destination, settings, createdAt: until })).id)
  }
  await store.close()
  return installed
}

/** The number of every event that is new, by arrival. */
const append = (context: Context, arrivals: readonly Arrival[]): (number | undefined)[][] => {
  const packed: Packed = arrivals.flatMap(pack)
  const [answers] = appendGroup(context, [packed])
  const answer = answersOf(answers ?? new Float64Array())
  return arrivals.map(({ shop, events }) => {
    const appended = answer(events.length)
    if (typeof appended === 'number') throw new Error(`an arrival of ${shop} was not taken`)
    return appended.events.map(({ seq, fresh }) => (fresh ? seq : undefined))
  })
}

/** What a group of arrivals teaches. A shopper's messages are near each other, so records before the group are not read. */
const projection = () => {
  const records = new Map<string, { readonly shop: Shop; readonly key: IdentityKey; readonly record: IdentityRecord }>()
  const links: Projection['links'][number][] = []
  const arrivals = new Map<string, Projection['arrivals'][number]>()
  const projected = new Map<Shop, number>()
  return {
    learn(shop: Shop, event: Arrival['events'][number]['event'], at: number, seq?: number): void {
      const learned = project(event, at, (key) => records.get(`${shop} ${key}`)?.record)
      for (const [key, record] of learned.changes) records.set(`${shop} ${key}`, { shop, key, record })
      for (const [a, b] of learned.links) links.push({ shop, a, b })
      if (seq === undefined) return
      const bucket = quarterHour(at)
      const place = `${shop} ${bucket} ${event.name}`
      arrivals.set(place, { shop, bucket, name: event.name, count: (arrivals.get(place)?.count ?? 0) + 1 })
      projected.set(shop, seq)
    },
    done: (): Projection => ({
      changes: [...records.values()],
      links,
      arrivals: [...arrivals.values()],
      projected: [...projected].map(([shop, seq]) => ({ shop, seq })),
    }),
  }
}
