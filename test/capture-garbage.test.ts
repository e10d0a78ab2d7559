import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Pool } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sample, settled, startWorld, type World } from './harness.ts'

/**
 * 2,000 broken payloads through both doors, over real HTTP. A seed makes them the same ones every time; a failure names
 * its number and prints the payload.
 */
const PAYLOADS = 1000
const SEED = 20_261_122
const AT_ONCE = 16

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place in a document, as the keys that lead there. */
const placesOf = (value: Json, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))
    : []),
]

type Change = (value: Json) => Json | undefined

/** A copy with one place changed; undefined deletes it. */
const changedAt = (value: Json, [key, ...rest]: readonly string[], change: Change): Json | undefined => {
  if (key === undefined) return change(value)
  if (Array.isArray(value))
    return value.flatMap((inner, index) => {
      const next = String(index) === key ? changedAt(inner, rest, change) : inner
      return next === undefined ? [] : [next]
    })
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const next = name === key ? changedAt(inner, rest, change) : inner
      return next === undefined ? [] : [[name, next]]
    }),
  )
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth)

/** JSON text that no JSON value of ours would be written as, put in place of a mark. */
const RAW = [
  '9007199254740993',
  '-0',
  '1e400',
  '-1e-400',
  '123456789012345678901234567890',
  nested(30, '[', ']'),
  nested(20_000, '[', ']'),
  nested(2000, '{"a":[', ']}'),
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
] as const
const mark = (index: number) => `@@raw${index}@@`

const odd: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Change>(() => undefined) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<Json>(
        null,
        '',
        ' ',
        0,
        -1,
        1.5,
        1e21,
        true,
        false,
        [],
        {},
        [null],
        'NaN',
        '2026-13-45',
        'x'.repeat(5000),
      )
      .map(
        (by): Change =>
          () =>
            by,
      ),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map(
      (by): Change =>
        () =>
          by,
    ),
  },
  {
    weight: 2,
    arbitrary: (fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>).map(
      (by): Change =>
        () =>
          by,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(RAW.length - 1).map(
      (index): Change =>
        () =>
          mark(index),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Change>((value) => [value, value, value]) },
  { weight: 1, arbitrary: fc.constant<Change>((value) => ({ value })) },
  {
    weight: 1,
    arbitrary: fc.constant<Change>((value) => (typeof value === 'number' ? String(value) : String(value ?? ''))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON').map(
      (key): Change =>
        (value) =>
          Object.fromEntries([[key, value]]),
    ),
  },
)

const written = (value: Json): string =>
  RAW.reduce<string>((text, raw, index) => text.replaceAll(`"${mark(index)}"`, () => raw), JSON.stringify(value))

/** One of the documents with one to five places changed, and sometimes with its bytes cut off or disturbed. */
const broken = (documents: readonly Json[]): fc.Arbitrary<Buffer> =>
  fc
    .constantFrom(...documents.map((document) => ({ document, places: placesOf(document) })))
    .chain(({ document, places }) =>
      fc.tuple(
        fc.constant(document),
        fc.array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('whole') },
          { weight: 1, arbitrary: fc.constantFrom('cut', 'bytes') },
        ),
      ),
    )
    .map(([document, changes, place, state]) => {
      const value = changes.reduce<Json>((body, [place, change]) => changedAt(body, place, change) ?? null, document)
      const bytes = Buffer.from(written(value))
      if (state === 'whole') return bytes
      const at = Math.floor(place * bytes.length)
      return state === 'cut'
        ? bytes.subarray(0, at)
        : Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xfe, 0x00, 0xc3]), bytes.subarray(at)])
    })

/** As if it happened now, so that it is not too old to be sent. */
const recent = <T extends Json>(document: T): T => {
  const now = new Date().toISOString()
  return JSON.parse(JSON.stringify(document).replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, now)) as T
}

/** The samples tell of one order and one page view; every payload tells of its own. */
const ownFacts = (body: Buffer, place: number): Buffer => {
  const own = String(place).padStart(4, '0')
  const text = body
    .toString('latin1')
    .replaceAll(/(?:61[23]00000|9230000)\d{5}(?!\d)/g, (id) => `${id.slice(0, -5)}9${own}`)
    .replaceAll('sh-3f1c9a52-7B6D', `sh-3f1c${own}-7B6D`)
    .replaceAll('6f2c1d9be4a84b7f', `6f2c${own}e4a84b7f`)
    .replaceAll('hWN7k2QmZr4TtXb9', `hWN7${own}Zr4TtXb9`)
  return Buffer.from(text, 'latin1')
}

const samples = [
  'order_create',
  'order_create_presentment_jpy',
  'order_create_pos_no_browser',
  'order_create_draft_no_browser',
  'checkout_create',
  'cart_update',
  'refund_create',
  'pixel_checkout_completed',
].map((name) => recent(sample(name) as Json))
const pixel = recent(sample('pixel_checkout_completed') as { [key: string]: Json })
const { checkout } = pixel.data as { checkout: { [key: string]: Json } }
const variant = (checkout.lineItems as { variant: Json }[])[0]?.variant ?? null

const DATA: { readonly [name: string]: Json } = {
  page_viewed: {},
  product_viewed: { productVariant: variant },
  search_submitted: { searchResult: { query: 'lantern', productVariants: [variant] } },
  collection_viewed: { collection: { id: '1', title: 'Camp', productVariants: [variant] } },
  product_added_to_cart: {
    cartLine: { merchandise: variant, quantity: 2, cost: { totalAmount: { amount: 98, currencyCode: 'USD' } } },
  },
  checkout_started: { checkout },
  payment_info_submitted: { checkout },
  checkout_completed: { checkout },
}
const beacons = Object.entries(DATA).map(
  ([name, data]): Json => ({
    v: 1,
    shop: 'demo.myshopify.com',
    sentAt: new Date().toISOString(),
    events: [{ ...pixel, name, data, timestamp: new Date().toISOString() }],
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    cookies: { _epik: 'dj0yJnU9RXhhbXBsZQ', _fbp: 'fb.1.1763690000000.1122334455', _ga_ABCDEF: 'GS1.1.1700000000.1' },
    landing: { url: 'https://northfern.example/?epik=dj0y', referrer: '', at: new Date().toISOString() },
    customer: { id: '7450000000001', email: 'maya.okafor@example.com' },
    cart: { token: 'hWN7k2QmZr4TtXb9LcVfPdSa' },
    store: { country: 'US', currency: 'USD', url: 'https://northfern.example' },
  }),
)

const TOPICS =
  'orders/create orders/paid orders/updated orders/edited orders/cancelled refunds/create checkouts/create checkouts/update carts/create carts/update customers/create customers/redact nonsense'.split(
    ' ',
  )

describe('2,000 broken payloads over real HTTP: no crash, no 5xx, and the process still answers', () => {
  let world: World
  let pool: Pool
  beforeAll(async () => {
    world = await startWorld({ hold: 0 })
    pool = new Pool(new URL(world.engine.addresses.webhooks).origin, { connections: AT_ONCE })
  })
  afterAll(async () => {
    await pool.close()
    await world.stop()
  })

  const post = async (address: string, body: Buffer, headers: Record<string, string>): Promise<number> => {
    const answer = await pool.request({ method: 'POST', path: new URL(address).pathname, body, headers })
    const text = await answer.body.text()
    if (answer.statusCode >= 400) expect(text).toMatch(/^\{"error":"[^\n]+"\}\n$/)
    return answer.statusCode
  }

  /** Sends them all, so many at once; how often each status came. */
  const sendAll = async (payloads: readonly Buffer[], send: (body: Buffer, place: number) => Promise<number>) => {
    const counts = new Map<number, number>()
    const queue = payloads.entries()
    const worker = async () => {
      for (const [place, body] of queue) {
        const status = await send(body, place)
        if (status >= 500) expect.fail(`payload ${place} was answered ${status}: ${body.toString().slice(0, 2000)}`)
        counts.set(status, (counts.get(status) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return counts
  }

  const stillWell = async () => {
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    const page = { ...pixel, id: `sh-well-${Math.random()}`, name: 'page_viewed', timestamp: new Date().toISOString() }
    expect((await world.beacon({ events: [page], consent: { marketing: true } })).status).toBe(204)
    expect((await world.webhook('orders/create', sample('order_create'))).status).toBe(200)
  }

  it('through the webhook, validly signed', async () => {
    const payloads = fc.sample(broken(samples), { seed: SEED, numRuns: PAYLOADS }).map(ownFacts)
    const counts = await sendAll(payloads, (body, place) =>
      post(world.engine.addresses.webhooks, body, {
        'content-type': 'application/json',
        'x-shopify-topic': TOPICS[place % TOPICS.length] ?? '',
        'x-shopify-shop-domain': world.shop,
        'x-shopify-webhook-id': `garbage-${place}`,
        'x-shopify-hmac-sha256': createHmac('sha256', world.secret).update(body).digest('base64'),
      }),
    )
    expect([...counts.keys()].sort()).toEqual([200, 400])
    expect(counts.get(200)).toBeGreaterThan(PAYLOADS / 2)
    await stillWell()
  })

  it('through the beacon', async () => {
    const payloads = fc.sample(broken(beacons), { seed: SEED, numRuns: PAYLOADS }).map(ownFacts)
    const counts = await sendAll(payloads, (body) =>
      post(world.engine.addresses.beacon, body, { 'content-type': 'text/plain', 'user-agent': 'Phone/1.0' }),
    )
    expect([...counts.keys()].sort()).toEqual([204, 400, 404])
    expect(counts.get(204)).toBeGreaterThan(PAYLOADS / 2)
    await stillWell()
  })

  it('and every event that was made of them reaches its end: none crashes the mapper, none is refused', async () => {
    const { store } = world.engine.runtime
    const outcomes = await settled(world, 500)
    expect(outcomes.filter((name) => name === 'mapper_crash')).toEqual([])
    const dead = await store.deadLetters(world.shop, world.connection.id, 100)
    // Some of the broken requests to erase somebody can be read, and that is done.
    const failed = dead.filter(({ code }) => code !== 'redacted')
    expect(failed.map(({ code, message }) => ({ code, message }))).toEqual([])
  })
})
