import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { BrowserIds } from '../../event/browser-ids.ts'
import { sha256 } from '../../event/hash.ts'
import { identityFrom } from '../../event/identity.ts'
import { DAY } from '../../lib/duration.ts'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { exampleAnswer, exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { normalizers } from './items.ts'
import { meta } from './meta.ts'

describeDestination(meta, examples)

const settings = meta.settings.parse(examples.settings)
const now = new Date('2026-11-22T10:00:00Z')
const live = { limited: false, backfill: false, test: false, now }
const together = { singly: false, test: false, now }

describe('Meta’s request, written again from its documentation', () => {
  const hashes = z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(2)
  const text = z.string().min(1)
  const url = z.url({ protocol: /^https?$/ })
  const money = z.number().min(0)
  const ids = { fbc: /^fb\.\d\.\d{13}\.[\w-]+(?:\.[\w-]+)?$/, fbp: /^fb\.\d\.\d{13}\.\d+(?:\.[\w-]+)?$/ }
  const tooLittle = ['ct country st zp ge client_user_agent', 'db client_user_agent', 'fn ge', 'ln ge']
  const event = z
    .strictObject({
      event_name: z.enum(
        'AddPaymentInfo AddToCart AddToWishlist CompleteRegistration InitiateCheckout Lead PageView Purchase Search Subscribe ViewContent ViewCategory'.split(
          ' ',
        ),
      ),
      event_time: z.int().min(1_700_000_000).max(2_000_000_000),
      action_source: z.enum(['website', 'physical_store', 'system_generated', 'other']),
      event_id: text,
      event_source_url: url.optional(),
      referrer_url: url.optional(),
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
          fbc: z.string().regex(ids.fbc).optional(),
          fbp: z.string().regex(ids.fbp).optional(),
        })
        .refine((user) => !tooLittle.some((set) => Object.keys(user).every((key) => set.split(' ').includes(key)))),
      custom_data: z
        .strictObject({
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/)
            .optional(),
          value: money.optional(),
          order_id: text.optional(),
          num_items: z.int().min(1).optional(),
          content_type: z.enum(['product', 'product_group']).optional(),
          content_ids: z.array(text).min(1).optional(),
          contents: z
            .array(z.strictObject({ id: text, quantity: z.int().min(1).optional(), item_price: money.optional() }))
            .min(1)
            .optional(),
          content_name: text.optional(),
          content_category: text.optional(),
          search_string: text.optional(),
        })
        .refine((data) => data.value === undefined || data.currency !== undefined)
        .optional(),
      data_processing_options: z.array(z.literal('LDU')).max(1),
      data_processing_options_country: z.literal([0, 1]).optional(),
      data_processing_options_state: z
        .int()
        .refine((state) => state === 0 || (state >= 1000 && state <= 1013))
        .optional(),
    })
    .refine((one) => one.event_name !== 'Purchase' || one.custom_data?.value !== undefined)
    .refine((one) => (one.data_processing_options.length === 1) === (one.data_processing_options_state !== undefined))

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = meta.toItems(one, settings, { ...live, limited })
        if ('skip' in items) return
        for (const item of items) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  const item = { event_name: 'PageView' }
  const requestWith = (change: object) =>
    meta.toRequests([item], meta.settings.parse({ ...examples.settings, ...change }), together)[0]

  it('names the dataset in its address and has the token in a header only', () => {
    expect(requestWith({})?.request).toEqual({
      method: 'POST',
      url: 'https://graph.facebook.com/v26.0/1234567890123456/events',
      headers: { authorization: 'Bearer EAAB_EXAMPLE_TOKEN', 'content-type': 'application/json' },
      body: '{"data":[{"event_name":"PageView"}],"partner_agent":"converlay"}',
    })
  })

  it('carries a test code beside the events, only when there is one', () => {
    expect(JSON.parse(requestWith({ testEventCode: 'TEST12345' })?.request.body ?? '')).toEqual({
      data: [item],
      test_event_code: 'TEST12345',
      partner_agent: 'converlay',
    })
  })
})

describe('identifiers', () => {
  // biome-ignore format: a table
  it.each([
    ['email', 'John_Smith@gmail.com', 'john_smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
    ['phone', '(650)555-1212', '16505551212', 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'],
    ['firstName', 'Valéry', 'valéry', '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c'],
    ['firstName', '정', '정', '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14'],
    ['country', 'US', 'us', '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
    ['region', 'CA', 'ca', '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
    ['city', 'Paris', 'paris', '1670f2e42fefa5044d59a65349e47c566009488fc57d7b4376dd5787b59e3c57'],
    ['gender', 'Female', 'f', '252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111'],
    ['gender', 'm', 'm', '62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a'],
    ['email', ' Jane.Doe+Shop@Example.COM ', 'jane.doe+shop@example.com', 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
    ['phone', '+1 (415) 555-0132', '14155550132', '11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51'],
    ['phone', '0041 79 123 45 67', '41791234567', '641b2674c7b3d41f0c5167c163c845f3d899639ebc622d0d3b4632abeb14e6b0'],
    ['phone', '+44 20 7946 0958', '442079460958', '35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823'],
    ['phone', '+44 (0)20 7946 0958', '442079460958', '35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823'],
    ['firstName', ' Jane', 'jane', '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ['lastName', 'O\'Doe-Smith', 'odoesmith', '86d40fb71b08a94b479e19533a820d32c35594ac3297c09815e6dddd61c14a8a'],
    ['city', 'San José', 'sanjosé', 'fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59'],
    ['city', 'St. Gallen', 'stgallen', '16a16b9670fe28bcb642bbb739ebb0c2ed33b0c870498becd2d6b02cf48a0106'],
    ['city', 'New York', 'newyork', '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5'],
    ['postalCode', '95112-1234', '95112', 'b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
    ['birthDate', '1990-04-15', '19900415', '5be1507be4da222549f321c7d5a4513e1287238d5ddc83622a12ff5e155bbe1b'],
    ['customerId', '7001234567890', '7001234567890', '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
  ] as const)('%s %j is %j', (field, raw, form, digest) => {
    expectForm(field, raw, 'US', form, digest)
  })

  // biome-ignore format: a table
  it.each([
    ['region', 'New South Wales', 'AU', 'newsouthwales', '96236847af45f93f09c6ba2627cdb8da07e395f009d0e42f782cffb119cc24da'],
    ['postalCode', 'SW1A 1AA', 'GB', 'sw1a1aa', '830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614'],
    ['postalCode', '8001', 'CH', '8001', '242d1f9ba9fbda48e877c20dd4de8e9a0074e98add3de4856115ab61863786c5'],
  ] as const)('%s %j in %s is %j', (field, raw, country, form, digest) => {
    expectForm(field, raw, country, form, digest)
  })

  it.each([
    ['region', 'California', 'US', 'ca'],
    ['region', 'NSW', 'AU', 'nsw'],
    ['region', 'Île-de-France', 'FR', 'îledefrance'],
    ['postalCode', 'M1 1AE', 'GB', 'm11ae'],
    ['postalCode', 'K1A 0B1', 'CA', 'k1a0b1'],
    ['city', 'Zürich', 'CH', 'zürich'],
    ['city', '東京', 'JP', '東京'],
    ['lastName', 'van der Berg', 'NL', 'van der berg'],
    ['clientId', ' ABC-7001 ', 'US', 'abc-7001'],
  ] as const)('%s %j in %s is %j', (field, raw, country, form) => {
    expect(formOf(field, raw, country)).toBe(form)
  })

  it.each([
    ['gender', 'divers', 'DE'],
    ['lastName', '-', 'US'],
    ['city', '...', 'US'],
    ['postalCode', '-', 'US'],
    ['region', 'Bavaria', 'US'],
  ] as const)('%s %j in %s is nothing, of which no hash is made', (field, raw, country) => {
    expect(formOf(field, raw, country)).toBeUndefined()
    expect(userDataOf({ [field]: raw, country, email: 'jane@example.com' })).not.toHaveProperty(KEYS[field])
  })

  it('a city goes in both forms where they differ, and once where they do not', () => {
    const hashed = (city: string) => userDataOf({ city, email: 'jane@example.com' }).ct
    expect(hashed('San José')).toEqual([
      'fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59',
      '198b8f84621d272c3923d3c8bfcf48f0fa33b89dd5999aa72881414b6a551223',
    ])
    expect(hashed('New York')).toEqual(['350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5'])
    expect(hashed('東京')).toHaveLength(1)
  })
})

const KEYS = { gender: 'ge', lastName: 'ln', city: 'ct', postalCode: 'zp', region: 'st' } as const

const formOf = (
  field: keyof typeof normalizers & keyof Parameters<typeof identityFrom>[0],
  raw: string,
  country: string,
) => {
  const identity = identityFrom({ country, [field]: raw })
  const value = identity?.[field]
  return value === undefined ? undefined : normalizers[field].form(value as never, identity?.country)
}

const expectForm = (
  field: Parameters<typeof formOf>[0],
  raw: string,
  country: string,
  form: string,
  digest: string,
) => {
  const made = formOf(field, raw, country)
  expect(made).toBe(form)
  expect(sha256(made as Parameters<typeof sha256>[0])).toBe(digest)
}

const userDataOf = (identity: object, ids: BrowserIds = {}): Record<string, unknown> => {
  const items = meta.toItems(exampleEvent({ id: 'one', name: 'page_viewed', identity, ids }), settings, live)
  return 'skip' in items ? {} : (items[0] as { user_data: Record<string, unknown> }).user_data
}

describe('the least that is known', () => {
  const enough = (identity: object, ids?: BrowserIds) => Object.keys(userDataOf(identity, ids)).length > 0
  const address = { city: 'Paris', postalCode: '75001', country: 'FR' }

  it.each([
    ['an email', { email: 'jane@example.com' }, {}],
    ['a phone number', { phone: '+14155550132' }, {}],
    ['an external id', { customerId: '7001234567890' }, {}],
    ['the browser’s id', {}, { fbp: 'fb.1.1795255200000.1098115397' }],
    ['a click', {}, { fbc: 'fb.1.1795341500000.IwAR2' }],
    ['an IP address with its browser', { ip: '203.0.113.9', userAgent: 'Mozilla/5.0' }, {}],
    ['first and last name', { firstName: 'Jane', lastName: 'Doe' }, {}],
  ])('%s is enough', (_, identity, ids) => {
    expect(enough(identity, ids)).toBe(true)
  })

  it.each([
    ['nothing', {}],
    ['a browser without an address', { userAgent: 'Mozilla/5.0' }],
    ['city, postal code and country', address],
    ['these with region, gender and browser', { ...address, region: 'IDF', gender: 'f', userAgent: 'Mozilla/5.0' }],
    ['a birthday with a browser', { birthDate: '1990-04-15', userAgent: 'Mozilla/5.0' }],
    ['a first name with a gender', { firstName: 'Jane', gender: 'f' }],
    ['a last name with a gender', { lastName: 'Doe', gender: 'f' }],
  ])('%s is too little', (_, identity) => {
    expect(enough(identity)).toBe(false)
  })
})

describe('limited use', () => {
  const optionsOf = (identity: object) => {
    const event = exampleEvent({ id: 'one', name: 'page_viewed', identity: { email: 'jane@example.com', ...identity } })
    const items = meta.toItems(event, settings, { ...live, limited: true })
    return 'skip' in items ? items : items[0]
  }

  it.each('CA CO CT FL OR TX MT DE NE NH NJ MN MD RI'.split(' ').map((state, place) => [state, 1000 + place] as const))(
    'of a shopper in %s is told as state %i',
    (region, state) => {
      expect(optionsOf({ country: 'US', region })).toMatchObject({
        data_processing_options: ['LDU'],
        data_processing_options_country: 1,
        data_processing_options_state: state,
      })
    },
  )

  const elsewhere = [
    { country: 'US', region: 'NY' },
    { country: 'US' },
    { country: 'CA', region: 'CA' },
    { region: 'CA' },
    {},
  ]

  it.each(elsewhere)('of %o is left to Meta to place, by the IP address', (identity) => {
    expect(optionsOf({ ...identity, ip: '203.0.113.9' })).toMatchObject({
      data_processing_options: ['LDU'],
      data_processing_options_country: 0,
      data_processing_options_state: 0,
    })
  })

  it.each(elsewhere)('of %o without an IP address, or with a private one, is told as California’s', (identity) => {
    for (const ip of [undefined, '10.0.0.1'])
      expect(optionsOf({ ...identity, ...(ip && { ip }) })).toMatchObject({
        data_processing_options: ['LDU'],
        data_processing_options_country: 1,
        data_processing_options_state: 1000,
      })
  })
})

describe('Meta’s words', () => {
  const messageOf = (message: string) =>
    JSON.stringify(meta.readResponse(exampleAnswer(400, { error: { code: 190, message } }), [undefined]))
  const token = 'EAABsbCS1iHgBAExampleToken0123456789'

  it.each([
    `Malformed access token ${token}`,
    `Malformed access token: shorttoken`,
    `Error validating access token ${token}.`,
    `{"access_token":"${token}"}`,
    `https://graph.facebook.com/v26.0/1/events?access_token=${token}`,
    `Invalid appsecret_proof ${'0a1b'.repeat(16)}`,
    `Cannot parse 1234567890|AbCdEfGhIjKlMnOpQrStUvWxYz0`,
    `${'x'.repeat(480)} ${token}`,
  ])('are kept without what looks like a token: %s', (text) => {
    expect(messageOf(text)).not.toMatch(/EAAB|shorttoken|0a1b|AbCdEf|https?:/)
  })

  it('are otherwise left whole', () => {
    const text = "Param data[0]['user_data'].client_user_agent must be a string; see data_processing_options_country."
    expect(messageOf(text)).toContain(text)
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    meta.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want a dataset ID of digits, kept as text', () => {
    expect(refused({ pixelId: 'px-12' })).toEqual(['pixelId'])
    expect(refused({ pixelId: ' 1234567890123456 ' })).toBeUndefined()
  })

  it('want a token and a test code without spaces', () => {
    expect(refused({ accessToken: 'EAA B' })).toEqual(['accessToken'])
    expect(refused({ testEventCode: 'TEST 1"' })).toEqual(['testEventCode'])
    expect(refused({ subscribedAs: 'Purchase' })).toEqual(['subscribedAs'])
  })

  it('are complete with the dataset and the token', () => {
    expect(settings).toEqual({
      pixelId: '1234567890123456',
      accessToken: 'EAAB_EXAMPLE_TOKEN',
      subscribedAs: 'Lead',
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

it('verifies by reading, so that nothing is counted, with a token that stands in a header only', () => {
  const { requests, counts } = meta.verify(settings, now)
  expect(counts).toBe(false)
  expect(requests).toEqual([
    {
      method: 'GET',
      url: 'https://graph.facebook.com/v26.0/dataset_quality?dataset_id=1234567890123456&fields=web%7Bevent_name%7D',
      headers: { authorization: 'Bearer EAAB_EXAMPLE_TOKEN' },
    },
  ])
})

it('merges repeats and the pixel’s own event within 48 hours, by the event’s id', () => {
  expect(meta.dedup('order_placed')).toEqual({ window: 2 * DAY, twinWindow: 2 * DAY, by: 'event' })
  expect(meta.dedup('order_refunded')).toBeUndefined()
})
