import type { Destination } from '../destinations/destination.ts'
import type { Shop } from '../event/event.ts'
import { HOUR, SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import {
  type Connection,
  type ConnectionId,
  Fenced,
  type Lane,
  type ShopRecord,
  type StoredEvent,
} from '../store/store.ts'
import { dueAt } from './backoff.ts'
import { settingsOf } from './connection-settings.ts'
import { deliverLane } from './lane.ts'
import { recallWait } from './limiter.ts'
import { nearestDeadline } from './nearest-deadline.ts'
import type { Outlet } from './outlet.ts'
import { asOwner, type Hold, mayAsk } from './ownership.ts'
import { deliverParked } from './parked.ts'
import { askJobs } from './polls.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { Runtime } from './runtime.ts'
import type { Feed } from './view.ts'

/** Most numbers read from a log at once, while few shops are at work. */
const READ = 1024
/**
 * Of all logs together. What is read is in memory until it is settled, joined and mapped for each connection, some 20 KB
 * an event with eight of them: a backlog of many shops is worked down in smaller steps.
 */
const READ_OF_ALL = 8192
const READ_AT_LEAST = 32

/** How soon after an arrival a quiet shop is looked at; longer than a group commit, much shorter than a linger. */
const NOTICE = SECOND / 5

/**
 * How soon a busy one is, where something else arrived within twice that time. The usual linger is over then, so that
 * its log is read once for all connections.
 */
const BUSY_NOTICE = SECOND

/**
 * A shop of which nobody heard anything is looked at after about this long all the same: whatever changed beside us, no
 * event waits for ever.
 */
const SWEEP = HOUR

/** A shop whose pass failed for a reason of ours (the store) is tried again after this. */
const AFTER_FAULT = 5 * SECOND

export interface Delivery {
  /** Begins no request, lets the running ones end and settles them: a clean stop leaves no doubt about what was sent. */
  stop(): Promise<void>
  /**
   * Begins no request any more with what was read of a shop before; resolves when those that run have ended and nothing of
   * it is in memory. The shop is looked at anew.
   */
  readAnew(shop: Shop): Promise<void>
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
  /** The earliest of these. */
  first: number
  /** When something arrived last. */
  arrived: number
}

/** What is parked is read once for connections that come to it within this time, and anew for one that was held up. */
const SAME_LOOK = SECOND

/**
 * Shops read and joined at once. Few keep the store busy; each more has its events in hand, which after an outage costs
 * tens of megabytes: with 16 a start with 100,000 events pending took 100 MiB more.
 */
const LOOKS = 4

const NEVER = Number.POSITIVE_INFINITY
/** Why a nap ends. A reason that is there already spares the making of one, stack and all. */
const AWAKE = 'awake'

/**
 * Delivers the logs of all shops, at most `concurrency` read at once (those whose requests are out do not count), woken
 * by arrivals and by what is due. A connection has one pass at a time, and one whose platform hangs or fails holds
 * up no other one of its shop.
 */
export const startDelivery = (runtime: Runtime, concurrency = LOOKS): Delivery => {
  const { ownership } = runtime
  const due = new Map<Shop, Due>()
  const works = new Map<Shop, Work>()
  /** How often a shop was to be read anew. */
  const readings = new Map<Shop, number>()
  let stopping = false
  let nap = new AbortController()
  /** Until when nothing is expected to be done; while that is worked out it lies in the past. */
  let asleepUntil = 0
  /** Something is due that has to wait for a look to end. */
  let crowded = false
  const wakeUp = () => nap.abort(AWAKE)

  const dueOf = (shop: Shop): Due => {
    const known = due.get(shop)
    if (known) return known
    const made = { all: NEVER, each: new Map(), first: NEVER, arrived: 0 }
    due.set(shop, made)
    return made
  }
  const expect = (shop: Shop, at: number, id?: ConnectionId) => {
    const times = dueOf(shop)
    if (id === undefined) times.all = Math.min(times.all, at)
    else times.each.set(id, Math.min(times.each.get(id) ?? NEVER, at))
    times.first = Math.min(times.first, at)
    // Where somebody has set the clock on, it sleeps past its time.
    if (at < asleepUntil || (asleepUntil > 0 && runtime.clock.now() > asleepUntil)) wakeUp()
  }
  // A shop that waits for a distant time (a hold, a failing connection) is looked at for an arrival all the same.
  const unsubscribe = runtime.wake.on('arrived', (shop) => {
    const now = runtime.clock.now()
    const times = dueOf(shop)
    const soon = now + (now - times.arrived < 2 * BUSY_NOTICE ? BUSY_NOTICE : NOTICE)
    times.arrived = now
    if (ownership.of(shop) && times.all > soon) expect(shop, soon)
  })
  const leave = ownership.join({
    gained: (shop) => expect(shop, 0),
    leave: async (shop) => {
      due.delete(shop)
      for (let work = works.get(shop); work; work = works.get(shop)) await ended(work)
    },
  })

  const failed = (shop: Shop, fault: unknown) => {
    // Its new owner goes on from what was settled before.
    if (fault instanceof Fenced) return runtime.log.info('another process took the shop over', { shop })
    runtime.log.error('delivery pass failed', { shop, fault: whatFailed(fault) })
    expect(shop, runtime.clock.now() + AFTER_FAULT)
  }
  const release = (shop: Shop, work: Work) => {
    if (!work.looking && work.running.size === 0) works.delete(shop)
    if (crowded) wakeUp()
  }

  /** Once it is to stop or to read anew, no request begins any more: that takes no longer than the longest request. */
  const untilStopped = (hold: Hold, shop: Shop): Hold => {
    const began = readings.get(shop)
    return { ...hold, left: () => (stopping || readings.get(shop) !== began ? 0 : hold.left()) }
  }

  const mostToRead = (): number => Math.min(READ, Math.max(READ_AT_LEAST, Math.floor(READ_OF_ALL / works.size)))

  const look = async (shop: Shop, hold: Hold, work: Work, only: ReadonlySet<ConnectionId> | undefined) => {
    const running = new Set(work.running.keys())
    for (const id of running) if (only === undefined || only.has(id)) work.missed.add(id)
    try {
      for (const [id, pass] of await deliverShop(
        asOwner(runtime, untilStopped(hold, shop)),
        shop,
        running,
        only,
        mostToRead(),
      ))
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
      // Not all shops at one moment.
      times.all = now + SWEEP * (0.75 + runtime.clock.random() / 2)
      times.first = times.all
      times.each.clear()
      return undefined
    }
    const ready = [...times.each].flatMap(([id, at]) => (at <= now ? [id] : []))
    for (const id of ready) times.each.delete(id)
    times.first = Math.min(times.all, ...times.each.values())
    return new Set(ready)
  }

  const run = async () => {
    for (const { shop } of await runtime.store.shops()) if (ownership.of(shop)) expect(shop, 0)
    let before = 0
    while (!stopping) {
      nap = new AbortController()
      crowded = false
      const now = runtime.clock.now()
      // Whoever has set the clock back has put off all of it: it is looked at anew.
      if (now < before) for (const times of due.values()) times.all = times.first = now
      before = now
      let next = now + 60 * SECOND
      let looking = 0
      for (const work of works.values()) if (work.looking) looking++
      for (const [shop, times] of due) {
        if (times.first >= next) continue
        const known = works.get(shop)
        const hold = ownership.of(shop)
        if (known?.looking) crowded = true
        // Its owner looks after it; should it come back, it is looked at anew.
        else if (!hold) due.delete(shop)
        else if (times.first > now) next = times.first
        else if (!mayAsk(hold)) next = Math.min(next, now + SECOND)
        else if (looking >= concurrency) crowded = true
        else {
          looking++
          const work: Work = known ?? { running: new Map(), missed: new Set() }
          works.set(shop, work)
          work.looking = look(shop, hold, work, takeDue(times, now))
          next = Math.min(next, Math.max(times.first, now))
        }
      }
      asleepUntil = next
      await runtime.clock.sleep(next - runtime.clock.now(), nap.signal)
      asleepUntil = 0
    }
  }
  const running = run()

  return {
    readAnew: async (shop) => {
      readings.set(shop, (readings.get(shop) ?? 0) + 1)
      const work = works.get(shop)
      if (work) await ended(work)
      expect(shop, runtime.clock.now())
    },
    stop: async () => {
      unsubscribe()
      stopping = true
      wakeUp()
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
  most = READ,
): Promise<ReadonlyMap<ConnectionId, Promise<number | undefined>>> => {
  const { store } = runtime
  const passes = new Map<ConnectionId, Promise<number | undefined>>()
  const shop = await store.shop(name)
  if (!shop || shop.installedAt === 0) return passes
  await runtime.learned?.(name)
  const [connections, lanes] = await Promise.all([store.connections(name), store.lanes(name)])
  const feed = feedOf(runtime, shop, most)
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
  recallWait(outlet)
  // Events first: questions about earlier ones can wait, events cannot.
  const lane = await deliverLanes(outlet, lanes, feed)
  const parked = await deliverParked(outlet, feed)
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
  const due = live ? dueAt(live.due, clock.now()) : 0
  if (due > clock.now()) return due
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

/** Reads and joins a stretch of the log once, however many lanes stand at its beginning, and so with what is parked. */
const feedOf = (runtime: Runtime, shop: ShopRecord, most: number): Feed => {
  const { store, clock } = runtime
  const joined = async (stored: readonly StoredEvent[]): Promise<readonly Prepared[]> => {
    // In this order: a consent that was withdrawn before these events came is known when they are joined.
    await runtime.learned?.(shop.shop)
    return prepare(store, shop, stored, clock.now(), runtime.catalogue)
  }
  const reads = new Map<number, { readonly limit: number; readonly reading: Promise<readonly Prepared[]> }>()
  const singles = new Map<number, { readonly at: number; readonly reading: Promise<ReadonlyMap<number, Prepared>> }>()
  return {
    after: (after, wanted, all = false) => {
      const limit = Math.min(all ? READ : most, wanted)
      const known = reads.get(after)
      if (known && known.limit >= limit) return known.reading
      const reading = store.read(shop.shop, after, limit).then(joined)
      reads.set(after, { limit, reading })
      return reading
    },
    these: async (seqs) => {
      const at = clock.now()
      const missing = seqs.filter((seq) => (singles.get(seq)?.at ?? 0) < at - SAME_LOOK)
      if (missing.length > 0) {
        const reading = store
          .readSeqs(shop.shop, missing)
          .then(joined)
          .then((prepared) => new Map(prepared.map((one) => [one.seq, one])))
        for (const seq of missing) singles.set(seq, { at, reading })
      }
      const found = await Promise.all(seqs.map(async (seq) => (await singles.get(seq)?.reading)?.get(seq)))
      return found.filter((prepared) => prepared !== undefined)
    },
  }
}
