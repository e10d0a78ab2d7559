import { compact } from '../../lib/json.ts'
import { PARKED_SEEN, waitingOf } from '../../pipeline/waiting.ts'
import type { Connection, ShopRecord, Store } from '../../store/store.ts'

/** What waits at a connection. */
export interface Waits {
  readonly count: number
  /** There are more than were counted. */
  readonly more: boolean
  /** When the oldest of them was received, ms since 1970. */
  readonly oldest?: number
}

export const waitsOf = async (store: Store, shop: ShopRecord, { id }: Connection): Promise<Waits> => {
  const own = (await waitingOf(store, shop)).find(({ connection }) => connection.id === id)
  const parked = own?.parked.length ?? 0
  return compact<Waits>({ count: (own?.inLine ?? 0) + parked, more: parked === PARKED_SEEN, oldest: own?.oldest })
}
