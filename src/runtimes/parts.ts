import type { Config } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import type { ApiDeps } from '../http/api/deps.ts'
import { BEACON_PATH, startCapture, WEBHOOK_PATH } from '../http/capture.ts'
import { startDashboard } from '../http/dashboard.ts'
import { startMetrics } from '../http/metrics/listener.ts'
import type { Metrics } from '../http/metrics/meter.ts'
import { waitingGauges } from '../http/metrics/waiting.ts'
import type { Readiness } from '../http/probes.ts'
import { lookAfterShops } from '../jobs/look-after-shops.ts'
import { type Notices, startNotices } from '../jobs/notices.ts'
import { startReconciler } from '../jobs/reconcile.ts'
import type { Log } from '../lib/log.ts'
import { inspect } from '../pipeline/inspect.ts'
import type { Intake } from '../pipeline/intake.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import type { Taking } from '../pipeline/take-orders.ts'
import { verify } from '../pipeline/verify.ts'
import type { Admin } from '../shopify/admin.ts'
import type { ShopifyApp } from '../shopify/app.ts'
import { startCatalogue } from '../shopify/catalogue.ts'
import { type Shopify, startShopify } from '../shopify/shopify.ts'

/** What processes are made of, each part with what it needs; `ending` takes how it ends, in reverse. */

export interface Addresses {
  readonly dashboard: string
  /** Makes the first owner; only where the dashboard listens on more than this machine. */
  readonly ownerLink?: string
  readonly webhooks: string
  readonly beacon: string
  /** What libraries that send to the tracking API are given as their host. */
  readonly track: string
  /** Only where metrics are served. */
  readonly metrics?: string
}

export type CaptureAddresses = Pick<Addresses, 'webhooks' | 'beacon' | 'track'>

/** Where capture is reached: what was told, else its own listener. */
const captureAddresses = (config: Config, listener: string): CaptureAddresses => {
  const outside = config.captureUrl ?? listener
  return { webhooks: outside + WEBHOOK_PATH, beacon: outside + BEACON_PATH, track: outside }
}

/** Where capture is supposed to be, seen from a process that does not capture itself. */
export const captureElsewhere = (config: Config): CaptureAddresses =>
  captureAddresses(config, `http://${config.captureHost}:${config.port + 1}`)

/** Listens for webhooks and beacons; says where. */
export const capturePart = async (
  ending: AsyncDisposableStack,
  config: Config,
  trustedProxies: readonly string[],
  intake: Intake,
  readiness: Readiness,
): Promise<CaptureAddresses> => {
  const port = config.port === 0 ? 0 : config.port + 1
  const capture = await startCapture(intake, { host: config.captureHost, port, trustedProxies }, readiness)
  ending.defer(() => capture.close())
  return captureAddresses(config, capture.url)
}

/** Speaks with Shopify, where there is an app. */
export const shopifyPart = (
  ending: AsyncDisposableStack,
  runtime: Runtime,
  app: ShopifyApp | undefined,
  beaconUrl: string | undefined,
): Shopify | undefined => {
  const shopify = app && startShopify(runtime, app, beaconUrl)
  ending.defer(async () => shopify?.stop())
  return shopify
}

/** Compares orders with Shopify's, where there is an app. */
export const reconcilerPart = (
  ending: AsyncDisposableStack,
  runtime: Runtime,
  projector: Taking['projector'],
  shopify: Shopify | undefined,
): void => {
  if (!shopify) return
  const reconciler = startReconciler({ runtime, projector, admin: shopify.admin })
  ending.defer(() => reconciler.stop())
  const looking = lookAfterShops(runtime, shopify)
  ending.defer(() => looking.stop())
}

/** The runtime with the shops' catalogues, where somebody may ask for them. */
export const withCatalogue = (ending: AsyncDisposableStack, runtime: Runtime, admin: Admin | undefined): Runtime => {
  if (!admin) return runtime
  const catalogue = startCatalogue(runtime, admin)
  ending.defer(() => catalogue.stop())
  return { ...runtime, catalogue }
}

/** Carries out what Shopify tells of the app and the shops. */
export const noticesPart = (ending: AsyncDisposableStack, runtime: Runtime): Notices => {
  const notices = startNotices(runtime)
  ending.defer(() => notices.stop())
  return notices
}

/** Serves the dashboard; says where. */
export const dashboardPart = async (
  ending: AsyncDisposableStack,
  config: Config,
  runtime: Runtime,
  { capture, demo, shopify, assets }: Pick<ApiDeps, 'capture' | 'demo' | 'shopify'> & { readonly assets: string },
): Promise<Pick<Addresses, 'dashboard' | 'ownerLink'>> => {
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
      capture,
      ...(shopify ? { shopify } : {}),
      ...(demo ? { demo } : {}),
    },
    port: config.port,
    host: config.dashboardHost,
    dataDir: config.dataDir,
    log: runtime.log,
    assets,
  })
  ending.defer(() => dashboard.close())
  return {
    dashboard: dashboard.url,
    ...(dashboard.ownerLink === undefined ? {} : { ownerLink: dashboard.ownerLink }),
  }
}

/** Serves what is counted, if it is to be served; says where. Of several processes one tells what waits in the store. */
export const metricsPart = async (
  ending: AsyncDisposableStack,
  { metrics: listen }: Config,
  metrics: Metrics | undefined,
  { log, waiting }: { readonly log: Log; readonly waiting?: Pick<Runtime, 'store' | 'clock'> },
): Promise<Pick<Addresses, 'metrics'>> => {
  if (!metrics || !listen) return {}
  const { registry } = metrics
  const look = waiting ? waitingGauges(registry, waiting) : async () => {}
  const served = await startMetrics({ ...listen, registry, look, log })
  ending.defer(() => served.close())
  return { metrics: served.url }
}
