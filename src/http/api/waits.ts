import { compact } from '../../lib/json.ts'
import { PARKED_SEEN, waitingOf } from '../../pipeline/waiting.ts'
import type { Connection, ShopRecord, Store } from '../../store/store.ts'

/** What waits at a connection. */
export interface Waits {
  readonly count: number
  /** There are more than were counted. */
  readonly more: boolean
  /** When the oldest of them arrived, ms since 1970. */
  readonly oldest?: number
}

export const waitsOf = async (store: Store, shop: ShopRecord, { id }: Connection): Promise<Waits> => {
  const waiting = (await waitingOf(store, shop)).find(({ connection }) => connection.id === id)
  if (!waiting) return { count: 0, more: false }
  const { inLine, parked, oldest } = waiting
  return compact<Waits>({ count: inLine + parked.length, more: parked.length === PARKED_SEEN, oldest })
}
