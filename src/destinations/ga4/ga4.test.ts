import { describe, expect, it } from 'vitest'
import { browserIdsFrom } from '../../event/browser-ids.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { describeDestination } from '../contract.ts'
import { exampleAnswer, exampleEvent } from '../examples.ts'
import { planRequests } from '../plan.ts'
import { examples } from './examples.ts'
import { ga4 } from './ga4.ts'

describeDestination(ga4, examples)

const settingsWith = (change: object = {}) => ga4.settings.parse({ ...examples.settings, ...change })
const settings = settingsWith()
const now = new Date('2026-11-22T10:00:00Z')
const how = { limited: false, backfill: false, test: false, now }
const together = { singly: false, test: false, now }

const mapped = (event: Parameters<typeof ga4.toItems>[0], change: object = {}, limited = false) => {
  const items = ga4.toItems(event, settingsWith(change), { ...how, limited })
  return 'skip' in items ? [] : items
}
const bodiesOf = (items: readonly unknown[], change: object = {}, packing: object = {}) =>
  planRequests(
    ga4,
    settingsWith(change),
    items.map((item, index) => ({ index, items: [item] })),
    { ...together, ...packing },
  ).map(({ request }) => request.body ?? '')

describe('Google’s own examples', () => {
  const cookies = (session: string) => ({ _ga: 'GA1.1.1234567890.1763800000', _ga_TEST123456: session })

  it.each(['GS1.1.1763812345.7.1.1763812999.60.0.0', 'GS2.1.s1763812345$o7$g1$t1763812999$j60$l0$h0'])(
    'client and visit out of the tag’s cookies, %s',
    (session) => {
      const ids = browserIdsFrom({ cookies: cookies(session) }, undefined) ?? expect.fail('no ids')
      expect(mapped(exampleEvent({ id: 'pv-1', name: 'page_viewed', ids }))).toMatchObject([
        { client_id: '1234567890.1763800000', events: [{ params: { session_id: 1763812345 } }] },
      ])
    },
  )

  it('a refund', () => {
    const event = exampleEvent({
      id: 'ref_1',
      name: 'order_refunded',
      occurredAt: '2026-11-20T14:03:22.000Z',
      ids: { gaClientId: '1234567890.1763800000', gaSessions: { 'G-TEST123456': '1763812345' } },
      consent: { marketing: true, analytics: true, preferences: false },
      commerce: {
        orderId: 'SHOP-5551234567890',
        currency: 'EUR',
        value: '40.00',
        items: [{ variantId: '222', title: 'Linen shirt', price: '40.00', quantity: 1 }],
      },
    })
    expect(mapped(event, { catalogId: '{variant}' })).toEqual([
      {
        client_id: '1234567890.1763800000',
        consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
        events: [
          {
            name: 'refund',
            timestamp_micros: 1795183402000000,
            params: {
              transaction_id: 'SHOP-5551234567890',
              currency: 'EUR',
              value: 40,
              session_id: 1763812345,
              engagement_time_msec: 1,
              items: [{ item_id: '222', item_name: 'Linen shirt', price: 40, quantity: 1 }],
            },
          },
        ],
      },
    ])
  })
})

describe('what shares a request', () => {
  const view = (id: string, rest: object = {}) =>
    exampleEvent({ id, name: 'page_viewed', ids: { gaClientId: '1234567890.1763800000' }, ...rest })
  const requests = (...events: readonly ReturnType<typeof view>[]) =>
    bodiesOf(events.flatMap((event) => mapped(event))).map((text) => JSON.parse(text).events.length)

  it('are events of one client, browser, place, person and consent', () => {
    expect(requests(view('a'), view('b'), view('c'))).toEqual([3])
    const others = [
      { ids: { gaClientId: '2234567890.1763800000' } },
      { identity: { customerId: '7001234567890' } },
      { identity: { userAgent: 'Example' } },
      { identity: { ip: '203.0.113.9', country: 'US' } },
      { identity: { email: 'jane@example.com' } },
      { consent: { marketing: false } },
    ]
    for (const other of others) expect(requests(view('a'), view('b', other), view('c'))).toEqual([2, 1])
  })

  it('keeps within 25 events and 130 kB, in letters of any length', () => {
    const many = Array.from({ length: 60 }, (_, n) => view(`many-${n}`))
    expect(requests(...many)).toEqual([25, 25, 10])
    const items = Array.from({ length: 400 }, (_, n) => ({
      productId: String(n),
      variantId: '1',
      title: '東京都'.repeat(50),
      vendor: '東京都'.repeat(50),
      type: '\u0001'.repeat(100),
    }))
    const large = view('large', {
      name: 'product_added',
      identity: { city: '東京都', firstName: '花子', lastName: '山田', postalCode: '1050013', country: 'JP' },
      page: { url: `https://shop.example.com/${'東京都'.repeat(400)}`, title: '東京都'.repeat(400) },
      commerce: { currency: 'JPY', value: '39653', items },
    })
    for (const body of bodiesOf([...mapped(large), ...mapped(large)])) {
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(130_000)
      expect(JSON.parse(body).events[0].params.items.length).toBeGreaterThan(50)
    }
    const small = {
      ...large,
      commerce: { ...large.commerce, items: items.map(({ productId, variantId }) => ({ productId, variantId })) },
    }
    expect(JSON.parse(bodiesOf(mapped(small))[0] ?? '').events[0].params.items).toHaveLength(200)
  })
})

describe('what Google may know', () => {
  const buyer = {
    email: 'jane@example.com',
    phone: '+16505550182',
    customerId: '7001234567890',
    ip: '203.0.113.42',
    country: 'US',
  }
  const send = (rest: object, limited = false) =>
    mapped(
      exampleEvent({
        id: 'pv-1',
        name: 'page_viewed',
        ids: { gaClientId: '1234567890.1763800000' },
        identity: buyer,
        ...rest,
      }),
      {},
      limited,
    )[0]
  const GRANTED = { marketing: true, analytics: true, preferences: true }

  it('is the person only with marketing consent, or where nobody has to be asked', () => {
    const hashes = {
      user_data: { sha256_email_address: [expect.any(String)], sha256_phone_number: [expect.any(String)] },
    }
    expect(send({ consent: GRANTED })).toMatchObject(hashes)
    expect(send({})).toMatchObject(hashes)
    for (const consent of [{ marketing: false }, { marketing: false, analytics: true }, { analytics: true }])
      expect(send({ consent })).not.toHaveProperty('user_data')
  })

  it('is nothing for ads after an opt-out of sale', () => {
    expect(send({ consent: GRANTED }, true)).toEqual({
      client_id: '1234567890.1763800000',
      user_id: '7001234567890',
      ip_override: '203.0.113.42',
      consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
      non_personalized_ads: true,
      events: [expect.anything()],
    })
  })

  it.each([
    [{}, undefined],
    [{ analytics: true }, undefined],
    [{ marketing: true }, { ad_user_data: 'GRANTED' }],
    [{ preferences: false }, { ad_personalization: 'DENIED' }],
    [GRANTED, { ad_user_data: 'GRANTED', ad_personalization: 'GRANTED' }],
    [
      { marketing: false, preferences: true },
      { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
    ],
  ])('with consent %o it is told %o', (consent, told) => {
    expect(send({ consent })).toEqual(
      told === undefined
        ? expect.not.objectContaining({ consent: expect.anything() })
        : expect.objectContaining({ consent: told }),
    )
  })

  it('is no address of people in the EEA, the United Kingdom and Switzerland', () => {
    expect(send({})).toHaveProperty('ip_override')
    for (const country of ['DE', 'GB', 'CH', 'NO'])
      expect(send({ identity: { ...buyer, country } })).not.toHaveProperty('ip_override')
    // Wherever the store is.
    for (const country of ['FR', 'US'])
      expect(send({ identity: { ip: buyer.ip }, store: { country } })).not.toHaveProperty('ip_override')
  })

  it('is no click, in whichever address, after a refusal of marketing or an opt-out of sale', () => {
    const page = {
      url: 'https://shop.example.com/?a=b&gclid=x&fbclid=y&_kx=z#top',
      referrer: 'https://shop.example.com/?GBRAID=x&ttclid=y',
    }
    const clean = {
      events: [
        { params: { page_location: 'https://shop.example.com/?a=b#top', page_referrer: 'https://shop.example.com/' } },
      ],
    }
    const whole = { events: [{ params: { page_location: page.url, page_referrer: page.referrer } }] }
    expect(send({ page, consent: GRANTED })).toMatchObject(whole)
    expect(send({ page })).toMatchObject(whole)
    expect(send({ page, consent: { ...GRANTED, marketing: false } })).toMatchObject(clean)
    expect(send({ page, consent: { ...GRANTED, saleOfData: false } })).toMatchObject(clean)
    expect(send({ page, consent: { ...GRANTED, gpc: true } })).toMatchObject(clean)
    expect(send({ page, consent: GRANTED }, true)).toMatchObject(clean)
  })
})

describe('texts', () => {
  const paramsOf = (rest: object) => {
    const [item] = mapped(exampleEvent({ id: 'x-1', name: 'page_viewed', identity: { clientId: 'v-1' }, ...rest }))
    return (item as { events: readonly { params: Readonly<Record<string, unknown>> }[] } | undefined)?.events[0]?.params
  }

  it('are cut where Google would cut them, and no character in half', () => {
    const page = {
      url: `https://shop.example.com/${'a'.repeat(2000)}`,
      referrer: 'b'.repeat(2000),
      title: 'c'.repeat(2000),
    }
    const params = paramsOf({ page })
    expect(params?.page_location).toHaveLength(1000)
    expect(params?.page_referrer).toHaveLength(420)
    expect(params?.page_title).toHaveLength(300)
    expect(paramsOf({ name: 'searched', search: { query: `${'d'.repeat(99)}🧵` } })?.search_term).toBe('d'.repeat(99))
  })

  it('name nobody', () => {
    expect(paramsOf({ page: { url: 'https://shop.example.com/a?b=c&mail=jane@example.com#d' } })?.page_location).toBe(
      'https://shop.example.com/a',
    )
    expect(paramsOf({ page: { url: 'https://shop.example.com/pages/@brand?b=c' } })?.page_location).toBe(
      'https://shop.example.com/pages/@brand?b=c',
    )
    const search = exampleEvent({
      id: 'se-1',
      name: 'searched',
      identity: { clientId: 'v-1' },
      search: { query: 'jane@example.com' },
    })
    expect(ga4.toItems(search, settings, how)).toEqual({ skip: 'invalid_field', field: 'search.query' })
  })
})

describe('amounts and ids that Google would refuse', () => {
  const lines = [{ productId: '1', variantId: '2', title: 'Linen Shirt' }]
  const bought = (commerce: object) =>
    ga4.toItems(
      exampleEvent({
        id: 'pur_1',
        name: 'order_placed',
        identity: { customerId: '7' },
        commerce: { currency: 'USD', value: '10.00', orderId: '6001234567890', items: lines, ...commerce },
      }),
      settings,
      how,
    )

  it.each([
    [{ currency: 'usd' }, { skip: 'invalid_field', field: 'commerce.currency' }],
    [{ value: 'ten' }, { skip: 'invalid_field', field: 'commerce.value' }],
    [{ value: '-1.00' }, { skip: 'value_not_positive', field: 'commerce.value' }],
    [{ orderId: undefined }, { skip: 'missing_field', field: 'commerce.orderId' }],
    [{ items: [{ ...lines[0], quantity: 0 }] }, { skip: 'missing_field', field: 'commerce.items' }],
    [{ orderId: '6'.repeat(101) }, { skip: 'invalid_field', field: 'commerce.orderId' }],
    [{ items: [{ vendor: 'Example' }] }, { skip: 'missing_field', field: 'commerce.items' }],
  ])('%o is skipped', (commerce, skipped) => {
    expect(bought(commerce)).toEqual(skipped)
  })

  it('a product without an id in the catalogue goes by its name', () => {
    expect(bought({ items: [{ title: 'Linen Shirt' }] })).toMatchObject([
      { events: [{ params: { items: [{ item_name: 'Linen Shirt' }] } }] },
    ])
  })

  it('names of own events', () => {
    const named = (name: string) =>
      mapped(exampleEvent({ id: 'cu-1', name: 'custom', identity: { customerId: '7' }, custom: { name } })).length
    for (const name of ['constructor', 'size_guide_opened', 'A'.repeat(40)]) expect(named(name)).toBe(1)
    for (const name of ['_x', '1a', 'ga_x', 'google_x', 'firebase_x', 'ad_click', 'app_x', 'error', 'a-b', 'é'])
      expect(named(name)).toBe(0)
    for (const name of ['add_to_cart', 'refund', 'A'.repeat(41)]) expect(named(name)).toBe(0)
  })
})

it('keeps to the quota of the merchant’s own Google Cloud project: 300 requests a minute for each account', () => {
  expect(ga4.limits.rate).toEqual({ perSecond: 5, scope: 'account' })
})

describe('settings', () => {
  const refused = (change: object) =>
    ga4.settings.safeParse({ ...examples.settings, ...change }).error?.issues.map(({ message }) => message)

  it('want a measurement id, in capitals', () => {
    expect(refused({ measurementId: 'UA-12345-1' })).toEqual(['A measurement ID looks like G-XXXXXXXXXX.'])
    expect(settingsWith({ measurementId: ' g-test123456 ' })).toMatchObject({ measurementId: 'G-TEST123456' })
  })

  it('want exactly one of the two ways', () => {
    const credentials = { clientId: 'client', clientSecret: 'secret', refreshToken: 'token' }
    const one = [expect.stringMatching(/^Enter either the API secret .* and not both\.$/)]
    expect(refused({ apiSecret: undefined })).toEqual(one)
    expect(refused({ apiSecret: undefined, propertyId: '345678901' })).toEqual(one)
    expect(refused({ apiSecret: undefined, credentials })).toEqual(one)
    expect(refused({ propertyId: '345678901', credentials })).toEqual(one)
    expect(refused({ propertyId: '345678901' })).toEqual(one)
    expect(refused({ apiSecret: undefined, propertyId: '345678901', credentials })).toBeUndefined()
  })

  it('send orders and refunds only while a Google tag is on the store, which is what is assumed', () => {
    const { googleTag: _, ...entered } = examples.settings as { googleTag: boolean }
    expect(ga4.defaultEvents?.(ga4.settings.parse(entered))).toEqual([
      'order_placed',
      'order_paid',
      'order_refunded',
      'order_cancelled',
    ])
    expect(ga4.defaultEvents?.(settings)).toEqual(EVENT_NAMES.filter((name) => ga4.accepts[name] !== null))
  })

  it('merge purchases by their transaction id, and nothing else', () => {
    for (const name of EVENT_NAMES)
      expect(ga4.dedup(name)?.by).toBe(name === 'order_placed' || name === 'order_paid' ? 'order' : undefined)
  })
})

describe('requests', () => {
  const [item] = mapped(exampleEvent({ id: 'pv-1', name: 'page_viewed', identity: { clientId: 'v-1' } }))
  const urls = (change: object, test = false) =>
    ga4.toRequests([item], settingsWith(change), { ...together, test }).map(({ request }) => request.url)

  it('carry the secret in the address, and go where the merchant chose', () => {
    const query = '?measurement_id=G-TEST123456&api_secret=a%2Bb'
    expect(urls({ apiSecret: 'a+b' })).toEqual([`https://www.google-analytics.com/mp/collect${query}`])
    expect(urls({ apiSecret: 'a+b', region: 'eu' })).toEqual([
      `https://region1.google-analytics.com/mp/collect${query}`,
    ])
    expect(urls({ apiSecret: 'a+b' }, true)).toEqual([`https://www.google-analytics.com/debug/mp/collect${query}`])
  })

  it('verify with the validation server, and say what it cannot know', () => {
    const { requests, counts } = ga4.verify(settings, now)
    expect(counts).toBe(false)
    expect(requests).toHaveLength(1)
    expect(requests[0].url).toContain('https://www.google-analytics.com/debug/mp/collect?')
    expect(JSON.parse(requests[0].body ?? '')).toMatchObject({ events: [{ timestamp_micros: now.getTime() * 1000 }] })
    const [clean] = examples.verifications
    expect(clean && ga4.readVerify(clean.responses).message).toMatch(/cannot check the API secret/)
  })
})

describe('in test mode', () => {
  const complaint = {
    fieldPath: 'events.params',
    description: '[value] needs [currency].',
    validationCode: 'VALUE_REQUIRED',
  }
  const read = (body: unknown, items: number) =>
    ga4.testing?.readResponse?.(exampleAnswer(200, body), new Array(items).fill(undefined))

  it('an event is good of which the validation server has nothing to say', () => {
    expect(read({ validationMessages: [] }, 2)).toEqual([{ outcome: 'accepted' }, { outcome: 'accepted' }])
  })

  it('the one that it complains of is found by asking about each alone', () => {
    expect(read({ validationMessages: [complaint] }, 2)).toMatchObject([{ outcome: 'singly' }, { outcome: 'singly' }])
    expect(read({ validationMessages: [complaint] }, 1)).toEqual([
      { outcome: 'rejected', code: 'VALUE_REQUIRED', message: '[value] needs [currency].' },
    ])
  })

  it('the Data Manager API takes events without a job', () => {
    expect(read({}, 1)).toEqual([{ outcome: 'accepted' }])
  })
})
