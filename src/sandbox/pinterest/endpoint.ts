import { objectAt, parseJson, textAt } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import type { Account } from '../kit/accounts.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import { type Reading, refuse } from '../kit/reading.ts'
import { type Answer, json, type PlatformRequest } from '../platform.ts'
import { isOffline, OFFLINE } from './merging.ts'
import { type Judgement, judge } from './rules.ts'
import { CONVERSION_EVENTS, type ConversionEvent, HASHED } from './schema.ts'

/** How a batch of good and bad events is answered; the sheet leaves it open, so it can be switched. */
export type Partial = '200' | '422'

const EVENTS_PATH = /^\/v5\/ad_accounts\/([^/]+)\/events\/?$/
/** Only so many events of a test batch are looked at. */
const TEST_EVENTS = 20

export const isEventsPath = (path: string): boolean => EVENTS_PATH.test(path)

export const isTest = (request: PlatformRequest): boolean => request.query.get('test') === 'true'

export const problem = (status: number, code: number, message: string): Answer => json(status, { code, message })

/** Reads a request to the events endpoint. */
export const readEvents = (request: PlatformRequest, accounts: readonly Account[], partial: Partial): Reading => {
  const account = EVENTS_PATH.exec(request.path)?.[1] ?? ''
  const refused = (status: number, code: number, message: string): Reading =>
    refuse(problem(status, code, message), account, { code, message })

  if (request.method !== 'POST') return refused(405, 4191, 'Method not allowed.')
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || !accounts.some((one) => one.tokens.includes(token)))
    return refused(401, 2, 'Authentication failed.')
  if (!/^\d{1,18}$/.test(account)) return refused(400, 4196, `Invalid request: '${account}' does not match '^\\d+$'`)
  const owner = accounts.find((one) => one.id === account)
  if (!owner) return refused(404, 2, 'Ad account not found.')
  if (!owner.tokens.includes(token)) return refused(403, 29, 'You are not permitted to access that resource.')
  const flag = request.query.get('test')
  if (flag !== null && flag !== 'true' && flag !== 'false')
    return refused(400, 4196, `Invalid request: '${flag}' is not of type 'boolean'`)
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return refused(400, 4196, 'Invalid request: Content-Type must be application/json')

  const parsed = parseJson(request.body, { depth: 16, values: 1_000_000 })
  if (!parsed.ok) return refused(400, 4196, `Invalid request: ${parsed.why}`)
  const why = complaint(parsed.value, CONVERSION_EVENTS)
  if (why !== undefined) return refused(400, 4196, `Invalid request: ${why}`)

  // The schema has just been checked, so the type tells no more than is known.
  const { data } = parsed.value as unknown as { readonly data: readonly ConversionEvent[] }
  return judged(request, data, account, partial)
}

const judged = (
  request: PlatformRequest,
  data: readonly ConversionEvent[],
  account: string,
  partial: Partial,
): Reading => {
  const test = isTest(request)
  const events = test ? data.slice(0, TEST_EVENTS) : data
  const judgements = events.map((event) => judge(event, request.now))
  const answer = answerFor(judgements, data.length, partial)
  const pairs = events.map((event, index) => [event, judgements[index] ?? NOTHING] as const)
  return {
    answer,
    account,
    sighted: test
      ? []
      : pairs.flatMap(([event, { error, warning }]) => (error === '' ? [sightedOf(event, warning, request.now)] : [])),
    tested: test
      ? pairs.map(([event, { error, warning }]) => ({
          name: event.event_name,
          eventId: event.event_id,
          problem: error || warning,
        }))
      : [],
    refused: pairs.flatMap(([event, { error }]) =>
      error === '' ? [] : [{ name: event.event_name, eventId: event.event_id, message: error }],
    ),
  }
}

const NOTHING: Judgement = { error: '', warning: '' }

const answerFor = (judgements: readonly Judgement[], received: number, partial: Partial): Answer => {
  const failed = judgements.filter((one) => one.error !== '').length
  const counters = {
    num_events_received: received,
    num_events_processed: judgements.length - failed,
    events: judgements.map(({ error, warning }) => ({
      status: error === '' ? 'processed' : 'failed',
      error_message: error,
      warning_message: warning,
    })),
  }
  const refused = failed > 0 && (failed === judgements.length || partial === '422')
  return refused ? json(422, { code: 953, message: 'Invalid event data.', details: counters }) : json(200, counters)
}

const IDENTIFIERS = [...HASHED, 'client_ip_address', 'client_user_agent', 'click_id', 'partner_id']

const sightedOf = (event: ConversionEvent, warning: string, now: number): Sighted => {
  const { user_data: user, custom_data: custom = {} } = event
  const occurredAt = event.event_time * 1000
  return {
    name: event.event_name,
    eventId: event.event_id,
    occurredAt,
    value: custom.value,
    currency: custom.currency,
    orderId: custom.order_id,
    contentIds: custom.content_ids ?? [],
    identifiers: identifiersIn(user, IDENTIFIERS),
    limited: custom.opt_out_type !== undefined && user.st !== undefined && user.country !== undefined,
    marks: [
      ...(isOffline(event.action_source, occurredAt, now) ? [OFFLINE] : []),
      ...(event.opt_out === true ? ['opt-out'] : []),
    ],
    warnings: warning === '' ? [] : [warning],
  }
}

/** Every event of a request refused in a 200, as the documentation's own sample shows a failed event. */
export const refuseEveryEvent = (body: string): Answer => {
  const parsed = parseJson(body, { depth: 16, values: 1_000_000 })
  const data = parsed.ok ? objectAt({ body: parsed.value }, 'body').data : undefined
  const events = Array.isArray(data) ? data : []
  return json(200, {
    num_events_received: events.length,
    num_events_processed: 0,
    events: events.map((event) => ({
      status: 'failed',
      error_message: `Sandbox refuses ${textAt(event, 'event_name') ?? 'this event'} as it was told to`,
      warning_message: null,
    })),
  })
}
