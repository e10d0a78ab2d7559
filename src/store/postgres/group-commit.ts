import type { Shop } from '../../event/event.ts'
import { type Appended, type Arrival, StoreFault } from '../store.ts'
import type { Told } from './append.ts'

/** Arrivals that may wait for their turn; beyond this the sender is told to come back. */
const MOST_WAITING = 20_000
/** Events in one commit: beyond this a larger group is no cheaper per event, and everybody in it waits longer. */
const MOST_EVENTS = 512
/** Shops in one commit: while it runs, nobody else appends to them. */
const MOST_SHOPS = 64

interface Member {
  readonly arrival: Arrival
  resolve(appended: Appended): void
  reject(error: unknown): void
}

/** The first of a queue, as many as fit into one commit; they leave the queue. */
const takeGroup = (queue: Member[]): Member[] => {
  const shops = new Set<Shop>()
  let events = 0
  const end = queue.findIndex(({ arrival }) => {
    shops.add(arrival.shop)
    const fits = events < MOST_EVENTS && shops.size <= MOST_SHOPS
    events += Math.max(1, arrival.events.length + arrival.parts.length)
    return !fits
  })
  return queue.splice(0, end === -1 ? queue.length : end)
}

/** FNV-1a: any spreading of shops over groups will do, as long as it is always the same. */
const groupOf = (shop: Shop, groups: number): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < shop.length; at++) hash = Math.imul(hash ^ shop.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % groups
}

/**
 * Arrivals of the same group of shops share commits: while one runs, the next gathers. Shops are spread over `groups`
 * groups that commit at once and never wait for each other's shops. So nobody waits for company, and the busier it is,
 * the larger the commits become by themselves.
 */
export const groupCommit = (groups: number, commit: (arrivals: readonly Arrival[]) => Promise<readonly Told[]>) => {
  const queues = Array.from({ length: groups }, (): Member[] => [])
  const running = new Map<number, Promise<void>>()
  let waiting = 0

  const settle = (members: readonly Member[], told: readonly Told[]): void => {
    for (const [at, member] of members.entries()) {
      const one = told[at] ?? new Error('The arrival could not be stored.')
      if (one instanceof Error) member.reject(one)
      else member.resolve(one)
    }
  }

  const run = async (at: number, queue: Member[]): Promise<void> => {
    // What comes in this turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const group = takeGroup(queue)
      try {
        settle(group, await commit(group.map(({ arrival }) => arrival)))
      } catch (error) {
        // When the database is away, the others would wait for the same in vain.
        const away = error instanceof StoreFault && error.kind === 'away'
        if (away) group.push(...queue.splice(0))
        for (const member of group) member.reject(error)
      }
      waiting -= group.length
    }
    running.delete(at)
  }

  return {
    append(arrival: Arrival): Promise<Appended> {
      return new Promise((resolve, reject) => {
        if (waiting >= MOST_WAITING) {
          reject(new StoreFault('busy', 'More arrives than the database takes. Try again in a moment.'))
          return
        }
        const at = groupOf(arrival.shop, groups)
        const queue = queues[at]
        if (!queue) throw new Error('A store commits in one group at least.')
        waiting++
        queue.push({ arrival, resolve, reject })
        if (!running.has(at)) running.set(at, run(at, queue))
      })
    },
    /** Resolves when nothing waits any more. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
