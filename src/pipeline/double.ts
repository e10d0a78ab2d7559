import type { CommonSettings } from '../destinations/common-settings.ts'
import type { Destination } from '../destinations/destination.ts'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { type Event, type Shop, shopFrom } from '../event/event.ts'
import { type Identity, identityFrom } from '../event/identity.ts'
import type { HttpRequest, HttpResponse, Send } from '../lib/http.ts'
import { silentLog } from '../lib/log.ts'
import { openMemory } from '../store/memory/memory.ts'
import type { Connection, NewEvent, Store } from '../store/store.ts'
import { createBreakers } from './breakers.ts'
import { createLimiter } from './limiter.ts'
import { silentMeter } from './meter.ts'
import type { Outlet } from './outlet.ts'
import { alwaysOurs } from './ownership.ts'
import type { Clock, Runtime, Wake } from './runtime.ts'
import { createSlots } from './slots.ts'
import { subjectOf } from './subject.ts'

/** Stand-ins for what lies around the pipeline, for its tests: a shop, a clock that is turned by hand, a platform. */
export const SHOP = shopFrom('demo.myshopify.com') as Shop
export const NOW = Date.parse('2026-11-22T10:00:00.000Z')
export const SETTINGS = { adAccountId: '549755885175', conversionToken: 'pina_test_token' }

type Raw = { readonly [Field in keyof Identity]?: string }
type Given = Partial<Omit<Event, 'id' | 'identity'>> & { readonly id?: string; readonly identity?: Raw }

const event = (id: string, given: Given): Event => {
  const { identity, id: _, ...rest } = given
  const person = identity && identityFrom(identity)
  return {
    schema: 1,
    id: id as Event['id'],
    shop: SHOP,
    name: 'page_viewed',
    occurredAt: new Date(NOW).toISOString(),
    origin: 'live',
    seenBy: [],
    flags: [],
    ...rest,
    ...(person ? { identity: person } : {}),
  }
}

/** What a beacon tells: the browser "phone" unless told, with an address and a user agent. */
export const seenByPixel = (given: Given = {}): Event =>
  event(given.id ?? 'sh-000001', {
    seenBy: ['web-pixel:page_viewed'],
    ...given,
    identity: { clientId: 'phone', ip: '203.0.113.7', userAgent: 'Phone/1.0', ...given.identity },
  })

/** What a signed webhook tells: a web order of the customer 77 unless told. */
export const order = (given: Given = {}): Event =>
  event(given.id ?? 'pur_1001', {
    name: 'order_placed',
    seenBy: ['shopify-webhook:orders/create'],
    ...given,
    identity: { customerId: '77', email: 'maya@example.com', country: 'US', ...given.identity },
    commerce: {
      currency: 'USD',
      value: '12.50',
      orderId: '1001',
      checkoutToken: 'token-of-the-order',
      channel: 'web',
      ...given.commerce,
    },
  })

export const stored = (told: Event, receivedAt = NOW): NewEvent => ({
  event: told,
  subject: subjectOf(told),
  receivedAt,
})

/** Time stands still until it is turned; whoever sleeps wakes in order. */
export interface HandClock extends Clock {
  /** Turns the clock on, waking sleepers on the way and letting them do all they can. */
  turn(ms: number): Promise<void>
}

export const handClock = (random = 0.5): HandClock => {
  let now = NOW
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  const settle = async () => {
    for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    now: () => now,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve()
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    async turn(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        now = Math.max(now, next.at)
        next.wake()
        await settle()
      }
      now = end
    },
  }
}

/** The events of a request to Pinterest. */
export interface SentEvent {
  readonly event_id: string
  readonly event_time: number
  readonly user_data: Readonly<Record<string, unknown>>
}

/** A platform that answers as told; by default it takes everything. */
export interface FakePlatform {
  readonly requests: { readonly request: HttpRequest; readonly events: readonly SentEvent[] }[]
  answer: (events: readonly SentEvent[], request: HttpRequest) => HttpResponse | Promise<HttpResponse>
}

export const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** Every event processed, but for those that `refused` gives a reason for. */
export const judged = (
  events: readonly SentEvent[],
  refused: (event: SentEvent) => string | undefined = () => undefined,
): HttpResponse =>
  reply(200, {
    events: events.map((one) => {
      const why = refused(one)
      return { status: why === undefined ? 'processed' : 'failed', error_message: why ?? '', warning_message: '' }
    }),
  })

export const fakePlatform = (): FakePlatform => ({ requests: [], answer: (events) => judged(events) })

const noWake: Wake = { arrived() {}, settled() {}, on: () => () => {} }

export interface Small {
  readonly runtime: Runtime
  readonly store: Store
  readonly clock: HandClock
  readonly platform: FakePlatform
  readonly connection: Connection
  /** The first connection with all that sending through it needs. */
  readonly outlet: Outlet
  readonly settings: CommonSettings
  /** Appends facts as one arrival each. */
  append(...events: readonly Event[]): Promise<void>
  /** Ledger bytes of the whole log, the first connection's unless told. */
  bytes(connection?: Connection): Promise<number[]>
}

/** Another platform than Pinterest, connected instead of it, and how it answers. */
export interface OtherPlatform {
  readonly destination: Destination
  readonly settings: Readonly<Record<string, unknown>>
  readonly send: Send
}

/** A shop in the memory store, connected to Pinterest, whose requests `platform` answers, or to another platform. */
export const smallWorld = async (
  options: {
    readonly wake?: Wake
    readonly hold?: number
    readonly installedAt?: number
    readonly other?: OtherPlatform
  } = {},
): Promise<Small> => {
  const { other } = options
  const destination = other?.destination ?? pinterest
  const store = openMemory()
  const clock = handClock()
  const platform = fakePlatform()
  const settings = destination.settings.parse(other?.settings ?? SETTINGS)
  const shop = await store.saveShop({
    shop: SHOP,
    facts: { country: 'US', currency: 'USD' },
    installedAt: options.installedAt ?? 1,
  })
  const connection = await store.addConnection({
    shop: SHOP,
    destination: destination.slug,
    settings,
    createdAt: NOW,
  })
  const runtime: Runtime = {
    store,
    clock,
    log: silentLog,
    meter: silentMeter,
    wake: options.wake ?? noWake,
    limiter: createLimiter(clock),
    breakers: createBreakers({ clock, log: silentLog, meter: silentMeter }),
    slots: createSlots(clock),
    ownership: alwaysOurs,
    destinations: new Map([[destination.slug, destination]]),
    options: { hold: options.hold ?? 30_000, attemptSample: 1 },
    send: async (request) => {
      if (other) return other.send(request)
      const { data } = JSON.parse(request.body ?? '{}') as { data: SentEvent[] }
      platform.requests.push({ request, events: data })
      return platform.answer(data, request)
    },
  }
  return {
    runtime,
    store,
    clock,
    platform,
    connection,
    outlet: { runtime, shop, connection, destination, settings, lanes: await store.lanes(SHOP) },
    settings,
    append: async (...events) => {
      for (const one of events)
        await store.append({ shop: SHOP, events: [stored(one, clock.now())], parts: [], orders: [] })
    },
    bytes: async (of = connection) => [...(await store.ledger(SHOP, of.id, 1, await store.head(SHOP)))],
  }
}
