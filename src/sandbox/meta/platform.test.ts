import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import type { Platform } from '../platform.ts'
import { ADD_TO_CART, PAGE_VIEW, PURCHASE } from './examples.ts'
import {
  bearer,
  codes,
  DATASET,
  data,
  EM,
  event,
  expectRefused,
  meta,
  NOW,
  OTHER,
  type Sent,
  send,
  TOKEN,
} from './sending.ts'

describe("the sheet's worked examples are accepted", () => {
  it.each([
    ['a purchase of a shopper in California', PURCHASE, []],
    // The click id of the sheet's own example is younger than its event.
    ['an add to cart', ADD_TO_CART, ['fbc was made after the event']],
    ['a page view', PAGE_VIEW, []],
  ])('%s', (_, body, warnings) => {
    const sandbox = meta()
    const [{ event_time, event_name, event_id }] = body.data as [(typeof body.data)[0]]
    const answer = send(sandbox, { body, at: (event_time + 1) * SECOND })
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual({ events_received: 1, messages: [], fbtrace_id: expect.any(String) })
    expect(sandbox.conversions()).toMatchObject([
      { account: DATASET, name: event_name, eventId: event_id, sources: { tag: 0, server: 1 }, warnings },
    ])
  })

  it('with all that they tell', () => {
    const sandbox = meta()
    send(sandbox, { body: PURCHASE, at: 1_795_341_601_000 })
    expect(sandbox.conversions()).toMatchObject([
      {
        orderId: '6001234567890',
        value: '129.9',
        currency: 'USD',
        contentIds: ['shopify_US_7890123456789_44112233445566', 'shopify_US_7890123456790_44112233445577'],
        occurredAt: '2026-11-22T10:00:00.000Z',
        limited: true,
        identifiers: {
          em: [EM],
          external_id: ['68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
          fbc: ['fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9'],
        },
      },
    ])
  })
})

describe('who may send', () => {
  it.each<[string, Sent]>([
    ['in the header', { headers: bearer(TOKEN) }],
    ['in the query', { headers: {}, path: `/v26.0/${DATASET}/events?access_token=${TOKEN}` }],
    ['in the body', { headers: {}, body: { ...data(event()), access_token: TOKEN } }],
  ])('the token may stand %s', (_, sent) => {
    expect(send(meta(), { body: data(event()), ...sent }).status).toBe(200)
  })

  it.each<[string, Sent, readonly unknown[]]>([
    ['no token', { headers: {} }, [400, 104, undefined]],
    ['a token nobody gave', { headers: bearer('EAAunknown') }, [401, 190, undefined]],
    ["another dataset's token", { headers: bearer('EAAother') }, [400, 100, 33]],
    ['a dataset nobody has', { path: '/v26.0/99/events' }, [400, 100, 33]],
    ['a dataset that is no number', { path: '/v26.0/shop/events' }, [400, 2500, undefined]],
    ['the dataset itself', { method: 'GET', path: `/v26.0/${DATASET}` }, [400, 100, 33]],
    ['its events, to be read', { method: 'GET' }, [400, 100, 33]],
    ['another edge', { path: `/v26.0/${DATASET}/stats` }, [400, 2500, undefined]],
    ['more than an edge', { path: `/v26.0/${DATASET}/events/1` }, [400, 2500, undefined]],
    ['no version', { path: `/${DATASET}/events` }, [400, 2500, undefined]],
    ['a version to come', { path: `/v99.0/${DATASET}/events` }, [400, 2500, undefined]],
    ['a version that ended', { path: `/v20.0/${DATASET}/events` }, [400, 2500, undefined]],
  ])('refused: %s', (_, sent, expected) => {
    const sandbox = meta()
    expect(codes(send(sandbox, { body: data(event()), ...sent }))).toEqual(expected)
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('refusals', new URLSearchParams())).toHaveLength(1)
  })

  it('a token of another form is repeated in the message, as a trap for logs', () => {
    const answer = send(meta(), { body: data(event()), headers: bearer('secret-of-another-kind') })
    expect(told(answer).error).toMatchObject({ code: 190, message: 'Malformed access token secret-of-another-kind' })
  })

  it.each(['v26.0', 'v25.0', 'v24.0', 'v23.0', 'v22.0', 'v21.0'])('%s is served', (version) => {
    expect(send(meta(), { path: `/${version}/${DATASET}/events`, body: data(event()) }).status).toBe(200)
  })

  it('v21.0 until its last day', () => {
    const path = `/v21.0/${DATASET}/events`
    const last = Date.parse('2027-01-20T23:59:59Z')
    const body = (at: number) => data(event({ event_time: Math.floor(at / SECOND) }))
    expect(send(meta(), { path, at: last, body: body(last) }).status).toBe(200)
    expect(send(meta(), { path, at: last + SECOND, body: body(last) }).status).toBe(400)
  })
})

describe('the body', () => {
  it('may be a form with data as JSON text', () => {
    const body = new URLSearchParams({ data: JSON.stringify([event()]), access_token: TOKEN }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(told(send(meta(), { headers, body }))).toMatchObject({ events_received: 1 })
  })

  const many = (count: number) => data(...Array.from({ length: count }, (_, n) => event({ event_id: `lead_${n}` })))

  it('takes 1,000 events', () => {
    const sandbox = meta()
    expect(told(send(sandbox, { body: many(1000) }))).toMatchObject({ events_received: 1000 })
    expect(sandbox.conversions()).toHaveLength(1000)
  })

  it.each<[string, unknown, string]>([
    ['no JSON', 'data=1', 'JSON object or a form'],
    ['a list', [event()], 'JSON object or a form'],
    ['no data', {}, "'data' is a required property"],
    ['no event', data(), 'is too short'],
    ['1,001 events', many(1001), 'is too long'],
    ['an unknown key beside data', { ...data(event()), partner: 'x' }, "('partner' was unexpected)"],
    ['an empty test code', { ...data(event()), test_event_code: '' }, 'is too short'],
    ['a partner agent of 23 characters', { ...data(event()), partner_agent: 'a'.repeat(23) }, 'partner_agent'],
    ['a partner agent with one letter', { ...data(event()), partner_agent: 'a-1.0' }, 'partner_agent'],
  ])('is refused with code 100: %s', (_, body, words) => {
    const sandbox = meta()
    expectRefused(send(sandbox, { body }), undefined, words)
    expect(sandbox.conversions()).toEqual([])
  })

  it('is refused in another type', () => {
    const headers = { ...bearer(TOKEN), 'content-type': 'text/plain' }
    expect(codes(send(meta(), { headers, body: data(event()) }))).toEqual([400, 100, undefined])
  })
})

it('one bad event spoils the batch, and the answer does not say which', () => {
  const sandbox = meta()
  const bad = event({ event_id: 'lead_2', event_time: 1 })
  const answer = send(sandbox, { body: data(event(), bad, event({ event_id: 'lead_3' })) })
  expect(codes(answer)).toEqual([400, 100, 2804003])
  expect(String(answer.body)).not.toContain('lead_2')
  expect(sandbox.conversions()).toEqual([])
  expect(sandbox.query('refusals', new URLSearchParams())).toEqual([
    expect.objectContaining({ account: DATASET, status: 400, code: '100/2804003', name: 'Lead', eventId: 'lead_2' }),
  ])
})

describe('the dataset’s quality', () => {
  const read = (
    sandbox: Platform,
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = bearer(TOKEN),
  ) => send(sandbox, { path: `/v26.0/dataset_quality?${new URLSearchParams(query)}`, headers })
  const fields = 'web{event_name}'

  it('is read with a token of the Events Manager and tells the names that came', () => {
    const sandbox = meta()
    expect(told(read(sandbox, { dataset_id: DATASET, fields }))).toEqual({ web: [] })
    send(sandbox, { body: data(event(), event({ event_id: 'lead_2' })) })
    expect(told(read(sandbox, { dataset_id: DATASET, fields }))).toEqual({ web: [{ event_name: 'Lead' }] })
  })

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly unknown[]]>([
    ['without a dataset', { fields }, bearer(TOKEN), [400, 100, undefined]],
    ["of another's dataset", { dataset_id: OTHER, fields }, bearer(TOKEN), [400, 100, 33]],
    ['with a token nobody gave', { dataset_id: DATASET, fields }, bearer('EAAx'), [401, 190, undefined]],
    ['without a token', { dataset_id: DATASET, fields }, {}, [400, 104, undefined]],
    [
      'with a field of which nobody knows whether it still exists',
      { dataset_id: DATASET, fields: 'web{event_name,dedupe_key_feedback{dedupe_key}}' },
      bearer(TOKEN),
      [400, 100, undefined],
    ],
  ])('is refused %s', (_, query, headers, expected) => {
    expect(codes(read(meta(), query, headers))).toEqual(expected)
  })
})

const REQUEST = {
  method: 'POST',
  host: 'graph.facebook.com',
  path: `/v26.0/${DATASET}/events`,
  query: new URLSearchParams(),
  headers: {},
  body: '',
  ip: '127.0.0.1',
  now: NOW,
}

describe('failures', () => {
  it('throttles above its calls a minute with 400 and a code, and takes no event', () => {
    const sandbox = meta(1)
    expect(send(sandbox, { body: data(event()) }).status).toBe(200)
    const refused = send(sandbox, { body: data(event({ event_id: 'lead_2' })) })
    expect(codes(refused)).toEqual([400, 4, 1504022])
    expect(told(refused).error.is_transient).toBe(true)
    expect(sandbox.conversions()).toHaveLength(1)
    expect(send(sandbox, { body: data(event()), at: NOW + MINUTE }).status).toBe(200)
  })

  it.each([
    [4, 1504022, 'x-app-usage'],
    [17, 2446079, 'x-app-usage'],
    [32, undefined, 'x-app-usage'],
    [341, undefined, 'x-app-usage'],
    [613, 1487742, 'x-app-usage'],
    [80000, undefined, 'x-business-use-case-usage'],
    [80003, undefined, 'x-business-use-case-usage'],
    [80004, undefined, 'x-business-use-case-usage'],
    [80014, undefined, 'x-business-use-case-usage'],
  ])('is throttled by code %i when told so', (rateLimit, subcode, header) => {
    const sandbox = meta()
    expect(sandbox.tell('settings', { rateLimit })).toBeUndefined()
    const answer = sandbox.failing(429)
    expect(codes(answer)).toEqual([400, rateLimit, subcode])
    expect(answer.headers).toHaveProperty(header)
  })

  it.each([
    [401, [401, 190, 463], false],
    [403, [403, 10, undefined], false],
    [413, [413, 100, undefined], false],
    [500, [500, 1, undefined], true],
    [503, [503, 2, undefined], true],
  ] as const)('a failure of the kind %i', (kind, expected, transient) => {
    const answer = meta().failing(kind)
    expect(codes(answer)).toEqual(expected)
    expect(told(answer).error.is_transient).toBe(transient)
  })

  it('can answer 200 and have received nothing', () => {
    expect(told(meta().refuseAll(REQUEST))).toMatchObject({
      events_received: 0,
      messages: [expect.any(String)],
    })
  })

  it('does not know every setting', () => {
    expect(meta().tell('settings', { rateLimit: 5 })).toContain('rateLimit must be one of')
    expect(meta().tell('settings', { needsProcessingOptions: 'yes' })).toContain('true or false')
  })
})

describe('matching', () => {
  it('finds a person by the hashes that the documentation prints', () => {
    const sandbox = meta()
    sandbox.tell('people', { people: [{ email: 'John_Smith@gmail.com', phone: '+1 (650)555-1212' }] })
    const em = '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'
    const ph = 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'
    send(sandbox, { body: data(event({ user_data: { em, ph } })) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['em', 'ph'])
  })

  it('finds nobody by the hash of a phone with its plus sign', () => {
    const sandbox = meta()
    sandbox.tell('people', { people: [{ phone: '+16505551212' }] })
    send(sandbox, { body: data(event({ user_data: { ph: sha256('+16505551212') } })) })
    expect(sandbox.conversions()[0]?.matched).toEqual([])
  })
})

it('takes further datasets', () => {
  const sandbox = meta()
  expect(sandbox.tell('accounts', { id: '77', token: 'EAA77' })).toBeUndefined()
  const headers = bearer('EAA77')
  expect(send(sandbox, { path: '/v26.0/77/events', headers, body: data(event()) }).status).toBe(200)
  expect(sandbox.tell('accounts', { id: 'seven', token: 'EAA77' })).toContain('digits')
  expect(sandbox.tell('accounts', { id: '78', token: 'pina_78' })).toContain('EAA')
})
