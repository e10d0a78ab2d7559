import { describe, expect, it } from 'vitest'
import { DAY, HOUR, SECOND } from '../../lib/duration.ts'
import type { Answer } from '../platform.ts'
import { ADD_TO_CART, PAGE_VISIT, PURCHASE } from './examples.ts'
import { createPinterest } from './platform.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const SECONDS = NOW / 1000
const EM = 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'
const ACCOUNT = '549755885175'
const OTHER = '549755885176'

const pinterest = (callsPerMinute = 5000) =>
  createPinterest({
    callsPerMinute,
    accounts: [
      { id: ACCOUNT, tokens: ['pina_sandbox_token'], tagId: '2612345678901' },
      { id: OTHER, tokens: ['pina_other'], tagId: '2612345678902' },
    ],
  })

type Sent = { account?: string; token?: string | null; query?: string; body?: unknown; type?: string; at?: number }

const send = (to: ReturnType<typeof pinterest>, sent: Sent): Answer =>
  to.answer({
    method: 'POST',
    host: 'api.pinterest.com',
    path: `/v5/ad_accounts/${sent.account ?? ACCOUNT}/events`,
    query: new URLSearchParams(sent.query),
    headers: {
      ...(sent.token === null ? {} : { authorization: `Bearer ${sent.token ?? 'pina_sandbox_token'}` }),
      'content-type': sent.type ?? 'application/json',
    },
    body: typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body),
    ip: '127.0.0.1',
    now: sent.at ?? NOW,
  })

const tagHit = (to: ReturnType<typeof pinterest>, fields: Record<string, string>, at = NOW): Answer =>
  to.answer({
    method: 'GET',
    host: 'ct.pinterest.com',
    path: '/v3/',
    query: new URLSearchParams({ tid: '2612345678901', ...fields }),
    headers: { 'user-agent': 'Mozilla/5.0' },
    body: '',
    ip: '203.0.113.9',
    now: at,
  })

const event = (over: Record<string, unknown> = {}) => ({
  event_name: 'checkout',
  action_source: 'web',
  event_time: SECONDS - 60,
  event_id: 'pur_1',
  user_data: { em: [EM] },
  ...over,
})
const data = (...events: unknown[]) => ({ data: events })
const custom = (custom_data: object) => data(event({ custom_data }))
const user = (user_data: object) => data(event({ user_data }))
const told = (answer: Answer) => JSON.parse(String(answer.body))

describe("the sheet's worked examples are accepted", () => {
  it.each([
    ['purchase', PURCHASE],
    ['add to cart', ADD_TO_CART],
    ['page view', PAGE_VISIT],
  ])('%s', (_, body) => {
    const at = (body.data[0]?.event_time ?? 0) * SECOND + SECOND
    const answer = send(pinterest(), { body, at })
    expect(answer.status).toBe(200)
    expect(told(answer)).toMatchObject({ num_events_received: 1, num_events_processed: 1 })
  })
})

describe('who may send', () => {
  it.each<[string, Sent, number, number]>([
    ['no token', { token: null }, 401, 2],
    ['a token nobody gave', { token: 'pina_unknown' }, 401, 2],
    ["another account's token", { token: 'pina_other' }, 403, 29],
    ['an account nobody has', { account: '123' }, 404, 2],
    ['an account that is no number', { account: 'abc' }, 400, 4196],
  ])('%s', (_, sent, status, code) => {
    const answer = send(pinterest(), { body: data(event()), ...sent })
    expect([answer.status, told(answer).code]).toEqual([status, code])
  })
})

describe('a request against the schema is refused whole with 400', () => {
  const many = (count: number) =>
    data(...Array.from({ length: count }, (_, index) => event({ event_id: `id_${index}` })))
  const missing = (key: string) => data(Object.fromEntries(Object.entries(event()).filter(([name]) => name !== key)))
  it.each<[string, unknown, string]>([
    ['no JSON', 'data=1', 'not JSON'],
    ['an unknown root key', { ...data(event()), partner: 1 }, "('partner' was unexpected)"],
    ['no data', {}, "'data' is a required property"],
    ['no event', data(), 'is too short'],
    ['1001 events', many(1001), 'is too long'],
    ['an unknown event key', data(event({ dedup_key: 'x' })), "('dedup_key' was unexpected)"],
    ['a field newer than 5.23', data(event({ advertiser_tracking_enabled: true })), "('advertiser_tracking_enabled'"],
    [
      'an unknown custom_data key',
      custom({ category_name: 'x' }),
      "Additional properties are not allowed ('category_name' was unexpected)",
    ],
    ['an unknown key of contents', custom({ contents: [{ item_brand_id: 'x' }] }), "('item_brand_id' was unexpected)"],
    ['a numeric value', custom({ value: 129.9 }), "129.9 is not of type 'string'"],
    ['a numeric item price', custom({ contents: [{ item_price: 49 }] }), "49 is not of type 'string'"],
    ['a quantity as text', custom({ contents: [{ quantity: '2' }] }), "'2' is not of type 'integer'"],
    ['num_items with a fraction', custom({ num_items: 1.5 }), "1.5 is not of type 'integer'"],
    ['a scalar em', user({ em: EM }), "is not of type 'array'"],
    ['milliseconds with a fraction', data(event({ event_time: SECONDS + 0.5 })), "is not of type 'integer'"],
    ['a time as text', data(event({ event_time: '2026-11-22' })), "is not of type 'integer'"],
    ['an empty event id', data(event({ event_id: '' })), "'' is too short"],
    ['no event id', missing('event_id'), "'event_id' is a required property"],
    ['no event name', missing('event_name'), "'event_name' is a required property"],
    ['no user data', missing('user_data'), "'user_data' is a required property"],
    ['an unknown action source', data(event({ action_source: 'website' })), "'website' is not one of"],
    ['an opt-out as text', data(event({ opt_out: 'true' })), "is not of type 'boolean'"],
    ['no identifiers', user({}), 'is not valid under any of the given schemas'],
    ['an IP alone', user({ client_ip_address: '203.0.113.1' }), 'is not valid under any'],
    ['a user agent alone', user({ client_user_agent: 'Mozilla/5.0' }), 'is not valid under any'],
    [
      'phone, external id and click id alone',
      user({ ph: [EM], external_id: [EM], click_id: 'x' }),
      'is not valid under any',
    ],
  ])('%s', (_, body, message) => {
    const sandbox = pinterest()
    const answer = send(sandbox, { body })
    expect(answer.status).toBe(400)
    expect(told(answer)).toEqual({ code: 4196, message: expect.stringContaining(message) })
    expect(sandbox.conversions()).toEqual([])
  })

  it('another content type', () => {
    expect(send(pinterest(), { body: data(event()), type: 'text/plain' }).status).toBe(400)
  })
})

describe('a well-formed event fails alone', () => {
  const ua = 'Mozilla/5.0'
  it.each<[string, unknown, string]>([
    ['older than 7 days', data(event({ event_time: SECONDS - 7 * 86_400 - 1 })), 'Invalid event_timestamp'],
    ['of the future', data(event({ event_time: SECONDS + 1 })), 'Invalid event_timestamp'],
    ['milliseconds instead of seconds', data(event({ event_time: NOW })), 'in the future'],
    ['a hash in capitals', user({ em: [EM.toUpperCase()] }), 'Invalid em'],
    ['an MD5', user({ em: ['0'.repeat(32)] }), 'Invalid em'],
    ['a clear address', user({ em: ['maya.okafor@example.com'] }), 'Invalid em'],
    [
      'the hash of nothing',
      user({ em: [EM], ph: ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'] }),
      'Invalid ph: hash of an empty value',
    ],
    ['an empty list', user({ em: [] }), 'Invalid em: empty list'],
    [
      'an address that is none',
      user({ client_ip_address: '203.0.113', client_user_agent: ua }),
      'Invalid client_ip_address',
    ],
    ['0.0.0.0', user({ client_ip_address: '0.0.0.0', client_user_agent: ua }), 'Invalid client_ip_address'],
    [
      'an empty user agent',
      user({ client_ip_address: '203.0.113.1', client_user_agent: ' ' }),
      'Invalid client_user_agent',
    ],
    ['a currency that is none', custom({ currency: 'usd' }), 'Invalid currency'],
    ['a value that is no number', custom({ value: '$12' }), 'Invalid value'],
    ['a language of three letters', data(event({ language: 'eng' })), 'Invalid language'],
  ])('%s', (_, body, message) => {
    const sandbox = pinterest()
    const answer = send(sandbox, { body })
    expect(answer.status).toBe(422)
    expect(told(answer)).toMatchObject({
      code: 953,
      details: {
        num_events_received: 1,
        num_events_processed: 0,
        events: [{ status: 'failed', error_message: expect.stringContaining(message) }],
      },
    })
    expect(sandbox.conversions()).toEqual([])
  })
})

describe('accepted', () => {
  it.each<[string, unknown]>([
    ['exactly 7 days old', data(event({ event_time: SECONDS - 7 * 86_400 }))],
    ['of this very second', data(event({ event_time: SECONDS }))],
    ['an unknown key in user_data', user({ em: [EM], customer_type: 'new' })],
    ['hashed_maids alone', user({ hashed_maids: [EM] })],
    ['an IPv6 address and a user agent', user({ client_ip_address: '2001:db8::1', client_user_agent: 'Mozilla/5.0' })],
    ['null where null is allowed', data(event({ event_source_url: null, language: null, partner_name: null }))],
  ])('%s', (_, body) => {
    expect(send(pinterest(), { body }).status).toBe(200)
  })

  it.each<[string, unknown, string]>([
    ['an unknown name', data(event({ event_name: 'Purchase' })), 'non-standard and will be shown as "Unknown"'],
    ['no external id and click id', data(event()), 'Missing recommended fields: external_id, click_id'],
    ['a value of nothing', custom({ value: '0.00' }), 'value should be greater than 0'],
    ['LDP without a place', custom({ opt_out_type: 'LDP' }), 'LDP has no effect without st and country'],
    ['another opt_out_type', custom({ opt_out_type: 'ldp' }), 'opt_out_type is not "LDP"'],
    ['opt_out_type in user_data', user({ em: [EM], opt_out_type: 'LDP' }), 'belongs in custom_data'],
    ['a partner name in capitals', data(event({ partner_name: 'Converlay' })), 'partner_name'],
  ])('with a warning: %s', (_, body, warning) => {
    const answer = send(pinterest(), { body })
    expect(told(answer).events[0]).toMatchObject({
      status: 'processed',
      warning_message: expect.stringContaining(warning),
    })
  })

  it('LDP with state and country limits without a warning', () => {
    const sandbox = pinterest()
    send(sandbox, {
      body: data(event({ user_data: { em: [EM], st: [EM], country: [EM] }, custom_data: { opt_out_type: 'LDP' } })),
    })
    expect(sandbox.conversions()[0]).toMatchObject({ limited: true, warnings: [expect.not.stringContaining('LDP')] })
  })
})

describe('a batch of good and bad', () => {
  const mixed = data(event(), event({ event_id: 'pur_2', event_time: 1 }), event({ event_id: 'pur_3' }))

  it('answers 200 with one status an event, in the order of the request', () => {
    const sandbox = pinterest()
    const answer = send(sandbox, { body: mixed })
    expect(answer.status).toBe(200)
    expect(told(answer).events.map((one: { status: string }) => one.status)).toEqual([
      'processed',
      'failed',
      'processed',
    ])
    expect(sandbox.conversions().map(({ eventId }) => eventId)).toEqual(['pur_1', 'pur_3'])
  })

  it('answers 422 with the same under details when it is told to', () => {
    const sandbox = pinterest()
    expect(sandbox.tell('settings', { partial: '422' })).toBeUndefined()
    const answer = send(sandbox, { body: mixed })
    expect(answer.status).toBe(422)
    expect(told(answer).details).toMatchObject({ num_events_received: 3, num_events_processed: 2 })
    expect(sandbox.conversions()).toHaveLength(2)
  })
})

describe('test mode', () => {
  it('answers as usual, looks at the first 20 only and counts nothing', () => {
    const sandbox = pinterest()
    const events = Array.from({ length: 25 }, (_, index) => event({ event_id: `t_${index}` }))
    const answer = send(sandbox, { body: { data: events }, query: 'test=true' })
    expect(answer.status).toBe(200)
    expect(told(answer).num_events_received).toBe(25)
    expect(told(answer).events).toHaveLength(20)
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.query('test-events', new URLSearchParams())).toHaveLength(20)
  })

  it('refuses the eleventh request of a second', () => {
    const sandbox = pinterest()
    const statuses = Array.from({ length: 11 }, () => send(sandbox, { body: data(event()), query: 'test=true' }).status)
    expect(statuses.slice(9)).toEqual([200, 429])
  })
})

describe('rate limit', () => {
  it('tells the budget with every answer and refuses above it until the window is over', () => {
    const sandbox = pinterest(2)
    expect(send(sandbox, { body: data(event()) }).headers).toMatchObject({
      'x-ratelimit-limit': '2, 2;w=60;name="ads_conversions_ad_account_id"',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': '60',
    })
    send(sandbox, { body: data(event()) })
    const refused = send(sandbox, { body: data(event({ event_id: 'pur_9' })), at: NOW + 30 * SECOND })
    expect([refused.status, told(refused).code, refused.headers['x-ratelimit-reset']]).toEqual([429, 8, '30'])
    expect(sandbox.conversions()).toHaveLength(1)
    expect(send(sandbox, { body: data(event()), at: NOW + 60 * SECOND }).status).toBe(200)
  })
})

describe('deduplication of tag and server', () => {
  const checkout = { event: 'Checkout', ed: JSON.stringify({ event_id: 'pur_1', value: 129.9, currency: 'USD' }) }
  const rich = {
    user_data: { em: [EM], client_ip_address: '203.0.113.42', client_user_agent: 'Mozilla/5.0', click_id: 'dj0' },
    custom_data: { value: '120.00', currency: 'USD', order_id: '1' },
  }

  it('merges one id and name, keeps the earliest and knows what both told', () => {
    const sandbox = pinterest()
    tagHit(sandbox, checkout, NOW - 30 * SECOND)
    send(sandbox, { body: data(event(rich)) })
    expect(sandbox.conversions(ACCOUNT)).toEqual([
      expect.objectContaining({
        name: 'checkout',
        eventId: 'pur_1',
        sources: { tag: 1, server: 1 },
        merged: true,
        count: 2,
        value: '129.9',
        identifiers: {
          em: [EM],
          click_id: ['dj0'],
          client_ip_address: ['203.0.113.9', '203.0.113.42'],
          client_user_agent: ['Mozilla/5.0'],
        },
      }),
    ])
  })

  it('merges a repeat of the server', () => {
    const sandbox = pinterest()
    send(sandbox, { body: data(event(rich)) })
    send(sandbox, { body: data(event(rich)) })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, merged: false, count: 2 }])
  })

  it.each<[string, object, number]>([
    ['another id', event({ event_id: 'pur_2' }), NOW],
    ['another name', event({ event_name: 'add_to_cart' }), NOW],
    ['another action source: offline', event({ action_source: 'offline' }), NOW],
    ['more than an hour late, so handled as offline', event({ event_time: (NOW - HOUR) / 1000 - 1 }), NOW],
    ['more than 24 hours apart', event({ event_time: (NOW + DAY) / 1000 }), NOW + DAY + SECOND],
  ])('counts twice: %s', (_, second, at) => {
    const sandbox = pinterest()
    tagHit(sandbox, checkout)
    send(sandbox, { body: data(second), at })
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges what another account received', () => {
    const sandbox = pinterest()
    send(sandbox, { body: data(event()) })
    send(sandbox, { body: data(event()), account: OTHER, token: 'pina_other' })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})

describe('browser tag', () => {
  it.each([
    ['AddToCart', 'add_to_cart'],
    ['initiatecheckout', 'initiate_checkout'],
    ['PageVisit', 'page_visit'],
    ['ViewCategory', 'view_category'],
  ])('%s counts as %s', (tag, name) => {
    const sandbox = pinterest()
    expect(tagHit(sandbox, { event: tag, ed: '{"event_id":"e"}' }).headers['content-type']).toBe('image/gif')
    expect(sandbox.conversions()).toMatchObject([{ name, sources: { tag: 1, server: 0 } }])
  })

  it('reads the image fallback, takes page loads for no conversion and ignores tags that nobody has', () => {
    const sandbox = pinterest()
    tagHit(sandbox, { event: 'checkout', 'ed[event_id]': 'pur_5', noscript: '1' })
    tagHit(sandbox, { event: 'page' })
    tagHit(sandbox, { event: 'checkout', tid: '999' })
    expect(sandbox.conversions().map(({ eventId }) => eventId)).toEqual(['pur_5'])
  })
})

describe('matching', () => {
  it('finds a person only by a hash of the rightly normalised address', () => {
    const sandbox = pinterest()
    sandbox.tell('people', { people: [{ email: 'Jane.Doe+Shop@Example.com', phone: '+1 (415) 555-0132' }] })
    send(sandbox, { body: data(event({ event_id: 'right' })) })
    const wrong = '0aac459e98cd41b938bef8bd61c205563f95c46cf2e6d3c8ff1a9312f3924cce'
    send(sandbox, { body: data(event({ event_id: 'wrong', user_data: { em: [wrong] } })) })
    expect(sandbox.conversions().map(({ matched }) => matched)).toEqual([['em'], []])
  })
})

it('the ads manager shows numbers and never a clear address', () => {
  const sandbox = pinterest()
  send(sandbox, { body: data(event({ event_id: '<script>' })) })
  send(sandbox, { body: data(event({ event_time: 1 })) })
  const page = sandbox.adsManager(NOW)
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script>')
  expect(page).toContain('more than 7 days ago')
})
