import { destinations } from '../../../src/destinations/all.ts'
import { type Event, type EventId, type Shop, shopFrom } from '../../../src/event/event.ts'
import { identityFrom } from '../../../src/event/identity.ts'
import { DAY, SECOND } from '../../../src/lib/duration.ts'
import type { HttpResponse } from '../../../src/lib/http.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { createBreakers } from '../../../src/pipeline/breakers.ts'
import { startDelivery } from '../../../src/pipeline/deliver.ts'
import { createLimiter } from '../../../src/pipeline/limiter.ts'
import { silentMeter } from '../../../src/pipeline/meter.ts'
import { alwaysOurs } from '../../../src/pipeline/ownership.ts'
import type { Runtime } from '../../../src/pipeline/runtime.ts'
import { createSlots } from '../../../src/pipeline/slots.ts'
import { localWake } from '../../../src/runtimes/wake.ts'
import { seededRandom } from '../../../src/sandbox/random.ts'
import { openMemory } from '../../../src/store/memory/memory.ts'
import { answered } from './platforms.ts'
import { BEGIN, clockOf, type VirtualTime, virtualTime } from './virtual-time.ts'

/** Many shops on one process or several, and platforms that do nothing but answer. */
export interface Crowd {
  readonly time: VirtualTime
  readonly runtime: Runtime
  readonly shops: readonly Shop[]
  readonly requests: readonly { readonly at: number; readonly slug: string; readonly account: string }[]
  /** When a platform had taken an event, and how long after it happened; not of what was told `aside`. */
  readonly taken: readonly { readonly at: number; readonly slug: string; readonly ms: number }[]
  /** So many page views of a shop happen and are stored now. */
  arrive(shop: Shop, count?: number, aside?: 'aside'): Promise<void>
  stop(): Promise<void>
}

export type Misfortune = 'unavailable' | 'hang' | undefined

/** What a merchant would enter, for the n-th shop. */
const SETTINGS: Readonly<Record<string, (n: number) => Readonly<Record<string, unknown>>>> = {
  pinterest: (n) => ({ adAccountId: String(1000 + n), conversionToken: 'pina_token' }),
  meta: (n) => ({ pixelId: String(1000 + n), accessToken: 'EAAtoken' }),
  tiktok: (n) => ({ pixelCode: `C4A1B2C3${n}`, accessToken: 'token' }),
  snapchat: (n) => ({ pixelId: `3ff2a6f1-1111-4000-8000-${String(n).padStart(12, '0')}`, accessToken: 'token' }),
  reddit: (n) => ({ pixelId: `a2_pixel${n}`, accessToken: 'token' }),
  klaviyo: (n) => ({ apiKey: `pk_${String(n).padStart(12, '0')}` }),
  criteo: (n) => ({ partnerId: String(1000 + n), callerId: '678' }),
  webhook: (n) => ({
    url: `https://hooks.example.com/${n}`,
    secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
  }),
}
export const EIGHT = Object.keys(SETTINGS)

const HOSTS: readonly (readonly [host: string, slug: string])[] = [
  ['pinterest', 'pinterest'],
  ['facebook', 'meta'],
  ['tiktok', 'tiktok'],
  ['snapchat', 'snapchat'],
  ['reddit', 'reddit'],
  ['klaviyo', 'klaviyo'],
  ['criteo', 'criteo'],
  ['hooks', 'webhook'],
]

/** Everything taken. */
const taken = (slug: string, body: string): HttpResponse => {
  const events = body.split('"event_id"').length - 1
  switch (slug) {
    case 'pinterest':
      return answered(200, { events: Array.from({ length: events }, () => ({ status: 'processed' })) })
    case 'meta':
      return answered(200, { events_received: events })
    case 'tiktok':
      return answered(200, { code: 0, message: 'OK' })
    case 'snapchat':
      return answered(200, { status: 'VALID' })
    case 'reddit':
      return answered(200, { data: { message: 'Successfully processed.' } })
    case 'klaviyo':
      return answered(202)
    case 'criteo':
      return answered(200)
    default:
      return answered(204)
  }
}

/** How long a platform takes over a request. */
const LATENCY = 100
const PATIENCE = 30 * SECOND

export const startCrowd = async (options: {
  readonly shops: number
  readonly slugs: readonly string[]
  readonly seed: string
  readonly fate: (slug: string, now: number) => Misfortune
  /** Processes that deliver, each for its share of the shops; one unless it is said. */
  readonly processes?: number
}): Promise<Crowd> => {
  const { slugs, fate, processes = 1 } = options
  const time = virtualTime()
  const random = seededRandom(options.seed)
  const life = { alive: true }
  const clock = clockOf(time, life, random)
  const requests: { at: number; slug: string; account: string }[] = []
  const lags: { at: number; slug: string; ms: number }[] = []
  const store = openMemory(undefined, clock.now)
  const meter = { ...silentMeter, lag: (slug: string, ms: number) => void lags.push({ at: time.now(), slug, ms }) }
  const wake = localWake()
  const shops: Shop[] = []
  const processOf = (shop: Shop): number => shops.indexOf(shop) % processes
  const runtimeOf = (own: number): Runtime => ({
    store,
    clock,
    meter,
    log: silentLog,
    limiter: createLimiter(clock),
    breakers: createBreakers({ clock, log: silentLog, meter }),
    slots: createSlots(clock),
    wake,
    ownership: { ...alwaysOurs, of: (shop) => (processOf(shop) === own ? alwaysOurs.of(shop) : undefined) },
    destinations,
    options: { hold: 30 * SECOND, attemptSample: 1000 },
    send: async ({ url, headers, body = '' }) => {
      const { hostname, pathname } = new URL(url)
      const slug = HOSTS.find(([host]) => hostname.includes(host))?.[1] ?? ''
      requests.push({ at: time.now(), slug, account: `${pathname} ${headers.authorization ?? ''}` })
      switch (fate(slug, time.now())) {
        case 'unavailable':
          await time.wait(LATENCY)
          return answered(503)
        case 'hang':
          await time.wait(PATIENCE)
          return { status: 0, headers: {}, body: '', ambiguous: true, problem: 'no answer came' }
        default:
          await time.wait(LATENCY)
          return taken(slug, body)
      }
    },
  })
  for (let n = 0; n < options.shops; n++) {
    const shop = shopFrom(`crowd-${n}.myshopify.com`) as Shop
    shops.push(shop)
    await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: BEGIN - DAY })
    for (const slug of slugs) {
      const settings = destinations.get(slug)?.settings.parse(SETTINGS[slug]?.(n))
      await store.addConnection({ shop, destination: slug, settings, createdAt: BEGIN })
    }
  }
  const runtimes = Array.from({ length: processes }, (_, own) => runtimeOf(own))
  const [runtime] = runtimes
  if (!runtime) throw new Error('a crowd without a process')
  const deliveries = runtimes.map((one) => startDelivery(one))
  await time.until(BEGIN + SECOND)

  const person = identityFrom({
    clientId: 'client-of-the-crowd',
    email: 'shopper@example.com',
    ip: '203.0.113.7',
    userAgent: 'Phone/1.0',
  })
  let made = 0
  const pageView = (shop: Shop, aside?: 'aside'): Event => ({
    schema: 1,
    id: `ev-${(made++).toString().padStart(9, '0')}` as EventId,
    shop,
    name: 'page_viewed',
    occurredAt: new Date(time.now()).toISOString(),
    origin: aside ? 'track' : 'live',
    seenBy: ['web-pixel:page_viewed'],
    flags: [],
    page: { url: 'https://shop.example/' },
    ...(person ? { identity: person } : {}),
    consent: { marketing: true, analytics: true, preferences: true, saleOfData: true },
  })

  return {
    time,
    runtime,
    shops,
    requests,
    taken: lags,
    arrive: async (shop, count = 1, aside) => {
      const events = Array.from({ length: count }, () => ({
        event: pageView(shop, aside),
        subject: 'client-of-the-crowd',
        receivedAt: time.now(),
      }))
      await store.append({ shop, events, parts: [], orders: [] })
      wake.arrived(shop)
    },
    stop: async () => {
      const stopping = Promise.all(deliveries.map((delivery) => delivery.stop()))
      await time.until(time.now() + 10 * PATIENCE)
      await stopping
    },
  }
}

/** The value below which so great a share of the others lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** The most that falls into one stretch of time. */
export const most = (moments: readonly number[], stretch: number): number => {
  let oldest = 0
  let found = 0
  for (const [place, at] of moments.entries()) {
    while ((moments[oldest] ?? at) <= at - stretch) oldest++
    found = Math.max(found, place - oldest + 1)
  }
  return found
}
