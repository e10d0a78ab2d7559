import { Worker } from 'node:worker_threads'
import { type Log, whatFailed } from '../../lib/log.ts'
import { StoreFault } from '../store.ts'
import { OPENED, OTHERS_WROTE, type Reply, type Request, type WorkerStart } from './protocol.ts'

type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

/** A running store thread. */
export interface Thread {
  request(message: Unnumbered<Request>): Promise<unknown>
  /** Resolves when the disk has failed or the thread ended without being asked to. */
  readonly failed: Promise<StoreFault>
  /** Closes the database and ends the thread. */
  close(): Promise<void>
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Room for what was just made in the store's thread. */
const YOUNG_MB = 8

/** Starts a store thread; `othersWrote` is called when another process has written. Rejects with a sentence for people when the store cannot be opened. */
export const startThread = async (start: WorkerStart, log: Log, othersWrote: () => void): Promise<Thread> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: start,
    // What it makes is short-lived and small; left to itself V8 keeps more of it before it collects.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const waiting = new Map<number, Waiting>()
  const failure = Promise.withResolvers<StoreFault>()
  let ended: StoreFault | undefined
  let closing = false
  let last = OPENED

  const end = (fault: StoreFault): void => {
    ended ??= fault
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
    if (!closing) failure.resolve(ended)
  }
  const wait = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) reject(ended)
      else waiting.set(id, { resolve, reject })
    })

  const take = (reply: Reply): void => {
    if (reply.id === OTHERS_WROTE) {
      othersWrote()
      return
    }
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('fault' in reply) {
      const fault = new StoreFault(reply.fault, reply.message)
      call?.reject(fault)
      if (fault.kind === 'broken') failure.resolve(fault)
    } else if ('bug' in reply) call?.reject(new Error(reply.bug))
    else call?.resolve(reply.value)
  }
  worker.on('message', (replies: readonly Reply[]) => replies.forEach(take))
  worker.on('error', (error) => {
    log.error('store thread failed', { fault: whatFailed(error) })
    end(new StoreFault('broken', 'Its thread stopped.'))
  })
  worker.on('exit', () => end(new StoreFault('broken', closing ? 'The store is closed.' : 'Its thread stopped.')))

  let outgoing: Request[] = []
  const post = (): void => {
    const requests = outgoing
    outgoing = []
    if (requests.length > 0 && !ended) worker.postMessage(requests)
  }
  // What is asked in one turn of the event loop travels together: a message costs about as much as a small question.
  // A batch of arrivals has gathered already.
  const request = (message: Unnumbered<Request>): Promise<unknown> => {
    const id = ++last
    const answer = wait(id)
    if (outgoing.length === 0) setImmediate(post)
    outgoing.push({ ...message, id } as Request)
    if ('append' in message) post()
    return answer
  }

  try {
    await wait(OPENED)
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    request,
    failed: failure.promise,
    async close() {
      if (ended) return
      closing = true
      const exited = new Promise((resolve) => worker.once('exit', resolve))
      await request({ close: true })
      await exited
    },
  }
}
