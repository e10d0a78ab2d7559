import { describe, expect, it } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import { sha256 } from '../kit/people.ts'
import { REFUND } from './examples.ts'
import {
  collect,
  debug,
  EMAIL,
  event,
  events,
  ga4,
  micros,
  NOW,
  OTHER,
  PHONE,
  params,
  purchase,
  refusals,
  type Sent,
  STREAM,
  tested,
  withMore,
} from './sending.ts'

describe("the sheet's refund", () => {
  it('is counted, with what it tells, and answered with 204 and nothing', () => {
    const sandbox = ga4()
    const answer = collect(sandbox, { body: REFUND })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: STREAM,
        name: 'refund',
        orderId: 'SHOP-5551234567890',
        value: '40',
        currency: 'EUR',
        contentIds: ['222'],
        occurredAt: '2026-11-20T14:03:22.000Z',
        sources: { tag: 0, server: 1 },
        limited: true,
        identifiers: { client_id: ['1234567890.1763800000'], session_id: ['1763812345'] },
        warnings: [],
      },
    ])
    expect(refusals(sandbox)).toEqual([])
  })

  it('is clean for the validation server, which counts nothing', () => {
    const sandbox = ga4()
    const answer = debug(sandbox, { body: REFUND })
    expect([answer.status, told(answer)]).toEqual([200, { validationMessages: [] }])
    expect(tested(sandbox)).toMatchObject([{ name: 'refund', eventId: 'SHOP-5551234567890', problem: '' }])
    expect(sandbox.conversions()).toEqual([])
  })
})

it('the hosts of both regions take events', () => {
  const sandbox = ga4()
  collect(sandbox, { host: 'region1.google-analytics.com', body: events(purchase()) })
  expect(sandbox.conversions()).toHaveLength(1)
  expect(told(debug(sandbox, { host: 'region1.google-analytics.com', body: REFUND }))).toEqual({
    validationMessages: [],
  })
})

describe('answered with 204 and dropped, which only the refusals tell', () => {
  const many = (count: number) => events(...Array.from({ length: count }, () => event('login')))
  it.each<[string, Sent, string]>([
    ['an unknown measurement id', { query: { measurement_id: 'G-NOBODY', api_secret: 'x' } }, 'belongs to nobody'],
    ['no measurement id', { query: { api_secret: 'ga4_sandbox_secret' } }, 'belongs to nobody'],
    ['a wrong secret', { query: { measurement_id: STREAM, api_secret: 'x' } }, 'not one of this stream'],
    ['no secret', { query: { measurement_id: STREAM } }, 'not one of this stream'],
    ['another stream’s secret', { query: { measurement_id: OTHER, api_secret: 'ga4_sandbox_secret' } }, 'not one of'],
    ['a GET', { method: 'GET' }, 'Only POST'],
    ['no JSON', { body: '{"client_id":' }, 'JSON object'],
    ['a list', { body: [] }, 'JSON object'],
    ['a body above 130 kB', { body: JSON.stringify(events(purchase())).padEnd(130_001) }, '130000 bytes'],
    ['no event', { body: events() }, 'At least one event'],
    ['26 events', { body: many(26) }, 'More than 25 events'],
    ['no client id', { body: { events: [event('login')] } }, 'client_id is required'],
  ])('%s', (_, sent, words) => {
    const sandbox = ga4()
    const answer = collect(sandbox, { body: events(event('login')), ...sent })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(refusals(sandbox)[0]).toMatchObject({ status: 204, message: expect.stringContaining(words) })
    expect(sandbox.conversions()).toEqual([])
  })

  it('one bad event, while its neighbours count', () => {
    const sandbox = ga4()
    collect(sandbox, { body: events(event('login'), purchase({ currency: 'eur' }), event('sign_up')) })
    expect(sandbox.conversions()).toMatchObject([{ name: 'login' }, { name: 'sign_up' }])
    expect(refusals(sandbox)).toMatchObject([
      { account: STREAM, name: 'purchase', eventId: 'SHOP-1', code: 'VALUE_INVALID' },
    ])
  })

  it('25 events and 130,000 bytes are taken', () => {
    const sandbox = ga4()
    collect(sandbox, { body: JSON.stringify(many(25)).padEnd(130_000) })
    expect(sandbox.conversions()).toHaveLength(25)
  })
})

describe('accepted', () => {
  it.each<[string, unknown]>([
    ['exactly 72 hours old', withMore({ timestamp_micros: micros(NOW - 72 * HOUR) })],
    ['of this very moment', withMore({ timestamp_micros: micros(NOW) })],
    ['25 parameters', events({ name: 'login', params: params(25) })],
    ['a value of 100 characters', events(event('login', { method: 'x'.repeat(100) }))],
    ['a page of 1,000 characters', events(event('page_view', { page_location: 'x'.repeat(1000) }))],
    ['200 items', events(purchase({ items: Array.from({ length: 200 }, () => ({ item_name: 'Linen shirt' })) }))],
    ['a lead worth nothing', events(event('generate_lead', { value: 0, currency: 'EUR' }))],
    ['a whole refund, without items', events(event('refund', { transaction_id: 'S-1', value: 1, currency: 'EUR' }))],
    ['a name of one’s own', events(event('order_canceled_by_shop', { reason: 'fraud' }))],
    [
      'a user with everything',
      withMore({
        user_id: '7001234567890',
        user_data: {
          sha256_email_address: [EMAIL],
          sha256_phone_number: [PHONE],
          address: [{ sha256_first_name: EMAIL, city: 'berlin', country: 'DE' }],
        },
      }),
    ],
  ])('%s', (_, body) => {
    const sandbox = ga4()
    collect(sandbox, { body })
    expect(refusals(sandbox)).toEqual([])
    expect(sandbox.conversions()).toHaveLength(1)
    expect(told(debug(sandbox, { body }))).toEqual({ validationMessages: [] })
  })

  it.each<[string, unknown, string]>([
    ['no session', events({ name: 'login', params: { engagement_time_msec: 1 } }), 'session_id is missing'],
    ['no engagement', events({ name: 'login', params: { session_id: 1 } }), 'engagement_time_msec is missing'],
    ['a client id of another form', { client_id: 'b1946ac9', events: [event('login')] }, 'client_id has not the form'],
    [
      'user data without a user id',
      withMore({ user_data: { sha256_email_address: [EMAIL] } }),
      'user_id should go along',
    ],
    ['the deprecated switch', withMore({ non_personalized_ads: true }), 'non_personalized_ads is deprecated'],
  ])('with a warning: %s', (_, body, words) => {
    const sandbox = ga4()
    collect(sandbox, { body })
    expect(sandbox.conversions()[0]?.warnings).toContainEqual(expect.stringContaining(words))
  })

  it.each<[string, object, boolean]>([
    ['personalisation denied', { consent: { ad_personalization: 'DENIED' } }, true],
    ['the deprecated switch', { non_personalized_ads: true }, true],
    ['personalisation granted', { consent: { ad_personalization: 'GRANTED', ad_user_data: 'DENIED' } }, false],
    ['nothing said', {}, false],
  ])('limited use: %s', (_, more, limited) => {
    const sandbox = ga4()
    collect(sandbox, { body: withMore(more) })
    expect(sandbox.conversions()).toMatchObject([{ limited }])
  })

  it('an event’s own time before that of its request, and that of arrival where none is told', () => {
    const sandbox = ga4()
    const own = { ...event('login'), timestamp_micros: micros(NOW - 2 * HOUR) }
    collect(sandbox, { body: { ...events(own, event('sign_up')), timestamp_micros: micros(NOW - HOUR) } })
    collect(sandbox, { body: events(event('page_view')) })
    expect(sandbox.conversions().map(({ occurredAt }) => Date.parse(occurredAt))).toEqual([
      NOW - 2 * HOUR,
      NOW - HOUR,
      NOW,
    ])
  })

  it('an event for DebugView is counted and marked', () => {
    const sandbox = ga4()
    collect(sandbox, { body: events(event('login', { debug_mode: 1 })) })
    expect(sandbox.conversions()).toMatchObject([{ marks: ['debug'] }])
  })
})

describe('matching', () => {
  it("finds a person by the sheet's vectors", () => {
    const sandbox = ga4()
    sandbox.tell('people', { people: [{ email: 'Jane.Doe+shop@Gmail.com', phone: '+44 20 7946 0958' }] })
    collect(sandbox, { body: withMore({ user_data: { sha256_email_address: [EMAIL], sha256_phone_number: [PHONE] } }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['sha256_email_address', 'sha256_phone_number'])
  })

  it('keeps dots and plus of other providers’ addresses', () => {
    const sandbox = ga4()
    sandbox.tell('people', { people: [{ email: 'John.Smith+promo@Example.com' }] })
    const hash = 'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613'
    collect(sandbox, { body: withMore({ user_data: { sha256_email_address: [hash] } }) })
    expect(sandbox.conversions()[0]?.matched).toEqual(['sha256_email_address'])
  })

  it('finds nobody by a phone without its plus sign', () => {
    const sandbox = ga4()
    sandbox.tell('people', { people: [{ phone: '+442079460958' }] })
    collect(sandbox, { body: withMore({ user_data: { sha256_phone_number: [sha256('442079460958')] } }) })
    expect(sandbox.conversions()[0]?.matched).toEqual([])
  })
})

it('takes further streams and secrets', () => {
  const sandbox = ga4()
  expect(sandbox.tell('accounts', { id: 'G-SHOP77', token: 'secret_of_77' })).toBeUndefined()
  const query = { measurement_id: 'G-SHOP77', api_secret: 'secret_of_77' }
  collect(sandbox, { query, body: events(event('login')) })
  expect(sandbox.conversions('G-SHOP77')).toHaveLength(1)
  expect(sandbox.tell('accounts', { id: 'UA-1-1', token: 'secret_of_77' })).toContain('measurement id')
  expect(sandbox.tell('accounts', { id: 'G-SHOP78', token: 'x' })).toContain('8 characters')
})

it('has no other paths, and fails only by what stands in front of it', () => {
  const sandbox = ga4()
  expect(ask(sandbox, { url: 'https://www.google-analytics.com/collect', body: {}, at: NOW }).status).toBe(404)
  expect(([401, 403, 413, 429, 500, 503] as const).map((kind) => sandbox.failing(kind).status)).toEqual([
    401, 403, 413, 429, 500, 503,
  ])
})
