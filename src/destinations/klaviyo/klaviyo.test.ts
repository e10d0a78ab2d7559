import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Event } from '../../event/event.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { DAY } from '../../lib/duration.ts'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { type How, isSkip } from '../destination.ts'
import { exampleAnswer, exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { klaviyo } from './klaviyo.ts'

describeDestination(klaviyo, examples)

const settings = klaviyo.settings.parse(examples.settings)
const live: How = { limited: false, backfill: false, test: false, now: new Date('2026-11-22T10:00:00Z') }

const itemsOf = (event: Event, how = live): readonly unknown[] => {
  const items = klaviyo.toItems(event, settings, how)
  return isSkip(items) ? expect.fail(`skipped: ${items.skip}`) : items
}
const bodiesOf = (items: readonly unknown[], how: { singly?: boolean; bulk?: boolean } = {}): unknown[] =>
  klaviyo
    .toRequests(items, settings, { singly: false, test: false, now: live.now, ...how })
    .map(({ request }) => JSON.parse(request.body ?? ''))

describe('Klaviyo’s closed schema, written again from its specification', () => {
  const text = z.string().min(1).max(100_000)
  const texts = z.array(text).min(1)
  const amount = z.number().nonnegative()
  const profile = z.strictObject({
    type: z.literal('profile'),
    attributes: z
      .strictObject({
        email: z.email().toLowerCase().optional(),
        phone_number: z
          .string()
          .regex(/^\+[1-9]\d{6,14}$/)
          .optional(),
        external_id: text.max(255).optional(),
        anonymous_id: text.optional(),
        _kx: text.optional(),
        first_name: text.optional(),
        last_name: text.optional(),
        organization: text.optional(),
        locale: text.optional(),
        location: z
          .strictObject({
            address1: text.optional(),
            city: text.optional(),
            region: text.optional(),
            country: text.min(3).optional(),
            zip: text.optional(),
          })
          .optional(),
      })
      .refine((person) => person.email ?? person.phone_number ?? person.external_id ?? person._kx),
  })
  const line = z
    .strictObject({
      ProductID: text,
      SKU: text,
      ProductName: text,
      Quantity: z.int().min(1),
      ItemPrice: amount,
      RowTotal: amount,
      ProductURL: text,
      ImageURL: text,
      ProductCategories: texts,
    })
    .partial()
  const metric = z.strictObject({
    data: z.strictObject({
      type: z.literal('metric'),
      attributes: z.strictObject({
        name: z.enum([
          'Active on Site',
          'Added Payment Info',
          'Added to Cart',
          'Added to Wishlist',
          'Cancelled Order',
          'Created Account',
          'Ordered Product',
          'Placed Order',
          'Refunded Order',
          'Started Checkout',
          'Submitted Lead',
          'Submitted Search',
          'Viewed Collection',
          'Viewed Product',
        ]),
      }),
    }),
  })
  const attributes = {
    unique_id: text,
    time: z.iso.datetime({ precision: 0 }).refine((time) => Date.parse(time) <= live.now.getTime()),
    metric,
    properties: z
      .record(z.string(), z.union([text, amount, texts, z.array(line).min(1)]))
      .refine((properties) => Object.keys(properties).length <= 300),
    value: amount.optional(),
    value_currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    backfill: z.literal(true).optional(),
  }
  const single = z.strictObject({
    data: z.strictObject({
      type: z.literal('event'),
      attributes: z
        .strictObject({ ...attributes, profile: z.strictObject({ data: profile }) })
        .refine(({ value, value_currency }) => (value === undefined) === (value_currency === undefined)),
    }),
  })
  const job = z.strictObject({
    data: z.strictObject({
      type: z.literal('event-bulk-create-job'),
      attributes: z.strictObject({
        'events-bulk-create': z.strictObject({
          data: z.array(
            z.strictObject({
              type: z.literal('event-bulk-create'),
              attributes: z.strictObject({
                backfill: z.literal(true).optional(),
                profile: z.strictObject({ data: profile }),
                events: z.strictObject({
                  data: z
                    .array(z.strictObject({ type: z.literal('event'), attributes: z.strictObject(attributes) }))
                    .length(1),
                }),
              }),
            }),
          ),
        }),
      }),
    }),
  })
  const faults = (schema: z.ZodType, body: unknown) => schema.safeParse(body).error?.issues

  it('is kept by every example', () => {
    const items = examples.events.flatMap(({ gives }) => (Array.isArray(gives) ? gives : []))
    for (const body of bodiesOf(items)) expect(faults(single, body)).toBeUndefined()
    for (const body of bodiesOf(items, { bulk: true })) expect(faults(job, body)).toBeUndefined()
  })

  it('is kept by any event, singly and in bulk, with nothing hashed', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), fc.boolean(), (event, limited, backfill) => {
        const items = klaviyo.toItems(event, settings, { ...live, limited, backfill })
        if (isSkip(items)) return
        for (const body of bodiesOf(items)) {
          expect(faults(single, body)).toBeUndefined()
          expect(JSON.stringify(body)).not.toMatch(/"[0-9a-f]{64}"/)
        }
        for (const body of bodiesOf([...items, ...items], { bulk: true }))
          expect(faults(z.union([single, job]), body)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('requests', () => {
  const [item] = itemsOf(exampleEvent({ id: 'cus_1', name: 'signed_up', identity: { email: 'jane@example.com' } }))
  const planned = (count: number, how: { singly?: boolean; bulk?: boolean }) =>
    klaviyo.toRequests(new Array(count).fill(item), settings, { singly: false, test: false, now: live.now, ...how })

  it('carry one event each while live, with the revision and the media type', () => {
    const [first, ...others] = planned(3, {})
    expect(others).toHaveLength(2)
    expect(first?.request).toMatchObject({
      method: 'POST',
      url: 'https://a.klaviyo.com/api/events',
      headers: {
        authorization: 'Klaviyo-API-Key pk_EXAMPLE_PRIVATE_KEY',
        revision: '2026-07-15',
        accept: 'application/vnd.api+json',
        'content-type': 'application/vnd.api+json',
      },
    })
  })

  it('carry up to 1,000 events of a backlog', () => {
    const requests = planned(2500, { bulk: true })
    expect(requests.map(({ items }) => items.length)).toEqual([1000, 1000, 500])
    for (const { request } of requests) expect(request.url).toBe('https://a.klaviyo.com/api/event-bulk-create-jobs')
  })

  it.each([
    ['asked to send singly', { singly: true, bulk: true }, 2],
    ['one is left of a backlog', { bulk: true }, 1],
  ])('use the interface that forgives repeats when %s', (_, how, count) => {
    for (const { request } of planned(count, how)) expect(request.url).toBe('https://a.klaviyo.com/api/events')
  })

  it('keep started checkouts out of bulk: two of one unique_id would get it refused', () => {
    const checkout = (name: 'checkout_started' | 'contact_submitted', id: string) =>
      itemsOf(
        exampleEvent({ id, name, identity: { email: 'jane@example.com' }, commerce: { checkoutToken: 'c1b2a3' } }),
      )
    const items = [...checkout('checkout_started', 'ic_c1b2a3'), ...checkout('contact_submitted', 'ct_c1b2a3')]
    expect(new Set([item, ...items].map((one) => klaviyo.groupOf(one))).size).toBe(2)
    expect(bodiesOf(items, { bulk: true })).toEqual(items.map((data) => ({ data })))
  })

  it('mark what comes from history on both levels of a bulk request', () => {
    const items = itemsOf(exampleEvent({ id: 'cus_1', name: 'signed_up', identity: { email: 'jane@example.com' } }), {
      ...live,
      backfill: true,
    })
    expect(bodiesOf([...items, ...items], { bulk: true })[0]).toMatchObject({
      data: {
        attributes: {
          'events-bulk-create': {
            data: [
              { attributes: { backfill: true, events: { data: [{ attributes: { backfill: true } }] } } },
              { attributes: { backfill: true, events: { data: [{ attributes: { backfill: true } }] } } },
            ],
          },
        },
      },
    })
  })
})

describe('beside Klaviyo’s own Shopify integration', () => {
  const on = (nativeIntegration: boolean) =>
    klaviyo.defaultEvents?.(klaviyo.settings.parse({ ...examples.settings, nativeIntegration }))

  it('only what it lacks is on', () => {
    expect(on(true)).toEqual(['wishlist_added', 'payment_info_added', 'signed_up', 'lead_submitted'])
  })

  it('everything is on without it', () => {
    expect(on(false)).toEqual(EVENT_NAMES.filter((name) => klaviyo.accepts[name] !== null))
  })
})

describe('what is placed, refunded in part and then cancelled', () => {
  // Costs are 12.50 in all, so the profit is what the subtotal leaves above them.
  const original = { occurredAt: '2026-11-20T10:00:00.000Z', value: '100.00', subtotal: '80.00', profit: '67.50' }
  const lines = [{ productId: '1', title: 'Shirt', quantity: 1, total: '80.00', cost: '12.50' }]
  const about = { currency: 'USD', orderId: '6001234567890' }
  /** A refund of 20.00, and a cancellation of the 80.00 that it left. */
  const story = [
    ['order_placed', { value: '100.00', subtotal: '80.00', items: lines }],
    ['order_refunded', { value: '20.00', refundId: '7', original, remaining: '80.00' }],
    ['order_cancelled', { value: '80.00', items: lines, original, remaining: '0.00' }],
  ] as const

  it.each([
    ['total', [100, 20, 80]],
    ['subtotal', [80, 16, 64]],
    ['profit', [67.5, 13.5, 54]],
  ] as const)('comes to nothing where a purchase counts as its %s', (value, told) => {
    const asked = klaviyo.settings.parse({ ...examples.settings, value })
    const values = story.map(([name, amounts]) => {
      const identity = { email: 'jane@example.com' }
      const items = klaviyo.toItems(
        exampleEvent({ id: name, name, identity, commerce: { ...about, ...amounts } }),
        asked,
        live,
      )
      return isSkip(items) ? expect.fail(`${name} skipped: ${items.skip}`) : toldValue(items[0])
    })
    expect(values).toEqual(told)
    const [placed, refunded, cancelled] = values
    expect((placed ?? 0) - (refunded ?? 0) - (cancelled ?? 0)).toBe(0)
  })

  const toldValue = (item: unknown): number =>
    z.looseObject({ attributes: z.looseObject({ value: z.number() }) }).parse(item).attributes.value
})

it('shows a product that was taken out of an order in no list, whatever the event', () => {
  const commerce = {
    currency: 'USD',
    value: '10.00',
    items: [
      { productId: '1', title: 'Gone', vendor: 'Gone Ltd', type: 'Gone things', quantity: 0, price: '5.00' },
      { productId: '2', title: 'Kept', quantity: 1, price: '10.00' },
    ],
  }
  for (const name of [
    'product_added',
    'checkout_started',
    'order_placed',
    'order_refunded',
    'order_cancelled',
  ] as const) {
    const items = itemsOf(exampleEvent({ id: name, name, identity: { email: 'jane@example.com' }, commerce }))
    expect(JSON.stringify(items), name).toContain('Kept')
    expect(JSON.stringify(items), name).not.toContain('Gone')
  }
})

it('merges repeats for ever as far as we go, by the event’s id, and has no twins of a tag', () => {
  expect(klaviyo.dedup('order_placed')).toEqual({ window: 365 * DAY, twinWindow: 0, by: 'event' })
  expect(klaviyo.dedup('subscribed')).toBeUndefined()
})

describe('settings', () => {
  const refused = (change: object) =>
    klaviyo.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want a private key; the public one cannot write', () => {
    expect(refused({ apiKey: 'AbC123' })).toEqual(['apiKey'])
    expect(refused({ apiKey: 'pk_with a space' })).toEqual(['apiKey'])
    expect(refused({ apiKey: ' pk_0123456789abcdef0123456789abcdef01 ' })).toBeUndefined()
  })

  it('are complete with the key', () => {
    expect(settings).toEqual({
      apiKey: 'pk_EXAMPLE_PRIVATE_KEY',
      nativeIntegration: false,
      catalogId: '{product}',
      purchaseOn: 'placed',
      money: 'shop',
      value: 'total',
      transactionId: '{orderId}',
      prefer: 'noDuplicates',
      sendPos: false,
      sendDraft: false,
      sendSubscriptions: false,
    })
  })

  it('name the account by a fingerprint of the key, which tells nothing of the key', () => {
    const account = (apiKey: string) => klaviyo.account(klaviyo.settings.parse({ apiKey }))
    expect(account('pk_EXAMPLE_PRIVATE_KEY')).toMatch(/^key-[0-9a-f]{12}$/)
    expect(account(' pk_EXAMPLE_PRIVATE_KEY ')).toBe(account('pk_EXAMPLE_PRIVATE_KEY'))
    expect(account('pk_ANOTHER_PRIVATE_KEY')).not.toBe(account('pk_EXAMPLE_PRIVATE_KEY'))
  })
})

describe('verification', () => {
  it('reads the account and its metrics, and posts an event that can only be refused', () => {
    const { requests, counts } = klaviyo.verify(settings, new Date(1795341600_000))
    expect(counts).toBe(false)
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://a.klaviyo.com/api/accounts',
      "GET https://a.klaviyo.com/api/metrics?filter=equals(integration.name%2C'Shopify')",
      'POST https://a.klaviyo.com/api/events',
    ])
    for (const { headers } of requests)
      expect(headers).toMatchObject({
        authorization: 'Klaviyo-API-Key pk_EXAMPLE_PRIVATE_KEY',
        revision: '2026-07-15',
      })
    const { attributes } = JSON.parse(requests[2]?.body ?? '').data
    expect(attributes).not.toHaveProperty('metric')
    expect(attributes).not.toHaveProperty('profile')
    expect(attributes).not.toHaveProperty('properties')
  })

  const read = (title: string) => {
    const found = examples.verifications.find((one) => one.title === title) ?? expect.fail(`no example: ${title}`)
    return klaviyo.readVerify(found.responses)
  }

  it('names the organisation', () => {
    expect(read('a good key, and no Shopify integration of Klaviyo’s own').message).toContain('“Example Store”')
  })

  it('suggests to leave to Klaviyo’s own integration what that sends', () => {
    expect(read('Klaviyo’s own Shopify integration is on')).toMatchObject({ suggests: { nativeIntegration: true } })
    expect(read('a good key, and no Shopify integration of Klaviyo’s own')).not.toHaveProperty('suggests')
  })

  it('says what it could not see', () => {
    expect(read('the key may not read metrics').message).toContain('not allowed to read metrics')
    expect(read('the incomplete event got no answer').message).toContain('could not be seen')
    expect(klaviyo.readVerify([exampleAnswer(200, { data: [{ type: 'account' }] })])).toMatchObject({ outcome: 'ok' })
  })

  it('says that the key may not write events', () => {
    expect(read('the key may not write events').message).toContain('not allowed to write events')
  })
})
