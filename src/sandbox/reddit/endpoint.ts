import { isObject, type Json, objectAt, parseJson, textAt } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Known, Reading } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import { PIXEL_ID } from './accounts.ts'
import { type Fault, problem, refuseWhole, schemaFault } from './errors.ts'
import { clickIdOf, faultOf, isOwnAgent, LONGEST_ORDER_ID, warningsOf } from './rules.ts'
import { EVENT, IDENTIFIERS, type RedditEvent, ROOT } from './schema.ts'

/** Most events of one request. */
export const LARGEST_BATCH = 1000

/** What the `fields` of a refusal name: nothing, fields without saying of which event, or fields of numbered events. */
export type Fields = 'absent' | 'plain' | 'indexed'

export interface Rules {
  readonly fields: Fields
  /** The tokens lack the scope adsconversions. */
  readonly missingScope: boolean
}

export interface RedditReading extends Reading {
  /** Events under a test id, shown or not; they have a budget of their own. */
  readonly testEvents?: number
}

const BAD_REQUEST = 'Bad Request'

/** Only v3: v2.0 is deprecated and takes other bodies, so what still goes there is a mistake. */
const PATH = /^\/api\/v3\/pixels\/([^/]+)\/conversion_events$/

/** Reads a request to ads-api.reddit.com; undefined for a path or pixel id that it does not have. */
export const readConversions = (
  request: PlatformRequest,
  known: Known<Account>,
  rules: Rules,
): RedditReading | undefined => {
  const pixel = PATH.exec(request.path)?.[1]
  if (pixel === undefined || !PIXEL_ID.test(pixel)) return undefined
  const refused = (status: number, message: string) => refuseWhole(status, message, pixel)
  if (request.method !== 'POST') return refused(405, 'Method Not Allowed')
  // The words are not known, only that they speak of the user agent.
  if (!isOwnAgent(request.headers['user-agent']))
    return refused(429, 'This user agent is automatically rate-limited: send a unique and descriptive one.')
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) return refused(401, 'No bearer token provided')
  if (!known.accounts.some(({ tokens }) => tokens.includes(token))) return refused(401, 'Unauthorized')
  if (rules.missingScope) return refused(403, 'Missing adsconversions scope')
  if (!known.accounts.some(({ id, tokens }) => id === pixel && tokens.includes(token)))
    return refused(403, `You're not authorized to post conversions to Pixel ID ${pixel}`)
  return readBody(request, pixel, rules)
}

const readBody = (request: PlatformRequest, pixel: string, rules: Rules): RedditReading => {
  // The only content type of the OpenAPI document.
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '')
  const parsed = parseJson(request.body, { depth: 16, values: 1_000_000 })
  if (!isJson || !parsed.ok) return refuseWhole(400, BAD_REQUEST, pixel)
  const wrong = schemaFault(parsed.value, ROOT)
  if (wrong) return refuseWhole(400, wrong.message, pixel)
  const { events, test_id: testId, partner } = objectAt(parsed.value, 'data')
  if (!Array.isArray(events) || events.length === 0 || events.length > LARGEST_BATCH)
    return refuseWhole(400, BAD_REQUEST, pixel)
  const faults = events.map((event) => schemaFault(event, EVENT) ?? faultOf(asEvent(event), request.now))
  if (faults.some((fault) => fault !== undefined)) return refuseBatch(events, faults, pixel, rules)
  const fitting = events.map(asEvent)
  const answer = json(200, { data: { message: `Successfully processed ${events.length} conversion events.` } })
  if (testId !== undefined)
    // The view of test events shows requests of a single event; batches are taken and lost. None of them counts.
    return {
      answer,
      account: pixel,
      tested: fitting.length === 1 ? fitting.map(testedOf) : [],
      testEvents: fitting.length,
    }
  const extra = partner === undefined ? [] : ['partner is no field of the API, but tolerated']
  return { answer, account: pixel, sighted: fitting.map((event) => sightedOf(event, extra)) }
}

/** For events that have been checked against the schema, so the type tells no more than is known. */
const asEvent = (event: Json): RedditEvent => event as unknown as RedditEvent

/** One bad event spoils the batch. */
const refuseBatch = (
  events: readonly Json[],
  faults: readonly (Fault | undefined)[],
  account: string,
  { fields }: Rules,
): Reading => {
  const guilty = faults.flatMap((fault, index) => (fault ? [{ ...fault, index }] : []))
  const undecodable = guilty.find((fault) => fault.undecodable)
  const answer = undecodable
    ? problem(400, undecodable.message)
    : problem(
        400,
        `There were ${guilty.length} invalid conversion events. None were processed.`,
        // Whether the real answer numbers the events is not documented, so both can be told (setting `fields`).
        fields === 'absent'
          ? undefined
          : guilty.map(({ field, message, index }) => ({
              field: fields === 'indexed' ? `events[${index}].${field}` : field,
              message,
            })),
      )
  return {
    answer,
    account,
    refused: guilty.map(({ message, index }) => {
      const event = events[index]
      const type = isObject(event) ? event.type : undefined
      return {
        name: textAt(type, 'custom_event_name') ?? textAt(type, 'tracking_type'),
        eventId: isObject(event) ? textAt(event.metadata, 'conversion_id') : undefined,
        code: 400,
        message,
      }
    }),
  }
}

/** An own event goes by its own name. */
const nameOf = ({ type }: RedditEvent): string =>
  type.tracking_type === 'CUSTOM' ? (type.custom_event_name ?? 'CUSTOM') : type.tracking_type

const testedOf = (event: RedditEvent) => ({
  name: nameOf(event),
  eventId: event.metadata?.conversion_id,
  problem: '',
})

const sightedOf = (event: RedditEvent, extra: readonly string[]): Sighted => {
  const { metadata = {}, user = {}, action_source, type } = event
  const screen = user.screen_dimensions
  return {
    name: nameOf(event),
    eventId: metadata.conversion_id,
    orderId: metadata.order_id?.slice(0, LONGEST_ORDER_ID),
    value: metadata.value === undefined ? undefined : String(metadata.value),
    currency: metadata.currency,
    contentIds: metadata.products?.map(({ id }) => id) ?? [],
    occurredAt: event.event_at,
    identifiers: identifiersIn(
      {
        ...user,
        click_id: clickIdOf(event),
        screen_dimensions: screen && `${screen.width}x${screen.height}`,
      },
      IDENTIFIERS,
    ),
    limited: user.data_processing_options !== undefined,
    marks: [
      ...(type.tracking_type === 'CUSTOM' ? ['custom'] : []),
      ...(action_source === 'WEBSITE' ? [] : [action_source]),
    ],
    warnings: [...warningsOf(event), ...extra],
  }
}
