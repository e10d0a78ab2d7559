import { expect } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { createMeta } from './platform.ts'

// What the tests of this folder send, and to whom.

export const NOW = Date.parse('2026-11-22T12:00:00.000Z')
export const SECONDS = NOW / SECOND
export const DATASET = '1234567890123456'
export const OTHER = '6543210987654321'
export const TOKEN = 'EAAsandboxtoken'
/** jane.doe+shop@example.com */
export const EM = 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'

export const meta = (callsPerMinute = 5000): Platform =>
  createMeta({
    callsPerMinute,
    accounts: [
      { id: DATASET, tokens: [TOKEN] },
      { id: OTHER, tokens: ['EAAother'] },
    ],
  })

export interface Sent {
  readonly method?: string
  /** With its query. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

export const send = (
  to: Platform,
  { path = `/v26.0/${DATASET}/events`, headers = bearer(TOKEN), at = NOW, ...rest }: Sent,
): Answer => ask(to, { url: `https://graph.facebook.com${path}`, headers, at, ...rest })

export const tagHit = (to: Platform, fields: Readonly<Record<string, string>>, at = NOW): Answer =>
  ask(to, {
    url: `https://www.facebook.com/tr/?${new URLSearchParams({ id: DATASET, ...fields })}`,
    headers: { 'user-agent': 'Mozilla/5.0' },
    at,
  })

export const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  event_name: 'Lead',
  event_time: SECONDS - 60,
  action_source: 'website',
  event_id: 'lead_1',
  event_source_url: 'https://shop.example.com/',
  user_data: { em: [EM], client_user_agent: 'Mozilla/5.0' },
  ...over,
})

export const data = (...events: unknown[]) => ({ data: events })

/** Status, code and subcode of a refusal. */
export const codes = (answer: Answer): readonly unknown[] => {
  const { code, error_subcode } = told(answer).error
  return [answer.status, code, error_subcode]
}

/** Expects that an answer refuses the whole request for a parameter, in the form that the sheet gives. */
export const expectRefused = (answer: Answer, subcode: number | undefined, words: string): void => {
  expect(codes(answer)).toEqual([400, 100, subcode])
  expect(told(answer).error).toEqual({
    message: 'Invalid parameter',
    type: 'OAuthException',
    code: 100,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    is_transient: false,
    error_user_title: expect.any(String),
    error_user_msg: expect.stringContaining(words),
    fbtrace_id: expect.any(String),
  })
}
