import type { Event } from '../../../src/event/event.ts'
import { purchaseId } from '../../../src/event/event-ids.ts'
import { isOrderEvent } from '../../../src/event/names.ts'
import { SECOND } from '../../../src/lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../../../src/lib/http.ts'

/** One conversion in a request, as the platform reads it. */
export interface Told {
  /** By which the platform tells conversions apart, and merges them if it does. */
  readonly id: string
  /** Of which event it is: equal to `keyOf` that event. */
  readonly key: string
  /** When it happened, ms since 1970; whole seconds at most platforms. */
  readonly at: number
  /** A new value of one that was told before: of what took it back, not of what made it. */
  readonly changed?: boolean
}

/** What a request wants of a platform. */
export type Asked =
  | { readonly what: 'events'; readonly account: string; readonly told: readonly Told[] }
  | { readonly what: 'verify'; readonly account: string }
  | { readonly what: 'token'; readonly account: string }
  | { readonly what: 'job'; readonly job: string }

/** A platform: how it reads requests and words its answers. What happens to a request is the weather's business. */
export interface PlatformModel {
  readonly host: string
  readonly settings: (account: string, secret: string) => Readonly<Record<string, unknown>>
  read(request: HttpRequest): Asked
  /** The secret that a request shows, where the platform wants one. */
  secretOf?(request: HttpRequest): string | undefined
  /** By which the platform knows an event of ours. */
  keyOf(event: Event): string
  /** All of it taken, or but for the refused places; `takes` says whether what is not refused was then taken. */
  answer(told: readonly Told[], refused: ReadonlySet<number>, job: string): HttpResponse
  /** One bad event costs the whole request. */
  readonly allOrNothing: boolean
  readonly unauthorized: HttpResponse
  readonly verified: HttpResponse
  /** Status 200 and yet an error of the moment, where the platform has such an answer. */
  readonly errorInside?: HttpResponse
}

type Json = Record<string, unknown>
const bodyOf = (request: HttpRequest): Json => JSON.parse(request.body ?? '{}') as Json
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const inside = (value: unknown): Json => (value ?? {}) as Json
const text = (value: unknown): string => String(value ?? '')
const part = (url: string, place: number): string => new URL(url).pathname.split('/')[place] ?? ''
const bearer = ({ headers }: HttpRequest): string | undefined => headers.authorization?.replace(/^\S+ /, '')

export const answered = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

const byId = (event: Event): string =>
  event.name === 'order_paid' ? purchaseId(event.commerce?.orderId ?? '') : event.id

const byPrice = (price: unknown): string => `added at ${Number(price)}`

const pinterest: PlatformModel = {
  host: 'api.pinterest.com',
  settings: (adAccountId, conversionToken) => ({ adAccountId, conversionToken }),
  read: (request) => {
    const account = part(request.url, 3)
    if (new URL(request.url).search !== '') return { what: 'verify', account }
    const told = list(bodyOf(request).data).map(({ event_id, event_time }) => ({
      id: text(event_id),
      key: text(event_id),
      at: Number(event_time) * SECOND,
    }))
    return { what: 'events', account, told }
  },
  secretOf: bearer,
  keyOf: byId,
  answer: (told, refused) =>
    answered(200, {
      num_events_received: told.length,
      num_events_processed: told.length - refused.size,
      events: told.map((_, place) =>
        refused.has(place)
          ? { status: 'failed', error_message: 'The event is malformed.', warning_message: '' }
          : { status: 'processed', error_message: '', warning_message: '' },
      ),
    }),
  allOrNothing: false,
  unauthorized: answered(401, { code: 2, message: 'Authentication failed.' }),
  verified: answered(200, { events: [{ status: 'processed' }] }),
}

const meta: PlatformModel = {
  host: 'graph.facebook.com',
  settings: (pixelId, accessToken) => ({ pixelId, accessToken }),
  read: (request) => {
    const { searchParams } = new URL(request.url)
    const account = searchParams.get('dataset_id')
    if (account !== null) return { what: 'verify', account }
    const told = list(bodyOf(request).data).map(({ event_id, event_time }) => ({
      id: text(event_id),
      key: text(event_id),
      at: Number(event_time) * SECOND,
    }))
    return { what: 'events', account: part(request.url, 2), told }
  },
  secretOf: bearer,
  keyOf: byId,
  answer: (told, refused) =>
    refused.size === 0
      ? answered(200, { events_received: told.length, messages: [], fbtrace_id: 'trace' })
      : answered(400, { error: { message: 'Invalid parameter', code: 100, error_subcode: 2804003 } }),
  allOrNothing: true,
  unauthorized: answered(400, { error: { message: 'Invalid OAuth access token.', code: 190 } }),
  verified: answered(200, { web: [] }),
  errorInside: answered(200, { error: { message: 'Service temporarily unavailable', code: 2, is_transient: true } }),
}

const criteo: PlatformModel = {
  host: 'widget.criteo.com',
  settings: (partnerId) => ({ partnerId, callerId: '678' }),
  read: (request) => {
    const { account, events, full_url, useragent } = bodyOf(request)
    const told = list(events).map(({ event, id, item, timestamp }) => {
      const shown =
        event === 'trackTransaction' ? text(id) : full_url === undefined ? byPrice(list(item)[0]?.price) : ''
      const key = shown || (/ Fact\/(\S+)$/.exec(text(useragent))?.[1] ?? 'unknown')
      return { id: key, key, at: Number(timestamp) * SECOND }
    })
    return { what: 'events', account: text(account), told }
  },
  // No event has an id there. In this run every beacon's browser tells its own, and every shopper sees one price.
  keyOf: ({ id, name, commerce, flags }) => {
    if (isOrderEvent(name)) return commerce?.orderId ?? ''
    return flags.includes('from_cart') ? byPrice(commerce?.items?.[0]?.price) : id
  },
  answer: (_, refused) => answered(refused.size === 0 ? 200 : 400),
  allOrNothing: true,
  unauthorized: answered(403),
  verified: answered(200),
}

const klaviyo: PlatformModel = {
  host: 'a.klaviyo.com',
  settings: (_, apiKey) => ({ apiKey }),
  read: (request) => {
    const account = (bearer(request) ?? '').split('_')[1] ?? ''
    if (request.method === 'GET') return { what: 'verify', account }
    const { attributes } = inside(bodyOf(request).data)
    const bulk = list(inside(inside(attributes)['events-bulk-create']).data)
    const events = bulk.length === 0 ? [inside(attributes)] : bulk.map((one) => inside(one.attributes))
    const told = events.map((event) => {
      const [own] = list(inside(event.events).data)
      const { unique_id, time } = own ? inside(own.attributes) : event
      return { id: text(unique_id), key: text(unique_id).replace(/:\d+$/, ''), at: Date.parse(text(time)) }
    })
    if (told[0]?.id.startsWith('converlay_verify')) return { what: 'verify', account }
    return { what: 'events', account, told }
  },
  secretOf: bearer,
  keyOf: byId,
  answer: (told, refused) => {
    if (refused.size === 0) return answered(202)
    const pointer = (place: number): string =>
      told.length === 1 ? '/data/attributes/time' : `/data/attributes/events-bulk-create/data/${place}/attributes/time`
    return answered(400, {
      errors: [...refused].map((place) => ({ code: 'invalid', detail: 'No.', source: { pointer: pointer(place) } })),
    })
  },
  allOrNothing: true,
  unauthorized: answered(401, { errors: [{ code: 'not_authenticated', detail: 'Missing or invalid private key.' }] }),
  verified: answered(200, { data: [{ type: 'account', id: 'x', attributes: {} }] }),
}

const googleAds: PlatformModel = {
  host: 'datamanager.googleapis.com',
  settings: (customerId, refreshToken) => ({
    customerId,
    conversionActions: { order_placed: '7001', checkout_started: '7002' },
    credentials: { clientId: customerId, clientSecret: 'of-the-client', refreshToken },
  }),
  read: (request) => {
    const { hostname, searchParams } = new URL(request.url)
    if (hostname === 'oauth2.googleapis.com')
      return { what: 'token', account: new URLSearchParams(request.body).get('client_id') ?? '' }
    const job = searchParams.get('requestId')
    if (job !== null) return { what: 'job', job }
    const { destinations, events, validateOnly } = bodyOf(request)
    const account = text(inside(list(destinations)[0]?.operatingAccount).accountId)
    if (validateOnly === true) return { what: 'verify', account }
    const told = list(events).map(({ transactionId, eventTimestamp, lastUpdatedTimestamp }) => ({
      id: text(transactionId),
      key: text(transactionId),
      at: Date.parse(text(eventTimestamp)),
      changed: lastUpdatedTimestamp !== undefined,
    }))
    return { what: 'events', account, told }
  },
  secretOf: (request) => bearer(request) ?? new URLSearchParams(request.body).get('refresh_token') ?? undefined,
  keyOf: ({ id, name, commerce }) => (isOrderEvent(name) ? (commerce?.orderId ?? '') : id),
  answer: (_, refused, job) =>
    refused.size === 0
      ? answered(200, { requestId: job })
      : answered(400, {
          error: {
            code: 400,
            status: 'INVALID_ARGUMENT',
            message: 'Bad.',
            details: [{ fieldViolations: [...refused].map((place) => ({ field: `events[${place}].currency` })) }],
          },
        }),
  allOrNothing: true,
  unauthorized: answered(401, { error: { code: 401, status: 'UNAUTHENTICATED', message: 'Invalid credentials.' } }),
  verified: answered(200, { requestId: 'verified' }),
}

const webhook: PlatformModel = {
  host: 'hooks.example.com',
  settings: (account, secret) => ({ url: `https://hooks.example.com/${account}`, secret }),
  read: (request) => {
    const account = part(request.url, 1)
    const id = request.headers['webhook-id'] ?? ''
    if (id.startsWith('test_')) return { what: 'verify', account }
    return { what: 'events', account, told: [{ id, key: id, at: Date.parse(text(bodyOf(request).timestamp)) }] }
  },
  keyOf: byId,
  answer: (_, refused) => answered(refused.size === 0 ? 204 : 422),
  allOrNothing: true,
  unauthorized: answered(401),
  verified: answered(204),
}

/** One of each kind: batches judged event by event, all-or-nothing batches, repeats counted, singles, jobs, signed posts. */
export const MODELS: ReadonlyMap<string, PlatformModel> = new Map([
  ['pinterest', pinterest],
  ['meta', meta],
  ['criteo', criteo],
  ['klaviyo', klaviyo],
  ['google-ads', googleAds],
  ['webhook', webhook],
])
