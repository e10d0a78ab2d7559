import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { meta } from './meta/meta.ts'
import { quotaFromHeaders } from './quota.ts'
import { tiktok } from './tiktok/tiktok.ts'

const date = 'Sun, 22 Nov 2026 10:00:00 GMT'

describe('what is left of a quota', () => {
  it.each([
    [
      'Pinterest: X-RateLimit-*, a list with windows',
      { 'x-ratelimit-remaining': '119990, 119990;w=60', 'x-ratelimit-reset': '17' },
      { remaining: 119_990, resetAfter: 17 * SECOND },
    ],
    [
      'Klaviyo: RateLimit-*',
      { 'ratelimit-limit': '350', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' },
      { remaining: 0, resetAfter: SECOND },
    ],
    [
      'Criteo: the second of the reset',
      { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': String(Date.parse(date) / 1000 + 20), date },
      { remaining: 3, resetAfter: 20 * SECOND },
    ],
    ['one header, as it was', { ratelimit: 'limit=100, remaining=50, reset=5' }, { remaining: 50, resetAfter: 5000 }],
    ['one header, as it is now', { ratelimit: '"default";r=50;t=30' }, { remaining: 50, resetAfter: 30_000 }],
    ['a count without a time', { 'ratelimit-remaining': '5' }, { remaining: 5 }],
    ['words', { 'ratelimit-remaining': 'some', 'ratelimit-reset': 'soon' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, headers, told) => {
    expect(quotaFromHeaders({ headers })).toEqual(told)
  })
})

describe('Meta', () => {
  const answer = (headers: Readonly<Record<string, unknown>>, body = '{"events_received":1}', status = 200) =>
    meta.readQuota?.({
      status,
      body,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, JSON.stringify(value)])),
    })
  const call = { type: 'ads_management', call_count: 28, total_cputime: 25, total_time: 91 }

  it('tells how much is used, of the app, of the account and of each kind of call', () => {
    expect(answer({ 'x-app-usage': { call_count: 28, total_time: 25, total_cputime: 12 } })).toEqual({ used: 0.28 })
    expect(answer({ 'x-ad-account-usage': { acc_id_util_pct: 9.67 } })).toEqual({ used: 0.0967 })
    const business = { '549755885175': [{ ...call, estimated_time_to_regain_access: 0 }] }
    expect(answer({ 'x-business-use-case-usage': business })).toEqual({ used: 0.91 })
  })

  it('tells when calls are let through again', () => {
    const business = { '549755885175': [{ ...call, call_count: 100, estimated_time_to_regain_access: 3 }] }
    const error = '{"error":{"message":"limit","code":80004}}'
    const told = answer({ 'x-business-use-case-usage': business }, error, 400)
    expect(told).toEqual({ usedUp: true, used: 1, pause: 3 * MINUTE })
    const account = { acc_id_util_pct: 100, reset_time_duration: 40 }
    expect(answer({ 'x-ad-account-usage': account })).toEqual({ used: 1, pause: 40 * SECOND })
  })

  it('tells nothing in an ordinary answer', () => {
    expect(answer({})).toBeUndefined()
  })
})

it('TikTok tells that a quota is used up by a code, with HTTP 200', () => {
  const answer = (code: number) =>
    tiktok.readQuota?.({ status: 200, headers: {}, body: JSON.stringify({ code, message: 'Too many requests' }) })
  expect(answer(40100)).toEqual({ usedUp: true })
  expect(answer(0)).toBeUndefined()
})
