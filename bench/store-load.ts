import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event, EventId, Shop } from '../src/event/event.ts'
import { newKey } from '../src/lib/seal.ts'
import { openSqlite } from '../src/store/sqlite/sqlite.ts'
import type { Arrival, Store } from '../src/store/store.ts'

/** Loads for the store's benchmarks: invented events of about 1 KB, through the port, durable. */

/** Numbers that look random and are the same in every run (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const shopNamed = (n: number): Shop => `bench-${n}.myshopify.com` as Shop

const PADDING = 'x'.repeat(520)

/** A product view whose JSON has about 1,000 bytes. */
export const benchEvent = (id: string, shop: Shop, clientId: string, occurredAt: number): Event => ({
  schema: 1,
  id: id as EventId,
  shop,
  name: 'product_viewed',
  occurredAt: new Date(occurredAt).toISOString(),
  origin: 'live',
  seenBy: ['web-pixel:product_viewed'],
  flags: [],
  page: { url: `https://shop.example.com/products/lamp?variant=${id}`, title: 'Lamp', referrer: PADDING },
  device: { type: 'desktop', screen: { width: 1280, height: 720 } },
  ids: { epik: `dj0yJnU9${id}` },
  custom: { name: 'bench', clientId },
})

export interface Load {
  readonly shops: number
  /** Share of arrivals that repeat an earlier one. */
  readonly repeats: number
  /** Event time passes as if this many events a second arrived; the clock of the run has no part in it. */
  readonly perSecond: number
}

/**
 * An endless stream of single-event arrivals. A visitor makes eight events; one event in ten happened up to ten minutes
 * before it arrives, one in two hundred up to three days.
 */
export const arrivals = ({ shops, repeats, perSecond }: Load): (() => Arrival) => {
  const random = seeded(7)
  const start = Date.UTC(2026, 10, 1)
  const visitors: { readonly shop: Shop; readonly clientId: string; left: number }[] = []
  const recent: Arrival[] = []
  let made = 0
  return () => {
    const again = random() < repeats ? recent[Math.floor(random() * recent.length)] : undefined
    if (again) return again
    const now = start + (made++ / perSecond) * 1000
    const slot = Math.floor(random() * shops * 2)
    let visitor = visitors[slot]
    if (!visitor || visitor.left === 0) {
      visitor = {
        shop: shopNamed(Math.floor(random() * shops)),
        clientId: `client-${random().toString(36).slice(2)}`,
        left: 8,
      }
      visitors[slot] = visitor
    }
    visitor.left--
    const dice = random()
    const late = dice < 0.005 ? random() * 3 * 86_400_000 : dice < 0.1 ? random() * 600_000 : random() * 2000
    const id = `sh-${Math.floor(random() * 1e9).toString(16)}-${made.toString(16)}-${Math.floor(random() * 1e9).toString(16)}`
    const event = benchEvent(id, visitor.shop, visitor.clientId, Math.floor(now - late))
    const receivedAt = Math.floor(now)
    const arrival: Arrival = {
      shop: visitor.shop,
      events: [{ event, subject: visitor.clientId, receivedAt }],
      parts: [],
      orders: [],
    }
    // Repeats come out of the last few seconds, as a browser's or Shopify's resend does.
    recent[made % 10_000] = arrival
    return arrival
  }
}

export interface Rate {
  readonly perSecond: number
  /** Per second of processor time, the store's thread and the load included. */
  readonly perCoreSecond: number
}

/** Keeps `inFlight` appends under way until `rows` are done. */
export const drive = async (store: Store, next: () => Arrival, rows: number, inFlight: number): Promise<Rate> => {
  const began = performance.now()
  const used = process.cpuUsage()
  let started = 0
  const sender = async (): Promise<void> => {
    while (started < rows) {
      started++
      await store.append(next())
    }
  }
  await Promise.all(Array.from({ length: inFlight }, sender))
  const { user, system } = process.cpuUsage(used)
  return { perSecond: rows / ((performance.now() - began) / 1000), perCoreSecond: rows / ((user + system) / 1e6) }
}

/** A fresh store on the checkout's own disk (a system's temporary folder may be memory), gone afterwards. */
export const withStore = async (
  shops: number,
  work: (store: Store, folder: string) => Promise<void>,
): Promise<void> => {
  await mkdir('.build', { recursive: true })
  const folder = await mkdtemp(join('.build', 'bench-'))
  const store = await openSqlite({ path: folder, masterKey: newKey() })
  try {
    for (let n = 0; n < shops; n++) await store.saveShop({ shop: shopNamed(n), facts: {}, installedAt: 0 })
    await work(store, folder)
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
}
