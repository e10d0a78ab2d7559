import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { keyCheck, passesKeyCheck, shopKeys } from '../keys.ts'
import type { StoreFault } from '../store.ts'
import { appendGroup } from './append.ts'
import type { Context } from './context.ts'
import { type Database, openDatabase, PAGE_BYTES } from './database.ts'
import { faultOf } from './faults.ts'
import { lockFolder } from './lock.ts'
import { operations, WRITES } from './operations.ts'
import { OPENED, type Reply, type Request, type WorkerStart } from './protocol.ts'
import { subjectsIn } from './subjects.ts'

/** The store's thread: SQLite is synchronous, so it waits for the disk here and not on the event loop. */
const port = parentPort
if (!port) throw new Error('worker.ts runs as a worker thread.')

const reply = (message: Reply, move: ArrayBuffer[] = []): void => port.postMessage(message, move)

const checkKey = (db: Database, masterKey: Uint8Array, folder: string): void => {
  const check = db.sql<{ value: Uint8Array }>(`SELECT value FROM meta WHERE name = 'key_check'`).get()
  if (!check) db.sql(`INSERT INTO meta (name, value) VALUES ('key_check', ?)`).run(keyCheck(masterKey))
  else if (!passesKeyCheck(masterKey, check.value))
    throw new Error(
      `The master key does not belong to the data in ${folder}. Give the key that this folder was created with; without it the data cannot be read.`,
    )
}

const serve = ({ folder, masterKey, role, maxBytes }: WorkerStart): void => {
  const unlock = role === 'server' ? lockFolder(join(folder, 'server.lock')) : () => {}
  const file = join(folder, 'converlay.db')
  const db = openDatabase(file)
  if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`)
  checkKey(db, masterKey, folder)
  const context: Context = { db, keys: shopKeys(masterKey), subjects: subjectsIn(db) }
  const known = operations(context, file)
  let broken: StoreFault | undefined
  let version = 0

  /** Another process may have erased a subject: what is remembered of salts holds only while nobody else wrote. */
  const noticeOthers = (): void => {
    const now = db.sql<{ data_version: number }>('PRAGMA data_version').get()?.data_version ?? 0
    if (now !== version) context.subjects.forget()
    version = now
  }

  const answer = (request: Request): void => {
    if ('close' in request) {
      db.close()
      unlock()
      reply({ id: request.id, value: undefined })
      port.close()
      return
    }
    noticeOthers()
    if (broken && ('append' in request || WRITES.has(request.operation))) throw broken
    if ('append' in request) {
      const answers = appendGroup(context, request.append)
      reply({ id: request.id, value: answers }, [answers.buffer as ArrayBuffer])
      return
    }
    // The client's own table of operations fixes which values belong to which name (sqlite.ts).
    const operation = known[request.operation] as (...values: readonly unknown[]) => unknown
    reply({ id: request.id, value: operation(...request.values) })
  }

  port.on('message', (request: Request) => {
    try {
      answer(request)
    } catch (error) {
      const fault = faultOf(error)
      if (fault?.kind === 'broken') broken = fault
      if (fault) reply({ id: request.id, fault: fault.kind, message: fault.message })
      else reply({ id: request.id, bug: error instanceof Error ? error.message : String(error) })
    }
  })
}

try {
  serve(workerData as WorkerStart)
  reply({ id: OPENED, value: undefined })
} catch (error) {
  reply({ id: OPENED, bug: faultOf(error)?.message ?? (error instanceof Error ? error.message : String(error)) })
}
