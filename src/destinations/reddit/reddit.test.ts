import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { toItems } from './items.ts'
import { reddit } from './reddit.ts'
import { settings as schema } from './settings.ts'

describeDestination(reddit, examples)

const now = new Date('2026-11-22T10:00:00Z')
const settings = schema.parse(examples.settings)
const live = { limited: false, backfill: false, test: false, now } as const

describe('Reddit’s closed schema, written again from its specification', () => {
  const hash = z.string().regex(/^[0-9a-f]{64}$/)
  const text = z.string().min(1)
  const side = z.int().min(0).max(32_767)
  const event = z
    .strictObject({
      event_at: z.int().min(1e12).max(2e12),
      action_source: z.enum(['WEBSITE', 'APP', 'OTHER', 'PHYSICAL_STORE']),
      event_source_url: z.url().optional(),
      referrer_url: z.url().optional(),
      click_id: text.optional(),
      type: z.union([
        z.strictObject({
          tracking_type: z.enum(
            'PAGE_VISIT VIEW_CONTENT SEARCH ADD_TO_CART ADD_TO_WISHLIST PURCHASE LEAD SIGN_UP'.split(' '),
          ),
        }),
        z.strictObject({ tracking_type: z.literal('CUSTOM'), custom_event_name: text.max(64) }),
      ]),
      metadata: z.strictObject({
        conversion_id: text,
        order_id: text.optional(),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .optional(),
        value: z.number().min(0).optional(),
        item_count: z.int32().min(0).optional(),
        products: z
          .array(
            z.strictObject({
              id: text,
              name: text.optional(),
              category: text.optional(),
              quantity: z.int().min(0).optional(),
              item_price: z.number().min(0).optional(),
            }),
          )
          .min(1)
          .optional(),
      }),
      user: z.strictObject({
        email: hash.optional(),
        phone_number: hash.optional(),
        external_id: hash.optional(),
        ip_address: z.union([z.ipv4(), z.ipv6()]).optional(),
        user_agent: text.optional(),
        uuid: text.optional(),
        screen_dimensions: z.strictObject({ height: side, width: side }).optional(),
        data_processing_options: z
          .strictObject({
            modes: z.tuple([z.literal('LDU')]),
            country: z.string().regex(/^[A-Z]{2}$/),
            region: z.string().regex(/^(?:[A-Z]{2}-)?[A-Z0-9]{1,3}$/),
          })
          .optional(),
      }),
    })
    // What the help page on metadata allows for each type.
    .refine(({ type: { tracking_type }, metadata }) => {
      const keys = Object.keys(metadata)
      if (/^(?:PAGE_VISIT|VIEW_CONTENT|SEARCH)$/.test(tracking_type))
        return keys.every((key) => key === 'conversion_id' || key === 'products')
      return !/^(?:LEAD|SIGN_UP)$/.test(tracking_type) || !keys.includes('item_count')
    })
    .refine(({ metadata: { value, currency } }) => value === undefined || currency !== undefined)
    // At least one key to match on; in a physical store email and phone are all there is.
    .refine(({ action_source, click_id, user, ...rest }) =>
      action_source === 'PHYSICAL_STORE'
        ? Object.keys(user).every((key) => /^(?:email|phone_number|data_processing_options)$/.test(key)) &&
          (user.email ?? user.phone_number) !== undefined &&
          click_id === undefined &&
          rest.event_source_url === undefined
        : (click_id ?? user.email ?? user.phone_number ?? user.external_id ?? user.uuid) !== undefined ||
          (user.ip_address !== undefined && user.user_agent !== undefined),
    )

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = toItems(one, settings, { ...live, limited })
        if ('skip' in items) return
        for (const item of items) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('identifiers, as in Reddit’s documentation and the fixtures of others', () => {
  const person = (identity: Readonly<Record<string, string>>) =>
    toItems(exampleEvent({ id: 'one', name: 'page_viewed', identity }), settings, live)

  it.each([
    ['email', { email: 'alice@example.com' }, 'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976'],
    [
      'email',
      { email: 'Al.ice+Apple@Example.Com' },
      'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976',
    ],
    // Others take out dots only and make alice$@example.com of it, which Reddit’s newer text does not.
    [
      'email',
      { email: 'Al.ice$+Apple@Example.Com' },
      'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976',
    ],
    [
      'email',
      { email: '  Jane.Doe+Shop@Example.COM ' },
      'c4d25e9c90ff23e9145397bc6fbd5385ca5fbe78211222ccbecd0b369ebb19a6',
    ],
    ['email', { email: 'lead@example.com' }, '9fbdefe2837a03c9225be80e741f316f4d174d1732b719b6abb6477efc1ae9d2'],
    ['phone_number', { phone: '+15554441234' }, 'e5b124c58580eb16bd959b8d0cac12b12c952e2ceae0203d416cff94f10b994a'],
    [
      'phone_number',
      { phone: '+1 (555) 444-1234 ext. 22' },
      'e5b124c58580eb16bd959b8d0cac12b12c952e2ceae0203d416cff94f10b994a',
    ],
    [
      'phone_number',
      { phone: '+1 (213) 373-4253' },
      '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd',
    ],
    [
      'external_id',
      { customerId: ' 7001234567890 ' },
      '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
    ],
  ] as const)('%s of %j', (key, identity, hash) => {
    expect(person(identity)).toMatchObject([{ user: { [key]: hash } }])
  })

  it('the IP address in clear: Reddit takes its hash too, and matches better without', () => {
    expect(person({ ip: '203.0.113.7', userAgent: 'Mozilla/5.0' })).toMatchObject([
      { user: { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0' } },
    ])
  })

  it('external_id: the customer’s id before the browser’s, since there is room for one', () => {
    expect(person({ customerId: '7001234567890', clientId: 'ab-7f' })).toEqual(person({ customerId: '7001234567890' }))
  })

  it('an address that is nothing but what Reddit takes out is nobody’s', () => {
    expect(person({ email: '+x@example.com' })).toEqual({ skip: 'no_identifier' })
  })

  it('no screen with a side that Reddit does not take', () => {
    for (const screen of [
      { width: 40_000, height: 900 },
      { width: 1440, height: -1 },
      { width: 1440.5, height: 900 },
    ]) {
      const event = exampleEvent({
        id: 'one',
        name: 'page_viewed',
        identity: { email: 'a@example.com' },
        device: { screen },
      })
      expect(JSON.stringify(toItems(event, settings, live))).not.toContain('screen_dimensions')
    }
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    schema.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want a pixel ID with its prefix', () => {
    expect(refused({ pixelId: 'exampleabc' })).toEqual(['pixelId'])
    expect(refused({ pixelId: 'a2_../../other' })).toEqual(['pixelId'])
    expect(refused({ pixelId: ' t2_abc123 ' })).toBeUndefined()
  })

  it('want token and test id in one piece', () => {
    expect(refused({ accessToken: 'two words', testId: 'two\nlines' })).toEqual(['accessToken', 'testId'])
  })

  it('are complete with the pixel and the token', () => {
    expect(settings).toEqual({
      pixelId: 'a2_exampleabc',
      accessToken: 'EXAMPLE.conversion.token',
      catalogId: '{variant}',
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

describe('requests', () => {
  const items = [1, 2].map((place) =>
    toItems(exampleEvent({ id: `e-${place}`, name: 'page_viewed', ids: { rdtCid: 'click' } }), settings, live),
  )
  const bodies = (change: object) =>
    reddit
      .toRequests(items.flat(), schema.parse({ ...examples.settings, ...change }), { singly: false, test: false, now })
      .map(({ request }): unknown => JSON.parse(request.body ?? ''))

  it('wrap the events in `data`, many at once', () => {
    expect(bodies({})).toEqual([{ data: { events: items.flat() } }])
  })

  it('with a test id carry it in `data` and one event each, or Event Testing would show none', () => {
    expect(bodies({ testId: 'example-"test"-id' })).toEqual(
      items.flat().map((item) => ({ data: { test_id: 'example-"test"-id', events: [item] } })),
    )
  })

  it('name the program that sends them: common agents are throttled', () => {
    const [planned] = reddit.toRequests(items.flat(), settings, { singly: false, test: false, now })
    expect(planned?.request.headers['user-agent']).toMatch(/^server:converlay:v\d+ \(.+\)$/)
  })
})

describe('verify', () => {
  const at = new Date(1795341600_000)

  it('sends a page visit that is not counted, where there is a test id', () => {
    const {
      requests: [request],
      counts,
    } = reddit.verify(schema.parse({ ...examples.settings, testId: 'example-test-id' }), at)
    expect(counts).toBe(false)
    expect(request.url).toBe('https://ads-api.reddit.com/api/v3/pixels/a2_exampleabc/conversion_events')
    expect(request.headers.authorization).toBe('Bearer EXAMPLE.conversion.token')
    expect(JSON.parse(request.body ?? '')).toMatchObject({
      data: {
        test_id: 'example-test-id',
        events: [{ event_at: 1795341600000, type: { tracking_type: 'PAGE_VISIT' } }],
      },
    })
  })

  it('else says that its event counts, and gives it a name of its own', () => {
    const {
      requests: [request],
      counts,
    } = reddit.verify(settings, at)
    expect(counts).toBe(true)
    expect(JSON.parse(request.body ?? '')).toMatchObject({
      data: { events: [{ type: { tracking_type: 'CUSTOM', custom_event_name: 'ConverlayConnectionTest' } }] },
    })
  })
})
