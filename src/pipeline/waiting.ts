import type { Connection, Lane, ParkedEvent, ShopRecord, Store } from '../store/store.ts'

/** Most parked events looked at for one connection; beyond, there are "at least" as many. */
export const PARKED_SEEN = 1000

/** What of a shop's log waits at one connection. */
export interface Waiting {
  readonly connection: Connection
  readonly lanes: readonly Lane[]
  /** Events that no lane has passed yet. */
  readonly inLine: number
  /** Events that are held or sent again, nearest due first, 1,000 at most. */
  readonly parked: readonly ParkedEvent[]
  /** When the oldest of all these was received, ms since 1970. */
  readonly oldest?: number
}

/** A replay passes numbers that have their outcome already, so nothing waits there for the first time. */
const isWaiting = ({ kind, position, to }: Lane, head: number): boolean => kind !== 'replay' && position < (to ?? head)

/** What waits at each connection of a shop; the cost does not grow with how much that is. */
export const waitingOf = async (
  store: Store,
  { shop, head }: Pick<ShopRecord, 'shop' | 'head'>,
): Promise<readonly Waiting[]> => {
  const [connections, lanes] = await Promise.all([store.connections(shop), store.lanes(shop)])
  const each = await Promise.all(
    connections.map(async (connection) => {
      const own = lanes.filter((lane) => lane.connection === connection.id)
      const open = own.filter((lane) => isWaiting(lane, head))
      const parked = await store.parked(shop, connection.id, PARKED_SEEN)
      const first = Math.min(...open.map(({ position }) => position + 1), ...parked.map(({ seq }) => seq))
      const inLine = open.reduce((sum, lane) => sum + (lane.to ?? head) - lane.position, 0)
      return { first, waiting: { connection, lanes: own, inLine, parked } }
    }),
  )
  const seqs = [...new Set(each.map(({ first }) => first).filter(Number.isFinite))]
  const stored = seqs.length === 0 ? [] : await store.readSeqs(shop, seqs)
  const received = new Map(stored.map(({ seq, receivedAt }) => [seq, receivedAt]))
  return each.map(({ first, waiting }) => {
    const oldest = received.get(first)
    return oldest === undefined ? waiting : { ...waiting, oldest }
  })
}
