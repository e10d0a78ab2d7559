import { ask } from '../kit/asking.ts'
import type { Refusal, TestedEvent } from '../kit/reading.ts'
import type { Answer, Platform } from '../platform.ts'
import { createGa4 } from './platform.ts'

// What the tests of this folder send, and to whom.

/** An hour after the sheet’s refund. */
export const NOW = Date.parse('2026-11-20T15:03:22.000Z')
export const STREAM = 'G-TEST123456'
export const OTHER = 'G-OTHER12345'
const SECRET = 'ga4_sandbox_secret'
const CLIENT = '1234567890.1763800000'
/** janedoe@gmail.com */
export const EMAIL = 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69'
/** +442079460958 */
export const PHONE = 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'

export const ga4 = (): Platform =>
  createGa4({
    accounts: [
      { id: STREAM, tokens: [SECRET] },
      { id: OTHER, tokens: ['ga4_other_secret'] },
    ],
  })

export interface Sent {
  readonly method?: string
  readonly host?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

const to = (platform: Platform, path: string, sent: Sent): Answer => {
  const { host = 'www.google-analytics.com', query = { measurement_id: STREAM, api_secret: SECRET }, at = NOW } = sent
  return ask(platform, { ...sent, url: `https://${host}${path}?${new URLSearchParams(query)}`, at })
}

export const collect = (platform: Platform, sent: Sent): Answer => to(platform, '/mp/collect', sent)
export const debug = (platform: Platform, sent: Sent): Answer => to(platform, '/debug/mp/collect', sent)

export const tagHit = (platform: Platform, fields: Readonly<Record<string, string>>, sent: Sent = {}): Answer => {
  const query = { v: '2', tid: STREAM, cid: CLIENT, sid: '1763812345', ...fields }
  return to(platform, '/g/collect', { ...sent, query })
}

/** A request with these events. */
export const events = (...list: readonly unknown[]) => ({ client_id: CLIENT, events: list })

export const event = (name: string, params: Readonly<Record<string, unknown>> = {}) => ({
  name,
  params: { session_id: 1763812345, engagement_time_msec: 100, ...params },
})

export const ITEMS = [{ item_id: '222', item_name: 'Linen shirt', price: 45, quantity: 2 }]

export const purchase = (params: Readonly<Record<string, unknown>> = {}) =>
  event('purchase', { transaction_id: 'SHOP-1', value: 84.9, currency: 'EUR', items: ITEMS, ...params })

export const refusals = (platform: Platform) => platform.query('refusals', new URLSearchParams()) as readonly Refusal[]

export const tested = (platform: Platform) =>
  platform.query('test-events', new URLSearchParams()) as readonly TestedEvent[]

/** A request of one plain event with more in its body. */
export const withMore = (more: object) => ({ ...events(event('login')), ...more })

/** Microseconds of milliseconds. */
export const micros = (at: number) => at * 1000

/** So many parameters. */
export const params = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, 'x']))
