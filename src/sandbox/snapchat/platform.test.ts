import { describe, expect, it } from 'vitest'
import { HOUR, SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { ADD_CART, PAGE_VIEW, PURCHASE } from './examples.ts'
import {
  data,
  EM,
  event,
  expectRefused,
  expectTaken,
  NOW,
  OTHER,
  PH,
  PIXEL,
  refusals,
  type Sent,
  send,
  snapchat,
  strictSnapchat,
  TOKEN,
  user,
} from './sending.ts'

describe("the sheet's worked examples are accepted", () => {
  it.each([
    ['a purchase', PURCHASE],
    ['an add to cart', ADD_CART],
    ['a page view', PAGE_VIEW],
  ])('%s, by the strict sandbox too', (_, body) => {
    for (const sandbox of [snapchat(), strictSnapchat()]) {
      expectTaken(send(sandbox, { body }))
      expect(refusals(sandbox)).toEqual([])
    }
  })

  it('the purchase with all that it tells', () => {
    const sandbox = snapchat()
    send(sandbox, { body: PURCHASE })
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
        limited: false,
        marks: [],
        warnings: [],
        sources: { tag: 0, server: 1 },
        identifiers: {
          em: [EM],
          ph: [PH],
          client_ip_address: ['203.0.113.7'],
          sc_click_id: ['b3f1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d'],
          sc_cookie1: ['7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6'],
        },
      },
    ])
  })

  it('the add to cart as a test event, which is not counted', () => {
    const sandbox = snapchat()
    send(sandbox, { body: ADD_CART })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([
      { account: PIXEL, name: 'ADD_CART', eventId: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10', problem: '' },
    ])
  })

  it('the page view with its limited use', () => {
    const sandbox = snapchat()
    send(sandbox, { body: PAGE_VIEW })
    expect(sandbox.conversions()).toMatchObject([{ name: 'PAGE_VIEW', limited: true, warnings: [] }])
  })
})

describe('who may send', () => {
  it.each<[string, Sent, number, string]>([
    ['no token', { token: null }, 401, 'UNAUTHORIZED'],
    ['an empty token', { token: '' }, 401, 'UNAUTHORIZED'],
    ['the token as a bearer', { token: null, headers: { authorization: `Bearer ${TOKEN}` } }, 401, 'UNAUTHORIZED'],
    ['a token nobody gave', { token: 'unknown' }, 401, 'UNAUTHORIZED'],
    ["another organization's token", { token: 'other_token' }, 403, 'FORBIDDEN'],
    ['a pixel nobody has', { pixel: '3ff2a6f1-9999-4000-8000-000000000009' }, 404, 'NOT_FOUND'],
    ['a pixel that is no UUID', { pixel: 'shop' }, 404, 'NOT_FOUND'],
    ['the validation with a wrong token', { token: 'unknown', way: '/validate' }, 401, 'UNAUTHORIZED'],
    ['to be read', { method: 'GET' }, 405, 'METHOD_NOT_ALLOWED'],
    ['the statistics to be written', { way: '/validate/stats' }, 405, 'METHOD_NOT_ALLOWED'],
  ])('refused: %s', (_, sent, status, code) => {
    const sandbox = snapchat()
    expectRefused(send(sandbox, { body: data(event()), ...sent }), status, code, '')
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toEqual([expect.objectContaining({ status, code })])
  })

  it.each([
    ['of the older version', '/v2/conversion'],
    ['without a pixel', '/v3/events'],
    ['with more behind it', `/v3/${PIXEL}/events/1`],
    ['of another page', '/'],
  ])('a path %s does not exist', (_, path) => {
    expectRefused(send(snapchat(), { path, body: data(event()) }), 404, 'NOT_FOUND', '')
  })

  it('the host of the pixel’s other half has no events endpoint', () => {
    const url = `https://tr6.snapchat.com/v3/${PIXEL}/events?access_token=${TOKEN}`
    expect(ask(snapchat(), { url, body: data(event()), at: NOW }).status).toBe(404)
  })
})

describe('the body', () => {
  const many = (count: number) =>
    data(...Array.from({ length: count }, (_, index) => event({ event_id: `sign_${index}` })))

  it('takes 2,000 events', () => {
    const sandbox = snapchat()
    expectTaken(send(sandbox, { body: many(2000) }))
    expect(sandbox.conversions()).toHaveLength(2000)
  })

  it.each<[string, unknown, string]>([
    ['no JSON', 'data=1', 'JSON object'],
    ['a list', [event()], 'JSON object'],
    ['no data', {}, "'data' is a required property"],
    ['an event without a list', { data: event() }, "not of type 'array'"],
    ['no event', data(), 'is too short'],
    ['2,001 events', many(2001), 'is too long'],
  ])('is refused without pointing at an event: %s', (_, body, words) => {
    const sandbox = snapchat()
    expectRefused(send(sandbox, { body }), 400, 'INVALID_REQUEST', words)
    expectRefused(send(sandbox, { body, way: '/validate' }), 400, 'INVALID_REQUEST', words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toHaveLength(2)
  })

  it.each<[string, Sent]>([
    ['an unknown key beside data', { body: { ...data(event()), partner: 'x' } }],
    ['an empty test code', { body: { ...data(event()), test_event_code: '' } }],
    ['another content type', { body: data(event()), headers: { 'content-type': 'text/plain' } }],
  ])('is refused where the sandbox refuses what nobody knows: %s', (_, sent) => {
    expectTaken(send(snapchat(), sent))
    expect(send(strictSnapchat(), sent).status).toBe(400)
  })

  it('above 2 MB is refused by the strict sandbox only', () => {
    const body = JSON.stringify(data(event())).padEnd(2 * 1024 * 1024 + 1)
    const headers = { 'content-type': 'application/json' }
    expectTaken(send(snapchat(), { body, headers }))
    expectRefused(send(strictSnapchat(), { body, headers }), 413, 'TOO_LARGE', '')
  })
})

describe('one bad event spoils the batch', () => {
  const mixed = data(
    event(),
    event({ event_id: 'b', event_time: 1 }),
    event({ event_id: 'c', user_data: {} }),
    event({ event_id: 'd' }),
  )

  it.each([400, 200])('with HTTP %i the answer points at the first, the refusals name all', (invalid) => {
    const sandbox = snapchat()
    expect(sandbox.tell('settings', { invalid })).toBeUndefined()
    expectRefused(send(sandbox, { body: mixed }), invalid, 'INVALID_TIMESTAMP', "data['event_time']", 1)
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toMatchObject([
      { account: PIXEL, status: invalid, code: 'INVALID_TIMESTAMP', name: 'SIGN_UP', eventId: 'b' },
      { account: PIXEL, status: invalid, code: 'NOT_ENOUGH_PII', name: 'SIGN_UP', eventId: 'c' },
    ])
  })

  it('and the validation tells of each', () => {
    const sandbox = snapchat()
    const answer = send(sandbox, { body: mixed, way: '/validate' })
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual({
      status: 'INVALID',
      test_event: true,
      reason: expect.stringContaining('event_time'),
      event_logs: [
        { event: 0, status: 'VALID', warnings: [], errors: { codes: [], error_msgs: [] } },
        {
          event: 1,
          status: 'INVALID',
          warnings: [],
          errors: { codes: ['INVALID_TIMESTAMP'], error_msgs: [expect.any(String)] },
        },
        {
          event: 2,
          status: 'INVALID',
          warnings: [],
          errors: { codes: ['NOT_ENOUGH_PII'], error_msgs: [expect.any(String)] },
        },
        { event: 3, status: 'VALID', warnings: [], errors: { codes: [], error_msgs: [] } },
      ],
    })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toHaveLength(4)
  })
})

describe('the validation', () => {
  it('counts nothing and shows what came', () => {
    const sandbox = snapchat()
    const body = data(event({ event_id: undefined }))
    expect(told(send(sandbox, { body, way: '/validate' }))).toMatchObject({
      status: 'VALID',
      event_logs: [{ event: 0, warnings: [expect.stringContaining('event_id is missing')] }],
    })
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([{ name: 'SIGN_UP', problem: '' }])
  })

  it('is read back by its pixel', () => {
    const sandbox = snapchat()
    send(sandbox, { body: user({}), way: '/validate' })
    const logs = (sent: Sent) => told(send(sandbox, { way: '/validate/logs', ...sent }))
    expect(logs({})).toMatchObject({ status: 'SUCCESS', logs: [{ status: 'INVALID' }] })
    expect(logs({ pixel: OTHER, token: 'other_token' })).toMatchObject({ status: 'SUCCESS', logs: [] })
  })

  it('tells how much came in the past hour, test and live apart', () => {
    const sandbox = snapchat()
    const stats = (at: number) => told(send(sandbox, { way: '/validate/stats', at })).stats
    expect(stats(NOW)).toEqual({
      test: { event_count_past_hour: 0, latest_event_ts: null },
      live: { event_count_past_hour: 0, latest_event_ts: null },
    })
    send(sandbox, { body: data(event(), event({ event_id: 'sign_2' })) })
    send(sandbox, { body: { ...data(event()), test_event_code: 'SNAPTEST123' } })
    const latest_event_ts = NOW / SECOND
    expect(stats(NOW)).toEqual({
      test: { event_count_past_hour: 1, latest_event_ts },
      live: { event_count_past_hour: 2, latest_event_ts },
    })
    expect(stats(NOW + HOUR + SECOND).live).toEqual({ event_count_past_hour: 0, latest_event_ts })
  })
})

it('a test code on the event itself is read as well, and its twin without one counts', () => {
  const sandbox = snapchat()
  expectTaken(send(sandbox, { body: data(event({ test_event_code: 'SNAPTEST123' }), event({ event_id: 'live' })) }))
  expect(sandbox.conversions()).toMatchObject([{ eventId: 'live' }])
})

describe('failures', () => {
  it('throttles above its calls a second with 429 and without a word about when to come back', () => {
    const sandbox = snapchat(1)
    expectTaken(send(sandbox, { body: data(event()) }))
    const refused = send(sandbox, { body: data(event({ event_id: 'sign_2' })) })
    expectRefused(refused, 429, 'RATE_LIMITED', '')
    expect(refused.headers).not.toHaveProperty('retry-after')
    expect(sandbox.conversions()).toHaveLength(1)
    expectTaken(send(sandbox, { body: data(event()), at: NOW + SECOND }))
  })

  it('does not spend the budget on those who may not send', () => {
    const sandbox = snapchat(1)
    send(sandbox, { body: data(event()), token: 'unknown' })
    expectTaken(send(sandbox, { body: data(event()) }))
  })

  it.each([
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [413, 'TOO_LARGE'],
    [429, 'RATE_LIMITED'],
    [500, 'SERVER_ERROR'],
  ] as const)('a failure of the kind %i', (kind, code) => {
    expectRefused(snapchat().failing(kind), kind, code, '')
  })

  it('a failure of the kind 503 is no JSON', () => {
    const answer = snapchat().failing(503)
    expect([answer.status, answer.headers['content-type']]).toEqual([503, 'text/plain'])
  })

  it('can refuse everything inside HTTP 200', () => {
    const asked = {
      method: 'POST',
      host: 'tr.snapchat.com',
      path: `/v3/${PIXEL}/events`,
      query: new URLSearchParams(),
      headers: {},
      body: '',
      ip: '127.0.0.1',
      now: NOW,
    }
    expectRefused(snapchat().refuseAll(asked), 200, 'INVALID_REQUEST', 'refuses')
  })

  it('does not know every setting, and forgets settings with a reset', () => {
    const sandbox = snapchat()
    expect(sandbox.tell('settings', { invalid: 500 })).toContain('200 or 400')
    expect(sandbox.tell('settings', { uncertain: 'maybe' })).toContain('"accept" or "refuse"')
    sandbox.tell('settings', { invalid: 200, uncertain: 'refuse' })
    sandbox.reset()
    expectTaken(send(sandbox, { body: data(event({ event_name: 'ADD_TO_CART' })) }))
    expect(send(sandbox, { body: data() }).status).toBe(400)
  })
})

describe('matching', () => {
  it.each([
    ['Person@Example.com', '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'],
    ['  Jane.Doe+Shop@Example.COM ', EM],
    ['    test123@example.com  ', '20b82517b67108ed3a171539dc5dd1da605660249b02f38dd70f572a545c7d18'],
  ])('finds %j', (email, hashed) => {
    const sandbox = snapchat()
    sandbox.tell('people', { people: [{ email }] })
    send(sandbox, { body: user({ em: [hashed] }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['em'])
  })

  it.each([
    ['+44 844 412 4653', 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383'],
    ['+1 (213) 373-4253', PH],
    ['+444472342344', '19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0'],
    ['+14472342344', '34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014'],
  ])('finds %s', (phone, hashed) => {
    const sandbox = snapchat()
    sandbox.tell('people', { people: [{ phone }] })
    send(sandbox, { body: user({ ph: [hashed] }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['ph'])
  })

  it.each<[string, object]>([
    ['a phone with its plus', { ph: [sha256('+444472342344')] }],
    [
      'a phone with the zero of its trunk',
      { ph: ['6e9acb36bf53777da02998ca930acbad8d4fa790d159aae1c71fe8871d97676a'] },
    ],
    ['an address that was hashed twice', { em: [sha256(EM)] }],
  ])('finds nobody by %s', (_, fields) => {
    const sandbox = snapchat()
    sandbox.tell('people', { people: [{ email: 'jane.doe+shop@example.com', phone: '+444472342344' }] })
    expectTaken(send(sandbox, { body: user(fields) }))
    expect(sandbox.conversions()[0]?.matched).toEqual([])
  })
})

it('takes further pixels', () => {
  const sandbox = snapchat()
  const pixel = '3ff2a6f1-3333-4000-8000-000000000003'
  expect(sandbox.tell('accounts', { id: pixel, token: 'third' })).toBeUndefined()
  expectTaken(send(sandbox, { pixel, token: 'third', body: data(event()) }))
  expect(sandbox.conversions(pixel)).toHaveLength(1)
  expect(sandbox.tell('accounts', { id: 'shop', token: 'third' })).toContain('UUID')
  expect(sandbox.tell('accounts', { id: pixel, token: 'with space' })).toContain('without spaces')
})
