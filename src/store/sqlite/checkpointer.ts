import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

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
  try {
    db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
  } catch {
    // A failing disk shows at the next commit, where somebody waits for the answer; the log keeps everything until then.
  }
  port.postMessage('done')
})
