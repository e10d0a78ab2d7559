import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEvent } from '../any-event.ts'
import { describeDestination } from '../contract.ts'
import { exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { toItems } from './items.ts'
import { settings as schema } from './settings.ts'
import { snapchat } from './snapchat.ts'

describeDestination(snapchat, examples)

const now = new Date('2026-11-22T10:00:00Z')
const settings = schema.parse(examples.settings)

describe('Snapchat’s schema, written again from its specification and closed', () => {
  const hash = z.string().regex(/^[0-9a-f]{64}$/)
  const hashes = z.array(hash).length(1)
  const text = z.string().min(1)
  const event = z
    .strictObject({
      event_name: z.enum(
        'PAGE_VIEW VIEW_CONTENT LIST_VIEW SEARCH ADD_CART ADD_TO_WISHLIST START_CHECKOUT ADD_BILLING PURCHASE SIGN_UP SUBSCRIBE'.split(
          ' ',
        ),
      ),
      event_time: z.int().min(1_700_000_000).max(2_000_000_000),
      event_id: text,
      action_source: z.enum(['WEB', 'OFFLINE']),
      event_source_url: z.url().optional(),
      data_processing_options: z.tuple([z.literal('LDU')]).optional(),
      data_processing_options_country: z.literal([0, 1]).optional(),
      data_processing_options_state: z.literal([0, 1000]).optional(),
      user_data: z
        .strictObject({
          ...Object.fromEntries(
            ['em', 'ph', 'fn', 'ln', 'ge', 'ct', 'st', 'zp', 'country'].map((key) => [key, hashes.optional()]),
          ),
          external_id: hash.optional(),
          client_ip_address: z.union([z.ipv4(), z.ipv6()]).optional(),
          client_user_agent: text.optional(),
          sc_click_id: text.optional(),
          sc_cookie1: text.optional(),
        })
        .refine((user) => 'em' in user || 'ph' in user || ('client_ip_address' in user && 'client_user_agent' in user)),
      custom_data: z
        .strictObject({
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/)
            .optional(),
          value: z.number().min(0).optional(),
          order_id: text.optional(),
          num_items: z.int().min(1).optional(),
          content_type: z.enum(['product', 'product_group']).optional(),
          content_ids: z.array(text).min(1).optional(),
          contents: z
            .array(
              z.strictObject({
                id: text,
                quantity: z
                  .string()
                  .regex(/^[1-9]\d*$/)
                  .optional(),
                item_price: z
                  .string()
                  .regex(/^\d+(?:\.\d+)?$/)
                  .optional(),
              }),
            )
            .min(1)
            .optional(),
          content_category: text.optional(),
          search_string: text.optional(),
        })
        .optional(),
    })
    .refine(({ action_source, event_source_url }) => (action_source === 'WEB') === (event_source_url !== undefined))
    .refine(
      ({ event_name, custom_data }) =>
        event_name !== 'PURCHASE' || (custom_data?.currency !== undefined && custom_data.value !== undefined),
    )

  it('is kept by every example', () => {
    for (const { gives } of examples.events)
      if (Array.isArray(gives)) for (const item of gives) expect(event.safeParse(item).error?.issues).toBeUndefined()
  })

  it('is kept by any event', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), (one, limited) => {
        const items = snapchat.toItems(one, settings, { limited, backfill: false, test: false, now })
        if ('skip' in items) return
        for (const item of items) expect(event.safeParse(item).error?.issues).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('identifiers, as in Snap’s documentation and the tests of its SDK', () => {
  const visitor = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0', country: 'US' }
  const person = (identity: Readonly<Record<string, string>>) =>
    toItems(exampleEvent({ id: 'one', name: 'page_viewed', identity: { ...visitor, ...identity } }), settings, {
      limited: false,
      backfill: false,
      test: false,
      now,
    })

  it.each([
    ['em', { email: 'Person@Example.com' }, '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'],
    [
      'em',
      { email: '  Jane.Doe+Shop@Example.COM ' },
      'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8',
    ],
    ['em', { email: '    test123@example.com  ' }, '20b82517b67108ed3a171539dc5dd1da605660249b02f38dd70f572a545c7d18'],
    ['ph', { phone: '+44 844 412 4653' }, 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383'],
    ['ph', { phone: '0044-447-234-2344' }, '19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0'],
    // The zero that is dialled inside the country only is not part of the number, though others send it.
    ['ph', { phone: '+44-0447-234-2344' }, '19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0'],
    ['ph', { phone: '(447)-234-2344' }, '34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014'],
    ['ph', { phone: '+1 (213) 373-4253' }, '1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830'],
    ['fn', { firstName: 'John' }, '96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a'],
    ['fn', { firstName: 'Raphaël' }, 'e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7'],
    ['fn', { firstName: 'Raphae\u0308l' }, 'e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7'],
    ['fn', { firstName: 'Jane' }, '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ['ln', { lastName: 'Doe' }, '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
    ['ln', { lastName: "O'Brien" }, 'b4cb6cb33fe4b865868de825023a1e2790dc12ac01ecc8d7c5afe8254071c8ba'],
    ['ct', { city: 'Los Angeles' }, '8760663bb25fa79f35c2c14fb9c6bcbe444a8c938491cd24fe684a7056c9dbc4'],
    ['st', { region: 'CA' }, '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
    ['st', { region: 'California' }, '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
    ['zp', { postalCode: '90210-1234' }, 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c'],
    [
      'zp',
      { postalCode: 'SW1A 1AA', country: 'GB' },
      '830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614',
    ],
    ['country', { country: 'us' }, '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
    ['ge', { gender: 'Female' }, '252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111'],
  ] as const)('%s of %j', (key, identity, hash) => {
    expect(person(identity)).toMatchObject([{ user_data: { [key]: [hash] } }])
  })

  it('external_id: the customer’s id before the browser’s, since there is room for one', () => {
    const hash = '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'
    expect(person({ customerId: '7001234567890', clientId: 'AB-7f' })).toMatchObject([
      { user_data: { external_id: hash } },
    ])
  })

  it('external_id: one person whatever the case of the id', () => {
    expect(person({ clientId: 'AB-7f' })).toEqual(person({ clientId: 'ab-7F' }))
  })

  it('no gender where it is neither of the two that Snapchat knows', () => {
    expect(person({ gender: 'non-binary' })).toEqual(person({}))
  })
})

describe('settings', () => {
  const refused = (change: object) =>
    snapchat.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ path }) => path.join('.'))

  it('want a pixel ID as Snapchat writes it', () => {
    expect(refused({ pixelId: 'a2_xxxxxxxx' })).toEqual(['pixelId'])
    expect(refused({ pixelId: '0f9e8d7c6b5a49488372615f4e3d2c1b' })).toEqual(['pixelId'])
    expect(refused({ pixelId: ' 0F9E8D7C-6B5A-4948-8372-615F4E3D2C1B ' })).toBeUndefined()
  })

  it('want a token in one piece', () => {
    expect(refused({ accessToken: 'two words' })).toEqual(['accessToken'])
    expect(refused({ accessToken: '' })).toEqual(['accessToken'])
  })

  it('are complete with the pixel and the token', () => {
    expect(settings).toEqual({
      pixelId: '0f9e8d7c-6b5a-4948-8372-615f4e3d2c1b',
      accessToken: 'EXAMPLE.capi.token',
      testMode: false,
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
  const urls = (change: object, how: { readonly test: boolean }) =>
    snapchat
      .toRequests([{ event_name: 'PAGE_VIEW' }], snapchat.settings.parse({ ...examples.settings, ...change }), {
        singly: false,
        now,
        ...how,
      })
      .map(({ request }) => request.url)
  const pixel = 'https://tr.snapchat.com/v3/0f9e8d7c-6b5a-4948-8372-615f4e3d2c1b'

  it('carry the token in the address, written so that it stays one parameter', () => {
    expect(urls({}, { test: false })).toEqual([`${pixel}/events?access_token=EXAMPLE.capi.token`])
    expect(urls({ accessToken: 'a+b&c=d' }, { test: false })).toEqual([`${pixel}/events?access_token=a%2Bb%26c%3Dd`])
  })

  it('in test mode go where events are checked and never counted', () => {
    expect(urls({}, { test: true })).toEqual([`${pixel}/events/validate?access_token=EXAMPLE.capi.token`])
  })

  it('keep the token out of every message, even if the answer quotes the address', () => {
    for (const status of [200, 400, 401, 429, 500]) {
      const body = JSON.stringify({ status: 'INVALID', reason: `POST ${pixel}/events?access_token=EXAMPLE.capi.token` })
      const answer = { status, headers: {}, body }
      expect(JSON.stringify(snapchat.readResponse(answer, [1, 2]))).not.toContain('EXAMPLE.capi.token')
      expect(snapchat.readVerify([answer]).message).not.toContain('EXAMPLE.capi.token')
    }
  })
})

it('verifies where events are checked and never counted', () => {
  const {
    requests: [request],
    counts,
  } = snapchat.verify(settings, new Date(1795341600_000))
  expect(counts).toBe(false)
  expect(request.url).toContain('/events/validate?')
  expect(JSON.parse(request.body ?? '')).toMatchObject({
    data: [{ event_name: 'PAGE_VIEW', event_time: 1795341600, action_source: 'WEB' }],
  })
})
