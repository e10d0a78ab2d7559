import { createHash } from 'node:crypto'
import { destinations } from '../src/destinations/all.ts'
import type { CommonSettings } from '../src/destinations/common-settings.ts'
import type { Destination } from '../src/destinations/destination.ts'
import { examplesOf } from '../src/destinations/examples.ts'
import { mapEvent, planRequests } from '../src/destinations/plan.ts'
import { DEFAULT_POLICY } from '../src/event/consent.ts'
import type { Event } from '../src/event/event.ts'
import { identityFrom } from '../src/event/identity.ts'
import { route } from '../src/pipeline/route.ts'
import { type Bench, compare } from './bench.ts'

/** A purchase of three lines as `converlay decode` prints it, before its identity is normalised. */
const line = (n: number, title: string, quantity: number, price: string, total: string) => ({
  lineId: `1400000000000${n}`,
  productId: `789012345679${n}`,
  variantId: `4411223344556${n}`,
  sku: `SKU-${n}-M`,
  title,
  variantTitle: 'M / natural',
  vendor: 'Example Goods',
  type: 'Apparel',
  url: `https://shop.example.com/products/${title.toLowerCase().replaceAll(' ', '-')}`,
  quantity,
  price,
  total,
})

const purchase = {
  schema: 1,
  id: 'pur_6001234567890',
  shop: 'demo.myshopify.com',
  name: 'order_placed',
  occurredAt: '2026-11-20T10:00:00.000Z',
  receivedAt: '2026-11-20T10:00:01.250Z',
  origin: 'live',
  seenBy: ['shopify-webhook:orders/create', 'web-pixel:checkout_completed'],
  flags: [],
  store: { country: 'US', currency: 'USD', timezone: 'America/New_York', url: 'https://shop.example.com' },
  page: { url: 'https://shop.example.com/checkouts/cn/Z2NwLXVz/thank_you?epik=dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ' },
  landing: { url: 'https://shop.example.com/?epik=dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ', at: '2026-11-20T09:41:12.000Z' },
  identity: {
    email: ' Jane.Doe+Shop@Example.COM ',
    phone: '+14155550132',
    firstName: 'Jane ',
    lastName: "O'Doe-Smith",
    city: 'San José',
    region: 'CA',
    postalCode: '95112-1234',
    country: 'US',
    customerId: '7001234567890',
    clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87',
    ip: '203.0.113.42',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    language: 'en-US',
  },
  ids: {
    epik: 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ',
    fbp: 'fb.1.1700000000000.1234567890',
    fbclid: 'IwAR2ExampleFbclid_aB-cD9',
    ttclid: 'E.C.P.ExampleTtclid',
    ttp: '2ExampleTtp',
    sccid: '3ff2a6f1-0000-4000-8000-000000000000',
    rdtCid: '3184234567890123456',
    rdtUuid: '1763800000000.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    gclid: 'Cj0KCQiA_TEST_gclid-123',
    gaClientId: '1234567890.1763800000',
    gaSessions: { 'G-TEST123456': '1763812345' },
    kx: 'EXAMPLEexchangeid.AbC123',
    gum: 'k-EXAMPLEgumid_01',
    seenAt: { fbclid: '2026-11-20T09:41:12.000Z' },
  },
  consent: { marketing: true, analytics: true, preferences: true, saleOfData: true, source: 'web-pixel' },
  commerce: {
    currency: 'USD',
    value: '159.80',
    subtotal: '149.80',
    tax: '0.00',
    shipping: '10.00',
    discount: '0.00',
    orderId: '6001234567890',
    orderName: '#1042',
    checkoutToken: 'c1b2a3d4e5f60718293a4b5c6d7e8f90',
    placedAt: '2026-11-20T10:00:00.000Z',
    items: [
      line(1, 'Linen Shirt', 2, '49.95', '99.90'),
      line(2, 'Canvas Bag', 1, '30.00', '30.00'),
      line(3, 'Wool Socks', 1, '19.90', '19.90'),
    ],
    numItems: 4,
    channel: 'web',
  },
}

const TEXT = JSON.stringify(purchase)
const now = new Date('2026-11-20T10:00:05.000Z')

/** A destination with settings, as a connection has them. */
interface Target {
  readonly destination: Destination
  readonly settings: CommonSettings
}

/** A destination by its slug, with the settings of its examples. */
const target = async (slug: string): Promise<Target> => {
  const destination = destinations.get(slug)
  if (destination === undefined) throw new Error(`there is no destination ${slug}`)
  return { destination, settings: destination.settings.parse((await examplesOf(slug)).settings) }
}

/** The text of a canonical event as the pipeline's event. */
const parsed = (): Event => {
  const event = JSON.parse(TEXT) as Event
  const identity = event.identity && identityFrom(event.identity)
  return identity === undefined ? event : Object.assign(event, { identity })
}

/** An event as a destination's request bodies, the way it goes in the pipeline; their length. */
const mapped = (event: Event, { destination, settings }: Target): number => {
  const routed = route(event, { destination, settings, policy: DEFAULT_POLICY, now: now.getTime() })
  if ('skip' in routed) throw new Error(`${destination.slug} skipped: ${routed.skip}`)
  const items = mapEvent(destination, settings, event, { limited: routed.limited, backfill: false, test: false, now })
  if ('skip' in items) throw new Error(`${destination.slug} skipped: ${items.skip}`)
  const requests = planRequests(destination, settings, [{ index: 0, items: items.items }], LIVE)
  let length = 0
  for (const { request } of requests) length += request.body?.length ?? 0
  if (length === 0) throw new Error(`${destination.slug} made no request`)
  return length
}
const LIVE = { singly: false, test: false, now }

const SHORT = Object.values(purchase.identity).slice(0, 10)

/** What no mapping can do without: reading the text, ten hashes, writing text again. */
const kernel = (): string => {
  const event = JSON.parse(TEXT) as object
  const hashes = SHORT.map((value) => createHash('sha256').update(value).digest('hex'))
  return hashes.length === 10 ? JSON.stringify(event) : ''
}

/** From the text of one purchase to the bodies for all of these destinations. */
const bench = (name: string, slugs: readonly string[], goal: number): Bench => ({
  name,
  async run(report, { short }) {
    const targets = await Promise.all(slugs.map(target))
    const work = () => {
      const event = parsed()
      let length = 0
      for (const one of targets) length += mapped(event, one)
      return length
    }
    const { value, reference, ratio } = compare(work, kernel, { rounds: short ? 5 : 25, ms: short ? 50 : 150 })
    report({ value, unit: 'events/s', reference, ratio, goal: `ratio >= ${goal}`, ok: ratio >= goal })
  },
})

/** The seven whose mapping costs most; normalised values and hashes are made once for all of them. */
const FANOUT = ['pinterest', 'meta', 'tiktok', 'snapchat', 'reddit', 'klaviyo', 'ga4']

export const benches: readonly Bench[] = [
  ...[...destinations.keys()].map((slug) => bench(`map-${slug}`, [slug], 0.7)),
  bench('map-fanout7', FANOUT, 0.14),
]
