import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Event, shopFrom } from '../event/event.ts'
import { isObject, type Json } from '../lib/json.ts'
import cart from './samples/cart_update.json' with { type: 'json' }
import checkout from './samples/checkout_create.json' with { type: 'json' }
import order from './samples/order_create.json' with { type: 'json' }
import jpy from './samples/order_create_presentment_jpy.json' with { type: 'json' }
import completed from './samples/pixel_checkout_completed.json' with { type: 'json' }
import refund from './samples/refund_create.json' with { type: 'json' }
import { decodeWebhook } from './shopify-webhook/decode.ts'
import type { Decoded } from './source.ts'
import { decodePixel } from './web-pixel/decode.ts'

const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const received = { shop, receivedAt: '2026-11-21T02:06:43.000Z', facts: { url: 'https://northfernsupply.example' } }

/** Every path of a JSON document that leads somewhere. */
const pathsOf = (value: Json, path: readonly string[] = []): string[][] => [
  [...path],
  ...(isObject(value) || Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))
    : []),
]

const replaced = (value: Json, [key, ...rest]: readonly string[], by: Json): Json => {
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? replaced(inner, rest, by) : inner))
  return isObject(value) ? { ...value, [key]: replaced(value[key] ?? null, rest, by) } : value
}

const odd = fc.oneof(
  fc.constantFrom<Json>(
    null,
    '',
    ' ',
    0,
    -1,
    1e21,
    0.1,
    true,
    [],
    {},
    'NaN',
    'Infinity',
    '-0.00',
    '1e5',
    '\u0000',
    '\ud800',
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.string({ unit: 'binary', maxLength: 6000 }),
)

/** A sample with up to eight of its members replaced by something odd. */
const mutated = (sample: Json) =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(sample)), odd), { minLength: 1, maxLength: 8 })
    .map((changes) => changes.reduce<Json>((body, [path, by]) => replaced(body, path, by), sample))

const MONEY = /^-?\d+(?:\.\d+)?$/
const MONEY_FIELDS = new Set('value subtotal tax shipping discount tip price total compareAtPrice'.split(' '))

const check = (value: unknown, path: string): void => {
  if (value === null || value === '' || value === undefined || Number.isNaN(value)) expect.fail(`${path} is ${value}`)
  if (typeof value === 'number' && !Number.isFinite(value)) expect.fail(`${path} is ${value}`)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    check(inner, `${path}.${key}`)
    if (MONEY_FIELDS.has(key) && path.includes('commerce')) expect(inner, `${path}.${key}`).toMatch(MONEY)
  }
}

const sound = ({ events, parts, orders, nothing }: Decoded): void => {
  const told: Event[] = [...events, ...parts]
  expect(nothing === undefined).toBe(told.length > 0)
  for (const event of told) {
    check(event, event.name)
    expect(event.shop).toBe('demo.myshopify.com')
    expect(new Date(event.occurredAt).toISOString()).toBe(event.occurredAt)
    if (event.part)
      for (const field of ['value', 'items', 'currency']) expect(event.commerce ?? {}).not.toHaveProperty(field)
  }
  for (const change of orders) check(change, 'order')
}

describe('a mutated payload never throws and never yields nulls, empty texts, NaN or money that is no decimal text', () => {
  it.each<[string, Json]>([
    ['orders/create', order],
    ['orders/create', jpy],
    ['orders/paid', order],
    ['orders/updated', order],
    ['orders/cancelled', order],
    ['refunds/create', refund],
    ['checkouts/create', checkout],
    ['checkouts/update', checkout],
    ['carts/update', cart],
    ['customers/create', order.customer],
  ])('%s', (topic, sample) => {
    fc.assert(
      fc.property(mutated(sample), (body) =>
        sound(decodeWebhook({ source: 'shopify-webhook', topic, ...received }, body)),
      ),
      { numRuns: 150 },
    )
  })

  it.each(['checkout_completed', 'checkout_started', 'product_viewed', 'cart_viewed', 'search_submitted'])(
    '%s',
    (name) => {
      const { lineItems } = completed.data.checkout
      const variant = lineItems[0]?.variant ?? null
      const data = {
        ...completed.data,
        productVariant: variant,
        searchResult: { query: 'lantern', productVariants: [variant] },
        cart: {
          id: 'hWN7',
          lines: [{ merchandise: variant, quantity: 2, cost: { totalAmount: { amount: 98, currencyCode: 'USD' } } }],
        },
      }
      const beacon = {
        v: 1,
        shop: 'demo.myshopify.com',
        sentAt: '2026-11-21T02:06:42.500Z',
        events: [{ ...completed, name, data }],
        consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
        cookies: {
          _fbp: 'fb.1.1763690000000.1122334455',
          __kla_id: btoa('{"cid":"abcdef"}'),
          _ga_ABCDEF: 'GS1.1.1700000000.1',
        },
        landing: { url: 'https://northfernsupply.example/?epik=dj0y', referrer: '', at: '2026-11-21T02:00:00.000Z' },
        customer: { id: '7450000000001' },
        store: { country: 'US', currency: 'USD', url: 'https://northfernsupply.example' },
      }
      fc.assert(
        fc.property(mutated(beacon), (body) =>
          sound(decodePixel({ source: 'web-pixel', ip: '203.0.113.9', ...received }, body)),
        ),
        { numRuns: 200 },
      )
    },
  )
})
