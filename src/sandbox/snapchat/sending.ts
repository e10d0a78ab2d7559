import { expect } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { createSnapchat } from './platform.ts'

// What the tests of this folder send, and to whom.

/** Just after the worked purchase happened. */
export const NOW = Date.parse('2026-11-20T12:00:01.000Z')
export const SECONDS = NOW / SECOND
export const PIXEL = '3ff2a6f1-1111-4000-8000-000000000001'
export const OTHER = '3ff2a6f1-2222-4000-8000-000000000002'
export const TOKEN = 'snap_sandbox_token'
/** jane.doe+shop@example.com */
export const EM = 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'
/** 12133734253 */
export const PH = '1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830'

export const snapchat = (callsPerSecond = 1000): Platform =>
  createSnapchat({
    callsPerSecond,
    accounts: [
      { id: PIXEL, tokens: [TOKEN] },
      { id: OTHER, tokens: ['other_token'] },
    ],
  })

/** A Snapchat that refuses what the sheet leaves open. */
export const strictSnapchat = (): Platform => {
  const sandbox = snapchat()
  expect(sandbox.tell('settings', { uncertain: 'refuse' })).toBeUndefined()
  return sandbox
}

export interface Sent {
  readonly method?: string
  readonly pixel?: string
  /** null: none. */
  readonly token?: string | null
  /** After /events, e.g. /validate. */
  readonly way?: string
  /** The whole path in place of the usual one. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

export const send = (to: Platform, sent: Sent): Answer => {
  const { pixel = PIXEL, token = TOKEN, way = '', path = `/v3/${pixel}/events${way}`, at = NOW, ...rest } = sent
  const query = token === null ? '' : `?access_token=${token}`
  return ask(to, { url: `https://tr.snapchat.com${path}${query}`, at, ...rest })
}

export const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  event_name: 'SIGN_UP',
  event_time: SECONDS - 60,
  event_id: 'sign_1',
  action_source: 'WEB',
  event_source_url: 'https://shop.example/',
  user_data: { em: [EM] },
  ...over,
})

export const data = (...events: unknown[]) => ({ data: events })
export const user = (user_data: object) => data(event({ user_data }))
export const custom = (custom_data: object, event_name = 'SIGN_UP') => data(event({ event_name, custom_data }))

export const refusals = (of: Platform) => of.query('refusals', new URLSearchParams())

export const expectTaken = (answer: Answer): void => {
  expect([answer.status, told(answer)]).toEqual([
    200,
    { status: 'VALID', reason: 'Events have been processed successfully.' },
  ])
}

/** Expects the schema EventResponse; `event` is the index of the guilty one, absent where it was the request. */
export const expectRefused = (answer: Answer, status: number, code: string, words: string, event?: number): void => {
  expect(answer.status).toBe(status)
  expect(told(answer)).toEqual({
    status: 'INVALID',
    ...(event === undefined ? {} : { event }),
    reason: expect.stringContaining(words),
    errors: { codes: [code], error_msgs: [expect.stringContaining(words)] },
  })
}

/** The pixel's image request. */
export const tagHit = (to: Platform, over: Readonly<Record<string, string>> = {}, at = NOW): Answer =>
  ask(to, {
    url: `https://tr.snapchat.com/p?${new URLSearchParams({
      pid: PIXEL,
      ev: 'PURCHASE',
      cdid: 'pur_1',
      e_pr: '129.90',
      e_cur: 'USD',
      e_tid: '1',
      e_iids: '44001112223334;44001112223335',
      u_hem: EM,
      u_c1: '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6',
      pl: 'https://shop.example/?scCID=AbC-1',
      ...over,
    })}`,
    headers: { 'user-agent': 'Mozilla/5.0' },
    at,
  })
