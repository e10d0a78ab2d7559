import { destinations } from '../../destinations/all.ts'
import type { Event, EventId, Shop } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { silentLog } from '../../lib/log.ts'
import { createBreakers } from '../../pipeline/breakers.ts'
import { createLimiter } from '../../pipeline/limiter.ts'
import { silentMeter } from '../../pipeline/meter.ts'
import { alwaysOurs } from '../../pipeline/ownership.ts'
import type { Clock, Wake } from '../../pipeline/runtime.ts'
import { createSlots } from '../../pipeline/slots.ts'
import type { Connection, ConnectionId, Lane, ShopRecord, Store, StoredEvent } from '../../store/store.ts'
import type { ApiDeps } from './deps.ts'
import { dashboardApi } from './index.ts'

// What the tests of the dashboard stand on instead of a store, a clock and a pipeline.

export const NOW = Date.parse('2026-11-22T12:05:00.000Z')
export const SHOP = 'demo.myshopify.com' as Shop
export const SECRET = 'pina_EXAMPLE_SECRET'

export const shopRecord = (head: number): ShopRecord => ({
  shop: SHOP,
  facts: { currency: 'CHF' },
  policy: { requiredIn: [] },
  installedAt: NOW,
  head,
})

export const pinterestConnection = (change: Partial<Connection> = {}): Connection => ({
  id: 1 as ConnectionId,
  shop: SHOP,
  destination: 'pinterest',
  settings: { adAccountId: '549755885175', conversionToken: SECRET, productView: 'page_visit' },
  createdAt: NOW,
  state: 'active',
  settingsVersion: 1,
  ...change,
})

export const liveLane = (position: number, from = 1): Lane => ({
  connection: 1 as ConnectionId,
  lane: 1,
  kind: 'live',
  from,
  position,
  due: 0,
  tries: 0,
})

export const storedEvent = (seq: number, name: EventName, facts: Partial<Event> = {}): StoredEvent => ({
  seq,
  name,
  receivedAt: NOW + seq,
  subject: 'client:1',
  event: {
    schema: 1,
    id: `event-${seq}` as EventId,
    shop: SHOP,
    name,
    occurredAt: '2026-11-22T12:00:00.000Z',
    origin: 'live',
    seenBy: [],
    flags: [],
    ...facts,
  },
})

/** A store of one shop with one Pinterest connection and nothing else; `methods` say what a test needs beyond that. */
export const storeDouble = (methods: Partial<Store> = {}): Store => {
  let connections: readonly Connection[] = [pinterestConnection()]
  const missing = (name: string) => () => Promise.reject(new Error(`the test did not expect a call of ${name}`))
  return {
    saveShop: missing('saveShop'),
    shop: async (shop) => (shop === SHOP ? shopRecord(0) : undefined),
    shops: async () => [shopRecord(0)],
    addConnection: async (made) => {
      const connection = pinterestConnection({ ...made, id: (connections.length + 1) as ConnectionId })
      connections = [...connections, connection]
      return connection
    },
    updateConnection: async (_shop, id, { trouble, refusedSince: _, ...change }) => {
      const known = connections.find((one) => one.id === id)
      if (!known) return undefined
      const { trouble: before, ...rest } = known
      const kept = trouble === undefined ? before : (trouble ?? undefined)
      const changed = { ...rest, ...change, ...(kept === undefined ? {} : { trouble: kept }) }
      connections = connections.map((one) => (one.id === id ? changed : one))
      return changed
    },
    removeConnection: async (_shop, id) => {
      const before = connections.length
      connections = connections.filter((one) => one.id !== id)
      return connections.length < before
    },
    connections: async () => connections,
    append: missing('append'),
    head: missing('head'),
    read: missing('read'),
    readSeqs: async () => [],
    newest: async () => [],
    seqOf: missing('seqOf'),
    parts: async () => new Map(),
    unprojected: missing('unprojected'),
    unprojectedParts: missing('unprojectedParts'),
    identities: missing('identities'),
    saveProjection: missing('saveProjection'),
    lanes: async () => [],
    parkedSeqs: async () => [],
    openTask: missing('openTask'),
    tasks: async () => [],
    cancelTask: missing('cancelTask'),
    settle: missing('settle'),
    parked: async () => [],
    deadLetters: missing('deadLetters'),
    deadCauses: async () => [],
    polls: missing('polls'),
    token: missing('token'),
    saveToken: missing('saveToken'),
    ledger: async (_shop, _connection, from, to) => new Uint8Array(to - from + 1),
    attempts: async () => [],
    orders: missing('orders'),
    findOrders: missing('findOrders'),
    ordersOfDay: missing('ordersOfDay'),
    message: missing('message'),
    rollups: async () => [],
    setting: async () => undefined,
    saveSetting: missing('saveSetting'),
    entry: async () => undefined,
    entries: async () => [],
    saveEntry: missing('saveEntry'),
    retain: missing('retain'),
    erase: missing('erase'),
    eraseShop: missing('eraseShop'),
    eventsOf: missing('eventsOf'),
    linked: missing('linked'),
    health: missing('health'),
    failed: new Promise(() => {}),
    close: missing('close'),
    ...methods,
  }
}

/** Stands still until `pass` moves it; sleepers wake when their time has come. */
export const stillClock = (): Clock & { pass(ms: number): void } => {
  let now = NOW
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  return {
    now: () => now,
    random: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    pass: (ms) => {
      now += ms
      for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake()
    },
  }
}

/** Calls its listeners at once; `listeners` tells how many there are. */
export const openWake = (): Wake & { listeners(): number } => {
  const all = new Set<{ readonly kind: string; readonly listener: (shop: Shop) => void }>()
  const tell = (kind: string, shop: Shop) => {
    for (const one of all) if (one.kind === kind) one.listener(shop)
  }
  return {
    arrived: (shop) => tell('arrived', shop),
    settled: (shop) => tell('settled', shop),
    on: (kind, listener) => {
      const one = { kind, listener }
      all.add(one)
      return () => void all.delete(one)
    },
    listeners: () => all.size,
  }
}

export const depsWith = (
  store: Store,
  change: Partial<Omit<ApiDeps, 'runtime'>> = {},
): ApiDeps & { readonly clock: ReturnType<typeof stillClock>; readonly wake: ReturnType<typeof openWake> } => {
  const clock = stillClock()
  const wake = openWake()
  return {
    runtime: {
      store,
      send: async () => ({ status: 0, headers: {}, body: '' }),
      clock,
      limiter: createLimiter(clock),
      breakers: createBreakers({ clock, log: silentLog, meter: silentMeter }),
      slots: createSlots(clock),
      meter: silentMeter,
      ownership: alwaysOurs,
      wake,
      log: silentLog,
      destinations,
      options: { hold: 30_000, attemptSample: 100 },
    },
    verify: async () => ({ outcome: 'ok', message: 'Pinterest took a test event.' }),
    inspect: async () => undefined,
    capture: {
      webhooks: 'http://localhost:3001/webhooks/shopify',
      beacon: 'http://localhost:3001/b/1',
      track: 'http://localhost:3001',
    },
    clock,
    wake,
    ...change,
  }
}

/** The API over a store double. */
export const apiOf = (store: Partial<Store> = {}, deps: Partial<Omit<ApiDeps, 'runtime'>> = {}) => {
  const double = storeDouble(store)
  const given = depsWith(double, deps)
  return { api: dashboardApi(given), store: double, wake: given.wake }
}

export const asJson = (method: string, body: unknown) => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
