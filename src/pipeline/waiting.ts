import type { Shop } from '../event/event.ts'
import type { Connection, Lane, Store } from '../store/store.ts'

/** Most parked events looked at for one connection; beyond, there are "at least" as many. */
const PARKED_SEEN = 1000

/** What of a shop's log waits at one connection. */
export interface Waiting {
  readonly connection: Connection
  readonly lanes: readonly Lane[]
  /** Events that no lane has passed yet. */
  readonly inLine: number
  /** Events that are held or sent again, 1,000 at most. */
  readonly parked: number
  /** When the oldest of them all was received, ms since 1970. */
  readonly oldest?: number
}

/** Numbers that no lane has passed yet. A replay passes numbers that have their outcome already, so it counts nothing. */
export const inLine = (lanes: readonly Lane[], head: number): number =>
  lanes
    .filter(({ kind }) => kind !== 'replay')
    .reduce((sum, lane) => sum + Math.max(0, (lane.to ?? head) - lane.position), 0)

/** What waits at each connection of a shop; the cost does not grow with how much that is. */
export const waitingOf = async (store: Store, shop: Shop): Promise<readonly Waiting[]> => {
  const [connections, lanes, head] = await Promise.all([store.connections(shop), store.lanes(shop), store.head(shop)])
  const each = await Promise.all(
    connections.map(async (connection) => {
      const own = lanes.filter((lane) => lane.connection === connection.id)
      const parked = await store.parked(shop, connection.id, PARKED_SEEN)
      const firsts = [
        ...own.flatMap(({ kind, position, to }) => (kind !== 'replay' && position < (to ?? head) ? position + 1 : [])),
        ...parked.map(({ seq }) => seq),
      ]
      return { connection, lanes: own, inLine: inLine(own, head), parked: parked.length, first: Math.min(...firsts) }
    }),
  )
  const seqs = [...new Set(each.map(({ first }) => first).filter(Number.isFinite))]
  const stored = seqs.length === 0 ? [] : await store.readSeqs(shop, seqs)
  const received = new Map(stored.map(({ seq, receivedAt }) => [seq, receivedAt]))
  return each.map(({ first, ...waiting }) => {
    const oldest = received.get(first)
    return oldest === undefined ? waiting : { ...waiting, oldest }
  })
}
