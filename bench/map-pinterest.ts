import { createHash } from 'node:crypto'
import { pinterest } from '../src/destinations/pinterest/pinterest.ts'
import { mapEvent, planRequests } from '../src/destinations/plan.ts'
import { DEFAULT_POLICY } from '../src/event/consent.ts'
import type { Event } from '../src/event/event.ts'
import { identityFrom } from '../src/event/identity.ts'
import { route } from '../src/pipeline/route.ts'
import { type Bench, compare } from './bench.ts'

const GOAL = 0.7

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
  ids: { epik: 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ', fbp: 'fb.1.1700000000000.1234567890' },
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
const settings = pinterest.settings.parse({ adAccountId: '549755885175', conversionToken: 'pina_EXAMPLE_TOKEN' })
const destination = pinterest

/** The text of a canonical event to the text of a request body, the way an event goes in the pipeline. */
const mapped = (): string => {
  const parsed = JSON.parse(TEXT) as Event
  const identity = parsed.identity && identityFrom(parsed.identity)
  const event: Event = identity === undefined ? parsed : Object.assign(parsed, { identity })
  const routed = route(event, { destination, settings, policy: DEFAULT_POLICY, now: now.getTime() })
  if ('skip' in routed) throw new Error(`skipped: ${routed.skip}`)
  const items = mapEvent(destination, settings, event, { limited: routed.limited, backfill: false, test: false, now })
  if ('skip' in items) throw new Error(`skipped: ${items.skip}`)
  const [planned] = planRequests(destination, settings, [{ index: 0, items: items.items }], {
    singly: false,
    test: false,
  })
  if (planned?.request.body === undefined) throw new Error('no request')
  return planned.request.body
}

const SHORT = Object.values(purchase.identity).slice(0, 10)

/** What no mapping can do without: reading the text, ten hashes, writing text again. */
const kernel = (): string => {
  const event = JSON.parse(TEXT) as object
  const hashes = SHORT.map((value) => createHash('sha256').update(value).digest('hex'))
  return hashes.length === 10 ? JSON.stringify(event) : ''
}

export const bench: Bench = {
  name: 'map-pinterest',
  async run(report, { short }) {
    const { value, reference, ratio } = compare(mapped, kernel, { rounds: short ? 5 : 25, ms: short ? 50 : 150 })
    report({ value, unit: 'events/s', reference, ratio, goal: `ratio >= ${GOAL}`, ok: ratio >= GOAL })
  },
}
