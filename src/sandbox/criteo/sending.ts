import { expect } from 'vitest'
import { ask } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import { VIEW_ITEM } from './examples.ts'
import { createCriteo } from './platform.ts'

// What the tests of this folder send, and to whom.

/** A second after the worked transaction. */
export const NOW = Date.parse('2026-11-20T14:03:23Z')
export const SECONDS = NOW / 1000
export const PARTNER = '12345'
export const OTHER = '54321'
/** user@example.com */
export const MD5 = 'b58996c504c5638798eb6b511e6f49af'
export const SHA256 = 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514'
export const SHA256_MD5 = '7f7892563bd354c8aa47ec54a5ce8c6100c6258089273db2f8c777e1853d365b'

export const criteo = (): Platform =>
  createCriteo({
    accounts: [
      { id: PARTNER, tokens: [], callerId: '678' },
      { id: OTHER, tokens: [], callerId: '876' },
    ],
  })

export interface Sent {
  readonly method?: string
  readonly host?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

export const EVENTS_PATH = '/m/event?version=s2s_v0'

export const send = (
  to: Platform,
  { host = 'widget.criteo.com', path = EVENTS_PATH, at = NOW, ...rest }: Sent,
): Answer => ask(to, { url: `https://${host}${path}`, at, ...rest })

/** A page view of somebody known by GUM id and email. */
export const body = (over: Readonly<Record<string, unknown>> = {}) => ({
  ...VIEW_ITEM,
  events: [{ event: 'viewPage', timestamp: SECONDS }],
  ...over,
})

export const event = (event: string, over: Readonly<Record<string, unknown>> = {}) =>
  body({ events: [{ event, timestamp: SECONDS, ...over }] })

export const id = (over: Readonly<Record<string, unknown>>) => body({ id: { mapping_key: '678', ...over } })

export const refusalsOf = (platform: Platform) => platform.query('refusals', new URLSearchParams())

/** Expects the answer of a success, after which nothing counts and only the sandbox says why. */
export const expectSwallowed = (platform: Platform, answer: Answer, words: string): void => {
  expect([answer.status, answer.body]).toEqual([200, ''])
  expect(platform.conversions()).toEqual([])
  expect(refusalsOf(platform)).toEqual([
    expect.objectContaining({ status: 200, message: expect.stringContaining(words) }),
  ])
}
