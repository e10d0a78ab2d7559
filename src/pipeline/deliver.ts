import type { Destination } from '../destinations/destination.ts'
import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import type { Connection, ConnectionId, Lane, ShopRecord } from '../store/store.ts'
import { settingsOf } from './connection-settings.ts'
import { deliverLane } from './lane.ts'
import { nearestDeadline } from './nearest-deadline.ts'
import type { Outlet } from './outlet.ts'
import { asOwner, type Hold, mayAsk } from './ownership.ts'
import { deliverParked } from './parked.ts'
import { askJobs } from './polls.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { Runtime } from './runtime.ts'
import type { Feed } from './view.ts'

/** Most numbers read from a log at once. */
const READ = 1024

/** How soon after an arrival a shop is looked at; longer than a group commit, much shorter than a linger. */
const NOTICE = SECOND / 5

/** A shop whose pass failed for a reason of ours (the store) is tried again after this. */
const AFTER_FAULT = 5 * SECOND

export interface Delivery {
  /** Begins no request, lets the running ones end and settles them: a clean stop leaves no doubt about what was sent. */
  stop(): Promise<void>
}

/** What is going on for one shop. */
interface Work {
  looking?: Promise<void>
  readonly running: Map<ConnectionId, Promise<void>>
  /** Connections that were still running when somebody looked at them: for them it is looked again. */
  readonly missed: Set<ConnectionId>
}

/** When a shop is to be looked at, ms since 1970: all of it, and single connections that said when they want to. */
interface Due {
  all: number
  readonly each: Map<ConnectionId, number>
}

const NEVER = Number.POSITIVE_INFINITY

/**
 * Delivers the logs of all shops, at most `concurrency` read at once (those whose requests are out do not count), woken
 * by arrivals and by what is due. A connection has one pass at a time, and one whose platform hangs or fails holds
 * up no other one of its shop.
 */
export const startDelivery = (runtime: Runtime, concurrency = 16): Delivery => {
  const { ownership } = runtime
  const due = new Map<Shop, Due>()
  const works = new Map<Shop, Work>()
  const stopping = new AbortController()
  let nap = new AbortController()

  const dueOf = (shop: Shop): Due => {
    const known = due.get(shop)
    if (known) return known
    const made = { all: NEVER, each: new Map() }
    due.set(shop, made)
    return made
  }
  const expect = (shop: Shop, at: number, id?: ConnectionId) => {
    const times = dueOf(shop)
    if (id === undefined) times.all = Math.min(times.all, at)
    else times.each.set(id, Math.min(times.each.get(id) ?? NEVER, at))
    nap.abort()
  }
  // A shop that waits for a distant time (a hold, a failing connection) is looked at for an arrival all the same.
  const unsubscribe = runtime.wake.on('arrived', (shop) => {
    const soon = runtime.clock.now() + NOTICE
    if (ownership.of(shop) && dueOf(shop).all > soon) expect(shop, soon)
  })
  const leave = ownership.join({
    gained: (shop) => expect(shop, 0),
    leave: async (shop) => {
      due.delete(shop)
      for (let work = works.get(shop); work; work = works.get(shop)) await ended(work)
    },
  })

  const failed = (shop: Shop, fault: unknown) => {
    runtime.log.error('delivery pass failed', { shop, fault: fault instanceof Error ? fault.message : 'unknown' })
    expect(shop, runtime.clock.now() + AFTER_FAULT)
  }
  const release = (shop: Shop, work: Work) => {
    if (!work.looking && work.running.size === 0) works.delete(shop)
    nap.abort()
  }

  /** Once it is to stop, no request begins any more, so that a stop takes no longer than the longest request. */
  const untilStopped = (hold: Hold): Hold => ({ ...hold, left: () => (stopping.signal.aborted ? 0 : hold.left()) })

  const look = async (shop: Shop, hold: Hold, work: Work, only: ReadonlySet<ConnectionId> | undefined) => {
    const running = new Set(work.running.keys())
    for (const id of running) if (only === undefined || only.has(id)) work.missed.add(id)
    try {
      for (const [id, pass] of await deliverShop(asOwner(runtime, untilStopped(hold)), shop, running, only))
        work.running.set(id, follow(shop, work, id, pass))
    } catch (fault) {
      failed(shop, fault)
    }
    delete work.looking
    release(shop, work)
  }

  const follow = async (shop: Shop, work: Work, id: ConnectionId, pass: Promise<number | undefined>) => {
    try {
      const next = await pass
      if (next !== undefined) expect(shop, next, id)
    } catch (fault) {
      failed(shop, fault)
    }
    work.running.delete(id)
    if (work.missed.delete(id)) expect(shop, runtime.clock.now(), id)
    release(shop, work)
  }

  /** Takes what is due of a shop: undefined stands for all of its connections. */
  const takeDue = (times: Due, now: number): ReadonlySet<ConnectionId> | undefined => {
    if (times.all <= now) {
      times.all = NEVER
      times.each.clear()
      return undefined
    }
    const ready = [...times.each].flatMap(([id, at]) => (at <= now ? [id] : []))
    for (const id of ready) times.each.delete(id)
    return new Set(ready)
  }

  const run = async () => {
    for (const { shop } of await runtime.store.shops()) if (ownership.of(shop)) expect(shop, 0)
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      const now = runtime.clock.now()
      let next = now + 60 * SECOND
      let looking = [...works.values()].filter((work) => work.looking).length
      for (const [shop, times] of due) {
        const known = works.get(shop)
        if (known?.looking) continue
        const hold = ownership.of(shop)
        if (!hold) {
          // Its owner looks after it; should it come back, it is looked at anew.
          due.delete(shop)
          continue
        }
        const at = Math.min(times.all, ...times.each.values())
        if (at > now) next = Math.min(next, at)
        else if (!mayAsk(hold)) next = Math.min(next, now + SECOND)
        else if (looking < concurrency) {
          looking++
          const work: Work = known ?? { running: new Map(), missed: new Set() }
          works.set(shop, work)
          work.looking = look(shop, hold, work, takeDue(times, now))
        }
      }
      await runtime.clock.sleep(next - runtime.clock.now(), AbortSignal.any([nap.signal, stopping.signal]))
    }
  }
  const running = run()

  return {
    stop: async () => {
      unsubscribe()
      stopping.abort()
      await running
      while (works.size > 0) await Promise.all([...works.values()].map(ended))
      leave()
    },
  }
}

/** What runs now; something may have been begun meanwhile. */
const ended = (work: Work): Promise<unknown> => Promise.all([work.looking, ...work.running.values()])

/**
 * One look at a shop, or at some of its connections: its log is read once for all lanes that stand at the same number,
 * every connection but those that are still `running` takes its stretch, and what was parked and is due goes too. Each
 * connection settles on its own and tells when it wants to be looked at again, ms since 1970, or undefined when only an
 * arrival can bring work.
 */
export const deliverShop = async (
  runtime: Runtime,
  name: Shop,
  running: ReadonlySet<ConnectionId>,
  only?: ReadonlySet<ConnectionId>,
): Promise<ReadonlyMap<ConnectionId, Promise<number | undefined>>> => {
  const { store } = runtime
  const passes = new Map<ConnectionId, Promise<number | undefined>>()
  const shop = await store.shop(name)
  if (!shop || shop.installedAt === 0) return passes
  const [connections, lanes] = await Promise.all([store.connections(name), store.lanes(name)])
  const feed = feedOf(runtime, shop)
  for (const connection of connections) {
    const destination = runtime.destinations.get(connection.destination)
    const own = lanes.filter((lane) => lane.connection === connection.id)
    if (only && !only.has(connection.id)) continue
    if (running.has(connection.id) || connection.state !== 'active' || !destination || own.length === 0) continue
    passes.set(connection.id, deliverConnection(runtime, shop, connection, destination, own, feed))
  }
  return passes
}

const deliverConnection = async (
  runtime: Runtime,
  shop: ShopRecord,
  connection: Connection,
  destination: Destination,
  lanes: readonly Lane[],
  feed: Feed,
): Promise<number | undefined> => {
  const settings = settingsOf(runtime, destination, connection)
  if (settings === undefined) {
    const trouble = 'The settings of this connection no longer fit; open them and save again.'
    if (connection.trouble !== trouble) await runtime.store.updateConnection(shop.shop, connection.id, { trouble })
    return undefined
  }
  const outlet = { runtime, shop, connection, destination, settings, lanes }
  const rest = runtime.breakers.rest(outlet)
  if (rest > 0) return runtime.clock.now() + rest
  // Events first: questions about earlier ones can wait, events cannot.
  const lane = await deliverLanes(outlet, lanes, feed)
  const parked = await deliverParked(outlet)
  const next = [lane, parked, await askJobs(outlet)].filter((at) => at !== undefined)
  return next.length === 0 ? undefined : Math.min(...next)
}

/** While fresh events are waiting, this share of the rounds is for what is caught up with. */
const CATCH_UP_SHARE = 0.2

/**
 * Fresh events first: the live lane has its round, and the catch-up lane with the nearest deadline has one whenever the
 * live lane has nothing more at once, else every fifth time. While the live lane waits for a platform that fails, nothing
 * else bothers it.
 */
const deliverLanes = async (outlet: Outlet, lanes: readonly Lane[], feed: Feed): Promise<number | undefined> => {
  const { clock } = outlet.runtime
  const live = lanes.find(({ kind }) => kind === 'live')
  if (live && live.due > clock.now()) return live.due
  const next = live && (await deliverLane(outlet, live, feed))
  const behind = lanes.filter(({ kind }) => kind !== 'live').sort((a, b) => a.from - b.from)
  if (behind.length === 0) return next
  const busy = next !== undefined && next <= clock.now()
  if (busy && clock.random() >= CATCH_UP_SHARE) return next
  const catchUp = await nearestDeadline(outlet, behind, feed)
  const caughtUp = catchUp && (await deliverLane(outlet, catchUp, feed))
  // A lane that has come to its end is gone, and another may be waiting.
  const again = caughtUp ?? (lanes.length > 2 ? clock.now() : undefined)
  return next === undefined ? again : again === undefined ? next : Math.min(next, again)
}

/** Reads and joins a stretch of the log once, however many lanes stand at its beginning. */
const feedOf = (runtime: Runtime, shop: ShopRecord): Feed => {
  const reads = new Map<number, { readonly limit: number; readonly reading: Promise<readonly Prepared[]> }>()
  return (after, wanted) => {
    const limit = Math.min(READ, wanted)
    const known = reads.get(after)
    if (known && known.limit >= limit) return known.reading
    const reading = runtime.store
      .read(shop.shop, after, limit)
      .then((stored) => prepare(runtime.store, shop, stored, runtime.clock.now()))
    reads.set(after, { limit, reading })
    return reading
  }
}
