import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import type { Platform } from '../platform.ts'
import { ORDERED_PRODUCTS, PLACED_ORDER, REFUNDED_ORDER, VIEWED_PRODUCT } from './examples.ts'
import { createKlaviyo } from './platform.ts'
import {
  BULK,
  codes,
  EMAIL,
  event,
  KEY,
  klaviyo,
  NOW,
  named,
  OTHER,
  OTHER_KEY,
  READING_KEY,
  read,
  refusalsOf,
  type Sent,
  SINGLE,
  SITE,
  send,
} from './sending.ts'

describe('the sheet’s worked examples are accepted', () => {
  it.each<[string, string, unknown, readonly object[]]>([
    [
      'a placed order',
      SINGLE,
      PLACED_ORDER,
      [
        {
          account: SITE,
          name: 'Placed Order',
          eventId: '4468f24b-e4c9-5355-adfc-c4c53a41d6f8',
          orderId: '5551234567890',
          value: '84.9',
          currency: 'EUR',
          contentIds: ['111'],
          occurredAt: '2026-11-20T14:03:22.000Z',
          sources: { tag: 0, server: 1 },
          identifiers: { email: [EMAIL], phone_number: ['+442079460958'], external_id: ['7654321'], city: ['London'] },
          warnings: [],
        },
      ],
    ],
    [
      'two ordered products in bulk, one of them free',
      BULK,
      ORDERED_PRODUCTS,
      [
        { name: 'Ordered Product', value: '90', contentIds: ['111'], warnings: [] },
        { name: 'Ordered Product', value: '0', contentIds: ['999'], warnings: [] },
      ],
    ],
    ['a refund', SINGLE, REFUNDED_ORDER, [{ name: 'Refunded Order', value: '40', orderId: '5551234567890' }]],
    [
      'a viewed product of somebody who came from a mail',
      SINGLE,
      VIEWED_PRODUCT,
      [
        {
          name: 'Viewed Product',
          value: undefined,
          currency: undefined,
          identifiers: { _kx: ['EXAMPLEexchangeid.AbC123'] },
        },
      ],
    ],
  ])('%s', (_, path, body, expected) => {
    const sandbox = createKlaviyo()
    const answer = send(sandbox, { path, body })
    expect([answer.status, answer.body]).toEqual([202, ''])
    expect(sandbox.conversions()).toMatchObject(expected)
    expect(refusalsOf(sandbox)).toEqual([])
  })
})

describe('who may send', () => {
  const key = (authorization: string): Sent => ({ headers: { authorization } })
  it.each<[string, Sent, readonly [status: number, code: string]]>([
    ['without a key', key(''), [401, 'not_authenticated']],
    ['with a bare key', key(KEY), [401, 'not_authenticated']],
    ['with a bearer token', key(`Bearer ${KEY}`), [401, 'not_authenticated']],
    ['with a key nobody gave', key('Klaviyo-API-Key pk_unknown'), [401, 'authentication_failed']],
    ['with the public site id', key(`Klaviyo-API-Key ${SITE}`), [401, 'authentication_failed']],
    ['with a key that lacks the scope', key(`Klaviyo-API-Key ${READING_KEY}`), [403, 'permission_denied']],
    ['without a revision', { headers: { revision: '' } }, [400, 'invalid']],
    ['with a revision that is no day', { headers: { revision: 'v2' } }, [400, 'invalid']],
    ['with a revision nobody knows', { headers: { revision: '2026-10-15' } }, [410, 'gone']],
    ['with a revision that is retired', { headers: { revision: '2024-10-15' } }, [410, 'gone']],
    ['as plain JSON', { headers: { 'content-type': 'application/json' } }, [415, 'unsupported_media_type']],
    [
      'with a parameter at the media type',
      { headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' } },
      [415, 'unsupported_media_type'],
    ],
    ['asking for plain JSON', { headers: { accept: 'application/json' } }, [406, 'not_acceptable']],
    ['asking for nothing', { headers: { accept: '' } }, [406, 'not_acceptable']],
    ['by another method', { method: 'PUT' }, [405, 'method_not_allowed']],
    ['to a path with a slash at its end', { path: '/api/events/' }, [404, 'not_found']],
    ['to another path', { path: '/api/track' }, [404, 'not_found']],
    ['with a parameter', { path: '/api/events?company_id=NrthFn' }, [400, 'invalid']],
  ])('refused: %s', (_, sent, expected) => {
    const sandbox = klaviyo()
    expect(codes(send(sandbox, { body: event(), ...sent })).slice(0, 2)).toEqual(expected)
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toEqual([expect.objectContaining({ status: expected[0], code: expected[1] })])
  })

  it('may call a missing key 400, as a page of the documentation says', () => {
    const sandbox = klaviyo()
    sandbox.tell('settings', { badKey: 400 })
    const answer = send(sandbox, { body: event(), ...key('Klaviyo-API-Key pk_unknown') })
    expect(answer.status).toBe(400)
    expect(told(answer).errors[0].detail).toContain('API key')
  })

  it('the scope comes before the body: an empty event shows whether a key may write, and is no refusal', () => {
    const sandbox = klaviyo()
    const body = { data: { type: 'event', attributes: {} } }
    expect(send(sandbox, { body }).status).toBe(400)
    expect(refusalsOf(sandbox)).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toMatchObject([{ name: 'empty event' }])
    expect(send(sandbox, { body, ...key(`Klaviyo-API-Key ${READING_KEY}`) }).status).toBe(403)
  })

  it('a revision is served for two years', () => {
    const body = event({ time: undefined })
    const at = Date.parse('2028-04-15T00:00:00Z')
    const over = { revision: '2026-04-15' }
    expect(send(klaviyo(), { body, headers: over, at: at - SECOND }).status).toBe(202)
    expect(send(klaviyo(), { body, headers: over, at }).status).toBe(410)
  })

  it('the account is that of the key', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: event(), ...key(`Klaviyo-API-Key ${OTHER_KEY}`) })
    expect(sandbox.conversions(SITE)).toEqual([])
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})

describe('the account', () => {
  it('is told with its currency', () => {
    const answer = read(klaviyo(), '/api/accounts')
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual({
      data: [
        {
          type: 'account',
          id: SITE,
          attributes: expect.objectContaining({
            test_account: false,
            contact_information: expect.objectContaining({ organization_name: 'Northfern' }),
            timezone: 'Europe/Berlin',
            preferred_currency: 'EUR',
            public_api_key: SITE,
          }),
          links: { self: 'https://a.klaviyo.com/api/accounts/NrthFn' },
        },
      ],
      links: { self: 'https://a.klaviyo.com/api/accounts' },
    })
  })

  it.each<[string, string, Readonly<Record<string, string>>, number]>([
    ['without a revision', '/api/accounts', { revision: '' }, 400],
    ['without a key', '/api/accounts', { authorization: '' }, 401],
    ['with an unknown parameter', '/api/accounts?id=1', {}, 400],
  ])('refused: %s', (_, path, over, status) => {
    expect(read(klaviyo(), path, over).status).toBe(status)
  })
})

describe('the metrics', () => {
  const listed = (sandbox: Platform, query = ''): readonly string[] =>
    told(read(sandbox, `/api/metrics${query}`)).data.map(
      ({ attributes }: { attributes: { name: string; integration: { name: string } } }) =>
        `${attributes.integration.name}: ${attributes.name}`,
    )
  const only = `?filter=${encodeURIComponent("equals(integration.name,'Shopify')")}`

  it('are those that events made', () => {
    const sandbox = klaviyo()
    expect(listed(sandbox)).toEqual([])
    send(sandbox, { body: event() })
    send(sandbox, { body: event({ unique_id: 'evt_2' }) })
    expect(listed(sandbox)).toEqual(['API: Submitted Lead'])
    expect(listed(sandbox, only)).toEqual([])
  })

  it('show Shopify’s own when its integration is on; one name is then two metrics', () => {
    const sandbox = klaviyo()
    expect(sandbox.tell('settings', { native: true })).toBeUndefined()
    send(sandbox, { body: event(named('Placed Order')) })
    expect(listed(sandbox)).toEqual(expect.arrayContaining(['Shopify: Placed Order', 'API: Placed Order']))
    expect(listed(sandbox, only)).toContain('Shopify: Checkout Started')
    expect(listed(sandbox, only)).not.toContain('API: Placed Order')
    expect(listed(sandbox, '?filter=equals(integration.category,"eCommerce")')).toEqual(listed(sandbox, only))
    expect(sandbox.conversions()).toMatchObject([
      { warnings: ['Shopify’s integration has the metric Placed Order: both are counted'] },
    ])
    sandbox.reset()
    expect(listed(sandbox, only)).toEqual([])
  })

  it.each([
    ['a filter by name', "filter=equals(name,'Placed Order')", 'filter'],
    ['a filter without quotes', 'filter=equals(integration.name,Shopify)', 'filter'],
    ['a page size', 'page[size]=200', 'page[size]'],
  ])('refused: %s', (_, query, parameter) => {
    expect(codes(read(klaviyo(), `/api/metrics?${query}`))).toEqual([400, 'invalid', parameter])
  })

  it('need the scope', () => {
    const over = { authorization: `Klaviyo-API-Key ${READING_KEY}` }
    expect(read(klaviyo(), '/api/metrics', over).status).toBe(403)
    expect(read(klaviyo(), '/api/accounts', over).status).toBe(200)
  })
})

describe('rates', () => {
  const calls: readonly [string, number, number, (sandbox: Platform, at: number) => ReturnType<typeof send>][] = [
    ['single events', 350, 3500, (sandbox, at) => send(sandbox, { body: event(), at })],
    ['bulk jobs', 10, 150, (sandbox, at) => send(sandbox, { path: BULK, body: {}, at })],
    ['the account', 1, 15, (sandbox, at) => read(sandbox, '/api/accounts', {}, at)],
    ['the metrics', 10, 150, (sandbox, at) => read(sandbox, '/api/metrics', {}, at)],
  ]

  it.each(calls)('%s: %i in a second', (_, burst, steady, call) => {
    const sandbox = klaviyo()
    for (let n = 1; n < burst; n++) call(sandbox, NOW)
    const last = call(sandbox, NOW)
    expect(last.headers).toMatchObject({
      'ratelimit-limit': String(steady),
      'ratelimit-remaining': String(steady - burst),
      'ratelimit-reset': '60',
    })
    const over = call(sandbox, NOW)
    expect([over.status, over.headers['retry-after']]).toEqual([429, '1'])
    expect(over.headers).not.toHaveProperty('ratelimit-limit')
    expect(call(sandbox, NOW + SECOND).status).toBe(last.status)
  })

  it.each(calls)('%s: %i in a second and %i in a minute', (_, burst, steady, call) => {
    const sandbox = klaviyo()
    for (let n = 0; n < steady; n++) call(sandbox, NOW + Math.floor(n / burst) * SECOND)
    const over = call(sandbox, NOW + 50 * SECOND)
    expect([over.status, over.headers['retry-after']]).toEqual([429, '10'])
    expect(call(sandbox, NOW + MINUTE).status).not.toBe(429)
  })

  it('count nothing of what is throttled, and belong to an account', () => {
    const sandbox = createKlaviyo({ rates: { event: { burst: 1, steady: 5 } } })
    sandbox.tell('accounts', { id: OTHER, token: OTHER_KEY })
    const other = { authorization: `Klaviyo-API-Key ${OTHER_KEY}` }
    const sent = (n: number, headers = {}) => send(sandbox, { body: event({ unique_id: `evt_${n}` }), headers }).status
    expect([sent(1), sent(2), sent(3, other)]).toEqual([202, 429, 202])
    expect(sandbox.conversions(SITE)).toMatchObject([{ eventId: 'evt_1' }])
  })

  it('are not spent by a stranger', () => {
    const sandbox = klaviyo()
    expect(read(sandbox, '/api/accounts', { authorization: 'Klaviyo-API-Key pk_unknown' }).status).toBe(401)
    expect(read(sandbox, '/api/accounts').status).toBe(200)
  })
})

describe('in its own words', () => {
  it.each([401, 403, 413, 429, 500, 503] as const)('%i', (status) => {
    const answer = klaviyo().failing(status)
    expect(answer.status).toBe(status)
    expect(told(answer).errors).toEqual([
      expect.objectContaining({ id: expect.any(String), code: expect.any(String), status }),
    ])
  })

  it('5 MB are the most; a 202 that took nothing looks like any other', () => {
    const sandbox = klaviyo()
    expect(sandbox.largestBody).toBe(5_000_000)
    const request = { method: 'POST', host: 'a.klaviyo.com', path: SINGLE, query: new URLSearchParams() }
    const answer = sandbox.refuseAll({ ...request, headers: {}, body: '{}', ip: '203.0.113.9', now: NOW })
    expect([answer.status, answer.body]).toEqual([202, ''])
  })
})

describe('accounts and settings', () => {
  const shown = (sandbox: Platform) => sandbox.query('accounts', new URLSearchParams())

  it('a further account, with keys of their own scopes that are never shown', () => {
    const sandbox = klaviyo()
    const sent = (token: string) =>
      send(sandbox, { body: event(), headers: { authorization: `Klaviyo-API-Key ${token}` } }).status
    expect(sandbox.tell('accounts', { id: 'Third3', token: 'pk_all', currency: 'JPY' })).toBeUndefined()
    expect(sandbox.tell('accounts', { id: 'Third3', token: 'pk_few', scopes: ['metrics:read'] })).toBeUndefined()
    expect([sent('pk_all'), sent('pk_few')]).toEqual([202, 403])
    expect(shown(sandbox)).toContainEqual({
      id: 'Third3',
      organization: 'Third3',
      currency: 'JPY',
      scopes: [['events:write', 'metrics:read', 'accounts:read'], ['metrics:read']],
    })
    expect(sandbox.tell('accounts', { id: 'Third3', token: 'pk_few', scopes: ['events:write'] })).toBeUndefined()
    expect(sent('pk_few')).toBe(202)
    sandbox.reset()
    expect(shown(sandbox)).toHaveLength(2)
  })

  it.each<[string, string, object, string]>([
    ['a longer site id', 'accounts', { id: 'Northfern', token: 'pk_1' }, 'site id'],
    ['a key of another form', 'accounts', { id: 'Third3', token: 'secret' }, 'pk_'],
    ['an unknown scope', 'accounts', { id: 'Third3', token: 'pk_1', scopes: ['events:read'] }, 'scopes'],
    ['a native that is no switch', 'settings', { native: 'yes' }, 'native'],
    ['another status for a key', 'settings', { badKey: 403 }, 'badKey'],
  ])('refused: %s', (_, name, body, words) => {
    expect(klaviyo().tell(name, body)).toContain(words)
  })
})
