import { randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'
import { type Shop, shopFrom } from '../event/event.ts'
import { buildPixel } from '../http/build-pixel.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import type { PipelineOptions, Runtime } from '../pipeline/runtime.ts'
import { sandboxServiceAccount } from '../sandbox/google/credentials.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { driveShoppers, type ShopperSummary } from '../sandbox/shoppers.ts'
import { type DemoStore, startDemoStore } from '../sandbox/store/demo-store.ts'
import { demoAccounts } from './demo-accounts.ts'
import { type Engine, startEngine } from './engine.ts'

/** The demo's shop. */
export const DEMO_SHOP = 'demo.myshopify.com'

export interface Demo {
  readonly engine: Engine
  readonly sandbox: Sandbox
  readonly store: DemoStore
  driveShoppers(options: { readonly count: number; readonly seed: number }): Promise<ShopperSummary>
  stop(): Promise<void>
}

/** A demo shows its effects while one looks: purchases are held 5 s, every request is kept. */
const DEMO_PIPELINE: PipelineOptions = { hold: 5 * SECOND, attemptSample: 1 }

/**
 * Everything on this machine: the platforms' sandbox, a store with our pixel and signed webhooks, and the same engine
 * as ever, whose requests to platforms are led to the sandbox. Only a webhook that a visitor connects leaves the machine.
 */
export const startDemo = async (config: Config, log: Log, pipeline: PipelineOptions = DEMO_PIPELINE): Promise<Demo> => {
  const secret = randomBytes(24).toString('hex')
  const at = (offset: number) => (config.port === 0 ? 0 : config.port + offset)
  /** What runs, ended in reverse: at a stop, and when something later cannot start. */
  await using starting = new AsyncDisposableStack()
  const pixelPath = await buildPixel()
  const sandbox = await startSandbox({ port: at(2) })
  starting.defer(() => sandbox.close())
  // The store starts in the middle of the engine and ends before it.
  let engine: Engine | undefined
  let store: DemoStore | undefined
  starting.defer(async () => engine?.stop())
  starting.defer(async () => store?.close())
  engine = await startEngine({
    config,
    log,
    secrets: [secret],
    // The simulated shoppers live on this machine and bring their addresses along.
    trustedProxies: ['127.0.0.1', '::1', ...config.trustedProxies],
    pipeline,
    rewrite: (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`),
    prepare: installDemoShop,
    captured: async ({ webhooks, beacon }) => {
      store = await startDemoStore({
        port: at(3),
        beaconUrl: beacon,
        webhookUrl: webhooks,
        webhookSecret: secret,
        shop: DEMO_SHOP,
        sandboxUrl: sandbox.url,
        pixelPath,
      })
      return { store: store.url, ads: sandbox.url, accounts: demoAccounts(sandboxServiceAccount()) }
    },
  })
  if (!store) throw new Error('the demo store did not start')
  const { addresses } = engine
  const { url } = store
  const running = starting.move()
  return {
    engine,
    sandbox,
    store,
    driveShoppers: ({ count, seed }) =>
      driveShoppers({
        count,
        seed,
        shop: DEMO_SHOP,
        beaconUrl: addresses.beacon,
        webhookUrl: addresses.webhooks,
        webhookSecret: secret,
        storeUrl: url,
        sandboxUrl: sandbox.url,
      }),
    stop: () => running.disposeAsync(),
  }
}

/** The demo's shop is installed and connected to every platform once; what the visitor changes afterwards stays. */
const installDemoShop = async ({ store, clock }: Runtime): Promise<void> => {
  const shop = shopFrom(DEMO_SHOP) as Shop
  const known = await store.shop(shop)
  const facts = { country: 'US', currency: 'USD', timezone: 'America/Los_Angeles', url: 'https://northfern.example' }
  await store.saveShop({ shop, facts, installedAt: known?.installedAt || clock.now() })
  if (known) return
  for (const [destination, settings] of Object.entries(demoAccounts(sandboxServiceAccount())))
    await store.addConnection({ shop, destination, settings, createdAt: clock.now() })
}
