import { type ChildProcess, fork } from 'node:child_process'
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { outcomeOf } from '../../src/destinations/outcomes.ts'
import { type Shop, shopFrom } from '../../src/event/event.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { openPostgres, type PostgresStore } from '../../src/store/postgres/postgres.ts'
import { startPostgres } from '../../src/store/postgres/server.fixture.ts'
import { Fenced } from '../../src/store/store.ts'
import { SECRET, sample, until } from '../harness.ts'
import { atLeast, none, type Suite } from './suite.ts'

const SHOPS = Array.from({ length: 6 }, (_, n) => shopFrom(`shop-${n}.myshopify.com`) as Shop)
const KILLS = { short: 6, full: 20, nightly: 60 }
/** How long a killed process's shops may wait for the next owner, and for what is to be sent again. */
const SETTLED_WITHIN = 240_000

/** A place in the installation: its process is started again whenever it was killed. */
interface Place {
  readonly role: 'capture' | 'deliver'
  readonly spool: string
  child: ChildProcess | undefined
  addresses: { readonly webhooks?: string; readonly beacon?: string }
}

/** Two processes capture and three deliver on one PostgreSQL; they are killed at random, and so is PostgreSQL. */
export const scaleOut: Suite = {
  name: 'scale-out',
  run: async ({ goal }, size) => {
    const server = await startPostgres()
    const sandbox = await startSandbox({ port: 0 })
    const folder = await mkdtemp(join(tmpdir(), 'converlay-scale-'))
    const masterKey = randomBytes(32)
    const url = await server.newDatabase()
    const places = (['capture', 'capture', 'deliver', 'deliver', 'deliver'] as const).map(
      (role, n): Place => ({ role, spool: join(folder, String(n)), child: undefined, addresses: {} }),
    )
    let store: PostgresStore | undefined
    try {
      for (const place of places) await start(place, url, masterKey, sandbox.url)
      const acknowledged = new Map<string, Shop>()
      const stopping = new AbortController()
      let made = 0
      const load = places
        .filter(({ role }) => role === 'capture')
        .flatMap((place) => [1, 2, 3].map(() => keepPosting(place, stopping.signal, acknowledged, () => made++)))
      let restarts = 0
      for (let kill = 0; kill < KILLS[size]; kill++) {
        await pause(300 + Math.random() * 1500)
        const place = places[Math.floor(Math.random() * places.length)] as Place
        place.child?.kill('SIGKILL')
        // In the middle of it, so that both find each other gone.
        if (kill % 5 === 2) {
          restarts++
          await server.restart()
        }
        await start(place, url, masterKey, sandbox.url)
      }
      stopping.abort()
      await Promise.all(load)

      const opened = await openPostgres({ url, masterKey })
      store = opened
      await until(
        'every event to be final',
        async () => {
          const open = await Promise.all(SHOPS.map((shop) => openIn(opened, shop)))
          return open.every((count) => count === 0) && (await isForwarded(opened, acknowledged))
        },
        SETTLED_WITHIN,
      )
      const known = new Set<string>()
      for (const shop of SHOPS) for await (const { event } of logOf(opened, shop)) if (event) known.add(event.id)
      const times = new Map<string, number>()
      const orders = new Map<string, Set<string>>()
      for (const { body } of sandbox.pinterest.requests())
        for (const { event_id: id, custom_data: data } of sentEvents(body)) {
          times.set(id, (times.get(id) ?? 0) + 1)
          if (data?.order_id) orders.set(data.order_id, (orders.get(data.order_id) ?? new Set()).add(id))
        }
      const leases = await leasesOf(opened)
      const fenced = await Promise.all(leases.map(({ shop, epoch }) => commitsAs(opened, shop, epoch - 1)))
      const open = await Promise.all(SHOPS.map((shop) => openIn(opened, shop)))

      goal(atLeast('kill -9 of one of 2 + 3 processes', KILLS[size], KILLS[size], 'kills'))
      goal(atLeast('PostgreSQL ended at once and restarted', restarts, 1, 'restarts'))
      goal(atLeast('acknowledged', acknowledged.size, 50 * KILLS[size], 'events'))
      goal(
        none(
          'acknowledged and lost',
          [...acknowledged.keys()].filter((id) => !known.has(id)),
          'events',
        ),
      )
      goal(
        none(
          'acknowledged and not delivered',
          [...acknowledged.keys()].filter((id) => !times.has(id)),
          'events',
        ),
      )
      goal(
        none(
          'left without an outcome',
          open.filter((count) => count > 0),
          'shops',
        ),
      )
      goal(
        none(
          'sent under two ids',
          [...orders].filter(([, ids]) => ids.size > 1),
          'orders',
        ),
      )
      goal(atLeast('settlements tried under an earlier hold', fenced.length, SHOPS.length, 'settlements'))
      goal(none('of these committed', fenced.filter(Boolean), 'settlements'))
      const repeated = [...times.values()].filter((count) => count > 1).length
      goal({ of: 'sent again, same id', value: repeated, unit: 'events', goal: 'merged by the platform', ok: true })
    } finally {
      for (const { child } of places) child?.kill('SIGKILL')
      await store?.close()
      await sandbox.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts a place's process, again and again while PostgreSQL is not there, as what supervises it does. */
const start = async (place: Place, url: string, masterKey: Buffer, sandboxUrl: string): Promise<void> => {
  for (;;) {
    const child = fork(
      fileURLToPath(new URL('./scale-victim.ts', import.meta.url)),
      [place.role, url, masterKey.toString('hex'), sandboxUrl, place.spool, SHOPS.join(',')],
      { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], execArgv: [] },
    )
    const line = await new Promise<string | undefined>((resolve) => {
      let text = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('\n')) resolve(text)
      })
      child.once('exit', () => resolve(undefined))
    })
    if (line === undefined) continue
    place.child = child
    place.addresses = JSON.parse(line)
    return
  }
}

/** Posts orders and views of all shops, to wherever the place's process listens now. */
const keepPosting = async (
  place: Place,
  signal: AbortSignal,
  acknowledged: Map<string, Shop>,
  next: () => number,
): Promise<void> => {
  while (!signal.aborted) {
    const n = next()
    const shop = SHOPS[n % SHOPS.length] as Shop
    const { id, url, ...message } = n % 4 === 0 ? orderOf(place, shop, n) : viewOf(place, shop, n)
    try {
      const { statusCode, body } = await request(url, { method: 'POST', ...message })
      await body.dump()
      if (statusCode >= 200 && statusCode < 300) acknowledged.set(id, shop)
    } catch {
      // The process is gone; what was not answered was not promised. The next one comes in a moment.
      await pause(50)
    }
  }
}

const viewOf = ({ addresses }: Place, shop: Shop, n: number) => ({
  id: `sh-scale-${n}-000000`,
  url: addresses.beacon ?? '',
  headers: {
    'content-type': 'text/plain',
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/143.0',
    'x-forwarded-for': '198.51.100.7',
  },
  body: JSON.stringify({
    v: 1,
    shop,
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    events: [
      {
        id: `sh-scale-${n}-000000`,
        clientId: `client-${n % 50}`,
        name: 'page_viewed',
        timestamp: new Date().toISOString(),
        context: { document: { location: { href: 'https://northfern.example/' } } },
      },
    ],
  }),
})

const ORDER = sample('order_create')

const orderOf = ({ addresses }: Place, shop: Shop, n: number) => {
  const now = new Date().toISOString()
  const id = 7_000_000_000_000 + n
  const body = JSON.stringify({ ...ORDER, id, checkout_token: `token${n}`, created_at: now, processed_at: now })
  return {
    id: `pur_${id}`,
    url: addresses.webhooks ?? '',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': shop,
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    },
    body,
  }
}

const openIn = async (store: PostgresStore, shop: Shop): Promise<number> => {
  const [connection] = await store.connections(shop)
  if (!connection) return 1
  const bytes = await store.ledger(shop, connection.id, 1, await store.head(shop))
  return bytes.filter((byte) => byte === 0 || outcomeOf(byte) === 'parked').length
}

/** Whether as much is in the logs as was answered for; some of it may still lie in a spool. */
const isForwarded = async (store: PostgresStore, acknowledged: ReadonlyMap<string, Shop>): Promise<boolean> => {
  const heads = await Promise.all(SHOPS.map((shop) => store.head(shop)))
  return heads.reduce((sum, head) => sum + head, 0) >= acknowledged.size
}

async function* logOf(store: PostgresStore, shop: Shop) {
  for (let after = 0; ; ) {
    const events = await store.read(shop, after, 1000)
    yield* events
    const last = events.at(-1)
    if (!last) return
    after = last.seq
  }
}

const leasesOf = (store: PostgresStore) =>
  store.database
    .sql<{ shop: Shop; epoch: number }>('SELECT s.domain AS shop, l.epoch FROM leases l JOIN shops s ON s.id = l.shop')
    .all()

/** Whether a settlement under this hold is taken: nobody may write under one that is over. */
const commitsAs = async (store: PostgresStore, shop: Shop, fence: number): Promise<boolean> => {
  const [connection] = await store.connections(shop)
  if (!connection) return true
  const nothing = { park: [], overwrite: [], attempts: [], rollups: [], joined: [] }
  try {
    await store.settle({ shop, connection: connection.id, fence, ...nothing })
    return true
  } catch (fault) {
    return !(fault instanceof Fenced)
  }
}

interface SentEvent {
  readonly event_id: string
  readonly custom_data?: { readonly order_id?: string }
}

const sentEvents = (body: unknown): readonly SentEvent[] =>
  ((typeof body === 'string' ? JSON.parse(body) : body) as { data?: readonly SentEvent[] } | undefined)?.data ?? []
