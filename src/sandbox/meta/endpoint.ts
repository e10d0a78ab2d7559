import { isObject, type Json, parseJson } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import type { Account } from '../kit/accounts.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Known, Reading } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import {
  answerOf,
  badToken,
  codeOf,
  type Fault,
  invalid,
  NEWEST,
  NO_TOKEN,
  noSuchObject,
  refuseWhole,
  traceId,
  unknownPath,
} from './errors.ts'
import { readQuality } from './quality.ts'
import { faultOf, isLimited, warningsOf } from './rules.ts'
import { EVENT, IDENTIFIERS, type MetaEvent, ROOT } from './schema.ts'

/**
 * Versions and the first day on which they are gone. The real platform may lift a call of an ended version to the next
 * one and warn in a header; here it is refused, because then a change comes unasked.
 */
const VERSIONS: ReadonlyMap<string, number> = new Map([
  [NEWEST, Number.POSITIVE_INFINITY],
  ['v25.0', Date.UTC(2028, 6, 29)],
  ['v24.0', Date.UTC(2028, 1, 18)],
  ['v23.0', Date.UTC(2027, 9, 8)],
  ['v22.0', Date.UTC(2027, 4, 20)],
  ['v21.0', Date.UTC(2027, 0, 21)],
  ['v20.0', Date.UTC(2026, 8, 24)],
])

export interface Rules {
  /** Events must say whether their use is limited, as Meta asked of US traffic in 2020 and may again. */
  readonly needsProcessingOptions: boolean
}

/** Reads a request to graph.facebook.com. */
export const readGraph = (request: PlatformRequest, known: Known<Account>, rules: Rules): Reading => {
  const [, version = '', object = '', edge = '', ...more] = request.path.replace(/\/$/, '').split('/')
  const account = object === 'dataset_quality' ? (request.query.get('dataset_id') ?? '') : object
  const ends = VERSIONS.get(version)
  if (ends === undefined || request.now >= ends || more.length > 0)
    return refuseWhole(unknownPath(request.path), account)
  const body = readBody(request)
  const token = tokenOf(request, body)
  if (token === undefined) return refuseWhole(NO_TOKEN, account)
  if (!known.accounts.some(({ tokens }) => tokens.includes(token))) return refuseWhole(badToken(token), account)
  const mayRead = (id: string) => known.accounts.some((one) => one.id === id && one.tokens.includes(token))

  if (object === 'dataset_quality' && edge === '') return readQuality(request, known, mayRead)
  if (!/^\d+$/.test(object) || (edge !== '' && edge !== 'events'))
    return refuseWhole(unknownPath(request.path), account)
  // A token of the Events Manager may write events and read the quality, not the dataset itself (measured 2026-09-05).
  if (!mayRead(object) || edge !== 'events' || request.method !== 'POST')
    return refuseWhole(noSuchObject(request.method, object), account)
  return readEvents(request, object, body, rules)
}

/** The body's parameters: a JSON object, or a form whose `data` is JSON text. Undefined: neither. */
const readBody = (request: PlatformRequest): { readonly [key: string]: Json } | undefined => {
  const limits = { depth: 16, values: 1_000_000 }
  const type = request.headers['content-type'] ?? ''
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const { data, ...form } = Object.fromEntries(new URLSearchParams(request.body))
    const parsed = data === undefined ? undefined : parseJson(data, limits)
    return parsed?.ok ? { ...form, data: parsed.value } : form
  }
  if (!/^application\/json\b/i.test(type)) return undefined
  const parsed = parseJson(request.body, limits)
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined
}

const tokenOf = (request: PlatformRequest, body: { readonly [key: string]: Json } | undefined): string | undefined => {
  const inBody = body?.access_token
  return (
    /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ??
    request.query.get('access_token') ??
    (typeof inBody === 'string' ? inBody : undefined)
  )
}

/** Fewer than 23 characters, at least two letters. */
const isPartnerAgent = (text: Json): boolean =>
  typeof text === 'string' && text.length < 23 && text.replaceAll(/[^a-z]/gi, '').length >= 2

const rootFault = (body: { readonly [key: string]: Json } | undefined): Fault | undefined => {
  if (body === undefined) return invalid('The body must be a JSON object or a form.')
  const why = complaint(body, ROOT)
  if (why !== undefined) return invalid(why)
  return body.partner_agent !== undefined && !isPartnerAgent(body.partner_agent)
    ? invalid('partner_agent must have fewer than 23 characters and at least two letters.')
    : undefined
}

const PROCESSING_REQUIRED: Fault = {
  ...invalid('Every event must tell data_processing_options.'),
  subcode: 2804030,
  title: 'Limited Data Use Selection Required',
}

const eventFault = (event: Json, now: number, rules: Rules): Fault | undefined => {
  const why = complaint(event, EVENT)
  if (why !== undefined) return invalid(why)
  const fitting = asEvent(event)
  if (rules.needsProcessingOptions && fitting.data_processing_options === undefined) return PROCESSING_REQUIRED
  return faultOf(fitting, now)
}

/** For events that have been checked against the schema, so the type tells no more than is known. */
const asEvent = (event: Json): MetaEvent => event as unknown as MetaEvent

const readEvents = (
  request: PlatformRequest,
  account: string,
  body: { readonly [key: string]: Json } | undefined,
  rules: Rules,
): Reading => {
  const wrong = rootFault(body)
  if (wrong || !body || !Array.isArray(body.data))
    return refuseWhole(wrong ?? invalid("'data' is a required property"), account)
  const faults = body.data.map((event) => eventFault(event, request.now, rules))
  const first = faults.find((fault) => fault !== undefined)
  // One bad event spoils the batch, and nothing in the answer says which one it was.
  if (first)
    return {
      answer: answerOf(first),
      account,
      refused: body.data.flatMap((event, index) => {
        const fault = faults[index]
        const { event_name: name, event_id: eventId } = isObject(event) ? event : {}
        return fault
          ? [
              {
                ...(typeof name === 'string' ? { name } : {}),
                ...(typeof eventId === 'string' ? { eventId } : {}),
                code: codeOf(fault),
                message: fault.explanation ?? fault.message,
              },
            ]
          : []
      }),
    }
  const events = body.data.map(asEvent)
  return {
    answer: json(
      200,
      { events_received: events.length, messages: [], fbtrace_id: traceId() },
      { 'facebook-api-version': NEWEST },
    ),
    account,
    sighted: events.map(sightedOf),
    // Events under a test code are processed and counted like all others; they are only shown besides.
    tested:
      body.test_event_code === undefined
        ? []
        : events.map((event) => ({ name: event.event_name, eventId: event.event_id, problem: '' })),
  }
}

const sightedOf = (event: MetaEvent): Sighted => {
  const { custom_data: custom = {} } = event
  return {
    name: event.event_name,
    eventId: event.event_id,
    orderId: custom.order_id,
    value: custom.value === undefined ? undefined : String(custom.value),
    currency: custom.currency,
    contentIds: custom.content_ids ?? custom.contents?.map(({ id }) => id) ?? [],
    occurredAt: event.event_time * 1000,
    identifiers: identifiersIn(event.user_data, IDENTIFIERS),
    limited: isLimited(event),
    marks: event.opt_out === true ? ['opt-out'] : [],
    warnings: warningsOf(event),
  }
}
