import { isObject, type Json, parseJson, textAt } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import { type Known, type Reading, type Refused, refuse } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import {
  answerOf,
  BAD_PARTNER,
  BAD_TOKEN,
  BATCH_SIZE,
  type Fault,
  failing,
  INVALID,
  NO_PERMISSION,
  NO_TOKEN,
  WRONG_METHOD,
} from './errors.ts'
import { doubtsOf, faultOf, isTooOld, warningsOf } from './rules.ts'
import { FORMS, IDENTIFIERS, misfitOf, STRICT_FORMS, type TikTokEvent } from './schema.ts'

/** One path for one event and for many; without its last slash it does not exist. */
export const TRACK = '/open_api/v1.3/event/track/'

const MOST_EVENTS = 1000
/** No limit is documented; Tealium keeps below this one, bytes. */
const CAREFUL_BODY = 1024 * 1024

/** What becomes of that which the sheet leaves open. */
export type Uncertain = 'accept' | 'refuse'

/** Only this header counts: not `Authorization`, not the query. */
export const tokenOf = ({ headers }: PlatformRequest): string | undefined => {
  const token = headers['access-token']
  return typeof token === 'string' && token !== '' ? token : undefined
}

/** Reads a request to the events endpoint: the token first, then the body, then the permission, then each event. */
export const readTrack = (request: PlatformRequest, known: Known<Account>, uncertain: Uncertain): Reading => {
  const body = readBody(request)
  const account = textAt(body, 'event_source_id') ?? ''
  const refused = (code: number, message: string): Reading =>
    refuse(answerOf(code, message), account, { code, message })

  if (request.method !== 'POST')
    return refuse(WRONG_METHOD, account, { code: 405, message: `${request.method} is not allowed` })
  const token = tokenOf(request)
  if (token === undefined)
    return refused(NO_TOKEN, 'Access token is null, you should set it in http header with key Access-Token.')
  const own = known.accounts.filter(({ tokens }) => tokens.includes(token))
  if (own.length === 0) return refused(BAD_TOKEN, 'Access token is incorrect or has been revoked.')
  if (uncertain === 'refuse' && Buffer.byteLength(request.body) > CAREFUL_BODY)
    return refuse(failing(413, 0), account, { code: 413, message: 'The body has more than 1 MB' })

  const fault = rootFault(body, uncertain)
  if (fault || !isObject(body) || !Array.isArray(body.data))
    return refused(fault?.code ?? INVALID, fault ? `${fault.path}: ${fault.why}` : 'data: Missing required field')
  // The sandbox knows pixels only, which are the source `web`: app, offline and CRM sources are nobody's here.
  if (body.event_source !== 'web' || !own.some(({ id }) => id === account))
    return refused(
      NO_PERMISSION,
      `No permission to operate pixel code: ${account}. You must be an admin or operator of this advertiser account.`,
    )
  return readEvents(body.data, account, typeof body.test_event_code === 'string', request.now, uncertain)
}

/** The JSON of the body; undefined where it is none, or is not called so. */
const readBody = (request: PlatformRequest): Json | undefined => {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return undefined
  const parsed = parseJson(request.body, { depth: 16, values: 1_000_000 })
  return parsed.ok ? parsed.value : undefined
}

const rootFault = (body: Json | undefined, uncertain: Uncertain): Fault | undefined => {
  if (!isObject(body)) return { code: INVALID, path: 'body', why: 'Must be a JSON object of type application/json' }
  const misfit = misfitOf(body, uncertain === 'refuse' ? STRICT_FORMS.root : FORMS.root)
  if (misfit) return { code: INVALID, ...misfit }
  // TikTok issues these names. Whether every unknown one is refused is not known, that it happens is.
  if (body.partner_name !== undefined)
    return { code: BAD_PARTNER, path: 'partner_name', why: 'Is not a name that TikTok has issued' }
  const { length } = Array.isArray(body.data) ? body.data : []
  return length < 1 || length > MOST_EVENTS
    ? { code: BATCH_SIZE, path: 'data', why: `Must have 1 to ${MOST_EVENTS} events, not ${length}` }
    : undefined
}

const eventFault = (event: Json, now: number, uncertain: Uncertain): Fault | undefined => {
  const misfit = misfitOf(event, FORMS.event)
  if (misfit) return { code: INVALID, ...misfit }
  const fitting = asEvent(event)
  const fault = faultOf(fitting)
  if (fault || uncertain === 'accept') return fault
  const [doubt] = doubtsOf(fitting, now)
  return doubt && { code: INVALID, ...doubt }
}

/** For events that have been checked against the schema, so the type tells no more than is known. */
const asEvent = (event: Json): TikTokEvent => event as unknown as TikTokEvent

const guilty = (event: Json, code: number, message: string): Refused => ({
  name: textAt(event, 'event'),
  eventId: textAt(event, 'event_id'),
  code,
  message,
})

const readEvents = (
  events: readonly Json[],
  account: string,
  isTest: boolean,
  now: number,
  uncertain: Uncertain,
): Reading => {
  const refused = events.flatMap((event, index) => {
    const fault = eventFault(event, now, uncertain)
    if (!fault) return []
    // How the prefix is spelt on this endpoint is not known; this is that of the older one.
    const path = fault.path === '' ? `Batch.${index}` : `Batch.${index}.${fault.path}`
    return [guilty(event, fault.code, `${path}: ${fault.why}`)]
  })
  // One bad event spoils the batch; the answer names the first.
  const [first] = refused
  if (first) return { answer: answerOf(Number(first.code), first.message), account, refused }

  const fitting = events.map(asEvent)
  const answer = answerOf(0, 'OK')
  // Events under a test code stay out of reports.
  if (isTest)
    return {
      answer,
      account,
      tested: fitting.map((event) => ({ name: event.event, eventId: event.event_id, problem: '' })),
    }
  const old = events.filter((event) => isTooOld(asEvent(event), now))
  return {
    answer,
    account,
    sighted: fitting.filter((event) => !isTooOld(event, now)).map((event) => sightedOf(event, now)),
    refused: old.map((event) => guilty(event, 0, 'older than 28 days: taken, neither matched nor shown')),
  }
}

const sightedOf = (event: TikTokEvent, now: number): Sighted => {
  const { properties = {} } = event
  return {
    name: event.event,
    eventId: event.event_id || undefined,
    orderId: properties.order_id,
    value: properties.value === undefined ? undefined : String(properties.value),
    currency: properties.currency,
    contentIds: properties.content_ids ?? properties.contents?.flatMap(({ content_id }) => content_id ?? []) ?? [],
    occurredAt: event.event_time * 1000,
    identifiers: identifiersIn(event.user ?? {}, IDENTIFIERS),
    limited: event.limited_data_use ?? false,
    warnings: [...doubtsOf(event, now).map(({ path, why }) => `${path}: ${why}`), ...warningsOf(event)],
  }
}
