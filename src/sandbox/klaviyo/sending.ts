import { expect } from 'vitest'
import { ask, told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { type KlaviyoAccount, SCOPES } from './accounts.ts'
import { createKlaviyo } from './platform.ts'

// What the tests of this folder send, and to whom.

export const NOW = Date.parse('2026-11-22T12:00:00.000Z')
export const SITE = 'NrthFn'
export const OTHER = 'Other1'
export const KEY = 'pk_sandbox0123456789abcdef'
export const OTHER_KEY = 'pk_other'
/** May read the account and nothing else. */
export const READING_KEY = 'pk_reading'
export const EMAIL = 'john.smith+promo@example.com'

const ACCOUNTS: readonly KlaviyoAccount[] = [
  {
    id: SITE,
    tokens: [KEY, READING_KEY],
    organization: 'Northfern',
    currency: 'EUR',
    scopes: [SCOPES, ['accounts:read']],
  },
  { id: OTHER, tokens: [OTHER_KEY], organization: 'Other', currency: 'USD', scopes: [] },
]

export const klaviyo = (): Platform => createKlaviyo({ accounts: ACCOUNTS })

type Headers = Readonly<Record<string, string>>

/** Every header that a call needs, some of them otherwise; an empty text leaves one out. */
export const headers = (over: Headers = {}): Headers =>
  Object.fromEntries(
    Object.entries({
      authorization: `Klaviyo-API-Key ${KEY}`,
      revision: '2026-07-15',
      accept: 'application/vnd.api+json',
      'content-type': 'application/vnd.api+json',
      ...over,
    }).filter(([, value]) => value !== ''),
  )

export interface Sent {
  readonly method?: string
  /** With its query. */
  readonly path?: string
  readonly headers?: Headers
  readonly body?: unknown
  readonly at?: number
}

export const SINGLE = '/api/events'
export const BULK = '/api/event-bulk-create-jobs'

export const send = (to: Platform, { path = SINGLE, at = NOW, headers: over, ...rest }: Sent): Answer =>
  ask(to, { url: `https://a.klaviyo.com${path}`, headers: headers(over), at, ...rest })

export const read = (to: Platform, path: string, over: Headers = {}, at = NOW): Answer =>
  ask(to, { url: `https://a.klaviyo.com${path}`, headers: headers({ 'content-type': '', ...over }), at })

export const browser = (to: Platform, body: unknown, { siteId = SITE, at = NOW, over = {} } = {}): Answer =>
  ask(to, {
    url: `https://a.klaviyo.com/client/events?company_id=${siteId}`,
    headers: headers({ authorization: '', ...over }),
    body,
    at,
  })

type Fields = Readonly<Record<string, unknown>>

/** Attributes of an event without its profile; undefined leaves one out. */
export const attributes = (over: Fields = {}): Fields => ({
  unique_id: 'evt_1',
  time: '2026-11-22T11:59:00Z',
  metric: { data: { type: 'metric', attributes: { name: 'Submitted Lead' } } },
  properties: {},
  ...over,
})

export const profile = (over: Fields = { email: EMAIL }) => ({ data: { type: 'profile', attributes: over } })

export const named = (name: unknown) => ({ metric: { data: { type: 'metric', attributes: { name } } } })

/** The body of POST /api/events. */
export const event = (over: Fields = {}) => ({
  data: { type: 'event', attributes: { profile: profile(), ...attributes(over) } },
})

/** A profile with its events. */
export const group = (who: Fields, ...events: readonly Fields[]) => ({
  type: 'event-bulk-create',
  attributes: {
    profile: profile(who),
    events: { data: events.map((one) => ({ type: 'event', attributes: attributes(one) })) },
  },
})

/** The body of POST /api/event-bulk-create-jobs. */
export const job = (...groups: readonly unknown[]) => ({
  data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data: groups } } },
})

/** Status, code, and where it points to. */
export const codes = (answer: Answer): readonly unknown[] => {
  const [{ code, source }] = told(answer).errors
  return [answer.status, code, source.pointer ?? source.parameter]
}

/** Expects that an answer refuses the whole request in the form that the sheet gives. */
export const expectRefused = (answer: Answer, pointer: string | undefined, words: string): void => {
  expect(answer.headers['content-type']).toBe('application/vnd.api+json')
  expect(answer.status).toBe(400)
  expect(told(answer).errors[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 400,
    code: expect.any(String),
    title: expect.any(String),
    detail: expect.stringContaining(words),
    source: pointer === undefined ? {} : { pointer },
    links: {},
    meta: {},
  })
}

export const refusalsOf = (platform: Platform): unknown => platform.query('refusals', new URLSearchParams())
