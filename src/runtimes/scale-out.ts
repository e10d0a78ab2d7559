import { randomUUID } from 'node:crypto'
import { destinations } from '../destinations/all.ts'
import { buildDashboard } from '../http/build-dashboard.ts'
import { createMetrics } from '../http/metrics/meter.ts'
import { type Readiness, readinessOf } from '../http/probes.ts'
import { startRequests } from '../jobs/requests.ts'
import { startRetention } from '../jobs/retain.ts'
import { watchExpiry } from '../jobs/watch-expiry.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import { createBreakers } from '../pipeline/breakers.ts'
import { type Carts, startCarts } from '../pipeline/carts.ts'
import { startDelivery } from '../pipeline/deliver.ts'
import { startFollower } from '../pipeline/follower.ts'
import type { IntakeStore } from '../pipeline/intake.ts'
import { learnedByOwner } from '../pipeline/learned-by-owner.ts'
import { createLimiter } from '../pipeline/limiter.ts'
import { type Meter, silentMeter } from '../pipeline/meter.ts'
import { notOurs } from '../pipeline/ownership.ts'
import type { Clock, Runtime } from '../pipeline/runtime.ts'
import { settleInTheEnd } from '../pipeline/settle-in-the-end.ts'
import { createSlots } from '../pipeline/slots.ts'
import { type Spool, spoolIn } from '../pipeline/spool.ts'
import { adminWith } from '../shopify/admin.ts'
import { createTokens } from '../shopify/tokens.ts'
import { leasesIn } from '../store/postgres/leases.ts'
import { openPostgres, type PostgresStore } from '../store/postgres/postgres.ts'
import { quotasIn } from '../store/postgres/quota.ts'
import { workersIn } from '../store/postgres/workers.ts'
import { openSpool } from '../store/spool/spool.ts'
import { StoreFault } from '../store/store.ts'
import { systemClock } from './clock.ts'
import type { EngineOptions } from './engine.ts'
import { type LateStore, lateStore } from './late-store.ts'
import { type Held, startLeases } from './leases.ts'
import {
  type Addresses,
  type CaptureAddresses,
  captureElsewhere,
  capturePart,
  dashboardPart,
  metricsPart,
  noticesPart,
  reconcilerPart,
  shopifyPart,
  withCatalogue,
} from './parts.ts'
import type { Role } from './roles.ts'
import { startSender } from './send.ts'
import { sharedLimiter } from './shared-limiter.ts'
import { type SharedWake, sharedWake } from './shared-wake.ts'

/** How often a process that captures without its database tries to open it. */
const TRY_AGAIN = 5 * SECOND

export interface ScaleOutOptions
  extends Pick<
    EngineOptions,
    'config' | 'log' | 'secrets' | 'app' | 'trustedProxies' | 'pipeline' | 'clock' | 'rewrite' | 'prepare'
  > {
  readonly role: Role
  readonly databaseUrl: string
}

export interface ScaleOut {
  /** Absent in a process that only captures. */
  readonly runtime?: Runtime
  readonly addresses: Partial<Addresses>
  /** Resolves when the store is broken for good: the process should end and be started again. */
  readonly failed: Promise<StoreFault>
  /** Captures no more, lets running requests end, gives its shops back. */
  stop(): Promise<void>
}

/** One process of several that share a PostgreSQL database. Each may play one role or all of them. */
export const startScaleOut = async (options: ScaleOutOptions): Promise<ScaleOut> => {
  const { config, log, role, databaseUrl: url } = options
  const clock = options.clock ?? systemClock
  const plays = (one: Role): boolean => role === 'all' || role === one
  /** How everything ends, in reverse; also the way back when a later part cannot start. */
  await using ending = new AsyncDisposableStack()
  const assets = plays('dashboard') ? buildDashboard() : undefined
  assets?.catch(() => {})
  const late = lateStore(() => openPostgres({ url, masterKey: config.masterKey, log }))
  ending.defer(() => late.close())
  const spool = plays('capture') ? spoolOf(ending, options) : undefined
  // With a spool, capture begins without the database: what comes in meanwhile is kept.
  const store = role === 'capture' && spool ? undefined : await late.open()
  const stopping = new AbortController()
  ending.defer(() => stopping.abort())
  const failed = store ? store.failed : failedLater(late, clock, log, stopping.signal)
  const wakes = sharedWake({ url, listen: heardBy(plays), clock, log })
  ending.defer(() => wakes.close())

  const metrics = config.metrics && createMetrics()
  const meter = metrics?.meter ?? silentMeter
  const runtime = store && (await working(ending, options, { store, wakes, clock, plays, meter }))
  const watched = await metricsPart(ending, config, metrics, {
    log,
    ...(plays('jobs') && runtime ? { waiting: runtime } : {}),
  })
  if (plays('jobs') && runtime) {
    const retention = startRetention(runtime)
    ending.defer(() => retention.stop())
    const expiry = watchExpiry(runtime)
    ending.defer(() => expiry.stop())
  }
  const elsewhere = captureElsewhere(config)
  const shopify =
    runtime && (plays('jobs') || plays('dashboard'))
      ? shopifyPart(ending, runtime, options.app, config.captureUrl === undefined ? undefined : elsewhere.beacon)
      : undefined
  if (plays('jobs') && runtime) {
    noticesPart(ending, runtime)
    reconcilerPart(ending, runtime, learnedByOwner(runtime.store, wakes.wake).projector, shopify)
  }
  const taking = spool ? { ...late.store, health: healthWith(late.store) } : late.store
  const readiness = readinessOf(taking)
  const capture = plays('capture')
    ? await capturing(ending, options, { store: taking, wakes, clock, spool, meter, readiness })
    : undefined
  const dashboard =
    runtime && assets
      ? await dashboardPart(ending, config, runtime, {
          capture: capture ?? elsewhere,
          ...(shopify ? { shopify } : {}),
          assets: await assets,
        })
      : {}

  const running = ending.move()
  return {
    ...(runtime ? { runtime } : {}),
    failed,
    addresses: { ...dashboard, ...capture, ...watched },
    stop: () => {
      readiness.end()
      return running.disposeAsync()
    },
  }
}

const heardBy = (plays: (role: Role) => boolean): readonly ('arrived' | 'settled')[] => [
  ...(plays('deliver') || plays('dashboard') || plays('jobs') ? (['arrived'] as const) : []),
  ...(plays('dashboard') ? (['settled'] as const) : []),
]

const spoolOf = (ending: AsyncDisposableStack, { config }: ScaleOutOptions): Spool | undefined => {
  if (config.spoolDir === undefined) return undefined
  const spool = spoolIn(openSpool({ folder: config.spoolDir, masterKey: config.masterKey }))
  ending.defer(() => spool.close())
  return spool
}

interface World {
  readonly store: PostgresStore
  readonly wakes: SharedWake
  readonly clock: Clock
  readonly plays: (role: Role) => boolean
  readonly meter: Meter
}

/** The runtime of a process that works with the store, and delivery, if that is its part. */
const working = async (
  ending: AsyncDisposableStack,
  { log, rewrite, pipeline, prepare, app }: ScaleOutOptions,
  { store, wakes, clock, plays, meter }: World,
): Promise<Runtime> => {
  const { database } = store
  const sender = startSender(destinations.values(), rewrite)
  ending.defer(() => sender.close())
  const enough = new AbortController()
  const bare: Runtime = {
    store: settleInTheEnd(store, clock, enough.signal),
    send: sender.send,
    clock,
    limiter: sharedLimiter(createLimiter(clock), quotasIn(database), clock),
    ownership: notOurs,
    breakers: createBreakers({ clock, log, meter }),
    slots: createSlots(clock),
    wake: wakes.wake,
    log,
    meter,
    destinations,
    options: pipeline,
  }
  await prepare?.(bare)
  const stopping = new AbortController()
  ending.defer(() => stopping.abort())
  const admin = app && adminWith({ ...bare, tokens: createTokens(bare, app), stopping: stopping.signal })
  const base = withCatalogue(ending, bare, admin)
  if (!plays('deliver')) return base
  const leases = startLeases({ ...leasesIn(database), ...workersIn(database) }, randomUUID(), { clock, log })
  ending.defer(() => leases.stop())
  const runtime = delivering(ending, { ...base, ownership: leases }, store)
  ending.defer(() => enough.abort())
  const watching = wakes.watch(leases.shops, store.counts)
  ending.defer(() => watching.stop())
  return runtime
}

/** Learns from the logs of the shops that this process has, and delivers them. */
const delivering = (
  ending: AsyncDisposableStack,
  owned: Runtime & { readonly ownership: Held },
  store: PostgresStore,
): Runtime => {
  let carts: Carts | undefined
  const follower = startFollower(owned, store, (learned) => carts?.take(learned))
  carts = startCarts(owned, follower)
  const started = carts
  ending.defer(() => started.stop())
  const runtime: Runtime = { ...owned, learned: follower.learned }
  const delivery = startDelivery(runtime)
  ending.defer(() => delivery.stop())
  const requests = startRequests({ ...runtime, eraser: follower, readAnew: delivery.readAnew })
  ending.defer(() => requests.stop())
  return runtime
}

interface CaptureWorld {
  readonly store: IntakeStore
  readonly wakes: SharedWake
  readonly clock: Clock
  readonly spool: Spool | undefined
  readonly meter: Meter
  readonly readiness: Readiness
}

const capturing = async (
  ending: AsyncDisposableStack,
  { config, log, secrets, trustedProxies }: ScaleOutOptions,
  { store, wakes, clock, spool, meter, readiness }: CaptureWorld,
): Promise<CaptureAddresses> => {
  const intake = {
    runtime: { clock, log, meter, store },
    ...learnedByOwner(store, wakes.wake),
    secrets,
    dropped: { count: 0 },
    shops: new Map(),
    keys: new Map(),
    ...(spool ? { spool } : {}),
  }
  const forwarding = spool?.forward(intake)
  ending.defer(async () => forwarding?.stop())
  return capturePart(ending, config, trustedProxies, intake, readiness)
}

/** While the database is away a spool takes in what comes, so the process is as well as it can be. */
const healthWith =
  (store: IntakeStore): IntakeStore['health'] =>
  async () => {
    try {
      return await store.health()
    } catch (fault) {
      if (!(fault instanceof StoreFault) || fault.kind !== 'away') throw fault
      return { engine: 'spool', version: '', durability: 'full', events: 0, bytes: 0 }
    }
  }

/** Tries to open the store until it is open; what refuses to be opened is broken for this process. */
const failedLater = async (
  late: LateStore<PostgresStore>,
  clock: Clock,
  log: Log,
  stopping: AbortSignal,
): Promise<StoreFault> => {
  while (!stopping.aborted) {
    try {
      return await (await late.open()).failed
    } catch (fault) {
      if (!(fault instanceof StoreFault))
        return new StoreFault('broken', fault instanceof Error ? fault.message : 'It cannot be opened.')
      log.warn('PostgreSQL cannot be reached; what comes in is kept in the spool')
      await clock.sleep(TRY_AGAIN, stopping)
    }
  }
  return new Promise(() => {})
}
