import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { ADD_TO_CART, PAGE_VISIT, PURCHASE } from './examples.ts'
import { createReddit } from './platform.ts'
import {
  AGENT,
  bearer,
  data,
  EMAIL,
  event,
  NOW,
  OTHER,
  OTHER_TOKEN,
  PIXEL,
  pathOf,
  reddit,
  refusalsOf,
  type Sent,
  send,
  TOKEN,
  UUID,
} from './sending.ts'

const tested = (sandbox: ReturnType<typeof reddit>) => sandbox.query('test-events', new URLSearchParams())
const many = (count: number) =>
  data(...Array.from({ length: count }, (_, n) => event({ metadata: { conversion_id: `lead-${n}` } })))

describe("the sheet's worked examples are accepted", () => {
  it('a purchase, with all that it tells', () => {
    const sandbox = reddit()
    const answer = send(sandbox, { body: PURCHASE })
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual({ data: { message: 'Successfully processed 1 conversion events.' } })
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PIXEL,
        name: 'PURCHASE',
        eventId: 'purchase-5550001112223',
        orderId: '5550001112223',
        value: '145.5',
        currency: 'USD',
        contentIds: ['44001112223334', '44001112223335'],
        occurredAt: '2026-11-20T12:00:00.000Z',
        sources: { tag: 0, server: 1 },
        limited: false,
        marks: [],
        warnings: [],
        identifiers: {
          click_id: ['7231234567890123456'],
          email: [EMAIL],
          uuid: [UUID],
          ip_address: ['203.0.113.7'],
        },
      },
    ])
  })

  it('an add to cart under a test id, which is shown and not counted', () => {
    const sandbox = reddit()
    expect(send(sandbox, { body: ADD_TO_CART }).status).toBe(200)
    expect(sandbox.conversions()).toEqual([])
    expect(tested(sandbox)).toMatchObject([
      { account: PIXEL, name: 'ADD_TO_CART', eventId: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10', problem: '' },
    ])
  })

  it('a page visit of limited use', () => {
    const sandbox = reddit()
    expect(send(sandbox, { body: PAGE_VISIT }).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([{ name: 'PAGE_VISIT', limited: true, warnings: [] }])
  })

  it('by the account that every sandbox has', () => {
    expect(send(createReddit(), { body: PURCHASE }).status).toBe(200)
  })
})

describe('who may send', () => {
  it.each<[string, Sent, number, string]>([
    ['no token', { headers: AGENT }, 401, 'No bearer token provided'],
    [
      'a token in the query',
      { headers: AGENT, path: `${pathOf(PIXEL)}?access_token=${TOKEN}` },
      401,
      'No bearer token',
    ],
    ['another scheme', { headers: { ...AGENT, authorization: `Basic ${TOKEN}` } }, 401, 'No bearer token'],
    ['a token nobody gave', { headers: bearer('unknown') }, 401, 'Unauthorized'],
    [
      "another pixel's token",
      { headers: bearer(OTHER_TOKEN) },
      403,
      `You're not authorized to post conversions to Pixel ID ${PIXEL}`,
    ],
    ['a pixel nobody has', { path: pathOf('a2_nobody') }, 403, 'to Pixel ID a2_nobody'],
    ['a reading', { method: 'GET' }, 405, 'Method Not Allowed'],
  ])('refused: %s', (_, sent, status, message) => {
    const sandbox = reddit()
    const answer = send(sandbox, { body: PURCHASE, ...sent })
    expect(answer.status).toBe(status)
    expect(told(answer)).toEqual({ error: { code: status, message: expect.stringContaining(message) } })
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toMatchObject([{ status, code: status }])
  })

  it('nobody whose token lacks the scope, when told so', () => {
    const sandbox = reddit()
    expect(sandbox.tell('settings', { missingScope: true })).toBeUndefined()
    expect(told(send(sandbox, { body: PURCHASE }))).toMatchObject({
      error: { code: 403, message: 'Missing adsconversions scope' },
    })
    sandbox.reset()
    expect(send(sandbox, { body: PURCHASE }).status).toBe(200)
  })

  it.each([
    ['none', undefined],
    ['an empty one', ' '],
    ['that of Node', 'node'],
    ['that of undici', 'undici'],
    ['that of a library with its version', 'python-requests/2.32.3'],
    ['that of curl', 'curl/8.9.1'],
    ['that of Go', 'Go-http-client/2.0'],
  ])('a user agent that says nothing of the program is throttled for ever: %s', (_, agent) => {
    const sandbox = reddit()
    const headers = { authorization: `Bearer ${TOKEN}`, ...(agent === undefined ? {} : { 'user-agent': agent }) }
    const answer = send(sandbox, { body: PURCHASE, headers })
    expect(told(answer)).toEqual({ error: { code: 429, message: expect.stringContaining('user agent') } })
    expect([answer.status, answer.headers]).toEqual([429, { 'content-type': 'application/json' }])
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toHaveLength(1)
  })

  it.each([
    ['the older version', `/api/v2.0/conversions/events/${PIXEL}`],
    ['a path that specifications repeat', `/api/v3/conversions/events/${PIXEL}`],
    ['a path of ad accounts', `/api/v3/ad_accounts/${PIXEL}/conversions/events`],
    ['a slash at the end', `${pathOf(PIXEL)}/`],
    ['a pixel without prefix', pathOf('sandboxpixel')],
    ['a pixel of another prefix', pathOf('t5_sandboxpixel')],
  ])('not found: %s', (_, path) => {
    const answer = send(reddit(), { body: PURCHASE, path })
    expect([answer.status, told(answer)]).toEqual([404, { error: { code: 404, message: 'Not Found' } }])
  })
})

describe('the body', () => {
  it('takes 1,000 events', () => {
    const sandbox = reddit()
    expect(told(send(sandbox, { body: many(1000) })).data.message).toBe(
      'Successfully processed 1000 conversion events.',
    )
    expect(sandbox.conversions()).toHaveLength(1000)
  })

  const unknown = (field: string) => `JSON error "unknown field" on field "${field}"`
  it.each<[string, unknown, string]>([
    ['1,001 events', many(1001), 'Bad Request'],
    ['no event', data(), 'Bad Request'],
    ['no JSON', 'events=1', 'Bad Request'],
    ['a list', [event()], 'invalid event'],
    ['no data', {}, 'missing data'],
    ['no events', { data: {} }, 'missing events'],
    ['events that are no list', { data: { events: event() } }, 'invalid events'],
    ['a test id at the root', { ...data(event()), test_id: 't' }, unknown('test_id')],
    ['the older test mode', { data: { events: [event()], test_mode: true } }, unknown('test_mode')],
    ['an empty test id', { data: { events: [event()], test_id: '' } }, 'invalid test_id'],
    ['the older body', { events: [event()] }, 'missing data'],
    ['an unknown key of an event', data(event({ event_id: 'x' })), unknown('event_id')],
    ['an unknown key of its type', data(event({ type: { tracking_type: 'LEAD', name: 'x' } })), unknown('name')],
    ['an unknown key of its metadata', data(event({ metadata: { value_decimal: 1 } })), unknown('value_decimal')],
    ['an unknown key of a product', data(event({ metadata: { products: [{ id: '1', sku: 'x' }] } })), unknown('sku')],
    ['an unknown key of its user', data(event({ user: { opt_out: true } })), unknown('opt_out')],
    [
      'an unknown key of its options',
      data(event({ user: { data_processing_options: { modes: ['LDU'], state: 'CA' } } })),
      unknown('state'),
    ],
  ])('is refused as a whole: %s', (_, body, message) => {
    const sandbox = reddit()
    const answer = send(sandbox, { body })
    expect(answer.status).toBe(400)
    expect(told(answer)).toEqual({ error: { code: 400, message: expect.stringContaining(message) } })
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toMatchObject([{ account: PIXEL, status: 400 }])
  })

  it('is refused in another type', () => {
    const headers = { ...bearer(TOKEN), 'content-type': 'text/plain' }
    expect(told(send(reddit(), { headers, body: PURCHASE }))).toEqual({ error: { code: 400, message: 'Bad Request' } })
  })

  it('may name a partner, which no document knows', () => {
    const sandbox = reddit()
    expect(send(sandbox, { body: { data: { events: [event()], partner: 'SHOP' } } }).status).toBe(200)
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining('partner'))
  })

  it('under a test id may hold a batch, which is shown nowhere', () => {
    const sandbox = reddit()
    expect(send(sandbox, { body: { data: { ...many(2).data, test_id: 't' } } }).status).toBe(200)
    expect([sandbox.conversions(), tested(sandbox)]).toEqual([[], []])
  })
})

describe('one bad event spoils the batch', () => {
  const bad = event({ action_source: 'web', metadata: { conversion_id: 'lead-2' } })
  const batch = data(event(), bad, event({ metadata: { conversion_id: 'lead-3' } }))
  const fault = { message: 'invalid action_source: web' }

  it('and only the sandbox’s own list names it', () => {
    const sandbox = reddit()
    const answer = send(sandbox, { body: batch })
    expect(told(answer).error).toEqual({
      code: 400,
      message: 'There were 1 invalid conversion events. None were processed.',
      fields: [{ field: 'action_source', ...fault }],
    })
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toEqual([
      expect.objectContaining({ account: PIXEL, status: 400, name: 'LEAD', eventId: 'lead-2', ...fault }),
    ])
  })

  it.each([
    ['indexed', [{ field: 'events[1].action_source', ...fault }]],
    ['absent', undefined],
  ])('the fields of the answer may be %s, as told', (fields, expected) => {
    const sandbox = reddit()
    expect(sandbox.tell('settings', { fields })).toBeUndefined()
    expect(told(send(sandbox, { body: batch })).error.fields).toEqual(expected)
  })

  it('all guilty ones are counted', () => {
    const sandbox = reddit()
    expect(told(send(sandbox, { body: data(bad, event(), bad) })).error.message).toContain('There were 2 invalid')
    expect(refusalsOf(sandbox)).toHaveLength(2)
  })

  it('an own event is named by its own name', () => {
    const sandbox = reddit()
    send(sandbox, {
      body: data(event({ type: { tracking_type: 'CUSTOM', custom_event_name: 'Subscribe' }, event_at: 0 })),
    })
    expect(refusalsOf(sandbox)).toMatchObject([{ name: 'Subscribe' }])
  })
})

describe('rate limits', () => {
  const throttled = { error: { code: 429, message: 'Too many requests/events within timeframe.' } }

  it.each<[string, Parameters<typeof reddit>[0], unknown]>([
    ['requests', { requestsPerSecond: 1 }, many(1)],
    ['events', { eventsPerSecond: 5 }, many(3)],
    ['test events', {}, { data: { ...many(6).data, test_id: 't' } }],
  ])('%s of a second; then nothing counts, and no header says when it is free again', (_, options, body) => {
    const sandbox = reddit(options)
    expect(send(sandbox, { body }).status).toBe(200)
    const before = sandbox.conversions()
    const answer = send(sandbox, { body })
    expect([answer.status, told(answer)]).toEqual([429, throttled])
    expect(answer.headers).toEqual({ 'content-type': 'application/json' })
    expect(sandbox.conversions()).toEqual(before)
    expect(send(sandbox, { body, at: NOW + SECOND }).status).toBe(200)
  })

  it('belong to each pixel, and requests without right spend none', () => {
    const sandbox = reddit({ requestsPerSecond: 1 })
    send(sandbox, { body: many(1), headers: bearer('unknown') })
    expect(send(sandbox, { body: many(1) }).status).toBe(200)
    expect(send(sandbox, { body: many(1), path: pathOf(OTHER), headers: bearer(OTHER_TOKEN) }).status).toBe(200)
  })
})

describe('failures', () => {
  it.each([
    [401, 'No bearer token provided'],
    [403, 'Missing adsconversions scope'],
    [413, 'Request Entity Too Large'],
    [429, 'Too many requests/events within timeframe.'],
    [500, 'Internal Server Error. No conversion events were processed.'],
    [503, 'The service is currently unavailable. No conversion events were processed.'],
  ] as const)('of the kind %i', (status, message) => {
    const answer = reddit().failing(status)
    expect([answer.status, told(answer)]).toEqual([status, { error: { code: status, message } }])
  })

  it('can answer 200 and have processed nothing', () => {
    const request = {
      method: 'POST',
      host: '',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: '',
      ip: '',
      now: NOW,
    }
    expect(told(reddit().refuseAll(request))).toEqual({
      data: { message: 'Successfully processed 0 conversion events.' },
    })
  })

  it('does not know every setting', () => {
    expect(reddit().tell('settings', { fields: 'all' })).toContain('absent, plain, indexed')
    expect(reddit().tell('settings', { missingScope: 'yes' })).toContain('true or false')
  })
})

describe('matching', () => {
  const PHONE = 'e5b124c58580eb16bd959b8d0cac12b12c952e2ceae0203d416cff94f10b994a'
  const matched = (person: object, user: object) => {
    const sandbox = reddit()
    sandbox.tell('people', { people: [person] })
    send(sandbox, { body: data(event({ user, event_at: NOW - MINUTE })) })
    return sandbox.conversions()[0]?.matched
  }

  it.each([
    [
      'the documentation’s address',
      'alice@example.com',
      'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976',
    ],
    ['dots and plus', 'Al.ice+Apple@Example.Com', 'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976'],
    [
      'other characters',
      'Al.ice$+Apple@Example.Com',
      'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976',
    ],
    ['spaces around', '  Jane.Doe+Shop@Example.COM ', EMAIL],
    ['a published fixture', 'lead@example.com', '9fbdefe2837a03c9225be80e741f316f4d174d1732b719b6abb6477efc1ae9d2'],
  ])('finds a person by the email’s hash: %s', (_, email, hash) => {
    expect(matched({ email }, { email: hash })).toEqual(['email'])
  })

  it.each([
    ['+1 (555) 444-1234', PHONE],
    ['+1 (213) 373-4253', '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
  ])('finds a person by the hash of %s', (phone, hash) => {
    expect(matched({ phone }, { phone_number: hash })).toEqual(['phone_number'])
  })

  it.each([
    ['an address with its dots and plus', { email: sha256('jane.doe+shop@example.com') }],
    ['a phone without its plus sign', { phone_number: sha256('15554441234') }],
  ])('finds nobody by the hash of %s', (_, user) => {
    expect(matched({ email: 'jane.doe+shop@example.com', phone: '+15554441234' }, user)).toEqual([])
  })
})

it('takes further pixels', () => {
  const sandbox = reddit()
  expect(sandbox.tell('accounts', { id: 'p2_77', token: 'token_77' })).toBeUndefined()
  expect(send(sandbox, { path: pathOf('p2_77'), headers: bearer('token_77'), body: many(1) }).status).toBe(200)
  expect(sandbox.tell('accounts', { id: '77', token: 'token_77' })).toContain('pixel id')
  expect(sandbox.tell('accounts', { id: 'a2_78', token: 'two words' })).toContain('no spaces')
})
