import { mkdir } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import { buildDashboard } from '../http/build-dashboard.ts'
import { BEACON_PATH, startCapture, WEBHOOK_PATH } from '../http/capture.ts'
import { startDashboard } from '../http/dashboard.ts'
import { startRetention } from '../jobs/retain.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import { createBreakers } from '../pipeline/breakers.ts'
import { startCarts } from '../pipeline/carts.ts'
import { type Delivery, startDelivery } from '../pipeline/deliver.ts'
import { inspect } from '../pipeline/inspect.ts'
import type { Intake } from '../pipeline/intake.ts'
import { createLimiter } from '../pipeline/limiter.ts'
import { silentMeter } from '../pipeline/meter.ts'
import { alwaysOurs } from '../pipeline/ownership.ts'
import { startProjector } from '../pipeline/projector.ts'
import type { Clock, PipelineOptions, Runtime } from '../pipeline/runtime.ts'
import { settleInTheEnd } from '../pipeline/settle-in-the-end.ts'
import { verify } from '../pipeline/verify.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { StoreFault } from '../store/store.ts'
import { systemClock } from './clock.ts'
import { startSender } from './send.ts'
import { localWake, wakeAll } from './wake.ts'

/** One process that captures, delivers and shows: what both the embedded runtime and the demo are made of. */
export interface Engine {
  readonly runtime: Runtime
  readonly addresses: Addresses
  /** Resolves when the store is broken for good: the process should end and be started again. */
  readonly failed: Promise<StoreFault>
  /** Captures no more, lets running requests end, writes everything down. */
  stop(): Promise<void>
}

export interface Addresses {
  readonly dashboard: string
  /** Makes the first owner; only where the dashboard listens on more than this machine. */
  readonly ownerLink?: string
  readonly webhooks: string
  readonly beacon: string
}

export interface EngineOptions {
  readonly config: Config
  readonly log: Log
  readonly secrets: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly pipeline: PipelineOptions
  /** Room kept for a full disk; none unless told. */
  readonly reserveBytes?: number
  /** The system's unless told: tests turn time on. */
  readonly clock?: Clock
  /** Leads requests elsewhere than to the real hosts; the demo's way to the sandbox. */
  readonly rewrite?: (url: URL) => URL
  /** Runs when the store is open, before anything is captured or sent. */
  readonly prepare?: (runtime: Runtime) => Promise<void>
  /** Runs when capture listens, before the dashboard is there; tells it where the demo's store and ads manager are. */
  readonly captured?: (
    addresses: Pick<Addresses, 'webhooks' | 'beacon'>,
  ) => Promise<{ readonly store: string; readonly ads: string }>
}

export const PIPELINE: PipelineOptions = { hold: 30 * SECOND, attemptSample: 100 }

export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { config, log } = options
  const { masterKey } = config
  /** What runs and how it ends, in reverse; also the way back when a later part cannot start, its port being taken. */
  await using starting = new AsyncDisposableStack()
  // Built beside everything else: the first start of a checkout takes seconds for it.
  const assets = buildDashboard()
  assets.catch(() => {})
  await mkdir(config.dataDir, { recursive: true })
  const wake = localWake()
  const opened = await openSqlite({
    path: config.dataDir,
    masterKey,
    role: 'server',
    reserveBytes: options.reserveBytes ?? 0,
    othersWrote: () => void wakeAll(opened, wake, log),
  })
  starting.defer(() => opened.close())
  const sender = startSender(destinations.values(), options.rewrite)
  starting.defer(() => sender.close())
  const clock = options.clock ?? systemClock
  const enough = new AbortController()
  const store = settleInTheEnd(opened, clock, enough.signal)
  const runtime: Runtime = {
    store,
    send: sender.send,
    clock,
    limiter: createLimiter(clock),
    ownership: alwaysOurs,
    breakers: createBreakers({ clock, log, meter: silentMeter }),
    wake,
    log,
    meter: silentMeter,
    destinations,
    options: options.pipeline,
  }
  await options.prepare?.(runtime)

  // Starts last and ends after capture: it only sends what has been written down and projected.
  let delivery: Delivery | undefined
  starting.defer(async () => delivery?.stop())
  starting.defer(() => enough.abort())
  const projector = await startProjector(runtime)
  starting.defer(() => projector.stop())
  const carts = startCarts(runtime, projector)
  starting.defer(() => carts.stop())
  const intake: Intake = {
    runtime,
    projector,
    carts,
    secrets: options.secrets,
    dropped: { count: 0 },
    shops: new Map(),
  }
  const capture = await startCapture(intake, {
    host: config.captureHost,
    port: config.port === 0 ? 0 : config.port + 1,
    trustedProxies: options.trustedProxies,
  })
  starting.defer(() => capture.close())
  const outside = config.captureUrl ?? capture.url
  const addresses = { webhooks: outside + WEBHOOK_PATH, beacon: outside + BEACON_PATH }
  const demo = await options.captured?.(addresses)
  delivery = startDelivery(runtime)
  const retention = startRetention(runtime)
  starting.defer(() => retention.stop())
  const dashboard = await startDashboard({
    deps: {
      runtime,
      verify: async (slug, settings) => {
        const destination = destinations.get(slug)
        return destination
          ? verify(runtime, destination, settings)
          : { outcome: 'failed', message: 'There is no such destination.' }
      },
      inspect: (shop, seq) => inspect(runtime, shop, seq),
      capture: addresses,
      ...(demo ? { demo } : {}),
    },
    port: config.port,
    host: config.dashboardHost,
    dataDir: config.dataDir,
    log,
    assets: await assets,
  })
  starting.defer(() => dashboard.close())

  const running = starting.move()
  return {
    runtime,
    failed: store.failed,
    addresses: {
      dashboard: dashboard.url,
      ...addresses,
      ...(dashboard.ownerLink === undefined ? {} : { ownerLink: dashboard.ownerLink }),
    },
    stop: () => running.disposeAsync(),
  }
}
