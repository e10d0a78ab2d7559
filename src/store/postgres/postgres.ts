import type pg from 'pg'
import type { Shop } from '../../event/event.ts'
import { type Log, silentLog } from '../../lib/log.ts'
import { shopKeys } from '../keys.ts'
import { lru } from '../lru.ts'
import { blindNames, type Tombstone } from '../sqlite/tombstones.ts'
import { type Store, StoreFault } from '../store.ts'
import { appendGroup } from './append.ts'
import { attemptOperations } from './attempts.ts'
import type { Context } from './context.ts'
import { connectDatabase, type Database } from './database.ts'
import { entryOperations } from './entries.ts'
import { erasingOperations } from './erasing.ts'
import { Refusal } from './faults.ts'
import { groupCommit } from './group-commit.ts'
import { healthOperations } from './health.ts'
import { identityOperations } from './identities.ts'
import { laneOperations } from './lanes.ts'
import { learningOperations, type Unlearned } from './learning.ts'
import { ledgerOperations } from './ledger.ts'
import { logOperations } from './log.ts'
import { messageOperations } from './messages.ts'
import { orderOperations } from './orders.ts'
import { parkedOperations } from './parked.ts'
import { partOperations } from './parts.ts'
import { pollOperations } from './polls.ts'
import { type Restored, restoredOperations } from './restored.ts'
import { retentionOperations } from './retention.ts'
import { rollupOperations } from './rollups.ts'
import { checkOwner, migrate, prepareSession } from './session.ts'
import { settingOperations } from './settings.ts'
import { settleOperations } from './settle.ts'
import { shopOperations } from './shops.ts'
import { taskOperations } from './tasks.ts'

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string
  /** 32 bytes, kept outside the database. */
  readonly masterKey: Uint8Array
  /** Connections for everything but appending, at most. */
  readonly connections?: number
  /** Groups of shops whose appends commit at once, each on a connection of its own. */
  readonly groups?: number
  readonly log?: Log
}

/** A store whose database leases.ts and quota.ts work on as well. */
export interface PostgresStore extends Store {
  readonly database: Database
  /** What a shop's owner has not learned from, at most `limit` events and `limit` sightings, the oldest first. */
  unlearned(shop: Shop, limit: number): Promise<Unlearned>
  /** Who was erased here, to be kept apart from dumps. */
  tombstones(): Promise<readonly Tombstone[]>
  /**
   * For a database that was restored from a dump of `at`, ms, before anybody works on it: erases again who is buried and
   * was not erased in it, and counts whatever waits as possibly sent since.
   */
  restored(options: {
    readonly at: number
    readonly now: number
    readonly tombstones: readonly Tombstone[]
  }): Promise<Restored>
  /** How many events and sightings each of these shops has: more than at the last look, and something arrived. */
  counts(shops: readonly Shop[]): Promise<ReadonlyMap<Shop, number>>
}

/** Shops whose number and key stay in memory. */
const KEPT_SHOPS = 20_000

/**
 * Opens the store in a PostgreSQL database; any number of processes may. Rejects with a sentence for people when it cannot
 * be kept there: the server is too old or may lose what it confirmed, the master key is not the database's, a newer
 * version wrote it. When the server cannot be reached it rejects with a StoreFault (`away`). Later absences are faults of
 * single calls, and the store goes on when the server is back.
 */
export const openPostgres = async ({
  url,
  masterKey,
  connections = 10,
  groups = 4,
  log = silentLog,
}: PostgresOptions): Promise<PostgresStore> => {
  const failure = Promise.withResolvers<StoreFault>()
  let opened = false
  const greet = async (client: pg.ClientBase): Promise<void> => {
    try {
      await prepareSession(client)
    } catch (error) {
      // Another server than the one that it was opened on has taken its place, and it is not an honest one.
      if (opened && error instanceof Refusal) {
        const fault = new StoreFault('broken', error.message)
        failure.resolve(fault)
        throw fault
      }
      throw error
    }
  }
  const database = connectDatabase({ url, connections, greet, log })
  const intake = connectDatabase({ url, connections: groups, greet, log })
  try {
    await migrate(database)
    await checkOwner(database, masterKey)
  } catch (error) {
    await database.close()
    await intake.close()
    throw error
  }
  opened = true

  const context: Context = {
    db: database,
    intake,
    keys: shopKeys(masterKey),
    shops: lru(KEPT_SHOPS),
    blind: blindNames(masterKey),
  }
  const commits = groupCommit(groups, (arrivals) => appendGroup(context, arrivals))
  return {
    append: commits.append,
    ...shopOperations(context),
    ...logOperations(context),
    ...messageOperations(context),
    ...partOperations(context),
    ...identityOperations(context),
    ...learningOperations(context),
    ...laneOperations(context),
    ...settleOperations(context),
    ...taskOperations(context),
    ...parkedOperations(context),
    ...pollOperations(context),
    ...ledgerOperations(context),
    ...attemptOperations(context),
    ...orderOperations(context),
    ...rollupOperations(context),
    ...settingOperations(context),
    ...entryOperations(context),
    ...retentionOperations(context),
    ...erasingOperations(context),
    ...restoredOperations(context),
    ...healthOperations(context),
    failed: failure.promise,
    database,
    async close() {
      await commits.idle()
      await intake.close()
      await database.close()
    },
  }
}
