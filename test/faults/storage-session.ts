import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventId } from '../../src/event/event.ts'
import { pixelId, purchaseId } from '../../src/event/event-ids.ts'
import { DAY, HOUR } from '../../src/lib/duration.ts'
import { quarterHour, type RollupDelta } from '../../src/store/rollup.ts'
import { backUp } from '../../src/store/sqlite/backup.ts'
import type { BackupFiles } from '../../src/store/sqlite/backup-files.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Arrival, ConnectionId, NewParked, Store } from '../../src/store/store.ts'
import {
  added,
  aMessage,
  anArrival,
  anAttempt,
  aParked,
  DELIVERED,
  NOW,
  OTHER,
  PARKED,
  POLICY,
  REJECTED,
  SHOP,
} from '../../src/store/testing.ts'

/** Everything that a store does in its life, in a few seconds and always the same, for killing it on the way. */

/** What was promised when the session was killed. */
export type Told =
  | { readonly acknowledged: readonly EventId[] }
  | { readonly settled: number; readonly connection: ConnectionId }
  | { readonly erased: string }
  | { readonly backup: BackupFiles }

export const SESSION_KEY = Buffer.alloc(32, 5)

export const openForSession = (path: string): Promise<Store> =>
  openSqlite({ path, masterKey: SESSION_KEY, reserveBytes: 100_000 })

/** A folder as an older version left it: its first start here migrates it. */
export const oldFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'converlay.db'))
  db.exec(
    `PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; BEGIN; ${MIGRATIONS[0] ?? ''}; PRAGMA user_version = 1; COMMIT`,
  )
  db.close()
}

/** Rounds of four arrivals and five events. */
export const ROUNDS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7]
/** A round after all that happens in between. */
const LATER = ROUNDS.length
/** Enough in one go for the log to be carried over in the checkpointing thread. */
const CROWDS = 9
const CROWD = 480

export const session = async (store: Store, folder: string, tell: (told: Told) => void): Promise<void> => {
  const connections = await firstRounds(store, tell)
  for (let crowd = 0; crowd < CROWDS; crowd++) {
    const events = Array.from({ length: CROWD }, (_, n) =>
      added(pixelId(`crowd-${crowd * CROWD + n}`), { shop: OTHER }),
    )
    await store.append({ shop: OTHER, events, parts: [], orders: [] })
    tell({ acknowledged: events.map(({ event }) => event.id) })
  }
  await store.retain(POLICY, NOW + HOUR, 200)
  while ((await store.retain(POLICY, NOW + 8 * DAY, 500)) > 0);
  await store.erase(SHOP, ['client-1'])
  tell({ erased: 'client-1' })
  tell({ backup: await backUp({ data: folder, to: join(folder, 'backup'), now: NOW }) })
  await appendRound(store, LATER, tell)
  for (const connection of connections) await settleRound(store, connection, LATER, tell)
}

/** Two shops, two connections, and what came in and was settled while the log was not carried over. */
export const firstRounds = async (store: Store, tell: (told: Told) => void): Promise<readonly ConnectionId[]> => {
  for (const shop of [SHOP, OTHER]) await store.saveShop({ shop, facts: { country: 'US' }, installedAt: NOW })
  const connections: ConnectionId[] = []
  for (const destination of ['pinterest', 'criteo'])
    connections.push((await store.addConnection({ shop: SHOP, destination, settings: { a: 1 }, createdAt: NOW })).id)

  for (const round of ROUNDS) {
    await appendRound(store, round, tell)
    for (const connection of connections) await settleRound(store, connection, round, tell)
  }
  await store.saveProjection({
    changes: [{ shop: SHOP, key: 'client:client-1', record: { clientId: 'client-1', seenAt: NOW } }],
    links: [{ shop: SHOP, a: 'client-1', b: 'customer-1' }],
    arrivals: [],
    projected: [{ shop: SHOP, seq: 3 }],
  })
  return connections
}

/** Goes on where a session was killed: one more round of each, whatever the state. */
export const oneMoreRound = async (store: Store, tell: (told: Told) => void): Promise<void> => {
  await store.saveShop({ shop: SHOP, facts: { country: 'US' }, installedAt: NOW })
  await appendRound(store, 100, tell)
  for (const { id } of await store.connections(SHOP)) {
    const lane = (await store.lanes(SHOP)).find(({ connection }) => connection === id)
    const head = await store.head(SHOP)
    if (lane && lane.position < head) await settleStretch(store, id, lane.position + 1, head - lane.position, tell)
  }
}

const appendRound = async (store: Store, round: number, tell: (told: Told) => void): Promise<void> => {
  const view = (n: number): Arrival => anArrival(pixelId(`view-${round}-${n}`), { subject: `client-${n}` })
  const bought = added(purchaseId(`${round}`), { name: 'order_placed', subject: 'client-1', email: 'ada@example.com' })
  const seen = added(purchaseId(`${round}`), {
    name: 'order_placed',
    subject: 'client-1',
    seenBy: 'web-pixel:checkout',
  })
  const arrivals: readonly Arrival[] = [
    view(1),
    view(2),
    {
      shop: SHOP,
      events: [added(pixelId(`both-${round}`), { subject: 'client-3' }), bought],
      parts: [],
      message: aMessage(`webhook-${round}`),
      orders: [{ orderId: String(round), name: `#${round}`, placedAt: NOW }],
    },
    { shop: SHOP, events: [view(3).events[0] ?? bought], parts: [seen], orders: [] },
  ]
  await Promise.all(
    arrivals.map(async (arrival) => {
      await store.append(arrival)
      tell({ acknowledged: arrival.events.map(({ event }) => event.id) })
    }),
  )
}

const EVENTS = 5

const settleRound = async (
  store: Store,
  connection: ConnectionId,
  round: number,
  tell: (told: Told) => void,
): Promise<void> => {
  const from = round * EVENTS + 1
  await settleStretch(store, connection, from, EVENTS, tell)
  // Of the two that were parked one ends well and one is refused.
  await store.settle({
    shop: SHOP,
    connection,
    park: [{ ...aParked(from), kind: 'dead', code: 'refused' }],
    overwrite: [
      { seq: from, outcome: REJECTED },
      { seq: from + 1, outcome: DELIVERED },
    ],
    attempts: [anAttempt([from])],
    rollups: [counted(PARKED, -2), counted(DELIVERED, 1), counted(REJECTED, 1)],
    joined: [],
  })
}

const settleStretch = async (
  store: Store,
  connection: ConnectionId,
  from: number,
  count: number,
  tell: (told: Told) => void,
): Promise<void> => {
  const outcomes = Uint8Array.from({ length: count }, (_, n) => (n < 2 ? PARKED : DELIVERED))
  const parked: readonly NewParked[] = [...outcomes].flatMap((outcome, n) =>
    outcome === PARKED ? [aParked(from + n)] : [],
  )
  await store.settle({
    shop: SHOP,
    connection,
    stretch: { lane: 1, from, outcomes },
    park: parked,
    overwrite: [],
    attempts: [anAttempt([from, from + count - 1])],
    rollups: [counted(PARKED, parked.length), counted(DELIVERED, count - parked.length)],
    joined: [],
  })
  tell({ settled: from + count - 1, connection })
}

const counted = (outcome: number, count: number): RollupDelta => ({
  bucket: quarterHour(NOW),
  name: 'product_viewed',
  outcome,
  count,
  value: 0,
})
