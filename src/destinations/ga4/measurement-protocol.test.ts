import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { planRequests } from '../plan.ts'
import { examples } from './examples.ts'
import { ga4 } from './ga4.ts'

const settings = ga4.settings.parse(examples.settings)
const now = new Date('2026-11-22T10:00:00Z')

const mapped = (event: Parameters<typeof ga4.toItems>[0], limited = false) => {
  const items = ga4.toItems(event, settings, { limited, backfill: false, test: false, now })
  return 'skip' in items ? [] : items
}

describe('the Measurement Protocol’s body, written again from its documentation', () => {
  const text = (longest: number) => z.string().min(1).max(longest)
  const number = z.number().min(0)
  const hashes = z.array(z.string().regex(/^[0-9a-f]{64}$/)).length(1)
  const plain = z.string().regex(/^[^\p{N}\p{P}\p{S}]+$/u)
  const consent = z.enum(['GRANTED', 'DENIED'])
  const item = z
    .strictObject({
      item_id: text(100).optional(),
      item_name: text(100).optional(),
      item_brand: text(100).optional(),
      item_category: text(100).optional(),
      item_variant: text(100).optional(),
      price: number.optional(),
      quantity: z.int().min(1).optional(),
    })
    .refine(({ item_id, item_name }) => item_id !== undefined || item_name !== undefined)
  const known = z.strictObject({
    session_id: z.int().positive().optional(),
    engagement_time_msec: z.int().positive(),
    page_location: text(1000).optional(),
    page_referrer: text(420).optional(),
    page_title: text(300).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    value: number.optional(),
    transaction_id: text(100).optional(),
    tax: number.optional(),
    shipping: number.optional(),
    coupon: text(100).optional(),
    shipping_tier: text(100).optional(),
    payment_type: text(100).optional(),
    search_term: text(100).optional(),
    item_list_id: text(100).optional(),
    item_list_name: text(100).optional(),
    lead_source: text(100).optional(),
    items: z.array(item).min(1).max(200).optional(),
  })
  const params = known
    .catchall(z.union([text(100), z.number()]))
    .refine(({ currency, value }) => (currency === undefined) === (value === undefined))
    .refine((all) => Object.keys(all).length <= 25)
    .refine((all) =>
      Object.keys(all).every((name) => /^[A-Za-z]\w{0,39}$/.test(name) && !/^(?:ga|google|firebase)_/.test(name)),
    )
  /** Google's own events have no other parameters. */
  const standard: ReadonlySet<string | null> = new Set(Object.values(ga4.accepts))
  const required: Readonly<Record<string, readonly string[]>> = {
    ...Object.fromEntries(
      'add_payment_info add_shipping_info add_to_cart add_to_wishlist begin_checkout remove_from_cart view_cart view_item'
        .split(' ')
        .map((name) => [name, ['value', 'items']]),
    ),
    purchase: ['transaction_id', 'items', 'value'],
    refund: ['transaction_id', 'value'],
    generate_lead: ['value'],
    search: ['search_term'],
    view_item_list: ['items'],
  }
  const body = z.strictObject({
    client_id: z.string().regex(/^\d{1,10}\.\d{10}$/),
    user_id: text(256)
      .refine((id) => !id.includes('@'))
      .optional(),
    user_agent: text(1024).optional(),
    ip_override: z.union([z.ipv4(), z.ipv6()]).optional(),
    consent: z.strictObject({ ad_user_data: consent.optional(), ad_personalization: consent.optional() }).optional(),
    non_personalized_ads: z.boolean().optional(),
    user_data: z
      .strictObject({
        sha256_email_address: hashes.optional(),
        sha256_phone_number: hashes.optional(),
        address: z
          .array(
            z.strictObject({
              sha256_first_name: hashes.element,
              sha256_last_name: hashes.element,
              sha256_street: hashes.element.optional(),
              city: plain.optional(),
              region: plain.optional(),
              postal_code: text(20),
              country: z.string().regex(/^[A-Z]{2}$/),
            }),
          )
          .optional(),
      })
      .optional(),
    events: z
      .array(
        z
          .strictObject({
            name: z.string().regex(/^[A-Za-z]\w{0,39}$/),
            timestamp_micros: z.int().min(1_700_000_000_000_000).max(2_000_000_000_000_000),
            params,
          })
          .refine(({ name, params }) => (required[name] ?? []).every((field) => field in params))
          .refine(({ name, params }) => !standard.has(name) || known.safeParse(params).success),
      )
      .min(1)
      .max(25),
  })

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(body.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (event, limited) => {
        for (const item of mapped(event, limited)) expect(body.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('is kept by any event of the theme’s or an app’s own', () => {
    const name = fc.oneof(
      fc.constantFrom('size', 'value', 'currency', 'session_id', 'items', 'gclid', 'ga_x', '_x', '1a', 'é', 'e_mail'),
      fc.string({ maxLength: 50 }),
    )
    const value = fc.oneof(
      fc.constantFrom('jane@example.com', 'USD', '5.00', -1, '', ' ', '?gclid=x', null, Number.NaN, true, [1], {
        a: 1,
      }),
      fc.string({ maxLength: 200, unit: 'grapheme' }),
      fc.double(),
    )
    const custom = fc.dictionary(name, value, { maxKeys: 60 })
    fc.assert(
      fc.property(anyEvent, custom, (event, own) => {
        const known = { ...event, name: 'custom' as const, ids: { gaClientId: '1234567890.1763800000' } }
        const items = mapped({ ...known, custom: { ...own, name: 'size_guide_opened' } })
        expect(items).toHaveLength(1)
        for (const item of items) {
          expect(body.safeParse(item).error?.issues).toBeUndefined()
          expect(JSON.stringify((item as { events: unknown }).events)).not.toMatch(/jane@example\.com|gclid/)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is kept by requests of many events', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (many) => {
        const known = many.map((event) => ({ ...event, ids: { gaClientId: '1234567890.1763800000' } }))
        const entries = known.map((event, index) => ({ index, items: mapped(event) }))
        for (const { request } of planRequests(ga4, settings, entries, { singly: false, test: false, now }))
          expect(body.safeParse(JSON.parse(request.body ?? '')).error?.issues).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
})
