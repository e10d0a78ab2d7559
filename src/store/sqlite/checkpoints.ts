import { Worker } from 'node:worker_threads'
import type { Database } from './database.ts'

/** Writes between two checkpoints: some 8 MB of log, which a disk takes in without a long pause. */
const WRITES_BETWEEN = 4000

export interface Checkpoints {
  /** So many events or operations were written. */
  wrote(count: number): void
  /** Ends the thread; then the store's own connection is the last one and cleans up when it closes. */
  close(): Promise<void>
}

/** Has the log checkpointed in a thread of its own while the store goes on committing. */
export const startCheckpoints = (db: Database, file: string): Checkpoints => {
  const thread = new Worker(new URL('./checkpointer.ts', import.meta.url), { workerData: file })
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  let writes = 0
  let running = false
  let alive = true
  thread.on('error', () => {
    // Without the thread SQLite checkpoints by itself, later and with pauses.
    alive = false
  })
  thread.on('message', () => {
    running = false
    // What was written meanwhile is little; once it is carried over too, the log begins anew instead of growing.
    db.sql('PRAGMA wal_checkpoint(PASSIVE)').get()
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
