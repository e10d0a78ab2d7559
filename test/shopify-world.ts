import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../src/config.ts'
import { type Shop, shopFrom } from '../src/event/event.ts'
import { silentLog } from '../src/lib/log.ts'
import type { Clock } from '../src/pipeline/runtime.ts'
import { systemClock } from '../src/runtimes/clock.ts'
import { type Engine, startEngine } from '../src/runtimes/engine.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { createShopify, type ShopifySandbox } from '../src/sandbox/shopify/shopify.ts'
import { SCOPES, type ShopifyApp } from '../src/shopify/app.ts'

/** Converlay, the platforms and Shopify on this machine, over real HTTP; their common clock can be turned on. */
export interface ShopifyWorld {
  readonly engine: Engine
  readonly sandbox: Sandbox
  readonly shopify: ShopifySandbox
  readonly clock: TurnedClock
  /** A call of the app's page inside the shop's admin, with a fresh session token. */
  api(shop: string, path: string, init?: { readonly method: string; readonly body?: unknown }): Promise<Response>
  /** The admin opens the app in its frame. */
  open(shop: string): Promise<Response>
  stop(): Promise<void>
}

export const SHOP = shopFrom('demo.myshopify.com') as Shop
export const OTHER = shopFrom('other.myshopify.com') as Shop
export const SECRET = 'shpss_the-secret-of-the-app'
export const APP: ShopifyApp = { clientId: 'client-id-of-the-app', secrets: [SECRET], scopes: SCOPES }

interface TurnedClock extends Clock {
  /** Sets everybody's clock on; whoever sleeps until then wakes. */
  turn(ms: number): void
}

/** The system's clock, which can be set on by hand. */
const turnedClock = (): TurnedClock => {
  let ahead = 0
  const sleepers = new Set<{ readonly at: number; readonly awake: AbortController }>()
  const now = () => Date.now() + ahead
  return {
    now,
    random: systemClock.random,
    sleep: async (ms, signal) => {
      const sleeper = { at: now() + ms, awake: new AbortController() }
      sleepers.add(sleeper)
      await systemClock.sleep(ms, signal ? AbortSignal.any([signal, sleeper.awake.signal]) : sleeper.awake.signal)
      sleepers.delete(sleeper)
    },
    turn: (ms) => {
      ahead += ms
      for (const { at, awake } of sleepers) if (at <= now()) awake.abort()
    },
  }
}

export const startShopifyWorld = async (app: Partial<ShopifyApp> = {}): Promise<ShopifyWorld> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'converlay-shopify-'))
  const clock = turnedClock()
  let engine: Engine | undefined
  const shopify = createShopify({
    app: {
      clientId: APP.clientId,
      secret: SECRET,
      scopes: SCOPES,
      redirectUrls: () => [`${engine?.addresses.dashboard}/auth/callback`],
      ownShops: [SHOP],
    },
    shops: [SHOP, OTHER],
    webhookUrl: () => engine?.addresses.webhooks ?? '',
    now: clock.now,
    pause: clock.sleep,
  })
  const sandbox = await startSandbox({ port: 0, shopify, now: clock.now })
  const config: Config = {
    dataDir,
    masterKey: randomBytes(32),
    port: 0,
    dashboardHost: '127.0.0.1',
    captureHost: '127.0.0.1',
    captureUrl: undefined,
    shopifySecrets: [SECRET],
    trustedProxies: ['127.0.0.1'],
    logLevel: 'silent',
  }
  // The merchant of the single-merchant installation has installed it before it starts.
  if (app.shop) shopify.install(app.shop)
  const started = await startEngine({
    config,
    log: silentLog,
    secrets: [SECRET],
    app: { ...APP, ...app },
    trustedProxies: config.trustedProxies,
    clock,
    pipeline: { hold: 500, attemptSample: 1 },
    rewrite: (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`),
  })
  engine = started
  const { dashboard } = started.addresses
  return {
    engine: started,
    sandbox,
    shopify,
    clock,
    api: (shop, path, { method, body } = { method: 'GET' }) =>
      fetch(`${dashboard}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${shopify.sessionToken(shop)}`,
          // As it comes through the proxy that ends TLS.
          'x-forwarded-for': '203.0.113.9',
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    open: (shop) => fetch(`${dashboard}/?${shopify.launch(shop)}`, { headers: { 'x-forwarded-for': '203.0.113.9' } }),
    stop: async () => {
      await shopify.close()
      await started.stop()
      await sandbox.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
