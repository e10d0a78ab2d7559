import { HOUR, SECOND } from '../../lib/duration.ts'
import { arrayAt, isObject, type Json, parseJson, textAt } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import type { Account } from '../kit/accounts.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Newest } from '../kit/newest.ts'
import type { Known, Reading, Refused } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import {
  answerOf,
  type Fault,
  FORBIDDEN,
  NOT_FOUND,
  refuseWhole,
  TOO_LARGE,
  UNAUTHORIZED,
  WRONG_METHOD,
} from './errors.ts'
import { doubtsOf, faultOf, isLimited, occurredAt, warningsOf } from './rules.ts'
import { EVENT, IDENTIFIERS, ROOT, type SnapEvent, STRICT_ROOT } from './schema.ts'

const PATH = /^\/v3\/([^/]+)\/events(\/validate(?:\/logs|\/stats)?)?$/

/** No limit is documented; Tealium keeps below this one, bytes. */
const CAREFUL_BODY = 2 * 1024 * 1024

/** An event that came with a test code or to be validated only. */
export interface Looked {
  readonly account: string
  /** ms since 1970. */
  readonly at: number
  readonly log: EventLog
}

interface EventLog {
  /** Its place in the request. */
  readonly event: number
  readonly status: 'VALID' | 'INVALID'
  readonly warnings: readonly string[]
  readonly errors: { readonly codes: readonly string[]; readonly error_msgs: readonly string[] }
}

export interface Rules {
  /** What becomes of that which the sheet leaves open. */
  readonly uncertain: 'accept' | 'refuse'
  /** Status of a payload that is refused: the documentation has both. */
  readonly invalid: 200 | 400
  /** What test views and the validation's log tell. */
  readonly looked: Newest<Looked>
}

export const isEventsPath = (path: string): boolean => PATH.test(path)

/** Only the query counts: calls with a bearer alone are reported to fail. */
export const tokenOf = ({ query }: PlatformRequest): string | undefined => query.get('access_token') || undefined

/** Reads a request to the events endpoint, or to the validation beside it. */
export const readEvents = (request: PlatformRequest, known: Known<Account>, rules: Rules): Reading => {
  const [, account = '', way = ''] = PATH.exec(request.path) ?? []
  const token = tokenOf(request)
  if (token === undefined || !known.accounts.some(({ tokens }) => tokens.includes(token)))
    return refuseWhole(401, UNAUTHORIZED, account)
  const owner = known.accounts.find(({ id }) => id === account)
  if (!owner) return refuseWhole(404, NOT_FOUND, account)
  if (!owner.tokens.includes(token)) return refuseWhole(403, FORBIDDEN, account)
  const isRead = way.endsWith('/logs') || way.endsWith('/stats')
  if (request.method !== (isRead ? 'GET' : 'POST')) return refuseWhole(405, WRONG_METHOD, account)
  if (isRead) return { answer: json(200, lookBack(way, account, request.now, known, rules)), account }
  if (isTooLarge(request, rules)) return refuseWhole(413, TOO_LARGE, account)
  return way === '' ? receive(request, account, rules) : validate(request, account, rules)
}

/** Recent validations, or counts of the past hour. How the real ones write times is not published; here, seconds. */
const lookBack = (way: string, account: string, now: number, known: Known<Account>, { looked }: Rules): unknown => {
  const own = looked.all().filter((one) => one.account === account)
  if (way.endsWith('/logs')) return { status: 'SUCCESS', reason: '', logs: own.map(({ log }) => log) }
  const counts = (times: readonly number[]) => ({
    event_count_past_hour: times.filter((at) => at >= now - HOUR).length,
    latest_event_ts: times.length === 0 ? null : Math.floor(Math.max(...times) / SECOND),
  })
  const live = known.conversions(account).filter(({ sources }) => sources.server > 0)
  return {
    stats: {
      test: counts(own.map(({ at }) => at)),
      live: counts(live.map(({ receivedAt }) => Date.parse(receivedAt))),
    },
  }
}

/** The events of the body, or why it has none. */
const readBody = (request: PlatformRequest, { uncertain }: Rules): { readonly [key: string]: Json } | Fault => {
  const parsed = parseJson(request.body, { depth: 16, values: 2_000_000 })
  const body = parsed.ok ? parsed.value : undefined
  if (!isObject(body)) return { code: 'INVALID_REQUEST', message: 'The body must be a JSON object.' }
  const why = complaint(body, ROOT) ?? (uncertain === 'refuse' ? complaint(body, STRICT_ROOT) : undefined)
  if (why !== undefined) return { code: 'INVALID_REQUEST', message: why }
  if (uncertain === 'refuse' && !/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return { code: 'INVALID_REQUEST', message: 'The content type must be application/json.' }
  return body
}

const isFault = (body: { readonly [key: string]: Json } | Fault): body is Fault => !('data' in body)

const isTooLarge = (request: PlatformRequest, { uncertain }: Rules): boolean =>
  uncertain === 'refuse' && Buffer.byteLength(request.body) > CAREFUL_BODY

const eventFault = (event: Json, now: number, { uncertain }: Rules): Fault | undefined => {
  const why = complaint(event, EVENT)
  if (why !== undefined)
    return { code: why.endsWith('is a required property') ? 'MISSING_PARAMETER' : 'INVALID_REQUEST', message: why }
  const fitting = asEvent(event)
  const fault = faultOf(fitting, now)
  if (fault || uncertain === 'accept') return fault
  const [doubt] = doubtsOf(fitting, now)
  return doubt === undefined ? undefined : { code: 'INVALID_REQUEST', message: doubt }
}

/** For events that have been checked against the schema, so the type tells no more than is known. */
const asEvent = (event: Json): SnapEvent => event as unknown as SnapEvent

const named = (event: Json): Pick<Refused, 'name' | 'eventId'> => ({
  name: textAt(event, 'event_name'),
  eventId: textAt(event, 'event_id'),
})

const complaintsAbout = (event: SnapEvent, now: number): string[] => [...doubtsOf(event, now), ...warningsOf(event)]

const receive = (request: PlatformRequest, account: string, rules: Rules): Reading => {
  const body = readBody(request, rules)
  if (isFault(body)) return refuseWhole(rules.invalid, body, account)
  const events = arrayAt(body, 'data')
  const faults = events.map((event) => eventFault(event, request.now, rules))
  // One bad event spoils the batch; the answer points at the first. No page says that part of a batch is ever taken.
  const first = faults.findIndex((fault) => fault !== undefined)
  const guilty = faults[first]
  if (guilty)
    return {
      answer: answerOf(rules.invalid, guilty, first),
      account,
      refused: events.flatMap((event, index) => {
        const fault = faults[index]
        return fault ? [{ ...named(event), ...fault }] : []
      }),
    }
  // The code belongs beside `data`; on an event, where a vendor puts it, it is read as well.
  const isTest = (event: Json): boolean =>
    (textAt(body, 'test_event_code') ?? textAt(event, 'test_event_code')) !== undefined
  for (const [index, event] of events.entries())
    if (isTest(event)) look(rules, account, request.now, index, undefined, complaintsAbout(asEvent(event), request.now))
  return {
    answer: json(200, { status: 'VALID', reason: 'Events have been processed successfully.' }),
    account,
    sighted: events.filter((event) => !isTest(event)).map((event) => sightedOf(asEvent(event), request.now)),
    tested: events.filter(isTest).map((event) => ({ ...named(event), name: asEvent(event).event_name, problem: '' })),
  }
}

const look = (
  { looked }: Rules,
  account: string,
  at: number,
  index: number,
  fault: Fault | undefined,
  warnings: readonly string[],
): EventLog => {
  const log: EventLog = {
    event: index,
    status: fault ? 'INVALID' : 'VALID',
    warnings,
    errors: { codes: fault ? [fault.code] : [], error_msgs: fault ? [fault.message] : [] },
  }
  looked.add({ account, at, log })
  return log
}

/** The same look at every event, and nothing is counted. */
const validate = (request: PlatformRequest, account: string, rules: Rules): Reading => {
  const body = readBody(request, rules)
  if (isFault(body)) return refuseWhole(rules.invalid, body, account)
  const events = arrayAt(body, 'data')
  const faults = events.map((event) => eventFault(event, request.now, rules))
  const logs = events.map((event, index) => {
    const fault = faults[index]
    const warnings = fault ? [] : complaintsAbout(asEvent(event), request.now)
    return look(rules, account, request.now, index, fault, warnings)
  })
  const first = faults.find((fault) => fault !== undefined)
  return {
    // What `test_event` holds is not published.
    answer: json(200, {
      status: first ? 'INVALID' : 'VALID',
      test_event: true,
      reason: first?.message ?? 'Events are valid.',
      event_logs: logs,
    }),
    account,
    tested: events.map((event, index) => ({
      eventId: textAt(event, 'event_id'),
      name: textAt(event, 'event_name') ?? 'no name',
      problem: faults[index]?.message ?? '',
    })),
  }
}

const sightedOf = (event: SnapEvent, now: number): Sighted => {
  const { custom_data: custom = {} } = event
  const ids = [custom.content_ids ?? []].flat()
  return {
    name: event.event_name,
    eventId: textAt(event, 'event_id'),
    orderId: textAt(custom, 'order_id'),
    value: textAt(custom, 'value'),
    currency: textAt(custom, 'currency'),
    contentIds:
      ids.length > 0 ? ids.map(String) : arrayAt(custom, 'contents').flatMap((line) => textAt(line, 'id') ?? []),
    occurredAt: occurredAt(event) ?? now,
    identifiers: identifiersIn(event.user_data, IDENTIFIERS),
    limited: isLimited(event),
    marks: [...(event.action_source === 'OFFLINE' ? ['offline'] : []), ...(event.opt_out === true ? ['opt-out'] : [])],
    warnings: complaintsAbout(event, now),
  }
}
