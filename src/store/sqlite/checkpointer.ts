import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { FaultKind } from '../store.ts'
import { faultOf } from './faults.ts'

/** How a checkpoint ended. */
export interface Told {
  readonly fault?: { readonly kind: FaultKind; readonly message: string }
}

/**
 * A thread that carries the write-ahead log over into the database file, beside the store's thread: the flushes of a
 * checkpoint take tens to hundreds of milliseconds, in which no commit would be answered (docs/decisions/0008).
 */
const port = parentPort
if (!port) throw new Error('checkpointer.ts runs as a worker thread.')

const db = new DatabaseSync(String(workerData), { timeout: 5000 })
db.exec('PRAGMA synchronous = FULL')

port.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'close') {
    db.close()
    port.close()
    return
  }
  port.postMessage(checkpoint())
})

const checkpoint = (): Told => {
  try {
    db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
    return {}
  } catch (error) {
    // Without room, or while somebody else is at it, the log keeps everything until the next time.
    const fault = faultOf(error)
    return fault?.kind === 'broken' ? { fault: { kind: fault.kind, message: fault.message } } : {}
  }
}
