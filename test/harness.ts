import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../src/config.ts'
import { outcomeOf } from '../src/destinations/outcomes.ts'
import { type Shop, shopFrom } from '../src/event/event.ts'
import { compact } from '../src/lib/json.ts'
import { type Log, silentLog } from '../src/lib/log.ts'
import type { Clock, PipelineOptions } from '../src/pipeline/runtime.ts'
import { type Engine, type EngineOptions, startEngine } from '../src/runtimes/engine.ts'
import { type ScaleOut, startScaleOut } from '../src/runtimes/scale-out.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import type { Connection } from '../src/store/store.ts'

/** A whole installation on this machine: engine, real listeners, and the platforms' sandbox in place of the platforms. */
export interface World {
  readonly engine: Engine
  readonly sandbox: Sandbox
  readonly shop: Shop
  readonly secret: string
  readonly connection: Connection
  readonly dataDir: string
  readonly config: Config
  /** Posts a webhook as Shopify does. `id`s are new unless given. */
  webhook(topic: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  beacon(body: object, headers?: Readonly<Record<string, string>>): Promise<Response>
  stop(): Promise<void>
}

/** The app's client secret in tests. */
export const SECRET = 'test-client-secret'
export const ACCOUNT = { adAccountId: '549755885175', conversionToken: 'pina_sandbox_token' }

export const startWorld = async (
  options: Partial<PipelineOptions> & {
    readonly dataDir?: string
    readonly masterKey?: Buffer
    readonly sandbox?: Sandbox
    readonly clock?: Clock
    readonly log?: Log
    readonly metrics?: Config['metrics']
    /** Room kept for a full disk. */
    readonly reserveBytes?: number
    /** Connections beside the one to Pinterest: settings by destination. */
    readonly others?: Readonly<Record<string, unknown>>
    /** A PostgreSQL database: one process of the scale-out runtime, with all roles, instead of the embedded one. */
    readonly databaseUrl?: string
  } = {},
): Promise<World> => {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'converlay-test-')))
  const sandbox = options.sandbox ?? (await startSandbox({ port: 0 }))
  const secret = SECRET
  const shop = shopFrom('demo.myshopify.com') as Shop
  const config: Config = {
    dataDir,
    masterKey: options.masterKey ?? randomBytes(32),
    port: 0,
    dashboardHost: '127.0.0.1',
    captureHost: '127.0.0.1',
    captureUrl: undefined,
    shopifySecrets: [secret],
    trustedProxies: ['127.0.0.1'],
    logLevel: 'silent',
    metrics: options.metrics,
  }
  const engineOptions: EngineOptions = {
    config,
    log: options.log ?? silentLog,
    secrets: [secret],
    trustedProxies: config.trustedProxies,
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.reserveBytes === undefined ? {} : { reserveBytes: options.reserveBytes }),
    pipeline: { hold: options.hold ?? 1500, attemptSample: options.attemptSample ?? 1 },
    rewrite: (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`),
    prepare: async ({ store }) => {
      if (await store.shop(shop)) return
      await store.saveShop({
        shop,
        facts: { country: 'US', currency: 'USD', url: 'https://northfern.example' },
        installedAt: 1,
      })
      const all = { pinterest: ACCOUNT, ...options.others }
      for (const [destination, settings] of Object.entries(all))
        await store.addConnection({ shop, destination, settings, createdAt: Date.now() })
    },
  }
  const { databaseUrl } = options
  const engine =
    databaseUrl === undefined
      ? await startEngine(engineOptions)
      : whole(await startScaleOut({ ...engineOptions, role: 'all', databaseUrl }))
  const [connection] = await engine.runtime.store.connections(shop)
  if (!connection) throw new Error('no connection')
  return {
    engine,
    sandbox,
    shop,
    secret,
    connection,
    dataDir,
    config,
    webhook: (topic, body, headers = {}) => {
      const bytes = typeof body === 'string' ? body : JSON.stringify(body)
      return fetch(engine.addresses.webhooks, {
        method: 'POST',
        body: bytes,
        headers: {
          'content-type': 'application/json',
          'x-shopify-topic': topic,
          'x-shopify-shop-domain': shop,
          'x-shopify-webhook-id': randomUUID(),
          'x-shopify-event-id': randomUUID(),
          'x-shopify-hmac-sha256': createHmac('sha256', secret).update(bytes).digest('base64'),
          ...headers,
        },
      })
    },
    beacon: (body, headers = {}) =>
      fetch(engine.addresses.beacon, {
        method: 'POST',
        body: JSON.stringify({ v: 1, shop, ...body }),
        headers: { 'content-type': 'text/plain', 'user-agent': PHONE, 'x-forwarded-for': '203.0.113.77', ...headers },
      }),
    stop: async () => {
      await engine.stop()
      if (!options.sandbox) await sandbox.close()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A process with all roles has everything that the embedded one has. */
const whole = ({ runtime, addresses: { dashboard, webhooks, beacon, track }, failed, stop }: ScaleOut): Engine => {
  if (!runtime || !dashboard || !webhooks || !beacon || !track) throw new Error('a role is missing')
  return { runtime, addresses: { dashboard, webhooks, beacon, track }, failed, stop }
}

/** A browser that platforms recognise. */
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1'

/** A sample payload of the Shopify sheet, told as if it happened now. */
export const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../src/sources/samples/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >

/** Waits until `look` gives something; fails with what it saw last. */
export const until = async <T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 15_000,
): Promise<T> => {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** What the sandbox's ads manager counts for the account: conversions after merging. */
export interface Conversion {
  readonly name: string
  readonly eventId: string
  /** Sightings by source, repeats included. */
  readonly sources: { readonly tag: number; readonly server: number }
  readonly count: number
  /** Seen by the tag and by the server, counted once. */
  readonly merged: boolean
  readonly value?: string
  /** By the platform's own field names. */
  readonly identifiers: Readonly<Record<string, readonly string[]>>
  // Pinterest's identifiers under the names of ours.
  readonly clickId?: string
  readonly ip?: string
  readonly userAgent?: string
  readonly em?: readonly string[]
  readonly ph?: readonly string[]
  readonly externalId?: readonly string[]
  readonly limited?: boolean
}

export const conversions = async (
  { sandbox }: Pick<World, 'sandbox'>,
  name?: string,
): Promise<readonly Conversion[]> => {
  const answer = await fetch(`${sandbox.url}/control/pinterest/events?account=${ACCOUNT.adAccountId}`)
  const all = ((await answer.json()) as readonly Conversion[]).map(named)
  return name === undefined ? all : all.filter((one) => one.name === name)
}

const named = (conversion: Conversion): Conversion => {
  const { click_id, client_ip_address, client_user_agent, em, ph, external_id } = conversion.identifiers
  return compact<Conversion>({
    ...conversion,
    clickId: click_id?.[0],
    ip: client_ip_address?.[0],
    userAgent: client_user_agent?.[0],
    em,
    ph,
    externalId: external_id,
  })
}

/** Waits until everything in the shop's log is final at the connection; the outcome of each number. */
export const settled = (world: World, atLeast = 1): Promise<readonly string[]> =>
  until(`${atLeast} settled events`, async () => {
    const { store } = world.engine.runtime
    const head = await store.head(world.shop)
    if (head < atLeast) return false
    const bytes = await store.ledger(world.shop, world.connection.id, 1, head)
    const names = [...bytes].map((byte) => outcomeOf(byte) ?? 'waiting')
    return names.every((name) => name !== 'waiting' && name !== 'parked') && names
  })
