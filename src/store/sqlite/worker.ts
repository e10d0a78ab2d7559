import { join } from 'node:path'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { keyCheck, passesKeyCheck, shopKeys } from '../keys.ts'
import type { StoreFault } from '../store.ts'
import { appendGroup } from './append.ts'
import { startCheckpoints } from './checkpoints.ts'
import type { Context } from './context.ts'
import { type Database, openDatabase } from './database.ts'
import { faultOf } from './faults.ts'
import { doubtLanes } from './lanes.ts'
import { lockFolder } from './lock.ts'
import { type Operations, operations, WRITES } from './operations.ts'
import { type Append, type Call, OPENED, type Reply, type Request, type WorkerStart } from './protocol.ts'
import { reserveInQuota, reserveOnDisk } from './reserve.ts'
import { roomIn } from './room.ts'
import { subjectsIn } from './subjects.ts'
import { graveyardIn } from './tombstones.ts'

/** The store's thread: SQLite is synchronous, so it waits for the disk here and not on the event loop. */
const port = parentPort
if (!port) throw new Error('worker.ts runs as a worker thread.')

/** Events in one commit: beyond this a larger group is no cheaper per event, and everybody in it waits longer. */
const MOST_EVENTS = 512

/** A write counts for so many when there is hardly any room: the log is carried over sooner and does not grow. */
const WEIGHT_WHEN_SHORT = 64

const reply = (message: Reply, move: ArrayBuffer[] = []): void => port.postMessage(message, move)

const checkKey = (db: Database, masterKey: Uint8Array, folder: string): void => {
  const check = db.sql<{ value: Uint8Array }>(`SELECT value FROM meta WHERE name = 'key_check'`).get()
  if (!check) db.sql(`INSERT INTO meta (name, value) VALUES ('key_check', ?)`).run(keyCheck(masterKey))
  else if (!passesKeyCheck(masterKey, check.value))
    throw new Error(
      `The master key does not belong to the data in ${folder}. Give the key that this folder was created with; without it the data cannot be read.`,
    )
}

/** Whoever closes the store has sent nothing any more by then. After any other end requests may have been out. */
const beginAfter = (db: Database): void => {
  const { changes } = db.sql(`DELETE FROM meta WHERE name = 'clean_stop'`).run()
  if (Number(changes) === 0) doubtLanes(db, Date.now())
}

const connectionOf = (values: readonly unknown[]): string => {
  const [{ shop, connection }] = values as Parameters<Operations['settle']>
  return `${shop} ${connection}`
}

const serve = ({ folder, masterKey, role, maxBytes, reserveBytes }: WorkerStart): void => {
  const unlock = role === 'server' ? lockFolder(join(folder, 'server.lock')) : () => {}
  const file = join(folder, 'converlay.db')
  const onDisk = maxBytes === undefined ? reserveOnDisk(folder, reserveBytes) : undefined
  const db = openDatabase(file)
  const room = roomIn(db, onDisk ?? reserveInQuota(db, maxBytes ?? 0, reserveBytes))
  room.forUpkeep(() => {
    checkKey(db, masterKey, folder)
    if (role === 'server') beginAfter(db)
  })
  const context: Context = {
    db,
    keys: shopKeys(masterKey),
    subjects: subjectsIn(db),
    graveyard: graveyardIn(folder, masterKey),
    room,
  }
  const known = operations(context, file)
  let broken: StoreFault | undefined
  /** Tells those who asked what went wrong. */
  const tell = (ids: readonly number[], error: unknown): void => {
    const fault = faultOf(error)
    if (fault?.kind === 'broken') broken = fault
    for (const id of ids)
      if (fault) reply({ id, fault: fault.kind, message: fault.message })
      else reply({ id, bug: error instanceof Error ? error.message : String(error) })
  }
  // Nobody asked for a checkpoint, so its failure is told under the number of the opening.
  const checkpoints = role === 'server' ? startCheckpoints(db, file, (error) => tell([OPENED], error)) : undefined
  /** Connections whose last settlement could not be written: what was sent for them is known to nobody. */
  const unsettled = new Set<string>()
  let version = 0

  /** Another process may have erased a subject: what is remembered of salts holds only while nobody else wrote. */
  const noticeOthers = (): void => {
    const now = db.sql<{ data_version: number }>('PRAGMA data_version').get()?.data_version ?? 0
    if (now !== version) context.subjects.forget()
    version = now
  }

  /** Says that nothing is in doubt. On a disk without any room it cannot be said, and the next start doubts. */
  const leaveClean = (): void => {
    try {
      room.forUpkeep(() => db.sql(`INSERT OR REPLACE INTO meta (name, value) VALUES ('clean_stop', x'01')`).run())
    } catch (error) {
      if (!faultOf(error)) throw error
    }
  }

  const close = async (id: number): Promise<void> => {
    if (role === 'server' && !broken && unsettled.size === 0) leaveClean()
    await checkpoints?.close()
    db.close()
    unlock()
    reply({ id, value: undefined })
    port.close()
  }

  const run = ({ operation, values }: Call): unknown => {
    // The client's own table of operations fixes which values belong to which name (sqlite.ts).
    const work = known[operation] as (...values: readonly unknown[]) => unknown
    if (!WRITES.has(operation)) return work(...values)
    const sent = operation === 'settle' ? connectionOf(values) : undefined
    if (sent) unsettled.add(sent)
    const value = room.forUpkeep(() => work(...values))
    if (sent) unsettled.delete(sent)
    return value
  }

  /** Does the work and returns what to reply; what is thrown becomes the reply of `failing`. */
  const answer = (request: Exclude<Request, Append>): void => {
    if ('close' in request) {
      close(request.id).catch((error: unknown) => tell([request.id], error))
      return
    }
    noticeOthers()
    // What can still be read may be read; nothing is written any more, and nobody is told that all is well.
    if (broken && (WRITES.has(request.operation) || request.operation === 'health')) throw broken
    reply({ id: request.id, value: run(request) })
    if (WRITES.has(request.operation)) checkpoints?.wrote(room.short ? WEIGHT_WHEN_SHORT : 1)
  }

  /** Group commit: all batches that are there share one flush. */
  const append = (requests: readonly Append[]): void => {
    noticeOthers()
    if (broken) throw broken
    room.forIntake()
    const answers = appendGroup(
      context,
      requests.map((request) => request.append),
    )
    for (const [index, request] of requests.entries()) {
      const value = answers[index]
      reply({ id: request.id, value }, value ? [value.buffer] : [])
      checkpoints?.wrote(request.events)
    }
  }

  const guarded = (ids: readonly number[], work: () => void): void => {
    try {
      work()
    } catch (error) {
      tell(ids, error)
    }
  }

  port.on('message', (first: Request) => {
    let waiting: Append[] = []
    let events = 0
    const flush = (): void => {
      const group = waiting
      waiting = []
      events = 0
      if (group.length > 0)
        guarded(
          group.map((request) => request.id),
          () => append(group),
        )
    }
    for (let request: Request | undefined = first; request; request = nextRequest()) {
      if ('append' in request) {
        waiting.push(request)
        events += request.events
        if (events >= MOST_EVENTS) flush()
      } else {
        const other = request
        flush()
        guarded([other.id], () => answer(other))
      }
    }
    flush()
  })
}

/** What else is there already, without waiting for it. */
const nextRequest = (): Request | undefined => receiveMessageOnPort(port)?.message as Request | undefined

try {
  serve(workerData as WorkerStart)
  reply({ id: OPENED, value: undefined })
} catch (error) {
  reply({ id: OPENED, bug: faultOf(error)?.message ?? (error instanceof Error ? error.message : String(error)) })
}
