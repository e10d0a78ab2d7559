import type { Destination } from '../destinations/destination.ts'
import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import type { Connection, Lane, ShopRecord } from '../store/store.ts'
import { deliverLane, type Feed } from './lane.ts'
import { deliverParked } from './parked.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { Runtime } from './runtime.ts'

/** Most numbers read from a log at once. */
const READ = 1024

/** How soon after an arrival a shop is looked at; longer than a group commit, much shorter than a linger. */
const NOTICE = SECOND / 5

/** A shop whose pass failed for a reason of ours (the store) is tried again after this. */
const AFTER_FAULT = 5 * SECOND

export interface Delivery {
  /** Lets running requests end and settles them: a clean stop leaves no doubt about what was sent. */
  stop(): Promise<void>
}

/**
 * Delivers the logs of all shops: each shop is one pass at a time, at most `concurrency` shops at once, woken by
 * arrivals and by what is due.
 */
export const startDelivery = (runtime: Runtime, concurrency = 16): Delivery => {
  const due = new Map<Shop, number>()
  const busy = new Map<Shop, Promise<void>>()
  const stopping = new AbortController()
  let nap = new AbortController()

  const expect = (shop: Shop, at: number) => {
    due.set(shop, Math.min(due.get(shop) ?? Number.POSITIVE_INFINITY, at))
    nap.abort()
  }
  // A shop that waits for a distant time (a hold, a failing connection) is looked at for an arrival all the same.
  const unsubscribe = runtime.wake.on('arrived', (shop) => {
    const soon = runtime.clock.now() + NOTICE
    if ((due.get(shop) ?? Number.POSITIVE_INFINITY) > soon) expect(shop, soon)
  })

  const pass = async (shop: Shop) => {
    try {
      const next = await deliverShop(runtime, shop)
      if (next !== undefined) expect(shop, next)
    } catch (fault) {
      runtime.log.error('delivery pass failed', { shop, fault: fault instanceof Error ? fault.message : 'unknown' })
      expect(shop, runtime.clock.now() + AFTER_FAULT)
    } finally {
      busy.delete(shop)
      nap.abort()
    }
  }

  const run = async () => {
    for (const { shop } of await runtime.store.shops()) expect(shop, 0)
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      const now = runtime.clock.now()
      let next = now + 60 * SECOND
      for (const [shop, at] of due) {
        if (busy.has(shop)) continue
        if (at > now) next = Math.min(next, at)
        else if (busy.size < concurrency) {
          due.delete(shop)
          busy.set(shop, pass(shop))
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
      await Promise.all(busy.values())
    },
  }
}

/**
 * One pass over a shop: its log is read once for all lanes that stand at the same number, every connection takes its
 * stretch, and what was parked and is due goes too. Returns when the shop wants to be looked at again, ms since 1970,
 * or undefined when only an arrival can bring work. A bad connection never delays another: each settles on its own.
 */
export const deliverShop = async (runtime: Runtime, name: Shop): Promise<number | undefined> => {
  const { store } = runtime
  const shop = await store.shop(name)
  if (!shop || shop.installedAt === 0) return undefined
  const [connections, lanes] = await Promise.all([store.connections(name), store.lanes(name)])
  const feed = feedOf(runtime, shop)
  const nexts = await Promise.all(
    connections.map(async (connection): Promise<number | undefined> => {
      const destination = runtime.destinations.get(connection.destination)
      const live = lanes.find((lane) => lane.connection === connection.id && lane.kind === 'live')
      if (connection.state !== 'active' || !destination || !live) return undefined
      return deliverConnection(runtime, shop, connection, destination, live, feed)
    }),
  )
  const known = nexts.filter((next) => next !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

const deliverConnection = async (
  runtime: Runtime,
  shop: ShopRecord,
  connection: Connection,
  destination: Destination,
  lane: Lane,
  feed: Feed,
): Promise<number | undefined> => {
  const settings = destination.settings.safeParse(connection.settings)
  if (!settings.success) {
    const trouble = 'The settings of this connection no longer fit; open them and save again.'
    if (connection.trouble !== trouble) await runtime.store.updateConnection(shop.shop, connection.id, { trouble })
    return undefined
  }
  const outlet = { runtime, shop, connection, destination, settings: settings.data }
  // The lane first: what it parks has a time of its own, which the look at the parked ones returns.
  const live = await deliverLane(outlet, lane, feed)
  const parked = await deliverParked(outlet)
  return parked === undefined ? live : live === undefined ? parked : Math.min(parked, live)
}

/** Reads and joins a stretch of the log once, however many lanes stand at its beginning. */
const feedOf = (runtime: Runtime, shop: ShopRecord): Feed => {
  const reads = new Map<number, Promise<readonly Prepared[]>>()
  return (after) => {
    const known = reads.get(after)
    if (known) return known
    const reading = runtime.store
      .read(shop.shop, after, READ)
      .then((stored) => prepare(runtime.store, shop, stored, runtime.clock.now()))
    reads.set(after, reading)
    return reading
  }
}
