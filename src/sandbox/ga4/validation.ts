import { isIP } from 'node:net'
import { HOUR } from '../../lib/duration.ts'
import { isObject, type Json, parseJson } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import { isCurrency, isName, isReservedEvent, isReservedPrefix, LONGEST_NAME, longestValueOf } from './event-names.ts'
import { type Body, EVENT, type Event, HASHED_OF_ADDRESS, HASHED_OF_USER, ROOT, type UserData } from './schema.ts'

export type Code =
  | 'VALUE_INVALID'
  | 'VALUE_REQUIRED'
  | 'VALUE_OUT_OF_BOUNDS'
  | 'NAME_INVALID'
  | 'NAME_RESERVED'
  | 'EXCEEDED_MAX_ENTITIES'

/** A complaint as the validation server words it; its path does not say which of several events is meant. */
export interface ValidationMessage {
  readonly fieldPath: string
  readonly description: string
  readonly validationCode: Code
}

export interface Validated {
  /** Undefined: not readable. */
  readonly body: Body | undefined
  /** What is wrong with the request as a whole. */
  readonly ofRequest: readonly ValidationMessage[]
  /** What is wrong with each event, in their order. */
  readonly ofEvents: readonly (readonly ValidationMessage[])[]
}

/** "130 kB", taken as the smaller of its two readings. */
export const LARGEST_BODY = 130_000
export const MOST_EVENTS = 25
const MOST_PARAMS = 25
const MOST_ITEMS = 200
const MOST_USER_PROPERTIES = 25
const LONGEST_USER_PROPERTY = 24
const LONGEST_USER_PROPERTY_VALUE = 36
const LONGEST_USER_ID = 256
const OLDEST = 72 * HOUR

const SHA256 = /^[0-9a-f]{64}$/
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const LOOKS_LIKE_EMAIL = /\S@\S/

/** What the events that Google describes cannot be without, currency aside, which goes wherever a value goes. */
const WITH_VALUE_AND_ITEMS = ['value', 'items']
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  add_payment_info: WITH_VALUE_AND_ITEMS,
  add_shipping_info: WITH_VALUE_AND_ITEMS,
  add_to_cart: WITH_VALUE_AND_ITEMS,
  add_to_wishlist: WITH_VALUE_AND_ITEMS,
  begin_checkout: WITH_VALUE_AND_ITEMS,
  remove_from_cart: WITH_VALUE_AND_ITEMS,
  view_cart: WITH_VALUE_AND_ITEMS,
  view_item: WITH_VALUE_AND_ITEMS,
  purchase: ['transaction_id', ...WITH_VALUE_AND_ITEMS],
  refund: ['transaction_id', 'value'],
  generate_lead: ['value'],
  search: ['search_term'],
  view_item_list: ['items'],
  select_item: ['items'],
}

const NUMBERS = new Set(['value', 'tax', 'shipping', 'engagement_time_msec'])
const NUMBERS_OF_ITEM = new Set(['price', 'quantity', 'discount', 'index'])

const said = (fieldPath: string, validationCode: Code, description: string): ValidationMessage => ({
  fieldPath,
  description,
  validationCode,
})

/**
 * Checks a body as the validation server does, always by the stricter of its two behaviours: what only the recommended
 * one complains of is still an event that some report leaves out.
 */
export const validate = (text: string, now: number): Validated => {
  const nothing = (message: ValidationMessage): Validated => ({ body: undefined, ofRequest: [message], ofEvents: [] })
  if (Buffer.byteLength(text) > LARGEST_BODY)
    return nothing(said('', 'VALUE_OUT_OF_BOUNDS', `The body is larger than ${LARGEST_BODY} bytes.`))
  const parsed = parseJson(text, { depth: 16, values: 200_000 })
  if (!parsed.ok || !isObject(parsed.value))
    return nothing(said('', 'VALUE_INVALID', 'The body must be a JSON object.'))
  const why = complaint(parsed.value, ROOT)
  if (why !== undefined) return nothing(said('', 'VALUE_INVALID', why))
  const body = asBody(parsed.value)
  return {
    body,
    ofRequest: [...requestMessages(body, now)],
    ofEvents: (body.events ?? []).map((event) => [...eventMessages(event, now)]),
  }
}

/** For what has been checked against the schema, so the types tell no more than is known. */
const asBody = (body: Json): Body => body as unknown as Body
export const asEvent = (event: unknown): Event => event as Event

function* requestMessages(body: Body, now: number): Generator<ValidationMessage> {
  const { client_id, user_id, events = [] } = body
  if (client_id === undefined) yield said('client_id', 'VALUE_REQUIRED', 'client_id is required for a web stream.')
  if (user_id !== undefined && user_id.length > LONGEST_USER_ID)
    yield said('user_id', 'VALUE_OUT_OF_BOUNDS', `user_id is longer than ${LONGEST_USER_ID} characters.`)
  if (user_id !== undefined && LOOKS_LIKE_EMAIL.test(user_id))
    yield said('user_id', 'VALUE_INVALID', 'user_id must not be an email address.')
  if (body.ip_override !== undefined && isIP(body.ip_override) === 0)
    yield said('ip_override', 'VALUE_INVALID', 'ip_override is no IP address.')
  yield* timeMessages('timestamp_micros', body.timestamp_micros, now)
  yield* userPropertyMessages(body.user_properties ?? {})
  yield* userDataMessages(body.user_data ?? {})
  if (events.length === 0) yield said('events', 'VALUE_REQUIRED', 'At least one event is required.')
  if (events.length > MOST_EVENTS)
    yield said('events', 'EXCEEDED_MAX_ENTITIES', `More than ${MOST_EVENTS} events in one request.`)
}

function* timeMessages(path: string, micros: number | undefined, now: number): Generator<ValidationMessage> {
  if (micros === undefined) return
  if (micros < (now - OLDEST) * 1000)
    yield said(path, 'VALUE_OUT_OF_BOUNDS', 'timestamp_micros is more than 72 hours ago; it counts microseconds.')
  // No bound is documented. A time ahead is mostly nanoseconds where microseconds belong.
  if (micros > now * 1000) yield said(path, 'VALUE_OUT_OF_BOUNDS', 'timestamp_micros is in the future.')
}

function* userPropertyMessages(properties: Readonly<Record<string, unknown>>): Generator<ValidationMessage> {
  const path = 'user_properties'
  const entries = Object.entries(properties)
  if (entries.length > MOST_USER_PROPERTIES)
    yield said(path, 'EXCEEDED_MAX_ENTITIES', `More than ${MOST_USER_PROPERTIES} user properties.`)
  for (const [name, property] of entries) {
    if (!isName(name, LONGEST_USER_PROPERTY)) yield said(path, 'NAME_INVALID', `User property [${name}] is misnamed.`)
    else if (isReservedPrefix(name)) yield said(path, 'NAME_RESERVED', `User property [${name}] is reserved.`)
    const value = isObject(property) ? property.value : undefined
    if (!isScalar(value)) yield said(path, 'VALUE_INVALID', `User property [${name}] must be {"value": …}.`)
    else if (String(value).length > LONGEST_USER_PROPERTY_VALUE)
      yield said(path, 'VALUE_OUT_OF_BOUNDS', `User property [${name}] is longer than 36 characters.`)
  }
}

function* userDataMessages(user: UserData): Generator<ValidationMessage> {
  const hashes = [
    ...HASHED_OF_USER.flatMap((field) => (user[field] ?? []).map((hash) => [field, hash] as const)),
    ...(user.address ?? []).flatMap((address) =>
      HASHED_OF_ADDRESS.flatMap((field) => (address[field] === undefined ? [] : [[field, address[field]] as const])),
    ),
  ]
  for (const [field, hash] of hashes) {
    // Data Manager takes Base64 besides; here only hexadecimal digits.
    if (!SHA256.test(hash))
      yield said(`user_data.${field}`, 'VALUE_INVALID', `${field} must be SHA-256 in lower-case hex.`)
    if (hash === HASH_OF_NOTHING) yield said(`user_data.${field}`, 'VALUE_INVALID', `${field} is the hash of nothing.`)
  }
  for (const { country } of user.address ?? [])
    if (country !== undefined && !/^[A-Z]{2}$/.test(country))
      yield said('user_data.address.country', 'VALUE_INVALID', 'country must be two capital letters.')
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

function* eventMessages(value: unknown, now: number): Generator<ValidationMessage> {
  const why = complaint(value, EVENT)
  if (why !== undefined) {
    yield said('events', 'VALUE_INVALID', why)
    return
  }
  const { name, params = {}, timestamp_micros } = asEvent(value)
  if (name === undefined) yield said('events.name', 'VALUE_REQUIRED', 'An event needs a name.')
  else if (isReservedEvent(name)) yield said('events.name', 'NAME_RESERVED', `Event name [${name}] is reserved.`)
  else if (!isName(name)) yield said('events.name', 'NAME_INVALID', `Event name [${name}] is misformed or too long.`)
  yield* timeMessages('events.timestamp_micros', timestamp_micros, now)

  const entries = Object.entries(params)
  if (entries.length > MOST_PARAMS)
    yield said('events.params', 'EXCEEDED_MAX_ENTITIES', `Event [${name}] has more than ${MOST_PARAMS} parameters.`)
  for (const [key, param] of entries) yield* paramMessages(key, param)
  for (const key of REQUIRED[name ?? ''] ?? [])
    if (params[key] === undefined || params[key] === '')
      yield said('events.params', 'VALUE_REQUIRED', `Event [${name}] needs the parameter [${key}].`)
  if (params.value !== undefined && params.currency === undefined)
    yield said('events.params.currency', 'VALUE_REQUIRED', '[value] needs [currency].')
  if (params.currency !== undefined && params.value === undefined)
    yield said('events.params.value', 'VALUE_REQUIRED', '[currency] needs [value].')
}

function* paramMessages(key: string, value: unknown): Generator<ValidationMessage> {
  if (isReservedPrefix(key)) yield said('events.params', 'NAME_RESERVED', `Parameter name [${key}] is reserved.`)
  else if (!isName(key))
    yield said(
      'events.params',
      'NAME_INVALID',
      `Parameter name [${key}] is misformed or over ${LONGEST_NAME} characters.`,
    )
  const path = `events.params.${key}`
  if (key === 'items') yield* itemsMessages(value)
  else if (!isScalar(value)) yield said(path, 'VALUE_INVALID', `[${key}] must be a text, a number or a boolean.`)
  else yield* valueMessages(path, key, value, NUMBERS.has(key))
}

function* valueMessages(
  path: string,
  key: string,
  value: string | number | boolean,
  isNumber: boolean,
): Generator<ValidationMessage> {
  const longest = longestValueOf(key)
  if (isNumber && typeof value !== 'number') yield said(path, 'VALUE_INVALID', `[${key}] must be a number.`)
  if (key === 'currency' && !(typeof value === 'string' && isCurrency(value)))
    yield said(path, 'VALUE_INVALID', '[currency] must be an upper-case ISO 4217 code.')
  // The sheet knows only positive amounts; a refund is told by its name.
  if (key === 'value' && Number(value) < 0) yield said(path, 'VALUE_OUT_OF_BOUNDS', '[value] is negative.')
  if (key === 'transaction_id' && typeof value !== 'string')
    yield said(path, 'VALUE_INVALID', '[transaction_id] must be a text.')
  if (typeof value === 'string' && value.length > longest)
    yield said(path, 'VALUE_OUT_OF_BOUNDS', `[${key}] is longer than ${longest} characters.`)
}

function* itemsMessages(items: unknown): Generator<ValidationMessage> {
  const path = 'events.params.items'
  if (!Array.isArray(items) || items.length === 0) {
    yield said(path, 'VALUE_REQUIRED', '[items] must be a list with at least one item.')
    return
  }
  if (items.length > MOST_ITEMS) yield said(path, 'EXCEEDED_MAX_ENTITIES', `More than ${MOST_ITEMS} items.`)
  for (const item of items) {
    if (!isObject(item)) {
      yield said(path, 'VALUE_INVALID', 'An item must be an object.')
      continue
    }
    if (!item.item_id && !item.item_name) yield said(path, 'VALUE_REQUIRED', 'An item needs [item_id] or [item_name].')
    for (const [key, value] of Object.entries(item)) {
      if (!isName(key)) yield said(path, 'NAME_INVALID', `The name [${key}] in an item is misformed or too long.`)
      if (!isScalar(value))
        yield said(path, 'VALUE_INVALID', `[${key}] of an item must be a text, a number or a boolean.`)
      else yield* valueMessages(`${path}.${key}`, key, value, NUMBERS_OF_ITEM.has(key))
    }
  }
}
