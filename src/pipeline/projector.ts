import type { Event, Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { type IdentityKey, type IdentityRecord, type Projection, quarterHour } from '../store/store.ts'
import { keysOf, project } from './project.ts'
import type { Runtime } from './runtime.ts'

/** An event or part that was appended. */
export interface Appearance {
  readonly shop: Shop
  readonly event: Event
  readonly at: number
  /** Absent on parts, which have no number. */
  readonly seq?: number
}

export interface Projector {
  /** Takes what was appended; resolves at once. Delivery is woken when it is written. */
  take(appearances: readonly Appearance[]): void
  /** Changes one record and writes it, in step with what else is learned about it. */
  update(shop: Shop, key: IdentityKey, change: (known: IdentityRecord | undefined) => IdentityRecord): Promise<void>
  /** Too much is waiting to be written: capture should ask senders to come back. */
  readonly behind: boolean
  /** Writes what is waiting. */
  stop(): Promise<void>
}

/** Writes share one transaction for this long; capture does not wait for them, delivery does. */
const GATHER = 50
/** Counts of arrivals and the watermark are written this often when nothing else is. */
const COUNTS_EVERY = 1000
const MOST_WAITING = 50_000
const MOST_CACHED = 50_000
/** Events learned from at once: the records of all of them, at most six each, must be in the cache together. */
const AT_ONCE = 5_000

/**
 * Keeps `identities` and the counts of arrivals behind the log, after the acknowledgement. What a crash leaves
 * unprojected is read from the log again at the next start: the watermark moves in the same transaction.
 */
export const startProjector = async (runtime: Runtime): Promise<Projector> => {
  const cache = new Map<string, IdentityRecord | undefined>()
  let waiting: Appearance[] = []
  // What was learned and is not written yet. It is emptied by a write that succeeded and by nothing else: the cache
  // already knows it, so nobody would learn it again.
  let changes = new Map<string, Projection['changes'][number]>()
  let links: Projection['links'][number][] = []
  let counts = noCounts()
  let wake = new AbortController()
  const stopping = new AbortController()

  const remember = (key: string, record: IdentityRecord | undefined) => {
    cache.delete(key)
    cache.set(key, record)
    if (cache.size > MOST_CACHED) cache.delete(cache.keys().next().value ?? key)
  }

  const look = async (batch: readonly Appearance[], keysFor: (one: Appearance) => readonly IdentityKey[]) => {
    const missing = new Map<Shop, Set<IdentityKey>>()
    for (const one of batch)
      for (const key of keysFor(one))
        if (!cache.has(`${one.shop} ${key}`))
          missing.set(one.shop, (missing.get(one.shop) ?? new Set<IdentityKey>()).add(key))
    for (const [shop, keys] of missing) {
      const found = await runtime.store.identities(shop, [...keys])
      for (const key of keys) remember(`${shop} ${key}`, found.get(key))
    }
  }

  const load = async (batch: readonly Appearance[]) => {
    await look(batch, ({ event }) => keysOf(event))
    // A checkout leads on to its browser and customer, which a sighting of the checkout may link.
    await look(batch, ({ shop, event }) => {
      const token = event.commerce?.checkoutToken
      const { clientId, customerId } = (token && cache.get(`${shop} checkout:${token}`)) || {}
      return [
        ...(clientId ? [`client:${clientId}` as const] : []),
        ...(customerId ? [`customer:${customerId}` as const] : []),
      ]
    })
  }

  const learn = (batch: readonly Appearance[]) => {
    for (const { shop, event, at, seq } of batch) {
      const learned = project(event, at, (key) => cache.get(`${shop} ${key}`))
      for (const [key, record] of learned.changes) {
        remember(`${shop} ${key}`, record)
        changes.set(`${shop} ${key}`, { shop, key, record })
      }
      for (const [a, b] of learned.links) links.push({ shop, a, b })
      if (seq !== undefined) count(counts, shop, event.name, quarterHour(at), seq)
    }
  }

  const write = async (countsToo: boolean) => {
    const learned = changes.size > 0 || links.length > 0
    if (!learned && !(countsToo && counts.projected.size > 0)) return
    await runtime.store.saveProjection({
      changes: [...changes.values()],
      links,
      arrivals: [...counts.arrivals.values()],
      projected: [...counts.projected].map(([shop, seq]) => ({ shop, seq })),
    })
    changes = new Map()
    links = []
    counts = noCounts()
  }

  for (;;) {
    const left = await runtime.store.unprojected(1000)
    if (left.length === 0) break
    const batch = left.flatMap(({ shop, event: { seq, event, receivedAt } }) =>
      event ? [{ shop, event, at: receivedAt, seq }] : [],
    )
    // A body that is gone teaches nothing, but its number must be passed.
    for (const { shop, event } of left) counts.projected.set(shop, event.seq)
    await load(batch)
    learn(batch)
    await write(true)
  }

  let countedAt = runtime.clock.now()
  const run = async () => {
    for (;;) {
      const last = stopping.signal.aborted
      const batch = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      const now = runtime.clock.now()
      const countsToo = last || now - countedAt >= COUNTS_EVERY
      if (countsToo) countedAt = now
      let loaded = false
      let failed = false
      try {
        await load(batch)
        loaded = true
        learn(batch)
        await write(countsToo)
      } catch (fault) {
        // It is tried again; the log has it, so at the latest the next start projects it.
        runtime.log.error('projection failed', { fault: fault instanceof Error ? fault.message : 'unknown' })
        failed = true
        if (!loaded) waiting = [...batch, ...waiting]
      }
      // Delivery goes on, if need be with what was known before.
      for (const shop of new Set(batch.map((one) => one.shop))) runtime.wake.arrived(shop)
      if (last && (failed || waiting.length === 0)) return
      if (waiting.length === 0 || failed) {
        wake = new AbortController()
        await runtime.clock.sleep(COUNTS_EVERY, AbortSignal.any([wake.signal, stopping.signal]))
      }
      await runtime.clock.sleep(GATHER, stopping.signal)
    }
  }
  const running = run()

  return {
    take(appearances) {
      if (appearances.length === 0) return
      // Only the first has somebody to wake.
      if (waiting.length === 0) wake.abort()
      for (const one of appearances) waiting.push(one)
    },
    async update(shop, key, change) {
      const name = `${shop} ${key}`
      if (!cache.has(name)) remember(name, (await runtime.store.identities(shop, [key])).get(key))
      const record = change(cache.get(name))
      remember(name, record)
      await runtime.store.saveProjection({ changes: [{ shop, key, record }], links: [], arrivals: [], projected: [] })
      // It was made on top of what may still be waiting after a failed write, and must not be overwritten by that.
      changes.delete(name)
    },
    get behind() {
      return waiting.length > MOST_WAITING
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

interface Counts {
  readonly arrivals: Map<string, Projection['arrivals'][number]>
  readonly projected: Map<Shop, number>
}

const noCounts = (): Counts => ({ arrivals: new Map(), projected: new Map() })

const count = (counts: Counts, shop: Shop, name: EventName, bucket: number, seq: number): void => {
  const key = `${shop} ${bucket} ${name}`
  const known = counts.arrivals.get(key)
  counts.arrivals.set(key, { shop, bucket, name, count: (known?.count ?? 0) + 1 })
  counts.projected.set(shop, Math.max(seq, counts.projected.get(shop) ?? 0))
}
