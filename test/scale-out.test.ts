import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Config } from '../src/config.ts'
import { OUTCOMES } from '../src/destinations/outcomes.ts'
import { type Shop, shopFrom } from '../src/event/event.ts'
import { purchaseId } from '../src/event/event-ids.ts'
import { silentLog } from '../src/lib/log.ts'
import type { Role } from '../src/runtimes/roles.ts'
import { type ScaleOut, startScaleOut } from '../src/runtimes/scale-out.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { startPostgres, type TestServer } from '../src/store/postgres/server.fixture.ts'
import { ACCOUNT, conversions, PHONE, SECRET, sample, until } from './harness.ts'

/** Several processes on one database, as far as a process can be several: each has connections and parts of its own. */
const SHOP = shopFrom('demo.myshopify.com') as Shop
const ORDER = purchaseId('6120000000001')
const ALLOWED = { analytics: true, marketing: true, preferences: false, saleOfData: true }

let server: TestServer
let sandbox: Sandbox
let folder: string
let databaseUrl: string
let masterKey: Buffer
let processes: ScaleOut[]

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0 })
  folder = mkdtempSync(join(tmpdir(), 'converlay-scale-'))
  databaseUrl = await server.newDatabase()
  masterKey = randomBytes(32)
  processes = []
})
afterEach(async () => {
  await Promise.all(processes.map((one) => one.stop()))
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (role: Role, spool?: string): Promise<ScaleOut> => {
  const config: Config = {
    dataDir: join(folder, 'data'),
    masterKey,
    port: 0,
    dashboardHost: '127.0.0.1',
    captureHost: '127.0.0.1',
    captureUrl: undefined,
    shopifySecrets: [SECRET],
    trustedProxies: ['127.0.0.1'],
    logLevel: 'silent',
    ...(spool === undefined ? {} : { spoolDir: join(folder, spool) }),
  }
  const one = await startScaleOut({
    config,
    log: silentLog,
    role,
    databaseUrl,
    secrets: [SECRET],
    trustedProxies: ['127.0.0.1'],
    pipeline: { hold: 1500, attemptSample: 1 },
    rewrite: (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`),
    prepare: async ({ store }) => {
      if (await store.shop(SHOP)) return
      await store.saveShop({ shop: SHOP, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
      await store.addConnection({ shop: SHOP, destination: 'pinterest', settings: ACCOUNT, createdAt: Date.now() })
    },
  })
  processes.push(one)
  return one
}
const stop = async (one: ScaleOut) => {
  processes = processes.filter((other) => other !== one)
  await one.stop()
}

const order = () => {
  const now = new Date().toISOString()
  return { ...sample('order_create'), created_at: now, processed_at: now, landing_site: null, note_attributes: [] }
}
const webhook = ({ addresses }: ScaleOut, body: object = order()) => {
  const bytes = JSON.stringify(body)
  return fetch(addresses.webhooks ?? '', {
    method: 'POST',
    body: bytes,
    headers: {
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': SHOP,
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(bytes).digest('base64'),
    },
  })
}
const beacon = ({ addresses }: ScaleOut, body: object) =>
  fetch(addresses.beacon ?? '', {
    method: 'POST',
    body: JSON.stringify({ v: 1, shop: SHOP, consent: ALLOWED, ...body }),
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE, 'x-forwarded-for': '203.0.113.77' },
  })
/** The pixel's sighting of the order, which names its checkout. */
const bought = () => {
  const pixel = sample('pixel_checkout_completed')
  const now = new Date().toISOString()
  return { cookies: { _epik: 'epik-of-the-phone' }, events: [{ ...pixel, clientId: 'phone', timestamp: now }] }
}
const view = (id: string) => ({
  events: [{ id, clientId: 'phone', name: 'page_viewed', timestamp: new Date().toISOString(), context: {} }],
})
const purchase = () => until('the purchase', async () => (await conversions({ sandbox }, 'checkout'))[0], 60_000)

it('two processes capture, one delivers: the pixel’s part at one and the order at the other are one purchase', async () => {
  const deliver = await start('deliver')
  const [one, two] = [await start('capture'), await start('capture')]
  expect(deliver.addresses).toEqual({})
  expect((await webhook(two)).status).toBe(200)
  expect((await beacon(one, bought())).status).toBe(204)
  expect(await purchase()).toMatchObject({ clickId: 'epik-of-the-phone', ip: '203.0.113.77', userAgent: PHONE })
  await stop(deliver)
  // What comes while nobody delivers waits for the next one, which begins without any doubt.
  await beacon(one, view('sh-later-1'))
  const next = await start('deliver')
  await until('the later view', async () => (await conversions({ sandbox })).some((c) => c.eventId === 'sh-later-1'))
  const lanes = await next.runtime?.store.lanes(SHOP)
  expect(lanes?.every(({ unsureSince }) => unsureSince === undefined)).toBe(true)
}, 120_000)

it('two processes learn of one browser at the same time, and nothing that either of them saw is lost', async () => {
  const deliver = await start('deliver')
  const captures = [await start('capture'), await start('capture')]
  const cookies = [
    { _epik: 'epik-1' },
    { _fbp: 'fb.1.1761990000000.1234567890' },
    { _ttp: 'ttp-of-the-phone-1234567' },
    { _scid: '0a0a0a0a-1111-4222-8333-444444444444' },
  ]
  for (let round = 0; round < 5; round++)
    await Promise.all(
      cookies.map((one, place) =>
        beacon(captures[place % 2] as ScaleOut, { ...view(`sh-${round}-${place}-000`), cookies: one }),
      ),
    )
  const { store } = deliver.runtime as NonNullable<ScaleOut['runtime']>
  await until('everything to be learned', async () => {
    const known = (await store.identities(SHOP, ['client:phone'])).get('client:phone')?.ids
    return known?.epik && known.fbp && known.ttp && known.scid
  })
}, 120_000)

it('a withdrawal of consent at one process holds back the order that follows at another', async () => {
  const deliver = await start('deliver')
  const [one, two] = [await start('capture'), await start('capture')]
  await beacon(one, bought())
  const withdrawn = { events: [], clientId: 'phone', consent: { ...ALLOWED, marketing: false } }
  expect((await beacon(two, { ...withdrawn, sentAt: new Date().toISOString() })).status).toBe(204)
  expect((await webhook(one)).status).toBe(200)
  const { store } = deliver.runtime as NonNullable<ScaleOut['runtime']>
  const [connection] = await store.connections(SHOP)
  await until('the order to be settled', async () => {
    const seq = await store.seqOf(SHOP, ORDER)
    const [byte] = seq && connection ? await store.ledger(SHOP, connection.id, seq, seq) : []
    return byte === OUTCOMES.no_consent
  })
  expect(await conversions({ sandbox }, 'checkout')).toEqual([])
}, 120_000)

it('while the database is away a process with a spool goes on answering; without one it asks to come back', async () => {
  await start('deliver')
  const [kept, bare] = [await start('capture', 'spool'), await start('capture')]
  expect((await beacon(kept, view('sh-before-1'))).status).toBe(204)
  await server.kill()
  expect((await beacon(bare, view('sh-refused-1'))).status).toBe(503)
  expect((await beacon(kept, view('sh-spooled-1'))).status).toBe(204)
  expect((await webhook(kept)).status).toBe(200)
  // Also a process that starts meanwhile.
  await stop(kept)
  const again = await start('capture', 'spool')
  expect((await beacon(again, view('sh-spooled-2'))).status).toBe(204)
  await server.start()
  await until(
    'what was spooled to be delivered',
    async () => {
      const ids = (await conversions({ sandbox })).map(({ eventId, count }) => `${eventId} ${count}`)
      return [ORDER, 'sh-before-1', 'sh-spooled-1', 'sh-spooled-2'].every((id) => ids.includes(`${id} 1`))
    },
    90_000,
  )
}, 180_000)

it('a dashboard and jobs run by themselves', async () => {
  const [dashboard, jobs] = [await start('dashboard'), await start('jobs')]
  expect((await fetch(dashboard.addresses.dashboard ?? '')).status).toBe(200)
  expect(jobs.addresses).toEqual({})
  expect(await jobs.runtime?.store.shop(SHOP)).toBeDefined()
}, 60_000)
