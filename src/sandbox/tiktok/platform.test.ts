import { describe, expect, it } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { ADD_TO_CART, PAGE_VIEW, PURCHASE } from './examples.ts'
import {
  access,
  EMAIL,
  event,
  expectCode,
  NOW,
  OTHER,
  PHONE,
  PIXEL,
  refusals,
  request,
  type Sent,
  send,
  strictTiktok,
  TOKEN,
  TRACK,
  tiktok,
  user,
} from './sending.ts'

describe("the sheet's worked examples are accepted", () => {
  it.each([
    ['a purchase', PURCHASE],
    ['an add to cart', ADD_TO_CART],
    ['a page view', PAGE_VIEW],
  ])('%s, by the strict sandbox too', (_, body) => {
    for (const sandbox of [tiktok(), strictTiktok()]) {
      expectCode(send(sandbox, { body }), 0, 'OK')
      expect(refusals(sandbox)).toEqual([])
    }
  })

  it('the purchase with all that it tells', () => {
    const sandbox = tiktok()
    send(sandbox, { body: PURCHASE })
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PIXEL,
        name: 'Purchase',
        eventId: 'purchase-5550001112223',
        orderId: '5550001112223',
        value: '145.5',
        currency: 'USD',
        contentIds: ['44001112223334', '44001112223335'],
        occurredAt: '2026-11-20T12:00:00.000Z',
        limited: false,
        warnings: [],
        sources: { tag: 0, server: 1 },
        identifiers: {
          email: [EMAIL],
          phone: [PHONE],
          city: ['losangeles'],
          ttclid: ['E.C.P.ExampleClickIdValue0123456789'],
          ip: ['203.0.113.7'],
        },
      },
    ])
  })

  it('the add to cart as a test event, which stays out of the reports', () => {
    const sandbox = tiktok()
    send(sandbox, { body: ADD_TO_CART })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([
      { account: PIXEL, name: 'AddToCart', eventId: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10', problem: '' },
    ])
  })

  it('the page view with its limited use', () => {
    const sandbox = tiktok()
    send(sandbox, { body: PAGE_VIEW })
    expect(sandbox.conversions()).toMatchObject([{ name: 'PageView', limited: true, warnings: [] }])
  })
})

describe('who may send', () => {
  const good = request(event())
  it.each<[string, Sent, number, string]>([
    ['no token', { headers: {} }, 40104, 'Access token is null'],
    ['an empty token', { headers: access('') }, 40104, 'Access token is null'],
    ['the token as a bearer', { headers: { authorization: `Bearer ${TOKEN}` } }, 40104, 'Access token is null'],
    ['the token in the query', { headers: {}, path: `${TRACK}?access_token=${TOKEN}` }, 40104, 'is null'],
    ['no token and no body', { headers: {}, method: 'POST', body: undefined }, 40104, 'Access token is null'],
    ['a token nobody gave', { headers: access('unknown') }, 40105, 'incorrect or has been revoked'],
    [
      "another pixel's token",
      { headers: access('other_token') },
      40001,
      `No permission to operate pixel code: ${PIXEL}`,
    ],
    ['a pixel nobody has', { body: { ...good, event_source_id: 'C0000000000000000000' } }, 40001, 'No permission'],
    ['a pixel as an app', { body: { ...good, event_source: 'app' } }, 40001, 'No permission'],
    [
      'another type of body',
      { headers: { ...access(TOKEN), 'content-type': 'text/plain' } },
      40002,
      'application/json',
    ],
    ['a good token and an empty body, as a cheap check of tokens', { body: {} }, 40002, 'event_source: Missing'],
  ])('refused in HTTP 200: %s', (_, sent, code, words) => {
    const sandbox = tiktok()
    expectCode(send(sandbox, { body: good, ...sent }), code, words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toEqual([expect.objectContaining({ status: 200, code })])
  })

  it.each<[string, Sent, number]>([
    ['without its last slash', { path: TRACK.slice(0, -1) }, 404],
    ['of a version that ended', { path: '/open_api/v1.2/event/track/' }, 404],
    ['of the older interface', { path: '/open_api/v1.3/pixel/track/' }, 404],
    ['of another page', { path: '/' }, 404],
    ['to be read', { method: 'GET' }, 405],
  ])('the path %s', (_, sent, status) => {
    const sandbox = tiktok()
    expect(send(sandbox, { body: good, ...sent }).status).toBe(status)
    expect(sandbox.conversions()).toEqual([])
  })
})

describe('the body', () => {
  const many = (count: number) =>
    request(...Array.from({ length: count }, (_, index) => event({ event_id: `lead_${index}` })))

  it('takes 1,000 events', () => {
    const sandbox = tiktok()
    expectCode(send(sandbox, { body: many(1000) }), 0, 'OK')
    expect(sandbox.conversions()).toHaveLength(1000)
  })

  const without = (key: string) => Object.fromEntries(Object.entries(request(event())).filter(([name]) => name !== key))
  it.each<[string, unknown, number, string]>([
    ['no JSON', 'data=1', 40002, 'Must be a JSON object'],
    ['a list', [event()], 40002, 'Must be a JSON object'],
    ['no source', without('event_source'), 40002, 'event_source: Missing required field'],
    ['an unknown source', { ...request(event()), event_source: 'website' }, 40002, "'website' is not one of"],
    ['no pixel', without('event_source_id'), 40002, 'event_source_id: Missing required field'],
    ['a pixel as a number', { ...request(event()), event_source_id: 1 }, 40002, 'event_source_id: Not a valid string'],
    ['no events', without('data'), 40002, 'data: Missing required field'],
    ['one event without a list', { ...request(), data: event() }, 40002, 'data: Not a valid array'],
    ['an empty list', request(), 40061, 'not 0'],
    ['1,001 events', many(1001), 40061, 'not 1001'],
    ['a partner name', { ...request(event()), partner_name: 'Converlay' }, 40063, 'partner_name'],
    [
      'a test code as a number',
      { ...request(event()), test_event_code: 1 },
      40002,
      'test_event_code: Not a valid string',
    ],
    [
      'the body of the older interface',
      { pixel_code: PIXEL, event: 'Purchase', timestamp: '2026-11-20T12:00:00Z', context: {} },
      40002,
      'event_source: Missing required field',
    ],
  ])('is refused: %s', (_, body, code, words) => {
    const sandbox = tiktok()
    const headers = { ...access(TOKEN), 'content-type': 'application/json' }
    expectCode(send(sandbox, { body, headers }), code, words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ['an unknown key beside data', { ...request(event()), partner: 'x' }],
    ['an empty test code', { ...request(event()), test_event_code: '' }],
  ])('is refused where the sandbox refuses what nobody knows: %s', (_, body) => {
    expectCode(send(tiktok(), { body }), 0, 'OK')
    expect(told(send(strictTiktok(), { body })).code).toBe(40002)
  })

  it('above 1 MB is refused by the strict sandbox only', () => {
    const body = JSON.stringify(many(1)).padEnd(1024 * 1024 + 1)
    const headers = { ...access(TOKEN), 'content-type': 'application/json' }
    expectCode(send(tiktok(), { body, headers }), 0, 'OK')
    expect(send(strictTiktok(), { body, headers }).status).toBe(413)
  })
})

it('one bad event spoils the batch; the answer names the first, the refusals all', () => {
  const sandbox = tiktok()
  const bad = [
    event({ event_id: 'b', properties: { contents: [{ content_id: '1' }, { content_id: 2 }] } }),
    event({ event_id: 'c', user: { email: 'jane@example.com' } }),
  ]
  const answer = send(sandbox, { body: request(event(), ...bad, event({ event_id: 'd' })) })
  expectCode(answer, 40002, 'Batch.1.properties.contents.1.content_id: Not a valid string')
  expect(sandbox.conversions()).toEqual([])
  expect(refusals(sandbox)).toMatchObject([
    { account: PIXEL, code: 40002, name: 'Lead', eventId: 'b' },
    { account: PIXEL, code: 40062, name: 'Lead', eventId: 'c', message: 'Batch.2.user.email: PII is not hashed' },
  ])
})

describe('failures', () => {
  it('throttles above its calls a second in HTTP 200 without a word about when to come back', () => {
    const sandbox = tiktok(1)
    expectCode(send(sandbox, { body: request(event()) }), 0, 'OK')
    const refused = send(sandbox, { body: request(event({ event_id: 'lead_2' })) })
    expectCode(refused, 40100, 'Too many requests')
    expect(refused.headers).not.toHaveProperty('retry-after')
    expect(sandbox.conversions()).toHaveLength(1)
    expectCode(send(sandbox, { body: request(event()), at: NOW + SECOND }), 0, 'OK')
  })

  it('does not spend the budget on those who may not send', () => {
    const sandbox = tiktok(1)
    send(sandbox, { body: request(event()), headers: access('unknown') })
    expectCode(send(sandbox, { body: request(event()) }), 0, 'OK')
  })

  it.each([40100, 40016, 40132, 40133, 51021, 61000])('throttles with code %i when told so', (rateLimit) => {
    const sandbox = tiktok()
    expect(sandbox.tell('settings', { rateLimit })).toBeUndefined()
    expectCode(sandbox.failing(429), rateLimit, 'Too many requests')
  })

  it.each([
    [401, 40105],
    [403, 40001],
    [500, 50000],
  ] as const)('a failure of the kind %i is HTTP 200 with code %i', (kind, code) => {
    expectCode(tiktok().failing(kind), code, '')
  })

  it.each([413, 503] as const)('a failure of the kind %i is a page of the edge', (kind) => {
    const answer = tiktok().failing(kind)
    expect([answer.status, answer.headers['content-type']]).toEqual([kind, 'text/html'])
  })

  it('can refuse everything in HTTP 200', () => {
    const sandbox = tiktok()
    const asked = {
      method: 'POST',
      host: 'business-api.tiktok.com',
      path: TRACK,
      query: new URLSearchParams(),
      headers: {},
      body: '',
      ip: '127.0.0.1',
      now: NOW,
    }
    expectCode(sandbox.refuseAll(asked), 40002, 'refuses')
  })

  it('does not know every setting, and forgets settings with a reset', () => {
    const sandbox = tiktok()
    expect(sandbox.tell('settings', { rateLimit: 4 })).toContain('rateLimit must be one of 40100')
    expect(sandbox.tell('settings', { uncertain: 'maybe' })).toContain('"accept" or "refuse"')
    sandbox.tell('settings', { uncertain: 'refuse', rateLimit: 40133 })
    sandbox.reset()
    expectCode(sandbox.failing(429), 40100, '')
    expectCode(send(sandbox, { body: user({}) }), 0, 'OK')
  })
})

describe('matching', () => {
  it.each([
    ['  Jane.Doe+Shop@Example.COM ', EMAIL],
    ['test@test.com', 'f660ab912ec121d1b1e928a0bb4bc61b15f5ad44d5efdc4e1c92a25e99b8e44a'],
    ['bugsbunny@warnerbros.com', '67e28cdcc3e845d3a4da05ca9fe5ddb7320a83b4cc2167f0555a3b04f63511e3'],
  ])('finds %j', (email, hashed) => {
    const sandbox = tiktok()
    sandbox.tell('people', { people: [{ email }] })
    send(sandbox, { body: user({ email: hashed }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['email'])
  })

  it.each([
    ['+1 (213) 373-4253', PHONE],
    ['+44 20 7946 0958', 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
    ['+1555-555-5555', '910a625c4ba147b544e6bd2f267e130ae14c591b6ba9c25cb8573322dedbebd0'],
    ['+12345678900', '7f459725e1f658720fd2c41b71737eb3aef333edd9a96704cbddb5b884f0e129'],
  ])('finds %s', (phone, hashed) => {
    const sandbox = tiktok()
    sandbox.tell('people', { people: [{ phone }] })
    send(sandbox, { body: user({ phone: [hashed] }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['phone'])
  })

  it.each<[string, object]>([
    ['an address that was not trimmed', { email: 'd9a363544408bc71deb8e5d62c5c3f47c094c33ae25fbe0f9f031d03f1da37e6' }],
    ['a phone without its plus', { phone: '1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830' }],
    ['an address in clear that was hashed twice', { email: sha256(EMAIL) }],
  ])('finds nobody by %s', (_, fields) => {
    const sandbox = tiktok()
    sandbox.tell('people', { people: [{ email: 'jane.doe+shop@example.com', phone: '+12133734253' }] })
    expectCode(send(sandbox, { body: user(fields) }), 0, 'OK')
    expect(sandbox.conversions()[0]?.matched).toEqual([])
  })
})

it('takes further pixels', () => {
  const sandbox = tiktok()
  const id = 'CABCDEFGHIJKLMNOPQRS'
  expect(sandbox.tell('accounts', { id, token: 'third' })).toBeUndefined()
  const body = { ...request(event()), event_source_id: id }
  expectCode(send(sandbox, { headers: access('third'), body }), 0, 'OK')
  expect(sandbox.conversions(id)).toHaveLength(1)
  expect(sandbox.conversions(OTHER)).toEqual([])
  expect(sandbox.tell('accounts', { id: 'pixel', token: 'third' })).toContain('capital letters')
  expect(sandbox.tell('accounts', { id, token: 'with space' })).toContain('without spaces')
})

it('has no page at the tag’s host for what the pixel does not ask', () => {
  expect(ask(tiktok(), { url: 'https://analytics.tiktok.com/api/v1/pixel', body: {}, at: NOW }).status).toBe(404)
})
