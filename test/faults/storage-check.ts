import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventId } from '../../src/event/event.ts'
import { checkBackup } from '../../src/store/sqlite/check-backup.ts'
import type { ConnectionId, Store } from '../../src/store/store.ts'
import { OTHER, PARKED, SHOP } from '../../src/store/testing.ts'
import { SESSION_KEY, type Told } from './storage-session.ts'

/** What SQLite itself finds wrong with the files of a folder that nobody has open. */
export const integrityFaults = (folder: string): readonly string[] => {
  const db = new DatabaseSync(join(folder, 'converlay.db'))
  try {
    const found = db
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check))
    return found.filter((told) => told !== 'ok')
  } finally {
    db.close()
  }
}

/** What a store, opened again, has not kept of what it told, and where its books do not balance. */
export const storeFaults = async (store: Store, told: readonly Told[]): Promise<readonly string[]> => [
  ...(await lostEvents(store, told)),
  ...(await lostWork(store, told)),
  ...(await imbalances(store)),
  ...told.flatMap((one) => ('backup' in one ? checkBackup(one.backup, SESSION_KEY).faults : [])),
]

/** Invariant I2, and that the log has no gap. */
const lostEvents = async (store: Store, told: readonly Told[]): Promise<readonly string[]> => {
  const faults: string[] = []
  const known = new Set<EventId>()
  for (const shop of [SHOP, OTHER]) {
    const head = await store.head(shop)
    const events = await store.read(shop, 0, 100_000)
    if (events.some(({ seq }, at) => seq !== at + 1) || events.length !== head)
      faults.push(`${events.length} events under a head of ${head}, or a gap`)
    for (const { event } of events) if (event) known.add(event.id)
  }
  for (const id of told.flatMap((one) => ('acknowledged' in one ? one.acknowledged : [])))
    if (!known.has(id) && !(await store.seqOf(SHOP, id)) && !(await store.seqOf(OTHER, id)))
      faults.push(`${id} was acknowledged and is lost`)
  return faults
}

const lostWork = async (store: Store, told: readonly Told[]): Promise<readonly string[]> => {
  const lanes = await store.lanes(SHOP)
  const erased = told.some((one) => 'erased' in one)
  const [first] = erased ? await store.read(SHOP, 0, 1) : []
  return [
    ...told.flatMap((one) => {
      if (!('settled' in one)) return []
      const lane = lanes.find(({ connection }) => connection === one.connection)
      return lane && lane.position >= one.settled ? [] : [`${one.settled} was settled and is not`]
    }),
    ...(first && first.gone === undefined ? ['a person was erased and can be read'] : []),
  ]
}

/** Invariants I1 and I10: one state for every number of every connection, and sums that agree. */
const imbalances = async (store: Store): Promise<readonly string[]> => {
  const faults: string[] = []
  const rollups = await store.rollups(SHOP, 0)
  for (const { connection, position } of await store.lanes(SHOP)) {
    const bytes = [...(await store.ledger(SHOP, connection, 1, (await store.head(SHOP)) + 1))]
    const wrong = bytes.flatMap((byte, at) => ((byte === 0) === at < position ? [at + 1] : []))
    if (wrong.length > 0) faults.push(`${wrong.length} numbers are not in exactly one of lane and ledger`)
    const parked = new Set((await store.parked(SHOP, connection, 1_000)).map(({ seq }) => seq))
    const bytesParked = bytes.flatMap((byte, at) => (byte === PARKED ? [at + 1] : []))
    if (parked.size !== bytesParked.length || bytesParked.some((seq) => !parked.has(seq)))
      faults.push(`${parked.size} are parked and ${bytesParked.length} bytes say so`)
    for (const outcome of new Set(bytes.filter((byte) => byte > 0)))
      if (sum(rollups, connection, outcome) !== bytes.filter((byte) => byte === outcome).length)
        faults.push(`the sum of outcome ${outcome} is not that of the ledger`)
  }
  return faults
}

const sum = (rollups: Awaited<ReturnType<Store['rollups']>>, connection: ConnectionId, outcome: number): number =>
  rollups.reduce((all, one) => (one.connection === connection && one.outcome === outcome ? all + one.count : all), 0)
