import type { Event, Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { HOUR, MINUTE } from '../lib/duration.ts'
import { quarterHour } from '../store/rollup.ts'
import type { IdentityKey, IdentityRecord, Projection } from '../store/store.ts'
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
  /**
   * Changes one record and resolves when that is written, in step with what else is learned about it. The same record
   * given back is not written again.
   */
  update(shop: Shop, key: IdentityKey, change: (known: IdentityRecord | undefined) => IdentityRecord): Promise<void>
  /**
   * Erases a person of a shop: this is how the redaction job calls store.erase, and nothing else may. What was learned
   * is written first, the store erases, and no record of the shop is believed that was read before: one that is still
   * in memory would be written back under a new key. Resolves with the number of salts that went; rejects when the
   * store fails, and is to be called again.
   */
  forget(shop: Shop, subject: string): Promise<number>
  /** Too much is waiting to be written: capture should ask senders to come back. */
  readonly behind: boolean
  /** Writes what is waiting. */
  stop(): Promise<void>
}

/** Writes share one transaction for this long; capture does not wait for them, delivery does. */
const GATHER = 50
/** Counts of arrivals and the watermark are written this often when nothing else is. */
const COUNTS_EVERY = 1000
/** With nothing left to write it sleeps until something is taken. */
const IDLE = HOUR
const MOST_WAITING = 50_000
const MOST_CACHED = 50_000
/** Events learned from at once: the records of all of them, at most six each, must be in the cache together. */
const AT_ONCE = 5_000

/**
 * Parts have no number, so no watermark tells which were learned from. What arrives together is learned from together,
 * or nearly: groups that commit at the same time may swap, and a part of this long before the watermark's event may
 * wait behind it.
 */
const PARTS_MARGIN = MINUTE
/** Parts that are learned from again at a start; capture takes no more in when this many wait. */
const MOST_PARTS = MOST_WAITING

/**
 * Keeps `identities` and the counts of arrivals behind the log, after the acknowledgement. What a crash leaves
 * unprojected is learned at the next start: events from the log, behind a watermark that moves in the transaction that
 * writes what they taught; and all parts since that watermark, because learning from a part twice changes nothing.
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

  // Learning, changes on purpose and erasing take turns: each reads records, then writes what follows from them.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

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

  // Parts first: the events move the watermark, and a crash in between must find the parts again.
  const parts = await runtime.store.unprojectedParts(PARTS_MARGIN, MOST_PARTS)
  for (let from = 0; from < parts.length; from += AT_ONCE) {
    const batch = parts
      .slice(from, from + AT_ONCE)
      .map(({ shop, part: { event, receivedAt } }) => ({ shop, event, at: receivedAt }))
    await load(batch)
    learn(batch)
    await write(true)
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

  /** Learns from the next of what waits and writes it; what could not be looked at is waiting again. */
  const step = async (countsToo: boolean): Promise<{ readonly fault?: unknown; readonly shops: ReadonlySet<Shop> }> => {
    const batch = waiting.slice(0, AT_ONCE)
    waiting = waiting.slice(AT_ONCE)
    const shops = new Set(batch.map((one) => one.shop))
    let loaded = false
    try {
      await load(batch)
      loaded = true
      learn(batch)
      await write(countsToo)
    } catch (fault) {
      // It is tried again, and what the end of the process leaves is learned at the next start.
      runtime.log.error('projection failed', { fault: fault instanceof Error ? fault.message : 'unknown' })
      if (!loaded) waiting = [...batch, ...waiting]
      return { fault, shops }
    }
    return { shops }
  }

  let countedAt = runtime.clock.now()
  const run = async () => {
    for (;;) {
      const last = stopping.signal.aborted
      const now = runtime.clock.now()
      const countsToo = last || now - countedAt >= COUNTS_EVERY
      if (countsToo) countedAt = now
      const { fault, shops } = await inTurn(() => step(countsToo))
      const failed = fault !== undefined
      // Delivery goes on, if need be with what was known before.
      for (const shop of shops) runtime.wake.arrived(shop)
      if (last && (failed || waiting.length === 0)) return
      if (waiting.length === 0 || failed) {
        wake = new AbortController()
        const more = failed || counts.projected.size > 0
        await runtime.clock.sleep(more ? COUNTS_EVERY : IDLE, AbortSignal.any([wake.signal, stopping.signal]))
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
    update: (shop, key, change) =>
      inTurn(async () => {
        const name = `${shop} ${key}`
        if (!cache.has(name)) remember(name, (await runtime.store.identities(shop, [key])).get(key))
        const known = cache.get(name)
        const record = change(known)
        if (record === known) return
        await runtime.store.saveProjection({ changes: [{ shop, key, record }], links: [], arrivals: [], projected: [] })
        remember(name, record)
        // It was made on top of what may still be waiting after a failed write, and must not be overwritten by that.
        changes.delete(name)
      }),
    forget: (shop, subject) =>
      inTurn(async () => {
        // What waits was sealed for the living person and would otherwise be learned of the erased one.
        for (let steps = Math.max(1, Math.ceil(waiting.length / AT_ONCE)); steps > 0; steps--) {
          const { fault, shops } = await step(true)
          for (const one of shops) runtime.wake.arrived(one)
          if (fault) throw fault
        }
        const gone = await runtime.store.erase(shop, subject)
        for (const name of cache.keys()) if (name.startsWith(`${shop} `)) cache.delete(name)
        return gone
      }),
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
