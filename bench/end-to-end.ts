import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Figure } from './bench.ts'
import { type Child, startChild } from './child.ts'
import { seedStore } from './seed-store.ts'
import { between, type Watch, watchStore } from './watch.ts'

const SHOPS = 200
/** Events that may be between acceptance and their last settlement: more would only make the queue longer. */
const MOST_OPEN = 10_000
const EVENTS_GOAL = 2000
const ITEMS_GOAL = 14_000

export interface Site {
  readonly server: Child
  readonly platforms: Child
  readonly load: Child
  readonly watch: Watch
}

/**
 * Three processes on the machine's cores: the embedded engine, the platforms, the shoppers. Each shop has eight
 * connections, with accounts of its own.
 */
export const bench: Bench = {
  name: 'end-to-end',
  async run(report, { short }) {
    const [warm, long] = short ? [5, 10] : [15, 40]
    for (const mode of ['strict', 'answers'] as const)
      await withSite({ mode, walks: short ? 4000 : 14_000 }, async (site) => {
        const full = await measure(site, { warm, long })
        for (const figure of figuresOf(full, mode)) report(figure)
        await site.load.ask({ pace: full.requests / 2 })
        await sleep(3000)
        const end = performance.now() + long * 500
        while (performance.now() < end) {
          site.watch.sample()
          await sleep(100)
        }
        const lags = site.watch.lags()
        for (const share of [0.5, 0.95]) {
          const value = lags[Math.floor(lags.length * share)] ?? Number.NaN
          const of = `${mode}: lag at half the rate, p${share * 100}`
          report({
            of,
            value,
            unit: 'ms',
            goal: share === 0.5 ? '<= 2000' : '<= 5000',
            ok: value <= (share === 0.5 ? 2000 : 5000),
          })
        }
      })
  },
}

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

const figuresOf = ({ events, sent, skipped, dead, perEvent, cores, peak }: Measured, mode: string): Figure[] => {
  const figure = (of: string, value: number, unit: string, goal: string, ok: boolean): Figure => ({
    of: `${mode}: ${of}`,
    value,
    unit,
    goal,
    ok,
  })
  return [
    figure('accepted and settled at all eight', events, 'events/s', `>= ${EVENTS_GOAL}`, events >= EVENTS_GOAL),
    figure('sent', sent, 'items/s', `>= ${ITEMS_GOAL}`, sent >= ITEMS_GOAL),
    figure('skipped', skipped, 'items/s', 'apart', true),
    figure('dead', dead, 'items/s', '0', dead === 0),
    figure('server', perEvent * 1000, 'µs of processor per event', 'stated', true),
    figure('server', cores.server, 'cores', 'stated', true),
    figure('platforms', cores.platforms, 'cores', 'stated', true),
    figure('load', cores.load, 'cores', 'stated', true),
    figure('server, memory at most', peak, 'MiB', '<= 512', peak <= 512),
  ]
}

export interface SiteOptions {
  readonly mode: 'strict' | 'answers'
  /** Shoppers that can be sent through before the load ends by itself. */
  readonly walks: number
}

export const withSite = async ({ mode, walks }: SiteOptions, work: (site: Site) => Promise<void>): Promise<void> => {
  await mkdir('.build', { recursive: true })
  const folder = await mkdtemp(join('.build', 'bench-'))
  const masterKey = randomBytes(32)
  const started: Child[] = []
  const start = async <Ready>(file: string, args: readonly string[]) => {
    const child = await startChild<Ready>(file, args)
    started.push(child)
    return child
  }
  try {
    await seedStore({ folder, masterKey, shops: SHOPS, events: 0, until: Date.now(), settled: true })
    const platforms = await start<{ url: string }>('platforms-process.ts', [mode, String(SHOPS)])
    const server = await start<{ beacon: string }>('engine-process.ts', [
      folder,
      masterKey.toString('hex'),
      platforms.ready.url,
    ])
    const load = await start<object>('load-process.ts', ['5', String(walks), String(SHOPS)])
    await load.ask({ port: Number(new URL(server.ready.beacon).port) })
    const watch = watchStore(folder)
    try {
      await work({ server, platforms, load, watch })
    } finally {
      watch.close()
    }
  } finally {
    await Promise.all(started.map((child) => child.kill()))
    await rm(folder, { recursive: true, force: true })
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
