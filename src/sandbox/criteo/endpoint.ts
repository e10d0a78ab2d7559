import { arrayAt, isObject, type Json, parseJson, textAt } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import { type Identifiers, identifiersIn, type Sighted } from '../kit/conversions.ts'
import { type Known, type Reading, type Refused, refuse } from '../kit/reading.ts'
import type { Answer, PlatformRequest } from '../platform.ts'
import type { Partner } from './accounts.ts'
import { bodyFault, eventFault, timeOf, warningsOf } from './rules.ts'
import { type CriteoBody, type CriteoEvent, EVENTS, ROOT } from './schema.ts'

/** Criteo's bodies are documented nowhere, in success and failure alike: nobody may read them. */
export const nothing = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: '',
})

/** What Criteo swallows: the answer is that of a success, only the sandbox keeps why nothing came of it. */
export const swallow = (account: string, message: string, what: Partial<Refused> = {}): Reading =>
  refuse(nothing(200), account, { message, ...what })

/** The JSON object of a request: its body, or the query's `data`; undefined when it is none. */
export const objectOf = (text: string): { readonly [key: string]: Json } | undefined => {
  const parsed = parseJson(text, { depth: 16, values: 100_000 })
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined
}

/** Reads a request to /m/event, the Events API "S2S v0". */
export const readEvents = (request: PlatformRequest, known: Known<Partner>): Reading => {
  if (request.method !== 'POST' && request.method !== 'GET')
    return refuse(nothing(405), '', { code: 405, message: `${request.method} is not allowed` })
  const body = objectOf(request.method === 'GET' ? (request.query.get('data') ?? '') : request.body)
  if (!body) return refuse(nothing(400), '', { code: 400, message: 'the body is no JSON object' })
  const account = textAt(body, 'account') ?? ''
  if (request.query.get('version') !== 's2s_v0')
    return swallow(account, 'the query must name the protocol: version=s2s_v0')
  const wrong = complaint(body, ROOT) ?? bodyFault(asBody(body), known.accounts)
  const events = arrayAt(body, 'events')
  if (wrong !== undefined)
    return { answer: nothing(200), account, refused: (events.length > 0 ? events : [null]).map(refusal(wrong)) }
  return readEach(asBody(body), events, request.now)
}

/** For what has been checked against the schema, so the types tell no more than is known. */
const asBody = (body: unknown): CriteoBody => body as CriteoBody
const asEvent = (event: unknown): CriteoEvent => event as CriteoEvent

const refusal =
  (message: string) =>
  (event: Json): Refused => ({
    name: textAt(event, 'event'),
    eventId: textAt(event, 'deduplication_page_view_id'),
    message,
  })

const faultOf = (event: Json): string | undefined => {
  const name = textAt(event, 'event')
  if (name === undefined) return complaint(event, { type: 'object', required: ['event'] }) ?? 'event is no name'
  const schema = EVENTS.get(name)
  if (!schema) return `there is no event ${name}`
  return complaint(event, schema) ?? eventFault(asEvent(event))
}

/** How Criteo takes a list with good and bad events is not told; here the good ones count. */
const readEach = (body: CriteoBody, events: readonly Json[], now: number): Reading => {
  const sighted: Sighted[] = []
  const refused: Refused[] = []
  const identifiers = identifiersOf(body)
  for (const event of events) {
    const wrong = faultOf(event)
    if (wrong === undefined) sighted.push(sightedOf(body, asEvent(event), identifiers, events.length, now))
    else refused.push(refusal(wrong)(event))
  }
  return { answer: nothing(200), account: body.account, sighted, refused }
}

const identifiersOf = ({ id, ...body }: CriteoBody): Identifiers =>
  identifiersIn({ ...body, mapped_user_id: id.mapped_user_id, ...id.email }, [
    'mapped_user_id',
    'md5',
    'sha256',
    'sha256_md5',
    'customer_id',
    'retailer_visitor_id',
    'ip',
    'useragent',
  ])

/** Decimal text of what lines cost together; three decimals are the most that a currency has. */
export const total = (lines: readonly { readonly price: number; readonly quantity: number }[]): string | undefined =>
  lines.length === 0
    ? undefined
    : String(Math.round(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0) * 1000) / 1000)

const sightedOf = (
  body: CriteoBody,
  event: CriteoEvent,
  identifiers: Identifiers,
  together: number,
  now: number,
): Sighted => {
  const { item = [] } = event
  return {
    name: event.event,
    // The nearest to an event id that there is: all events of one page view share it.
    eventId: event.deduplication_page_view_id,
    orderId: event.id,
    value: total(item.filter((one) => typeof one !== 'string')),
    currency: event.currency,
    contentIds: item.map((one) => (typeof one === 'string' ? one : one.id)),
    occurredAt: timeOf(event),
    identifiers,
    warnings: warningsOf(body, event, together, now),
  }
}
