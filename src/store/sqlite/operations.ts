import { statSync } from 'node:fs'
import type { StoreHealth } from '../health.ts'
import { attemptOperations } from './attempts.ts'
import type { Context } from './context.ts'
import { entryOperations } from './entries.ts'
import { erasingOperations } from './erasing.ts'
import { identityOperations } from './identities.ts'
import { laneOperations } from './lanes.ts'
import { ledgerOperations } from './ledger.ts'
import { logOperations } from './log.ts'
import { orderOperations } from './orders.ts'
import { parkedOperations } from './parked.ts'
import { partOperations } from './parts.ts'
import { pollOperations } from './polls.ts'
import { retentionOperations } from './retention.ts'
import { rollupOperations } from './rollups.ts'
import { settingOperations } from './settings.ts'
import { settleOperations } from './settle.ts'
import { shopOperations } from './shops.ts'
import { taskOperations } from './tasks.ts'

/** Everything the port asks but append, as plain functions over the database, inside the worker thread. */
export const operations = (context: Context, file: string) => ({
  ...shopOperations(context),
  ...logOperations(context),
  ...partOperations(context),
  ...identityOperations(context),
  ...laneOperations(context),
  ...settleOperations(context),
  ...taskOperations(context),
  ...parkedOperations(context),
  ...pollOperations(context),
  ...ledgerOperations(context),
  ...attemptOperations(context),
  ...orderOperations(context),
  ...rollupOperations(context),
  ...retentionOperations(context),
  ...settingOperations(context),
  ...entryOperations(context),
  ...erasingOperations(context),
  health(): StoreHealth {
    const { db } = context
    const version = db.sql<{ version: string }>('SELECT sqlite_version() AS version').get()?.version ?? ''
    const synchronous = db.sql<{ synchronous: number }>('PRAGMA synchronous').get()?.synchronous
    // Rows of the log never go, only their bodies do: the last one's id is their number.
    const events = db.sql<{ events: number | null }>('SELECT max(id) AS events FROM events').get()?.events ?? 0
    const logBytes = bytesOf(`${file}-wal`)
    return {
      engine: 'sqlite',
      version,
      durability: synchronous === 2 ? 'full' : 'not durable',
      events,
      bytes: bytesOf(file) + logBytes,
      logBytes,
    }
  },
})

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

export type Operations = ReturnType<typeof operations>

/** Operations that change something. */
export const WRITES: ReadonlySet<keyof Operations> = new Set([
  'saveShop',
  'addConnection',
  'updateConnection',
  'removeConnection',
  'saveProjection',
  'settle',
  'openTask',
  'cancelTask',
  'saveToken',
  'saveSetting',
  'saveEntry',
  'retainStep',
])

/** Operations that change something and end with a checkpoint, which cannot be inside of a transaction with others. */
export const APART: ReadonlySet<keyof Operations> = new Set(['erase', 'eraseShop'])
