import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { destinations } from '../destinations/all.ts'
import { examplesOf } from '../destinations/examples.ts'
import { mapEvent, planRequests } from '../destinations/plan.ts'
import { type Event, shopFrom } from '../event/event.ts'
import { clientIdentifier } from '../event/identity.ts'
import { isObject, type Json } from '../lib/json.ts'
import { decodeWebhook } from '../sources/shopify-webhook/decode.ts'
import { mask, maskRequest, redactAnswer } from './mask.ts'

const sample = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../sources/samples/${name}.json`, import.meta.url), 'utf8')) as Json

/** What identifies the shopper of the samples, or opens their checkout. */
const CANARIES = [
  'maya.okafor@example.com',
  '+15035550142',
  'Maya',
  'Okafor',
  '1480 Larkspur',
  'Apt 5C',
  'Portland',
  '97214',
  '45.5152',
  '122.6784',
  '203.0.113.24',
  'iPhone OS 19_1',
  '7450000000001',
  '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
  '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
  'hWN7k2QmZr4TtXb9LcVfPdSa',
  'b1946ac92492d2347c6235b4d2611184',
  '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  '2b7d9c0e4f6a81325c7d9e0f1a2b3c4d',
  'dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg',
  'IwAR0exampleFbclid9',
  'fb.1.1763690000000.1122334455',
  'Cj0KCQexampleGclid',
  'M.O.',
  'pina_test_token',
]
const survivors = (value: unknown): string[] => {
  const text = JSON.stringify(mask(value))
  return CANARIES.filter((canary) => text.includes(canary))
}

const samples = [
  'order_create',
  'checkout_create',
  'order_create_presentment_jpy',
  'order_create_pos_no_browser',
  'order_create_draft_no_browser',
  'cart_update',
  'refund_create',
  'pixel_checkout_completed',
] as const

const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const receivedAt = '2026-11-21T02:06:43.000Z'
const decoded =
  decodeWebhook({ source: 'shopify-webhook', topic: 'orders/create', shop, receivedAt }, sample('order_create'))
    .events[0] ?? expect.fail('no event')
const clientId = clientIdentifier('8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11')
const canonical: Event = {
  ...decoded,
  identity: { ...decoded.identity, ...(clientId ? { clientId } : {}) },
  custom: { name: 'quiz_done', contact: 'write to maya.okafor@example.com or +15035550142' },
  search: { query: 'gift for maya.okafor@example.com' },
  store: { country: 'US', currency: 'USD', url: 'https://northfern.example' },
}
const beacon = {
  v: 1,
  shop,
  events: [sample('pixel_checkout_completed')],
  consent: { marketing: true },
  cookies: { _epik: 'dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg', _fbp: 'fb.1.1763690000000.1122334455' },
  landing: { url: 'https://northfern.example/?fbclid=IwAR0exampleFbclid9&utm_source=x' },
  customer: { id: '7450000000001', email: 'maya.okafor@example.com', phone: '+15035550142' },
  cart: { token: 'hWN7k2QmZr4TtXb9LcVfPdSa' },
}

describe('nothing personal and no token survives the masking of', () => {
  it.each(samples)('the sample %s', (name) => {
    expect(survivors(sample(name))).toEqual([])
  })

  it('a beacon of the pixel', () => {
    expect(survivors(beacon)).toEqual([])
  })

  it('a canonical event', () => {
    expect(survivors(canonical)).toEqual([])
  })

  it.each([...destinations.values()])('a request to $name, whose hashes are masked as well', async (destination) => {
    const settings = destination.settings.parse((await examplesOf(destination.slug)).settings)
    const how = { limited: false, backfill: false, test: false, now: new Date(receivedAt) }
    const mapped = mapEvent(destination, settings, canonical, how)
    if ('skip' in mapped) expect.fail(mapped.skip)
    const planned = planRequests(destination, settings, [{ index: 1, items: mapped.items }], {
      singly: false,
      test: false,
      now: how.now,
    })
    expect(planned).not.toEqual([])
    for (const { request } of planned) {
      const body = JSON.parse(request.body ?? '{}') as Json
      expect(survivors({ ...request, body })).toEqual([])
      const shown = JSON.stringify(maskRequest(body))
      expect(CANARIES.filter((canary) => shown.includes(canary))).toEqual([])
      expect(shown).not.toMatch(/[0-9a-f]{64}/)
    }
  })
})

describe('a masked value', () => {
  it('shows its first letters and its length, so that a support engineer can compare', () => {
    expect(mask({ email: 'maya@example.com', zip: '9721', latitude: 45.5 })).toEqual({
      email: 'ma…(16)',
      zip: '…',
      latitude: '…',
    })
  })

  it.each([
    ['write to maya@example.com now', 'write to ma…(16) now'],
    ['came from 203.0.113.24', 'came from 20…(12)'],
    ['came from 2001:db8::24', 'came from 20…(12)'],
    ['https://shop.example.com/a?b=secret&c=d#e', 'https://shop.example.com/a?b=…&c=…#e'],
    ['/checkouts/cn/hWN7k2QmZr4TtXb9/en-us', '/checkouts/cn/…/en-us'],
    ['ic_6f2c1d9be4a84b7f9a3c5e7d1b2f4a60', 'ic_6f…(32)'],
  ])('inside other text "%s" reads "%s"', (text, shown) => {
    expect(mask({ note_to_self: text })).toEqual({ note_to_self: shown })
  })

  it('what a merchant needs to recognise an event stays: names of products and orders, ids, money, times', () => {
    const plain = {
      id: 'pur_6120000000001',
      name: 'order_placed',
      occurredAt: '2026-11-21T02:06:39.000Z',
      commerce: {
        orderName: '#1042',
        value: '176.74',
        numItems: 3,
        items: [{ title: 'Trail Lantern', name: 'Trail Lantern', productId: '8120000000011', price: '44.10' }],
      },
      consent: { marketing: true, at: '2026-11-21T02:06:42.118Z' },
    }
    expect(mask(plain)).toEqual(plain)
  })

  it('is a copy: what came in stays as it was', () => {
    const value = { identity: { email: 'maya@example.com' } }
    mask(value)
    expect(value).toEqual({ identity: { email: 'maya@example.com' } })
  })
})

describe('an answer that is kept', () => {
  it('has no addresses, credentials or hashes in it', () => {
    const hash = 'b64b178a98dfec3c9923bfa5ecacb1789ae82e7032542785a08d0864dd32c7f6'
    expect(
      redactAnswer(
        `{"message":"Bearer pina_AbCdEf123456 is not valid for maya@example.com","em":"${hash}","ip":"203.0.113.24","v6":"2001:db8:0:0:0:0:0:1","ph":"+15035550142"}`,
      ),
    ).toBe('{"message":"<token> is not valid for <email>","em":"<hash>","ip":"<ip>","v6":"<ip>","ph":"<phone>"}')
  })

  it('keeps times, codes and words', () => {
    const answer = '{"code":953,"message":"Invalid event_timestamp: 1795341000 at 2026-11-22T10:00:00.000Z"}'
    expect(redactAnswer(answer)).toBe(answer)
  })

  it('is at most 2,048 characters, and nothing that the cut left half can be read', () => {
    const padding = '"'.repeat(2030)
    for (const secret of [`pina_${'x'.repeat(40)}`, 'a'.repeat(64), 'maya.okafor@example.com']) {
      const kept = redactAnswer(`${padding}${secret}`)
      expect(kept).toBe(padding)
    }
  })
})

it('masks what is nested without end no deeper than JSON from strangers may be', () => {
  const deep = (depth: number): Json => (depth === 0 ? { email: 'maya@example.com' } : [deep(depth - 1)])
  const masked = mask(deep(32))
  expect(isObject(masked)).toBe(false)
  expect(JSON.stringify(masked)).not.toContain('maya')
})
