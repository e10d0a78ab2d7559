import { expect } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { createTiktok } from './platform.ts'

// What the tests of this folder send, and to whom.

/** Just after the worked purchase happened. */
export const NOW = Date.parse('2026-11-20T12:00:01.000Z')
export const SECONDS = NOW / SECOND
export const PIXEL = 'C4A1B2C3D4E5F6G7H8I9'
export const OTHER = 'C9I8H7G6F5E4D3C2B1A0'
export const TOKEN = 'tiktok_sandbox_token'
/** jane.doe+shop@example.com */
export const EMAIL = 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'
/** +12133734253 */
export const PHONE = '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'
export const TRACK = '/open_api/v1.3/event/track/'

export const tiktok = (callsPerSecond = 1000): Platform =>
  createTiktok({
    callsPerSecond,
    accounts: [
      { id: PIXEL, tokens: [TOKEN] },
      { id: OTHER, tokens: ['other_token'] },
    ],
  })

/** A TikTok that refuses what the sheet leaves open. */
export const strictTiktok = (): Platform => {
  const sandbox = tiktok()
  expect(sandbox.tell('settings', { uncertain: 'refuse' })).toBeUndefined()
  return sandbox
}

export interface Sent {
  readonly method?: string
  /** With its query. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

export const access = (token: string) => ({ 'access-token': token })

export const send = (to: Platform, { path = TRACK, headers = access(TOKEN), at = NOW, ...rest }: Sent): Answer =>
  ask(to, { url: `https://business-api.tiktok.com${path}`, headers, at, ...rest })

export const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  event: 'Lead',
  event_time: SECONDS - 60,
  event_id: 'lead_1',
  page: { url: 'https://shop.example/' },
  user: { email: [EMAIL] },
  ...over,
})

export const request = (...data: unknown[]) => ({ event_source: 'web', event_source_id: PIXEL, data })

export const user = (fields: object) => request(event({ user: fields }))
export const properties = (fields: object) => request(event({ properties: fields }))

export const refusals = (of: Platform) => of.query('refusals', new URLSearchParams())

/** Expects the platform's envelope in HTTP 200 with this code. */
export const expectCode = (answer: Answer, code: number, words: string): void => {
  expect(answer.status).toBe(200)
  expect(told(answer)).toEqual({
    code,
    message: expect.stringContaining(words),
    request_id: expect.any(String),
    data: {},
  })
}

export const tagHit = (to: Platform, over: Readonly<Record<string, unknown>> = {}, at = NOW, path = ''): Answer =>
  ask(to, {
    url: `https://analytics.tiktok.com/api/v2/pixel${path}`,
    headers: { 'user-agent': 'Mozilla/5.0', 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({
      event: 'Purchase',
      event_id: 'pur_1',
      context: {
        pixel: { code: PIXEL },
        user: { email: EMAIL, phone_number: PHONE, anonymous_id: '2F7h37YkS1j57AYSKTI7IHhJPYH' },
        ad: { callback: 'E.C.P.ExampleClickId' },
      },
      properties: {
        value: 129.9,
        currency: 'USD',
        order_id: '1',
        contents: [{ content_id: '44001112223334', quantity: 1 }],
      },
      ...over,
    }),
    at,
  })
