import { mkdir } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import type { ApiDeps } from '../http/api/deps.ts'
import { buildDashboard } from '../http/build-dashboard.ts'
import { createMetrics } from '../http/metrics/meter.ts'
import { readinessOf } from '../http/probes.ts'
import type { Notices } from '../jobs/notices.ts'
import { startRequests } from '../jobs/requests.ts'
import { startRetention } from '../jobs/retain.ts'
import { watchExpiry } from '../jobs/watch-expiry.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import { createBreakers } from '../pipeline/breakers.ts'
import { startCarts } from '../pipeline/carts.ts'
import { type Delivery, startDelivery } from '../pipeline/deliver.ts'
import type { Intake } from '../pipeline/intake.ts'
import { createLimiter } from '../pipeline/limiter.ts'
import { silentMeter } from '../pipeline/meter.ts'
import { alwaysOurs } from '../pipeline/ownership.ts'
import { startProjector } from '../pipeline/projector.ts'
import type { Clock, PipelineOptions, Runtime } from '../pipeline/runtime.ts'
import { settleInTheEnd } from '../pipeline/settle-in-the-end.ts'
import { createSlots } from '../pipeline/slots.ts'
import type { ShopifyApp } from '../shopify/app.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { StoreFault } from '../store/store.ts'
import { systemClock } from './clock.ts'
import {
  type Addresses,
  type CaptureAddresses,
  capturePart,
  dashboardPart,
  metricsPart,
  noticesPart,
  reconcilerPart,
  shopifyPart,
  withCatalogue,
} from './parts.ts'
import { startSender } from './send.ts'
import { localWake, wakeAll } from './wake.ts'

/** One process that captures, delivers and shows: what both the embedded runtime and the demo are made of. */
export interface Engine {
  readonly runtime: Runtime
  readonly addresses: Addresses
  /** Resolves when the store is broken for good: the process should end and be started again. */
  readonly failed: Promise<StoreFault>
  /**
   * Is ready no more, takes nothing in, begins no request, lets the running ones end (30 s at most) and writes
   * everything down: after that nothing is in doubt.
   */
  stop(): Promise<void>
}

export interface EngineOptions {
  readonly config: Config
  readonly log: Log
  readonly secrets: readonly string[]
  /** Our app at Shopify; absent: stores are added by hand. */
  readonly app?: ShopifyApp | undefined
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
  readonly captured?: (addresses: CaptureAddresses) => Promise<NonNullable<ApiDeps['demo']>>
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
  const metrics = config.metrics && createMetrics()
  const meter = metrics?.meter ?? silentMeter
  const opened = await openSqlite({
    path: config.dataDir,
    masterKey,
    role: 'server',
    reserveBytes: options.reserveBytes ?? 0,
    othersWrote: () => void wakeAll(opened, wake, log),
    log,
    ...(metrics && { timing: metrics.stored }),
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
    breakers: createBreakers({ clock, log, meter }),
    slots: createSlots(clock),
    ownership: alwaysOurs,
    wake,
    log,
    meter,
    destinations,
    options: options.pipeline,
  }
  const watched = await metricsPart(starting, config, metrics, { log, waiting: runtime })
  await options.prepare?.(runtime)

  // Starts last and ends after capture: it only sends what has been written down and projected.
  let delivery: Delivery | undefined
  starting.defer(async () => delivery?.stop())
  starting.defer(() => enough.abort())
  const projector = await startProjector(runtime)
  starting.defer(() => projector.stop())
  const carts = startCarts(runtime, projector)
  starting.defer(() => carts.stop())
  let notices: Notices | undefined
  const intake: Intake = {
    runtime,
    projector,
    carts,
    secrets: options.secrets,
    dropped: { count: 0 },
    shops: new Map(),
    keys: new Map(),
    noticed: (shop) => notices?.look(shop),
  }
  const readiness = readinessOf(store)
  const capture = await capturePart(starting, config, options.trustedProxies, intake, readiness)
  // Browsers in real stores reach only an address that was told; those of the demo are on this machine.
  const reached = config.captureUrl !== undefined || options.rewrite !== undefined
  const shopify = shopifyPart(starting, runtime, options.app, reached ? capture.beacon : undefined)
  notices = noticesPart(starting, runtime)
  reconcilerPart(starting, runtime, projector, shopify)
  const demo = await options.captured?.(capture)
  const enriched = withCatalogue(starting, runtime, shopify?.admin)
  delivery = startDelivery(enriched)
  const { readAnew } = delivery
  const requests = startRequests({ ...runtime, eraser: projector, readAnew })
  starting.defer(() => requests.stop())
  const retention = startRetention(runtime)
  starting.defer(() => retention.stop())
  const expiry = watchExpiry(runtime)
  starting.defer(() => expiry.stop())
  const dashboard = await dashboardPart(starting, config, enriched, {
    capture,
    ...(shopify ? { shopify } : {}),
    assets: await assets,
    ...(demo ? { demo } : {}),
  })

  const running = starting.move()
  return {
    runtime,
    failed: store.failed,
    addresses: { ...dashboard, ...capture, ...watched },
    stop: () => {
      readiness.end()
      return running.disposeAsync()
    },
  }
}
