import { afterEach, beforeEach } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { pixelId } from '../../event/event-ids.ts'
import type { Settlement } from '../settlement.ts'
import type { Connection, ConnectionId, Store } from '../store.ts'
import { anArrival, NOW, OTHER, POLICY, SHOP, type Told } from '../testing.ts'

/** What every test of the promises begins with: a store that knows two shops, and short ways to fill it. */
export interface Given {
  /** The store of the running test. */
  readonly store: Store
  connect(shop?: Shop): Promise<Connection>
  /** Appends `count` pixel events at once: event-1, event-2, … */
  fill(count: number, told?: Told): Promise<void>
  /** Settles for SHOP; what is not told is empty. */
  settle(connection: ConnectionId, change: Partial<Settlement>): Promise<void>
  /** The outcomes of SHOP's numbers `from` to `to`. */
  ledger(connection: ConnectionId, from: number, to: number): Promise<number[]>
  /** Retention in steps of 3 until nothing is left to do; what has gone. */
  retainAll(now: number): Promise<number>
}

/** Opens a store before each test of the surrounding `describe` and closes it after. */
export const givenStore = (open: () => Promise<Store>): Given => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    for (const shop of [SHOP, OTHER])
      await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: NOW })
  })
  afterEach(() => store.close())

  return {
    get store() {
      return store
    },
    connect: (shop = SHOP) =>
      store.addConnection({ shop, destination: 'pinterest', settings: { token: 'pina_secret' }, createdAt: NOW }),
    fill: async (count, told = {}) => {
      await Promise.all(
        Array.from({ length: count }, (_, n) => store.append(anArrival(pixelId(`event-${n + 1}`), told))),
      )
    },
    settle: (connection, change) =>
      store.settle({
        shop: SHOP,
        connection,
        park: [],
        overwrite: [],
        attempts: [],
        rollups: [],
        joined: [],
        ...change,
      }),
    ledger: async (connection, from, to) => [...(await store.ledger(SHOP, connection, from, to))],
    retainAll: async (now) => {
      let gone = 0
      for (let step = -1; step !== 0; gone += step) step = await store.retain(POLICY, now, 3)
      return gone
    },
  }
}
