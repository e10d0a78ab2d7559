import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { type Seed, seedStore } from './seed-store.ts'
import { between, type Watch, watchStore } from './watch.ts'

/** An installation under load: the embedded engine, the platforms and the shoppers, each a process, and who looks on. */
export interface Site {
  readonly server: Child
  readonly platforms: Child
  readonly load: Child
  readonly watch: Watch
}

/** A store that was filled for a benchmark. */
export interface Seeded {
  readonly folder: string
  readonly masterKey: Buffer
  readonly shops: number
  /** As many as were asked for, or as the disk has room for. */
  readonly events: number
}

/** What an event takes on disk, with its parts, what is known of its shopper, and the log while it is written. */
const BYTES_PER_EVENT = 3500

/** Fills a store on the checkout's own disk, gone afterwards. At most half of what is free is used. */
export const withSeed = async (
  wanted: Pick<Seed, 'shops' | 'events' | 'settled'>,
  work: (seeded: Seeded) => Promise<void>,
): Promise<void> => {
  await mkdir('.build', { recursive: true })
  const folder = await mkdtemp(join('.build', 'bench-'))
  try {
    const { bavail, bsize } = await statfs(folder)
    const events = Math.min(wanted.events, Math.floor((bavail * bsize) / 2 / BYTES_PER_EVENT))
    const masterKey = randomBytes(32)
    await seedStore({ ...wanted, folder, masterKey, events, until: Date.now() })
    await work({ folder, masterKey, shops: wanted.shops, events })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export interface SiteOptions {
  readonly seeded: Seeded
  /** `strict`: the sandbox as it is. `answers`: platforms that accept everything unread. */
  readonly mode: 'strict' | 'answers'
  /** Shoppers that can be sent through before the load ends by itself. */
  readonly walks: number
  /** Of the walks, so that a second site on the same store does not repeat what is known. */
  readonly seed?: number
}

/** Starts the three processes on a store, and kills them afterwards. */
export const withSite = async (
  { seeded: { folder, masterKey, shops }, mode, walks, seed = 5 }: SiteOptions,
  work: (site: Site) => Promise<void>,
): Promise<void> => {
  const started: Child[] = []
  const start = async <Ready>(file: string, args: readonly string[]) => {
    const child = await startChild<Ready>(file, args)
    started.push(child)
    return child
  }
  try {
    const platforms = await start<{ url: string }>('platforms-process.ts', [mode, String(shops)])
    const server = await start<{ beacon: string }>('engine-process.ts', [
      folder,
      masterKey.toString('hex'),
      platforms.ready.url,
    ])
    const load = await start<object>('load-process.ts', [String(seed), String(walks), String(shops)])
    await load.ask({ port: Number(new URL(server.ready.beacon).port) })
    const watch = watchStore(folder)
    try {
      await work({ server, platforms, load, watch })
      await server.ask({ stop: true })
    } finally {
      watch.close()
    }
  } finally {
    await Promise.all(started.map((child) => child.kill()))
  }
}

/** Events that may be between acceptance and their last settlement: more would only make the queue longer. */
const MOST_OPEN = 10_000

export interface Measured {
  /** Events a second that were accepted and settled at all connections. */
  readonly events: number
  /** Events at connections a second. */
  readonly sent: number
  readonly skipped: number
  readonly dead: number
  readonly requests: number
  /** Processor time per event, ms. */
  readonly perEvent: number
  /** Shares of one core. */
  readonly cores: { readonly server: number; readonly platforms: number; readonly load: number }
  readonly peak: number
}

/** Keeps the store as busy as it can be for so many seconds, after a warm-up. */
export const measure = async (
  { server, platforms, load, watch }: Site,
  { warm, long }: { readonly warm: number; readonly long: number },
): Promise<Measured> => {
  const keepBusy = async (seconds: number): Promise<void> => {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      const { accepted, settled } = watch.progress()
      await load.ask({ pause: accepted - settled > MOST_OPEN })
      await sleep(100)
    }
  }
  const look = async () => ({
    at: performance.now(),
    progress: watch.progress(),
    outcomes: watch.outcomes(),
    usage: { server: await server.usage(), platforms: await platforms.usage(), load: await load.usage() },
    counts: await load.ask<{ answered: number; refused: number }>({}),
  })
  await keepBusy(warm)
  const before = await look()
  await keepBusy(long)
  const after = await look()
  await load.ask({ pause: false })
  const seconds = (after.at - before.at) / 1000
  const events = after.progress.settled - before.progress.settled
  const { sent, skipped, dead } = between(before.outcomes, after.outcomes)
  const cores = (who: 'server' | 'platforms' | 'load') =>
    (after.usage[who].cpu - before.usage[who].cpu) / (after.at - before.at)
  if (after.counts.refused > 0) throw new Error(`capture refused ${after.counts.refused} requests`)
  return {
    events: events / seconds,
    sent: sent / seconds,
    skipped: skipped / seconds,
    dead: dead / seconds,
    requests: (after.counts.answered - before.counts.answered) / seconds,
    perEvent: (after.usage.server.cpu - before.usage.server.cpu) / events,
    cores: { server: cores('server'), platforms: cores('platforms'), load: cores('load') },
    peak: after.usage.server.peak,
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
