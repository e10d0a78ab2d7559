import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { examples } from './examples.ts'
import { pinterest } from './pinterest.ts'

describeDestination(pinterest, examples)

describe('Pinterest’s closed schema, written again from its specification', () => {
  const hashes = z.array(z.string().regex(/^[0-9a-f]{64}$/)).min(1)
  const decimal = z.string().regex(/^\d+(?:\.\d+)?$/)
  const text = z.string().min(1)
  const event = z.strictObject({
    event_name: z.enum(
      'add_payment_info add_to_cart add_to_wishlist checkout initiate_checkout lead page_visit search signup subscribe view_category view_content'.split(
        ' ',
      ),
    ),
    action_source: z.enum(['web', 'offline']),
    event_time: z.int().min(1_700_000_000).max(2_000_000_000),
    event_id: text,
    event_source_url: text.optional(),
    opt_out: z.boolean(),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .optional(),
    user_data: z
      .strictObject({
        ...Object.fromEntries(
          ['em', 'ph', 'fn', 'ln', 'ge', 'db', 'ct', 'st', 'zp', 'country', 'external_id'].map((key) => [
            key,
            hashes.optional(),
          ]),
        ),
        client_ip_address: text.optional(),
        client_user_agent: text.optional(),
        click_id: text.optional(),
      })
      .refine((user) => 'em' in user || ('client_ip_address' in user && 'client_user_agent' in user)),
    custom_data: z
      .strictObject({
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .optional(),
        value: decimal.refine((value) => Number(value) > 0).optional(),
        order_id: text.optional(),
        num_items: z.int().optional(),
        search_string: text.optional(),
        content_category: text.optional(),
        content_ids: z.array(text).min(1).optional(),
        contents: z
          .array(
            z.strictObject({
              id: text,
              item_name: text.optional(),
              item_category: text.optional(),
              item_brand: text.optional(),
              item_price: z.string().optional(),
              quantity: z.int().min(1).optional(),
            }),
          )
          .min(1)
          .optional(),
        opt_out_type: z.literal('LDP').optional(),
      })
      .optional(),
  })
  const settings = pinterest.settings.parse(examples.settings)
  const now = new Date('2026-11-22T10:00:00Z')

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = pinterest.toItems(one, settings, { limited, backfill: false, test: false, now })
        if ('skip' in items) return
        for (const item of items) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    pinterest.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want an ad account of at most 18 digits, kept as text', () => {
    expect(refused({ adAccountId: '1234567890123456789' })).toEqual(['adAccountId'])
    expect(refused({ adAccountId: 'act_12' })).toEqual(['adAccountId'])
    expect(refused({ adAccountId: ' 549755885175 ' })).toBeUndefined()
  })

  it('want a template that tells products apart', () => {
    expect(refused({ catalogId: 'shopify_{land}_{product}' })).toEqual(['catalogId'])
  })

  it('are complete with the account and the token', () => {
    expect(pinterest.settings.parse(examples.settings)).toEqual({
      adAccountId: '549755885175',
      conversionToken: 'pina_EXAMPLE_TOKEN',
      productView: 'page_visit',
      testMode: false,
      catalogId: 'shopify_{country}_{product}_{variant}',
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
})

it('verifies in test mode, with a token that stands in a header only', () => {
  const {
    requests: [request],
    counts,
  } = pinterest.verify(pinterest.settings.parse(examples.settings), new Date(1795341600_000))
  expect(counts).toBe(false)
  expect(request.url).toBe('https://api.pinterest.com/v5/ad_accounts/549755885175/events?test=true')
  expect(request.headers.authorization).toBe('Bearer pina_EXAMPLE_TOKEN')
  expect(JSON.parse(request.body ?? '')).toMatchObject({ data: [{ event_name: 'page_visit', event_time: 1795341600 }] })
})

it('merges repeats within a day, and the tag’s event only within the hour: later ones are offline, which none merges', () => {
  const hour = 3_600_000
  expect(pinterest.dedup('order_placed')).toEqual({ window: 24 * hour, twinWindow: hour, by: 'event' })
  expect(pinterest.dedup('order_refunded')).toBeUndefined()
})
