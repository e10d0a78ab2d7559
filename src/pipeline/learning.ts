import type { Event, Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import { lru } from '../store/lru.ts'
import type { Projection } from '../store/projection.ts'
import { quarterHour } from '../store/rollup.ts'
import type { IdentityKey, IdentityRecord, Store } from '../store/store.ts'
import { bareSubject } from '../store/subject-names.ts'
import { keysOf, project } from './project.ts'
import { subjectOf } from './subject.ts'

/** An event or part that was appended. */
export interface Appearance {
  readonly shop: Shop
  readonly event: Event
  readonly at: number
  /** Absent on parts, which have no number. */
  readonly seq?: number
}

/** Events learned from at once: the records of all of them, at most six each, must be in the cache together. */
export const AT_ONCE = 5_000
const MOST_CACHED = 50_000
/** Names of people who were erased that are remembered; what was under way when they were is here within seconds. */
const MOST_ERASED = 20_000
/** Nobody's name. */
const EVERYBODY = ''

/** Records as they are after what was learned, and what of that is not written yet. One at a time uses it. */
export interface Learning {
  /** Reads the records that a batch is about; at most AT_ONCE appearances. */
  load(batch: readonly Appearance[]): Promise<void>
  /** Learns from a batch that was loaded. */
  learn(batch: readonly Appearance[]): void
  /** Passes events, and sightings by their numbers of arrival, whether or not they taught anything: bodies may be gone. */
  pass(shop: Shop, passed: { readonly seq?: number; readonly parts?: number }): void
  /** Writes what was learned, and the counts of arrivals with it or, when told, by themselves. */
  write(countsToo: boolean): Promise<void>
  /** Counts of arrivals, at least, are not written yet. */
  readonly unwritten: boolean
  /** Changes one record. The same record given back is not written again. */
  change(shop: Shop, key: IdentityKey, how: (known: IdentityRecord | undefined) => IdentityRecord): Promise<void>
  /**
   * Believes no record of the shop any more that was read before, and learns nothing any more of what was told of these
   * people until `at`, ms: it may be on its way here from before they were erased.
   */
  forget(shop: Shop, people: readonly string[] | 'everybody', at: number): void
}

export const startLearning = (store: Pick<Store, 'identities' | 'saveProjection'>): Learning => {
  const cache = new Map<string, IdentityRecord | undefined>()
  // What was learned and is not written yet. It is emptied by a write that succeeded and by nothing else: the cache
  // already knows it, so nobody would learn it again.
  let changes = new Map<string, Projection['changes'][number]>()
  let links: Projection['links'][number][] = []
  let counts = noCounts()
  /** Who was erased, and when: shop and name as in `cache`. */
  const erased = lru<string, number>(MOST_ERASED)
  const isErased = ({ shop, event, at }: Appearance): boolean =>
    at < (erased.get(`${shop} ${EVERYBODY}`) ?? 0) ||
    [subjectOf(event), ...keysOf(event)].some((name) => at < (erased.get(`${shop} ${bareSubject(name)}`) ?? 0))

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
      const found = await store.identities(shop, [...keys])
      for (const key of keys) remember(`${shop} ${key}`, found.get(key))
    }
  }

  return {
    load: async (batch) => {
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
    },
    learn(batch) {
      for (const { shop, event, at, seq } of batch) {
        const learned = isErased({ shop, event, at })
          ? undefined
          : project(event, at, (key) => cache.get(`${shop} ${key}`))
        for (const [key, record] of learned?.changes ?? []) {
          remember(`${shop} ${key}`, record)
          changes.set(`${shop} ${key}`, { shop, key, record })
        }
        for (const [a, b] of learned?.links ?? []) links.push({ shop, a, b })
        if (seq !== undefined) count(counts, shop, event.name, quarterHour(at), seq)
      }
    },
    pass: (shop, passed) => pass(counts, shop, passed),
    write: async (countsToo) => {
      const learned = changes.size > 0 || links.length > 0
      if (!learned && !(countsToo && counts.projected.size > 0)) return
      await store.saveProjection({
        changes: [...changes.values()],
        links,
        arrivals: [...counts.arrivals.values()],
        projected: [...counts.projected.values()],
      })
      changes = new Map()
      links = []
      counts = noCounts()
    },
    get unwritten() {
      return counts.projected.size > 0
    },
    change: async (shop, key, how) => {
      const name = `${shop} ${key}`
      if (!cache.has(name)) remember(name, (await store.identities(shop, [key])).get(key))
      const known = cache.get(name)
      const record = how(known)
      if (record === known) return
      await store.saveProjection({ changes: [{ shop, key, record }], links: [], arrivals: [], projected: [] })
      remember(name, record)
      // It was made on top of what may still be waiting after a failed write, and must not be overwritten by that.
      changes.delete(name)
    },
    forget(shop, people, at) {
      for (const name of people === 'everybody' ? [EVERYBODY] : people) erased.set(`${shop} ${bareSubject(name)}`, at)
      for (const name of cache.keys()) if (name.startsWith(`${shop} `)) cache.delete(name)
    },
  }
}

interface Counts {
  readonly arrivals: Map<string, Projection['arrivals'][number]>
  readonly projected: Map<Shop, Projection['projected'][number]>
}

const noCounts = (): Counts => ({ arrivals: new Map(), projected: new Map() })

const count = (counts: Counts, shop: Shop, name: EventName, bucket: number, seq: number): void => {
  const key = `${shop} ${bucket} ${name}`
  const known = counts.arrivals.get(key)
  counts.arrivals.set(key, { shop, bucket, name, count: (known?.count ?? 0) + 1 })
  pass(counts, shop, { seq })
}

const pass = ({ projected }: Counts, shop: Shop, { seq = 0, parts }: { seq?: number; parts?: number }): void => {
  const known = projected.get(shop)
  const passed = parts ?? known?.parts
  projected.set(shop, { shop, seq: Math.max(seq, known?.seq ?? 0), ...(passed === undefined ? {} : { parts: passed }) })
}
