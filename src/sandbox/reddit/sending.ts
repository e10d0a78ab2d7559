import { expect } from 'vitest'
import { MINUTE } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { createReddit, type RedditOptions } from './platform.ts'

// What the tests of this folder send, and to whom.

/** Just after the worked purchase happened. */
export const NOW = 1_795_176_060_000
export const PIXEL = 'a2_sandboxpixel'
export const OTHER = 't2_other'
export const TOKEN = 'reddit_sandbox_token'
export const OTHER_TOKEN = 'reddit_other_token'
/** janedoe@example.com */
export const EMAIL = 'c4d25e9c90ff23e9145397bc6fbd5385ca5fbe78211222ccbecd0b369ebb19a6'
export const UUID = '1795170000000.7c73e5ee-c0ac-4eca-a8bc-84c2d1ad5d2b'

export const reddit = (options: RedditOptions = {}): Platform =>
  createReddit({
    accounts: [
      { id: PIXEL, tokens: [TOKEN] },
      { id: OTHER, tokens: [OTHER_TOKEN] },
    ],
    ...options,
  })

export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

export const AGENT = { 'user-agent': 'shop-forwarder/1.0 (+https://shop.example)' }

export const bearer = (token: string) => ({ ...AGENT, authorization: `Bearer ${token}` })

export const pathOf = (pixel: string): string => `/api/v3/pixels/${pixel}/conversion_events`

export const send = (
  to: Platform,
  { path = pathOf(PIXEL), headers = bearer(TOKEN), at = NOW, ...rest }: Sent,
): Answer => ask(to, { url: `https://ads-api.reddit.com${path}`, headers, at, ...rest })

export const tagHit = (to: Platform, fields: Readonly<Record<string, string>>, at = NOW): Answer =>
  ask(to, {
    url: `https://alb.reddit.com/rp.gif?${new URLSearchParams({ id: PIXEL, ...fields })}`,
    headers: { 'user-agent': 'Mozilla/5.0' },
    at,
  })

export const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  event_at: NOW - MINUTE,
  action_source: 'WEBSITE',
  event_source_url: 'https://shop.example/',
  type: { tracking_type: 'LEAD' },
  metadata: { conversion_id: 'lead-1' },
  user: { email: EMAIL },
  ...over,
})

export const data = (...events: unknown[]) => ({ data: { events } })

export const refusalsOf = (platform: Platform) => platform.query('refusals', new URLSearchParams())

/** Expects that one event was found at fault, in the form that the sheet gives, and that nothing was counted. */
export const expectRefused = (platform: Platform, answer: Answer, field: string, message: string): void => {
  expect(answer.status).toBe(400)
  expect(told(answer)).toEqual({
    error: {
      code: 400,
      message: 'There were 1 invalid conversion events. None were processed.',
      fields: [{ field, message: expect.stringContaining(message) }],
    },
  })
  expect(platform.conversions()).toEqual([])
  expect(refusalsOf(platform)).toMatchObject([{ status: 400, code: 400, message: expect.stringContaining(message) }])
}
