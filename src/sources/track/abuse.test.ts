import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Shop, shopFrom } from '../../event/event.ts'
import { type Json, parseJson } from '../../lib/json.ts'
import type { Message } from '../source.ts'
import { batchOf } from './batch.ts'
import { decodeTrack } from './decode.ts'
import { keyFrom, keyText } from './key.ts'

const shop = shopFrom('demo.myshopify.com') as Shop
const page: Message = { source: 'track', shop, receivedAt: '2026-11-20T10:00:05.000Z', ip: '203.0.113.7' }
const server: Message = { ...page, trusted: true }

const ORDERS = ['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', ' order completed ']
const odd = fc.oneof(
  fc.constantFrom<Json>(null, '', -1, 1e21, true, [], {}, 'NaN', '-0.00', '\u0000', 'pur_1', 'gid://shopify/Order/1'),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
)
const call = fc.record(
  {
    type: fc.oneof(fc.constantFrom<Json>('track', 'page', 'screen', 'identify', 'group'), odd),
    event: fc.oneof(fc.constantFrom<Json>(...ORDERS, 'Product Added', 'Checkout Started', 'Anything'), odd),
    messageId: fc.oneof(fc.constantFrom<Json>('message-1', 'pur_42', 'paid_42', 'ref_1', 'cart_1'), odd),
    userId: odd,
    anonymousId: odd,
    timestamp: fc.oneof(fc.constant<Json>('2026-11-20T10:00:00.000Z'), odd),
    context: fc.oneof(fc.record({ traits: odd, page: odd, ip: odd, consent: odd }), odd),
    properties: fc.oneof(
      fc.record({
        order_id: fc.oneof(fc.constant<Json>('42'), odd),
        total: odd,
        revenue: odd,
        products: odd,
        refund_id: odd,
      }),
      odd,
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>

describe('calls of strangers, whatever is in them', () => {
  it('by a public key make no order, no refund, no change of an order, and bring no money to one', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 5 }), (batch) => {
        const { events, parts, orders } = decodeTrack(page, { batch })
        expect(orders).toEqual([])
        for (const { name, id } of events) {
          expect(name).not.toMatch(/^order_/)
          expect(id).not.toMatch(/^(?:pur|paid|can|ref|cus|ic|pi|ct|sub|atc|cart|con)_/)
        }
        for (const { part, commerce } of parts) {
          expect(part).toBe(true)
          expect(Object.keys(commerce ?? {}).filter((key) => !['orderId', 'checkoutToken'].includes(key))).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('are events, or left out and counted: each exactly once, and none is left out silently', () => {
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 5 }), fc.boolean(), (batch, trusted) => {
        const { events, parts, unused, leftOut, nothing } = decodeTrack(trusted ? server : page, { batch })
        const used = batch.length - (unused?.calls ?? 0)
        // An order that is paid is two events.
        expect(events.length + parts.length).toBeGreaterThanOrEqual(used)
        expect(events.length + parts.length).toBeLessThanOrEqual(2 * used)
        expect((unused?.calls ?? 0) > 0).toBe(leftOut !== undefined || nothing !== undefined)
      }),
      { numRuns: 500 },
    )
  })

  it('do not reach into prototypes, however the name is written', () => {
    const evil = ['__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'const\\u0072uctor']
    for (const name of evil) {
      const text = `{"event":"Anything","messageId":"message-1","${name}":{"polluted":1},
        "properties":{"${name}":{"polluted":1},"a":1},"context":{"${name}":{"polluted":1}}}`
      const parsed = parseJson(text, { depth: 32, values: 1000 })
      const batch = parsed.ok ? batchOf('track', 'id', text.length, parsed.value) : { error: 'unread' }
      if ('error' in batch) throw new Error(batch.error)
      const [event] = decodeTrack(page, batch.body).events
      expect(event?.custom).toEqual({ name: 'Anything', a: 1 })
    }
    expect('polluted' in {}).toBe(false)
  })

  it('of 10,000 properties are kept with 30 of them', () => {
    const properties = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`p${n}`, n]))
    const [event] = decodeTrack(server, { type: 'track', event: 'Anything', messageId: 'message-1', properties }).events
    expect(Object.keys(event?.custom ?? {})).toHaveLength(31)
    expect(event?.flags).toContain('custom_data_cut')
  })
})

describe('a key', () => {
  const made = keyText('secret', shop, new Uint8Array(20).fill(0xab))

  it('says its kind, its shop and which one it is', () => {
    expect(made).toBe(`cvs_demo_${'ab'.repeat(20)}`)
    expect(keyFrom(made)).toMatchObject({ shop, kind: 'secret', id: 'abababab' })
    expect(keyFrom(keyText('public', shop, new Uint8Array(20)))).toMatchObject({ kind: 'public', id: '00000000' })
  })

  it('is only what is written exactly so', () => {
    const others = [
      ` ${made}`,
      `${made}\n`,
      made.toUpperCase(),
      made.slice(0, -1),
      `${made}0`,
      made.replace('demo', '-x'),
    ]
    expect(others.map((text) => keyFrom(text))).toEqual(others.map(() => undefined))
    fc.assert(fc.property(fc.string(), (text) => keyFrom(text) === undefined))
  })
})
