import { isObject, type Json, parseJson } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import { type Identifiers, identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Known, Reading, Refused } from '../kit/reading.ts'
import { type Answer, json, type PlatformRequest } from '../platform.ts'
import type { GoogleAccount } from './accounts.ts'
import { resolve, type Target, targetsOf } from './destinations.ts'
import { invalidArgument, permissionDenied, refuseWhole, type Violation } from './errors.ts'
import { processingError, warningsOf } from './outcome.ts'
import type { Processed } from './request-status.ts'
import { eventFaults, hexOf } from './rules.ts'
import { DESTINATION, EVENT, type IngestEvent, type IngestRequest, ROOT } from './schema.ts'

const MOST_EVENTS = 2000

/** Keeps what became of a request’s records and tells the id to ask for it. */
export type Keep = (processed: readonly Processed[], at: number) => string

/** Reads POST /v1/events:ingest of somebody who is signed in. */
export const readIngest = (
  request: PlatformRequest,
  principal: string,
  known: Known<GoogleAccount>,
  keep: Keep,
): Reading => {
  const body = jsonIn(request)
  const account = accountIn(body)
  const misfit = body === undefined ? [MALFORMED] : [...schemaViolations(body)]
  if (misfit.length > 0 || body === undefined) return refused(misfit, body, account)

  const asked = asRequest(body)
  const { targets, violations, denied } = resolve(asked.destinations ?? [], known.accounts, principal)
  if (denied) {
    const reason = 'USER_PERMISSION_DENIED'
    return refuseWhole(permissionDenied(reason, 'The caller does not have permission.'), account, reason)
  }
  // Events are looked at only where all their destinations are known.
  const wrong =
    violations.length > 0 ? violations : [...requestViolations(asked), ...eventViolations(asked, targets, request.now)]
  if (wrong.length > 0) return refused(wrong, body, account)

  const events = asked.events ?? []
  if (asked.validateOnly)
    return {
      answer: json(200, {}),
      account,
      tested: events.map((event) => ({ name: event.eventName ?? 'event', eventId: event.transactionId, problem: '' })),
    }
  return taken(asked, targets, request.now, account, keep)
}

const MALFORMED: Violation = { field: '', description: 'Invalid JSON payload received: an object is expected.' }

const jsonIn = (request: PlatformRequest): { readonly [key: string]: Json } | undefined => {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return undefined
  const parsed = parseJson(request.body, { depth: 16, values: 2_000_000 })
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined
}

/** For a body that has been checked against the schema, so the type tells no more than is known. */
const asRequest = (body: Json): IngestRequest => body as unknown as IngestRequest

/** The account of the first destination. */
const accountIn = (body: { readonly [key: string]: Json } | undefined): string => {
  const first = Array.isArray(body?.destinations) ? body.destinations[0] : undefined
  const operating = isObject(first) ? first.operatingAccount : undefined
  return isObject(operating) ? String(operating.accountId) : ''
}

function* schemaViolations(body: { readonly [key: string]: Json }): Generator<Violation> {
  const root = complaint(body, ROOT)
  if (root !== undefined) yield { field: '', description: `Invalid JSON payload received. ${root}` }
  for (const [key, schema] of [
    ['destinations', DESTINATION],
    ['events', EVENT],
  ] as const) {
    const list = body[key]
    if (!Array.isArray(list)) continue
    for (const [index, value] of list.entries()) {
      const why = complaint(value, schema)
      const place = { field: `${key}[${index}]`, description: `Invalid JSON payload received. ${why}` }
      if (why !== undefined) yield key === 'events' ? { ...place, index } : place
    }
  }
}

function* requestViolations({ events = [], encoding }: IngestRequest): Generator<Violation> {
  if (events.length === 0)
    yield { field: 'events', reason: 'REQUIRED_FIELD_MISSING', description: 'At least one event is required.' }
  if (events.length > MOST_EVENTS)
    yield { field: 'events', reason: 'TOO_MANY_EVENTS', description: `More than ${MOST_EVENTS} events.` }
  if (encoding === undefined && events.some(({ userData }) => userData !== undefined))
    yield { field: 'encoding', reason: 'REQUIRED_FIELD_MISSING', description: 'encoding is required with user data.' }
}

function* eventViolations(asked: IngestRequest, targets: readonly Target[], now: number): Generator<Violation> {
  const facts = { targets, encoding: asked.encoding, validateOnly: asked.validateOnly === true, now }
  for (const [index, event] of (asked.events ?? []).entries())
    for (const { field, reason, description } of eventFaults(event, facts))
      yield { index, field: `events.events[${index}].${field}`, reason, description }
}

/** One bad event makes the whole request fail; the answer names all of them. */
const refused = (
  violations: readonly Violation[],
  body: { readonly [key: string]: Json } | undefined,
  account: string,
): Reading => {
  const events = Array.isArray(body?.events) ? body.events : []
  const text = (event: Json | undefined, key: string): string | undefined => {
    const value = isObject(event) ? event[key] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const guilty = violations.flatMap(
    ({ index, reason = 'INVALID_ARGUMENT', description }, place): readonly Refused[] => {
      const isRepeat = violations.findIndex((one) => one.index === index) < place
      if (isRepeat) return []
      const event = index === undefined ? undefined : events[index]
      return [
        { name: text(event, 'eventName'), eventId: text(event, 'transactionId'), code: reason, message: description },
      ]
    },
  )
  return { answer: invalidArgument(violations), account, refused: guilty }
}

const taken = (asked: IngestRequest, targets: readonly Target[], now: number, account: string, keep: Keep): Reading => {
  const { events = [], encoding = 'HEX' } = asked
  const sighted: Sighted[] = []
  const refusals: Refused[] = []
  const records = new Map(targets.map((target) => [target, [] as { index: number; error?: string | undefined }[]]))
  for (const [index, event] of events.entries())
    for (const target of targetsOf(event, targets)) {
      const consent = { ...asked.consent, ...event.consent }
      const error = processingError(event, target, consent, now)
      records.get(target)?.push({ index, error })
      const facts = sightedOf(event, target, encoding)
      if (error === undefined)
        sighted.push({
          ...facts,
          limited: consent.adPersonalization === 'CONSENT_DENIED',
          warnings: warningsOf(event, target, consent),
        })
      else
        refusals.push({
          name: facts.name,
          eventId: event.transactionId,
          code: error,
          message: `${error} (found later)`,
        })
    }
  const processed = [...records].flatMap(([{ destination }, list]) =>
    list.length > 0 ? [{ destination, records: list }] : [],
  )
  const warned = fieldWarnings(events, targets)
  return {
    answer: json(200, { requestId: keep(processed, now), ...(warned.length > 0 ? { fieldWarnings: warned } : {}) }),
    account,
    sighted,
    refused: refusals,
  }
}

/** A request that is taken and of which nothing is counted, as its status will say. */
export const refuseEvery = (request: PlatformRequest, keep: Keep): Answer => {
  const body = jsonIn(request)
  const misfit = body === undefined || !schemaViolations(body).next().done
  const { destinations = [], events = [] } = misfit ? {} : asRequest(body)
  const records = events.map((_, index) => ({ index, error: 'PROCESSING_ERROR_REASON_INVALID_EVENT' }))
  return json(200, {
    requestId: keep(
      destinations.map((destination) => ({ destination, records })),
      request.now,
    ),
  })
}

/** Parts of an address that are for Analytics only are passed over by Ads. The reason’s name is assumed. */
const fieldWarnings = (events: readonly IngestEvent[], targets: readonly Target[]) =>
  events.flatMap((event, index) =>
    targetsOf(event, targets).some(({ action }) => action)
      ? (event.userData?.userIdentifiers ?? []).flatMap(({ address }, place) =>
          address && (address.addressLine ?? address.city ?? address.administrativeArea) !== undefined
            ? [
                {
                  reason: 'FIELD_NOT_SUPPORTED_BY_DESTINATION',
                  description: 'address_line, city and administrative_area are used by Google Analytics only.',
                  field: `events.events[${index}].user_data.user_identifiers[${place}].address`,
                },
              ]
            : [],
        )
      : [],
  )

const IDENTIFIERS = [
  'emailAddress',
  'phoneNumber',
  'address',
  'gclid',
  'gbraid',
  'wbraid',
  'sessionAttributes',
  'clientId',
  'userId',
  'sessionId',
  'ipAddress',
  'userAgent',
]

/** Hashes are shown as hexadecimal digits, however they came. */
const identifiersOf = (event: IngestEvent, encoding: 'HEX' | 'BASE64'): Identifiers => {
  const people = event.userData?.userIdentifiers ?? []
  const hex = (text: string | undefined) => (text === undefined ? [] : [hexOf(text, encoding)])
  return identifiersIn(
    {
      emailAddress: people.flatMap(({ emailAddress }) => hex(emailAddress)),
      phoneNumber: people.flatMap(({ phoneNumber }) => hex(phoneNumber)),
      address: people.flatMap(({ address }) => (address ? [Object.values(address).join(' ')] : [])),
      ...event.adIdentifiers,
      clientId: event.clientId,
      userId: event.userId,
      sessionId: event.additionalEventParameters?.find(({ parameterName }) => parameterName === 'session_id')?.value,
      ...event.eventDeviceInfo,
    },
    IDENTIFIERS,
  )
}

const sightedOf = (event: IngestEvent, { account, action }: Target, encoding: 'HEX' | 'BASE64'): Sighted => ({
  account: account.id,
  name: action ? action.name : (event.eventName ?? ''),
  orderId: event.transactionId,
  value: event.conversionValue === undefined ? undefined : String(event.conversionValue),
  currency: event.currency,
  contentIds: (event.cartData?.items ?? []).flatMap(({ merchantProductId, itemId }) => {
    const id = action ? merchantProductId : itemId
    return id === undefined ? [] : [id]
  }),
  occurredAt: Date.parse(event.eventTimestamp ?? ''),
  identifiers: identifiersOf(event, encoding),
  marks: action ? [] : [ANALYTICS],
})

/** The mark of an event that went to a Google Analytics property. */
export const ANALYTICS = 'ga4'
