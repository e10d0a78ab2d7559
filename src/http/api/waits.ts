import { compact } from '../../lib/json.ts'
import type { Connection, ShopRecord, Store } from '../../store/store.ts'
import { inLine } from './overview.ts'

/** What waits at a connection. */
export interface Waits {
  readonly count: number
  /** There are more than were counted. */
  readonly more: boolean
  /** When the oldest of them arrived, ms since 1970. */
  readonly oldest?: number
}

/** Parked events that are counted. */
const PARKED_SHOWN = 1000

export const waitsOf = async (store: Store, shop: ShopRecord, connection: Connection): Promise<Waits> => {
  const [lanes, parked] = await Promise.all([
    store.lanes(shop.shop),
    store.parked(shop.shop, connection.id, PARKED_SHOWN),
  ])
  const next = lanes
    .filter((lane) => lane.connection === connection.id && lane.kind !== 'replay')
    .filter(({ position, to = shop.head }) => position < to)
    .map(({ position }) => position)
  const first = next.length === 0 ? [] : await store.read(shop.shop, Math.min(...next), 1)
  const since = [...first.map(({ receivedAt }) => receivedAt), ...parked.map(({ parkedAt }) => parkedAt)]
  return compact<Waits>({
    count: inLine(lanes, connection, shop.head) + parked.length,
    more: parked.length === PARKED_SHOWN,
    oldest: since.length === 0 ? undefined : Math.min(...since),
  })
}
