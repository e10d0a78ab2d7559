import { Worker } from 'node:worker_threads'
import { StoreFault } from '../store.ts'
import type { Told } from './checkpointer.ts'
import type { Database } from './database.ts'
import { carryLogOver } from './room.ts'

/** Writes between two checkpoints: some 8 MB of log, which a disk takes in without a long pause. */
const WRITES_BETWEEN = 4000

export interface Checkpoints {
  /** So many events or operations were written. */
  wrote(count: number): void
  /** Ends the thread; then the store's own connection is the last one and cleans up when it closes. */
  close(): Promise<void>
}

/**
 * Has the log checkpointed in a thread of its own while the store goes on committing. `failed` hears of a disk that
 * failed on the way: what waits in the log is safe, but nobody knows for how long.
 */
export const startCheckpoints = (db: Database, file: string, failed: (error: unknown) => void): Checkpoints => {
  const thread = new Worker(new URL('./checkpointer.ts', import.meta.url), { workerData: file })
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  let writes = 0
  let running = false
  let alive = true
  thread.on('error', () => {
    // Without the thread SQLite checkpoints by itself, later and with pauses.
    alive = false
  })
  thread.on('message', (told: Told) => {
    running = false
    if (told.fault) return failed(new StoreFault(told.fault.kind, told.fault.message))
    try {
      // What was written meanwhile is little; once it is carried over too, the log begins anew instead of growing.
      carryLogOver(db)
    } catch (error) {
      failed(error)
    }
  })
  return {
    wrote(count) {
      writes += count
      if (running || !alive || writes < WRITES_BETWEEN) return
      writes = 0
      running = true
      thread.postMessage('checkpoint')
    },
    async close() {
      thread.postMessage('close')
      await ended
    },
  }
}
