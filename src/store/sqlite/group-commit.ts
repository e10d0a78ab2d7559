import { type Appended, type Arrival, StoreFault } from '../store.ts'
import { answersOf, FAILED, type Packed, pack, REFUSED } from './pack.ts'

/** Events in one commit: beyond this a larger group is no cheaper per event, and everybody in it waits longer. */
const MOST_EVENTS = 512

/** Arrivals that may wait for their turn; beyond this the sender is told to come back. */
const MOST_WAITING = 20_000

interface Member {
  readonly events: number
  readonly shop: string
  resolve(appended: Appended): void
  reject(error: unknown): void
}

interface Group {
  readonly packed: Packed
  readonly members: Member[]
  events: number
}

/**
 * Group commit: while one group is being flushed, everything that arrives gathers in the next. Nobody waits for company;
 * the busier it is, the larger the groups become by themselves.
 */
export const groupCommit = (commit: (packed: Packed) => Promise<Float64Array>) => {
  const queue: Group[] = []
  let waiting = 0
  let running: Promise<void> | undefined

  const settle = ({ members }: Group, answers: Float64Array): void => {
    const next = answersOf(answers)
    for (const member of members) {
      const appended = next(member.events)
      if (appended === REFUSED) member.reject(new Error(`The shop ${member.shop} is not in the store.`))
      else if (appended === FAILED) member.reject(new Error('The arrival could not be stored.'))
      else member.resolve(appended)
    }
  }

  const drain = async (): Promise<void> => {
    // One turn of the event loop, so that requests that came in together share the first commit.
    await new Promise((resolve) => setImmediate(resolve))
    for (let group = queue.shift(); group; group = queue.shift()) {
      waiting -= group.members.length
      try {
        settle(group, await commit(group.packed))
      } catch (error) {
        for (const member of group.members) member.reject(error)
      }
    }
    running = undefined
  }

  return {
    append(arrival: Arrival): Promise<Appended> {
      return new Promise((resolve, reject) => {
        if (waiting >= MOST_WAITING) {
          reject(new StoreFault('full', 'More arrives than the disk takes. Try again in a moment.'))
          return
        }
        const events = arrival.events.length + arrival.parts.length
        let group = queue.at(-1)
        if (!group || group.events + events > MOST_EVENTS) {
          group = { packed: [], members: [], events: 0 }
          queue.push(group)
        }
        // Packed first: an arrival that cannot be packed must not leave half of itself in the group.
        const packed = pack(arrival)
        for (const field of packed) group.packed.push(field)
        group.events += Math.max(1, events)
        group.members.push({ events: arrival.events.length, shop: arrival.shop, resolve, reject })
        waiting++
        running ??= drain()
      })
    },
    /** Resolves when nothing waits any more. */
    idle: (): Promise<void> => running ?? Promise.resolve(),
  }
}
