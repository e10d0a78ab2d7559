import fc from 'fast-check'
import type { Event } from '../event/event.ts'
import { IDENTITY_FIELDS, type Identity } from '../event/identity.ts'
import { EVENT_NAMES } from '../event/names.ts'
import { exampleEvent } from './examples.ts'

// What a canonical event can be, for tests: any fields in any combination, with the odd values that shops do have.

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((value) => value.trim() !== ''),
  fc.constantFrom('Jane', 'São Paulo', '東京', '"quoted" \\ and\nbroken', '0', 'null', 'undefined', '🧵', '<script>'),
)
const id = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String), fc.uuid())
const amount = fc.oneof(
  fc.constantFrom('0.00', '-5.00', '39653', '1.250', '0.01', '99999999.99'),
  fc.nat({ max: 10 ** 8 }).map((cents) => (cents / 100).toFixed(2)),
)
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD')
const instant = fc
  .integer({ min: Date.parse('2026-11-15T10:00:00Z'), max: Date.parse('2026-11-22T10:00:00Z') })
  .map((ms) => new Date(ms).toISOString())
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom('https://shop.example.com/products/a', 'https://shop.example.com/en-ch/collections/b/products/c?d=e'),
)
const any = <T>(fields: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> }) =>
  fc.record(fields, { requiredKeys: [] })

const NATURAL: { readonly [Field in keyof Identity]?: readonly string[] } = {
  email: ['jane@example.com', ' JANE.doe+x@Example.COM ', 'nobody'],
  phone: ['+14155550132', '(415) 555-0132', '0041 79 123 45 67', '12'],
  birthDate: ['1990-04-15', '19900415', '1990-02-31'],
  region: ['CA', 'JP-13', 'New South Wales', 'ZH'],
  postalCode: ['95112-1234', 'SW1A 1AA', '8001', '-'],
  country: ['US', 'ch', 'Switzerland'],
  ip: ['203.0.113.9', '2001:db8::1', '0.0.0.0', 'here'],
  language: ['en-US', 'fil', 'x'],
  city: ['St. Gallen', '...', '東京'],
}
const identity = fc.record(
  Object.fromEntries(
    IDENTITY_FIELDS.map((field) => {
      const natural = NATURAL[field]
      return [field, natural === undefined ? text : fc.oneof(fc.constantFrom(...natural), text)] as const
    }),
  ),
  { requiredKeys: [] },
)

const amounts = {
  currency,
  value: amount,
  subtotal: amount,
  tax: amount,
  shipping: amount,
  discount: amount,
  tip: amount,
}
const line = any({
  lineId: id,
  productId: id,
  variantId: id,
  sku: text,
  title: text,
  variantTitle: text,
  vendor: text,
  category: text,
  type: text,
  url,
  imageUrl: url,
  quantity: fc.integer({ min: 0, max: 500 }),
  price: amount,
  total: amount,
  compareAtPrice: amount,
  discount: amount,
  cost: amount,
  giftCard: fc.boolean(),
})
const commerce = any({
  ...amounts,
  taxesIncluded: fc.boolean(),
  presentment: any(amounts),
  coupons: fc.array(text, { maxLength: 2 }),
  orderId: id,
  orderName: text,
  checkoutToken: id,
  cartToken: id,
  refundId: id,
  placedAt: instant,
  updatedAt: instant,
  original: any({ occurredAt: instant, value: amount }),
  remaining: amount,
  reason: text,
  paymentType: text,
  shippingMethod: text,
  checkoutUrl: url,
  items: fc.array(line, { maxLength: 4 }),
  numItems: fc.integer({ min: 1, max: 500 }),
  customerType: fc.constantFrom('new' as const, 'returning' as const),
  channel: fc.constantFrom('web' as const, 'pos' as const, 'draft' as const, 'app' as const),
  financialStatus: text,
  test: fc.boolean(),
})

const ids = any({
  epik: text,
  fbclid: text,
  fbc: fc.constantFrom('fb.1.1795341500000.IwAR2Example', 'fb.1.1780000000000.IwAR2Old.AQQCAQMC'),
  fbp: fc.constantFrom('fb.1.1795255200000.1098115397', 'fb.1.1795255200000.1098115397.AQQCAQMC'),
  ttclid: text,
  ttp: text,
  sccid: text,
  scid: text,
  rdtCid: text,
  rdtUuid: text,
  gclid: text,
  gbraid: text,
  wbraid: text,
  gadSource: fc.constantFrom('1', '5'),
  gadCampaignId: id,
  gaClientId: fc.constant('1234567890.1763800000'),
  gaSessions: fc.constant({ 'G-TEST123456': '1763812345' }),
  kx: text,
  klaCid: text,
  klaExchangeId: text,
  gum: text,
  gumOptOut: fc.constantFrom('true', 'false'),
  klaOff: fc.constantFrom('true', 'false'),
  seenAt: any({ fbclid: instant, gclid: instant, ttclid: instant }),
})

/** Any canonical event of the week before 2026-11-22T10:00Z. */
export const anyEvent: fc.Arbitrary<Event> = fc
  .record(
    {
      id,
      name: fc.constantFrom(...EVENT_NAMES),
      occurredAt: instant,
      identity,
      page: any({ url, referrer: url, title: text, viewId: id }),
      landing: any({ url, referrer: url, at: instant }),
      ids,
      consent: any({
        marketing: fc.boolean(),
        analytics: fc.boolean(),
        preferences: fc.boolean(),
        saleOfData: fc.boolean(),
        gpc: fc.boolean(),
        source: fc.constant('web-pixel'),
        at: instant,
      }),
      commerce,
      search: fc.record({ query: text }),
      collection: any({ id, title: text }),
    },
    { requiredKeys: ['id', 'name', 'occurredAt'] },
  )
  .map(exampleEvent)
