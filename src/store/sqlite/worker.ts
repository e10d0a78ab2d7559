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
import { APART, type Operations, operations, WRITES } from './operations.ts'
import { type Append, type Call, OPENED, OTHERS_WROTE, type Reply, type Request, type WorkerStart } from './protocol.ts'
import { reserveInQuota, reserveOnDisk } from './reserve.ts'
import { roomIn } from './room.ts'
import { subjectsIn } from './subjects.ts'
import { graveyardIn } from './tombstones.ts'

/**
 * The store's thread: SQLite is synchronous, so it waits for the disk here and not on the event loop. Writes that are
 * there at the same time are committed together. Everything happens in the order of asking, so a read behind a write is
 * part of its group.
 */
const port = parentPort
if (!port) throw new Error('worker.ts runs as a worker thread.')

/** How soon a server notices what a command beside it has written, ms. */
const NOTICE_OTHERS = 500

/** Weight of one commit, in events: beyond this a larger one is no cheaper, and everybody in it waits longer. */
const MOST_EVENTS = 512

/** A write counts for so many when there is hardly any room: the log is carried over sooner and does not grow. */
const WEIGHT_WHEN_SHORT = 64

let replies: Reply[] = []
const reply = (message: Reply): void => void replies.push(message)

/** Sends what has been replied so far. */
const post = (): void => {
  const posted = replies
  replies = []
  if (posted.length > 0) port.postMessage(posted)
}

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
  /** Nobody asked for a checkpoint, so its failure is told under the number of the opening. */
  const failUnasked = (error: unknown): void => {
    tell([OPENED], error)
    post()
  }
  const checkpoints = role === 'server' ? startCheckpoints(db, file, failUnasked) : undefined
  /** Connections whose last settlement could not be written: what was sent for them is known to nobody. */
  const unsettled = new Set<string>()
  let version = 0

  /**
   * Another process may have erased a subject: what is remembered of salts holds only while nobody else wrote. It may
   * also have changed what is to be delivered, and the main thread does not see that by itself.
   */
  const noticeOthers = (): void => {
    const now = db.sql<{ data_version: number }>('PRAGMA data_version').get()?.data_version ?? 0
    if (now !== version) {
      context.subjects.forget()
      if (version !== 0) reply({ id: OTHERS_WROTE, value: undefined })
    }
    version = now
  }
  const look = (): void => {
    if (!broken) guarded([], noticeOthers)
    post()
  }
  const looking = role === 'server' ? setInterval(look, NOTICE_OTHERS) : undefined

  /** Says that nothing is in doubt. On a disk without any room it cannot be said, and the next start doubts. */
  const leaveClean = (): void => {
    try {
      room.forUpkeep(() => db.sql(`INSERT OR REPLACE INTO meta (name, value) VALUES ('clean_stop', x'01')`).run())
    } catch (error) {
      if (!faultOf(error)) throw error
    }
  }

  const close = async (id: number): Promise<void> => {
    clearInterval(looking)
    if (role === 'server' && !broken && unsettled.size === 0) leaveClean()
    await checkpoints?.close()
    db.close()
    unlock()
    reply({ id, value: undefined })
    post()
    port.close()
  }

  const work = ({ operation, values }: Call): unknown => {
    // The client's own table of operations fixes which values belong to which name (sqlite.ts).
    const perform = known[operation] as (...values: readonly unknown[]) => unknown
    return perform(...values)
  }

  const guarded = (ids: readonly number[], perform: () => void): void => {
    try {
      perform()
    } catch (error) {
      tell(ids, error)
    }
  }

  const read = (call: Call): void => {
    noticeOthers()
    // What can still be read may be read; nothing is written any more, and nobody is told that all is well.
    if (broken && call.operation === 'health') throw broken
    reply({ id: call.id, value: work(call) })
  }

  const append = (requests: readonly Append[]): Answered[] => {
    if (requests.length === 0) return []
    room.forIntake()
    const answers = appendGroup(
      context,
      requests.map((request) => request.append),
    )
    return requests.map((request, index) => [request, { id: request.id, value: answers[index] }])
  }

  /** One of several: a bug in it is its own, a failing disk concerns all of them. */
  const oneOf = (call: Call): Answered => {
    try {
      return [call, { id: call.id, value: isWrite(call) ? db.transaction(() => work(call)) : work(call) }]
    } catch (error) {
      if (faultOf(error)) throw error
      context.subjects.forget()
      return [call, { id: call.id, bug: error instanceof Error ? error.message : String(error) }]
    }
  }

  const together = (group: readonly Member[]): void => {
    if (broken) throw broken
    const answered = db.transaction(() => {
      noticeOthers()
      return [
        ...append(group.filter(isAppend)),
        ...group.flatMap((member) => (isAppend(member) ? [] : [oneOf(member)])),
      ]
    })
    for (const [member, answer] of answered) {
      if (isSettle(member) && 'value' in answer) unsettled.delete(connectionOf(member.values))
      if (isWrite(member)) checkpoints?.wrote(room.short ? WEIGHT_WHEN_SHORT : isAppend(member) ? member.events : 1)
      reply(answer)
    }
  }

  /** On a full disk what comes in is refused, and what has to be possible takes from the reserve. */
  const alone = (member: Member): void => {
    if (isAppend(member)) together([member])
    else if (isWrite(member)) room.forUpkeep(() => together([member]))
    else read(member)
  }

  const apart = (call: Call): void => {
    noticeOthers()
    if (broken) throw broken
    reply({ id: call.id, value: room.forUpkeep(() => work(call)) })
  }

  /** Group commit: all writes that are there share one flush. */
  const commit = (group: readonly Member[]): void => {
    for (const member of group) if (isSettle(member)) unsettled.add(connectionOf(member.values))
    try {
      together(group)
    } catch (error) {
      context.subjects.forget()
      // Nothing was written. For want of room each may try by itself. After a failed flush nothing may: a second one
      // that succeeds would prove nothing; what can still be read is read.
      const apiece = faultOf(error)?.kind === 'full' ? group : group.filter((member) => broken && !isWrite(member))
      for (const member of group)
        if (apiece.includes(member)) guarded([member.id], () => alone(member))
        else tell([member.id], error)
    }
  }

  const shut = (id: number): void => {
    close(id).catch((error: unknown) => {
      tell([id], error)
      post()
    })
  }

  port.on('message', (first: readonly Request[]) => {
    let waiting: Member[] = []
    let weight = 0
    const flush = (): void => {
      const group = waiting
      waiting = []
      weight = 0
      if (group.length > 0) commit(group)
      post()
    }
    const take = (request: Request): void => {
      if ('close' in request) {
        flush()
        shut(request.id)
      } else if (!isAppend(request) && APART.has(request.operation)) {
        flush()
        guarded([request.id], () => apart(request))
      } else if (isAppend(request) || waiting.length > 0 || isWrite(request)) {
        waiting.push(request)
        weight += weightOf(request)
        if (weight >= MOST_EVENTS) flush()
      } else guarded([request.id], () => read(request))
    }
    for (let requests: readonly Request[] | undefined = first; requests; requests = moreRequests()) {
      requests.forEach(take)
      post()
    }
    flush()
  })
}

type Member = Append | Call
type Answered = readonly [member: Member, answer: Reply]

const isAppend = (request: Request): request is Append => 'append' in request
const isWrite = (member: Member): boolean => isAppend(member) || WRITES.has(member.operation)
const isSettle = (member: Member): member is Call => !isAppend(member) && member.operation === 'settle'

/** A settlement takes as long as some eight events, and so do most questions. */
const weightOf = (member: Member): number => (isAppend(member) ? member.events : 8)

/** What else is there already, without waiting for it. */
const moreRequests = (): readonly Request[] | undefined =>
  receiveMessageOnPort(port)?.message as readonly Request[] | undefined

try {
  serve(workerData as WorkerStart)
  reply({ id: OPENED, value: undefined })
} catch (error) {
  reply({ id: OPENED, bug: faultOf(error)?.message ?? (error instanceof Error ? error.message : String(error)) })
}
post()
