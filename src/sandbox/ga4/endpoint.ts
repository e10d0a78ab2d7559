import { arrayAt, isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { type Identifiers, identifiersIn, type Sighted } from '../kit/conversions.ts'
import { type Known, type Reading, type Refused, refuse } from '../kit/reading.ts'
import { type Answer, json, type PlatformRequest } from '../platform.ts'
import type { Body, Event } from './schema.ts'
import { asEvent, type Validated, type ValidationMessage, validate } from './validation.ts'

/** What /mp/collect answers, whatever came: so its answer proves nothing. */
export const emptyAnswer = (): Answer => ({ status: 204, headers: {}, body: '' })

/** Reads a server’s request; undefined for a path that is not of the Measurement Protocol. */
export const readMeasurement = (request: PlatformRequest, known: Known<Account>): Reading | undefined => {
  if (request.path === '/mp/collect') return collect(request, known)
  return request.path === '/debug/mp/collect' ? debug(request) : undefined
}

const named = (request: PlatformRequest): string => request.query.get('measurement_id') ?? ''

const text = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

const nameOf = (event: unknown): string | undefined => (isObject(event) ? text(event.name) : undefined)
const transactionOf = (event: unknown): string | undefined =>
  isObject(event) && isObject(event.params) ? text(event.params.transaction_id) : undefined

/** The validation server knows neither ids nor secrets, and keeps nothing. */
const debug = (request: PlatformRequest): Reading => {
  const { body, ofRequest, ofEvents } = validate(request.body, request.now)
  const problem = (messages: readonly ValidationMessage[]): string =>
    [...ofRequest, ...messages].map(({ description }) => description).join(' ')
  return {
    answer: json(200, { validationMessages: [...ofRequest, ...ofEvents.flat()] }),
    account: named(request),
    tested: (body?.events ?? [undefined]).map((event, index) => ({
      name: nameOf(event) ?? 'no event',
      eventId: transactionOf(event),
      problem: problem(ofEvents[index] ?? []),
    })),
  }
}

const collect = (request: PlatformRequest, known: Known<Account>): Reading => {
  const id = named(request)
  const dropped = (message: string): Reading => refuse(emptyAnswer(), id, { message })
  if (request.method !== 'POST') return dropped('Only POST is read.')
  const account = known.accounts.find((one) => one.id === id)
  if (!account) return dropped('The measurement id belongs to nobody.')
  if (!account.tokens.includes(request.query.get('api_secret') ?? ''))
    return dropped('The API secret is not one of this stream.')
  const validated = validate(request.body, request.now)
  const { body, ofEvents } = validated
  return {
    answer: emptyAnswer(),
    account: id,
    sighted:
      !body || validated.ofRequest.length > 0
        ? []
        : (body.events ?? []).flatMap((event, index) =>
            ofEvents[index]?.length ? [] : [sightedOf(asEvent(event), body, request)],
          ),
    refused: refusedOf(validated),
  }
}

/** Every event that is not counted with the first reason; a request that holds none has one entry. */
const refusedOf = ({ body, ofRequest, ofEvents }: Validated): readonly Refused[] => {
  const [whole] = ofRequest
  const worded = ({ validationCode, description }: ValidationMessage) => ({
    code: validationCode,
    message: description,
  })
  const events = body?.events ?? []
  if (whole && events.length === 0) return [worded(whole)]
  return events.flatMap((event, index) => {
    const message = whole ?? ofEvents[index]?.[0]
    return message ? [{ name: nameOf(event), eventId: transactionOf(event), ...worded(message) }] : []
  })
}

const identifiersOf = (body: Body, params: Readonly<Record<string, unknown>>): Identifiers =>
  identifiersIn(
    {
      client_id: body.client_id,
      user_id: body.user_id,
      session_id: params.session_id,
      sha256_email_address: body.user_data?.sha256_email_address,
      sha256_phone_number: body.user_data?.sha256_phone_number,
      ip_override: body.ip_override,
      user_agent: body.user_agent,
    },
    IDENTIFIERS,
  )

/** Fields by which GA4 tells one person or visit from another. */
const IDENTIFIERS = [
  'client_id',
  'user_id',
  'session_id',
  'sha256_email_address',
  'sha256_phone_number',
  'ip_override',
  'user_agent',
]

const sightedOf = (event: Event, body: Body, request: PlatformRequest): Sighted => {
  const { name = '', params = {} } = event
  const micros = event.timestamp_micros ?? body.timestamp_micros
  return {
    name,
    orderId: text(params.transaction_id),
    value: text(params.value),
    currency: text(params.currency),
    contentIds: arrayAt({ items: params.items }, 'items').flatMap((item) => {
      const id = isObject(item) ? text(item.item_id) : undefined
      return id === undefined ? [] : [id]
    }),
    occurredAt: micros === undefined ? request.now : micros / 1000,
    identifiers: identifiersOf(body, params),
    limited: body.consent?.ad_personalization === 'DENIED' || body.non_personalized_ads === true,
    marks: params.debug_mode === undefined ? [] : ['debug'],
    warnings: warningsOf(params, body),
  }
}

/** What reports would show although the event counts. */
const warningsOf = (params: Readonly<Record<string, unknown>>, body: Body): string[] => {
  const warnings: string[] = []
  if (params.session_id === undefined) warnings.push('session_id is missing: the event is unassigned in reports')
  if (!(Number(params.engagement_time_msec) > 0))
    warnings.push('engagement_time_msec is missing: the event counts for no active user')
  if (!/^\d+\.\d+$/.test(body.client_id ?? '')) warnings.push('client_id has not the form of the _ga cookie’s')
  if (body.user_data && body.user_id === undefined) warnings.push('user_id should go along with user_data')
  if (body.non_personalized_ads !== undefined) warnings.push('non_personalized_ads is deprecated: use consent')
  return warnings
}
