import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { type Shop, shopFrom } from '../event/event.ts'
import { buildPixel } from '../http/build-pixel.ts'
import { customPixelOf } from '../http/custom-pixel.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import type { PipelineOptions, Runtime } from '../pipeline/runtime.ts'
import { sandboxServiceAccount } from '../sandbox/google/credentials.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { ADMIN_PAGE } from '../sandbox/shopify/admin-page.ts'
import { createShopify, type ShopifySandbox } from '../sandbox/shopify/shopify.ts'
import { driveShoppers, type ShopperSummary } from '../sandbox/shoppers.ts'
import { type DemoStore, startDemoStore } from '../sandbox/store/demo-store.ts'
import { SCOPES } from '../shopify/app.ts'
import { forgetTokens } from '../shopify/tokens.ts'
import { demoAccounts, demoTags } from './demo-accounts.ts'
import { type Engine, startEngine } from './engine.ts'

/** The demo's shop. */
export const DEMO_SHOP = 'demo.myshopify.com'

export interface Demo {
  readonly engine: Engine
  readonly sandbox: Sandbox
  readonly store: DemoStore
  readonly shopify: ShopifySandbox
  /** The page of the demo store's admin on which the app is installed and uninstalled. */
  readonly admin: string
  driveShoppers(options: { readonly count: number; readonly seed: number }): Promise<ShopperSummary>
  stop(): Promise<void>
}

/** A demo shows its effects while one looks: purchases are held 5 s, every request is kept. */
const DEMO_PIPELINE: PipelineOptions = { hold: 5 * SECOND, attemptSample: 1 }

/** The demo's app, as the imitation of Shopify knows it. */
const CLIENT_ID = 'converlay-demo'

/**
 * Everything on this machine: the platforms' sandbox, Shopify's admin, a store with our pixel and signed webhooks, and
 * the same engine as ever, whose requests to platforms and Shopify are led to the sandbox. Only a webhook that a visitor
 * connects leaves the machine.
 */
export const startDemo = async (config: Config, log: Log, pipeline: PipelineOptions = DEMO_PIPELINE): Promise<Demo> => {
  const secret = randomBytes(24).toString('hex')
  const at = (offset: number) => (config.port === 0 ? 0 : config.port + offset)
  /** What runs, ended in reverse: at a stop, and when something later cannot start. */
  await using starting = new AsyncDisposableStack()
  const pixelPath = await buildPixel()
  // The store starts in the middle of the engine and ends before it.
  let engine: Engine | undefined
  const shopify = createShopify({
    app: { clientId: CLIENT_ID, secret, scopes: SCOPES, redirectUrls: () => [] },
    shops: [DEMO_SHOP],
    webhookUrl: () => engine?.addresses.webhooks ?? '',
    // What a browser would do in the admin's frame, which Shopify's own address alone may hold.
    open: (query) => void fetch(`${engine?.addresses.dashboard}/?${query}`).catch(() => {}),
  })
  const books = shopify.books.get(DEMO_SHOP)
  const sandbox = await startSandbox({ port: at(2), shopify })
  starting.defer(() => sandbox.close())
  let store: DemoStore | undefined
  starting.defer(async () => engine?.stop())
  starting.defer(async () => store?.close())
  starting.defer(() => shopify.close())
  engine = await startEngine({
    config,
    log,
    secrets: [secret],
    app: { clientId: CLIENT_ID, secrets: [secret], scopes: SCOPES },
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
        books,
        tags: {
          ...demoTags,
          assets: { embed: tagAsset('converlay-tags.js'), platforms: tagAsset('converlay-platforms.js') },
          customPixel: async (via) => customPixelText(engine, { beaconUrl: beacon, via }),
        },
      })
      return { store: store.url, ads: sandbox.url, accounts: demoAccounts(sandboxServiceAccount()) }
    },
  })
  if (!store) throw new Error('the demo store did not start')
  const { addresses } = engine
  const { url } = store
  shopify.install(DEMO_SHOP)
  const running = starting.move()
  return {
    engine,
    sandbox,
    store,
    shopify,
    admin: `${sandbox.url}/${DEMO_SHOP}${ADMIN_PAGE}`,
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
        books,
      }),
    stop: () => running.disposeAsync(),
  }
}

/** A built asset of the theme embed. */
const tagAsset = (name: string): string =>
  fileURLToPath(new URL(`../../extensions/tags/assets/${name}`, import.meta.url))

/** The custom pixel that the demo's merchant would paste now. */
const customPixelText = async (
  engine: Engine | undefined,
  at: { readonly beaconUrl: string; readonly via: string },
): Promise<string> => {
  const shop = shopFrom(DEMO_SHOP) as Shop
  const connections = (await engine?.runtime.store.connections(shop)) ?? []
  return (await customPixelOf({ shop, facts: DEMO_FACTS }, connections, at)).text
}

const DEMO_FACTS = {
  country: 'US',
  currency: 'USD',
  timezone: 'America/Los_Angeles',
  url: 'https://northfern.example',
}

/**
 * The demo's shop is known and connected to every platform once; what the visitor changes afterwards stays. Its access
 * does not: that was given by an imitation of Shopify which is gone.
 */
const installDemoShop = async ({ store, clock }: Runtime): Promise<void> => {
  const shop = shopFrom(DEMO_SHOP) as Shop
  const known = await store.shop(shop)
  await store.saveShop({ shop, facts: DEMO_FACTS, installedAt: known?.installedAt || clock.now() })
  await forgetTokens({ store, clock }, shop)
  if (known) return
  for (const [destination, settings] of Object.entries(demoAccounts(sandboxServiceAccount())))
    await store.addConnection({ shop, destination, settings, createdAt: clock.now() })
}
