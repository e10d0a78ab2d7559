import { type Appended, type Arrival, StoreFault } from '../store.ts'
import { answersOf, FAILED, type Packed, pack, REFUSED } from './pack.ts'

/** Arrivals that may wait for their turn; beyond this the sender is told to come back. */
const MOST_WAITING = 20_000

/** Arrivals that are worth a message of their own, so that the thread begins while this turn still takes requests. */
const ENOUGH = 8

interface Member {
  readonly events: number
  readonly shop: string
  resolve(appended: Appended): void
  reject(error: unknown): void
}

interface Batch {
  readonly packed: Packed
  readonly members: Member[]
  events: number
}

/**
 * Arrivals of one turn of the event loop travel to the store thread together, at once: the thread puts every batch that
 * is there when it begins into one commit (worker.ts). So nobody waits for company, this thread goes on taking requests
 * while the other flushes, and the busier it is, the larger the commits become by themselves.
 */
export const groupCommit = (commit: (packed: Packed, events: number) => Promise<Float64Array>) => {
  let batch: Batch | undefined
  let waiting = 0
  const sending = new Set<Promise<void>>()

  const settle = ({ members }: Batch, answers: Float64Array): void => {
    const next = answersOf(answers)
    for (const member of members) {
      const appended = next(member.events)
      if (appended === REFUSED) member.reject(new Error(`The shop ${member.shop} is not in the store.`))
      else if (appended === FAILED) member.reject(new Error('The arrival could not be stored.'))
      else member.resolve(appended)
    }
  }

  const send = async (): Promise<void> => {
    const sent = batch
    batch = undefined
    if (!sent) return
    try {
      settle(sent, await commit(sent.packed, sent.events))
    } catch (error) {
      for (const member of sent.members) member.reject(error)
    } finally {
      waiting -= sent.members.length
    }
  }

  const sendNow = (): void => {
    const done = send().finally(() => sending.delete(done))
    sending.add(done)
  }

  return {
    append(arrival: Arrival): Promise<Appended> {
      return new Promise((resolve, reject) => {
        if (waiting >= MOST_WAITING) {
          reject(new StoreFault('busy', 'More arrives than the disk takes. Try again in a moment.'))
          return
        }
        // Packed first: an arrival that cannot be packed must not leave half of itself in the batch.
        const packed = pack(arrival)
        if (!batch) {
          batch = { packed: [], members: [], events: 0 }
          setImmediate(sendNow)
        }
        for (const field of packed) batch.packed.push(field)
        batch.events += Math.max(1, arrival.events.length + arrival.parts.length)
        batch.members.push({ events: arrival.events.length, shop: arrival.shop, resolve, reject })
        waiting++
        if (batch.members.length >= ENOUGH) sendNow()
      })
    },
    /** Resolves when nothing waits any more. */
    async idle(): Promise<void> {
      while (batch || sending.size > 0) {
        await new Promise((resolve) => setImmediate(resolve))
        await Promise.all(sending)
      }
    },
  }
}
