import { objectAt, parseJson, textAt } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import { type Answer, json, type PlatformRequest } from '../platform.ts'
import type { Account } from './accounts.ts'
import { isOffline, type Sighting } from './conversions.ts'
import { type Judgement, judge } from './rules.ts'
import { CONVERSION_EVENTS, type ConversionEvent, HASHED } from './schema.ts'

/** What a request to the events endpoint came to. */
export interface Reading {
  readonly answer: Answer
  readonly account: string
  readonly test: boolean
  /** Events that count: processed, and not of a test. */
  readonly sightings: readonly Sighting[]
  /** Test events as the live view of Ads Manager shows them. */
  readonly tested: readonly { readonly name: string; readonly eventId: string; readonly problem: string }[]
  readonly refusals: readonly Refusal[]
}

export interface Refusal {
  readonly at: string
  readonly account: string
  readonly status: number
  readonly name?: string
  readonly eventId?: string
  readonly message: string
}

/** How a batch of good and bad events is answered; the sheet leaves it open, so it can be switched. */
export type Partial = '200' | '422'

const EVENTS_PATH = /^\/v5\/ad_accounts\/([^/]+)\/events\/?$/
/** Only so many events of a test batch are looked at. */
const TEST_EVENTS = 20

export const isEventsPath = (path: string): boolean => EVENTS_PATH.test(path)

export const problem = (status: number, code: number, message: string): Answer => json(status, { code, message })

/** Reads a request to the events endpoint; records nothing itself. */
export const readEvents = (
  request: PlatformRequest,
  accounts: readonly Account[],
  options: { readonly partial: Partial },
): Reading => {
  const account = EVENTS_PATH.exec(request.path)?.[1] ?? ''
  const test = request.query.get('test') === 'true'
  const refuse = (status: number, code: number, message: string): Reading => ({
    answer: problem(status, code, message),
    account,
    test,
    sightings: [],
    tested: [],
    refusals: [{ at: new Date(request.now).toISOString(), account, status, message }],
  })

  if (request.method !== 'POST') return refuse(405, 4191, 'Method not allowed.')
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || !accounts.some((one) => one.tokens.includes(token)))
    return refuse(401, 2, 'Authentication failed.')
  if (!/^\d{1,18}$/.test(account)) return refuse(400, 4196, `Invalid request: '${account}' does not match '^\\d+$'`)
  const owner = accounts.find((one) => one.id === account)
  if (!owner) return refuse(404, 2, 'Ad account not found.')
  if (!owner.tokens.includes(token)) return refuse(403, 29, 'You are not permitted to access that resource.')
  const flag = request.query.get('test')
  if (flag !== null && flag !== 'true' && flag !== 'false')
    return refuse(400, 4196, `Invalid request: '${flag}' is not of type 'boolean'`)
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return refuse(400, 4196, 'Invalid request: Content-Type must be application/json')

  const parsed = parseJson(request.body, { depth: 16, values: 1_000_000 })
  if (!parsed.ok) return refuse(400, 4196, `Invalid request: ${parsed.why}`)
  const why = complaint(parsed.value, CONVERSION_EVENTS)
  if (why !== undefined) return refuse(400, 4196, `Invalid request: ${why}`)

  // The schema has just been checked, so the type tells no more than is known.
  const { data } = parsed.value as unknown as { readonly data: readonly ConversionEvent[] }
  return judged(request, test ? data.slice(0, TEST_EVENTS) : data, { account, test, received: data.length }, options)
}

const judged = (
  request: PlatformRequest,
  events: readonly ConversionEvent[],
  of: { readonly account: string; readonly test: boolean; readonly received: number },
  options: { readonly partial: Partial },
): Reading => {
  const at = new Date(request.now).toISOString()
  const judgements = events.map((event) => judge(event, request.now))
  const answer = answerFor(judgements, of.received, options.partial)
  const pairs = events.map((event, index) => [event, judgements[index] ?? NOTHING] as const)
  return {
    answer,
    account: of.account,
    test: of.test,
    sightings: of.test
      ? []
      : pairs.flatMap(([event, { error, warning }]) =>
          error === '' ? [serverSighting(of.account, event, warning, request.now)] : [],
        ),
    tested: of.test
      ? pairs.map(([event, { error, warning }]) => ({
          name: event.event_name,
          eventId: event.event_id,
          problem: error || warning,
        }))
      : [],
    refusals: pairs.flatMap(([event, { error }]) =>
      error === ''
        ? []
        : [
            {
              at,
              account: of.account,
              status: answer.status,
              name: event.event_name,
              eventId: event.event_id,
              message: error,
            },
          ],
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

const listOf = (value: readonly string[] | string | null | undefined): readonly string[] =>
  Array.isArray(value) ? value : []

const PLAIN = ['client_ip_address', 'client_user_agent', 'click_id', 'partner_id']

const serverSighting = (account: string, event: ConversionEvent, warning: string, now: number): Sighting => {
  const { user_data: user, custom_data: custom = {} } = event
  const occurredAt = event.event_time * 1000
  return {
    source: 'server',
    account,
    name: event.event_name,
    eventId: event.event_id,
    occurredAt,
    receivedAt: now,
    offline: isOffline(event.action_source, occurredAt, now),
    value: custom.value,
    currency: custom.currency,
    orderId: custom.order_id,
    contentIds: custom.content_ids ?? [],
    identifiers: [...HASHED, ...PLAIN].filter((field) => user[field] != null),
    em: listOf(user.em),
    ph: listOf(user.ph),
    externalId: listOf(user.external_id),
    clickId: user.click_id ?? undefined,
    ip: user.client_ip_address,
    userAgent: user.client_user_agent,
    optOut: event.opt_out === true,
    limited: custom.opt_out_type !== undefined && user.st !== undefined && user.country !== undefined,
    warning,
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
