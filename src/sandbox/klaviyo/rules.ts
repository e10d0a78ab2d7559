import { isIP } from 'node:net'
import { DAY } from '../../lib/duration.ts'
import { sha256 } from '../kit/people.ts'
import { invalid, type Problem } from './errors.ts'
import { type EventAttributes, type Profile, pointerTo } from './schema.ts'

/** Bytes; whether thousands or 1,024s are meant is not told. */
const LONGEST_STRING = 100_000
const MOST_KEYS = 400
/** Older pages of the documentation have these three; the schema does not repeat them. */
const FEWER_KEYS = 300
const LONGEST_LIST = 4000
const DEEPEST = 10

const FURTHEST_AHEAD = 365 * DAY
const EARLIEST = Date.UTC(1990, 0, 1)

/** No address of the RFC’s odder kinds: what Klaviyo takes of them is not known. */
const EMAIL =
  /^(?!\.)(?!.*\.\.)[^\s@"(),:;<>[\\\]]{1,64}(?<!\.)@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]+$/u
const LONGEST_EMAIL = 254
const E164 = /^\+[1-9]\d{6,14}$/
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i
const SHA256 = /^[0-9a-f]{64}$/i
/** Fields of a profile that are words for people. */
const IN_WORDS = ['first_name', 'last_name', 'organization', 'title', 'location'] as const
const TIME = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

const isLocale = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

const isTimeZone = (text: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** One of these makes a profile. */
const IDENTIFYING = ['email', 'phone_number', 'external_id', 'anonymous_id', '_kx'] as const

const hashedWords = (value: string): string => (HASH.test(value) ? ': it looks hashed, which makes junk profiles' : '')

/** Why a profile that fits the schema is refused. */
export const profileProblem = (profile: Profile, pointer: string): Problem | undefined => {
  const { attributes } = profile
  const { email, phone_number: phone, locale, location = {} } = attributes
  const at = (...keys: string[]) => [pointer, 'attributes', ...keys].join('/')
  if (profile.id === undefined && IDENTIFYING.every((field) => attributes[field] === undefined))
    return invalid('A profile needs an id, email, phone_number, external_id, anonymous_id or _kx.', at())
  if (email !== undefined && (email.length > LONGEST_EMAIL || !EMAIL.test(email)))
    return invalid(`Invalid email address${hashedWords(email)}.`, at('email'))
  if (phone !== undefined && !E164.test(phone))
    return invalid(`Invalid phone number format, E.164 is expected${hashedWords(phone)}.`, at('phone_number'))
  if (locale !== undefined && !isLocale(locale)) return invalid('locale is no BCP 47 tag.', at('locale'))
  if (location.timezone !== undefined && !isTimeZone(location.timezone))
    return invalid('timezone is no IANA time zone.', at('location', 'timezone'))
  if (location.ip !== undefined && isIP(location.ip) === 0) return invalid('ip is no IP address.', at('location', 'ip'))
  return sizeProblem(attributes, at(), 1)
}

/** ms since 1970, of a day that exists. */
const millisecondsOf = (time: string): number | undefined => {
  const day = TIME.exec(time)?.[1]
  const at = Date.parse(time)
  if (day === undefined || Number.isNaN(at)) return undefined
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? at : undefined
}

/** When an event happened, ms since 1970, cut to the second as Klaviyo keeps it. */
export const occurredAt = ({ time }: EventAttributes, now: number): number =>
  Math.floor(((time === undefined ? undefined : millisecondsOf(time)) ?? now) / 1000) * 1000

/** Why an event that fits the schema is refused. */
export const eventProblem = (event: EventAttributes, pointer: string, now: number): Problem | undefined => {
  const at = (key: string) => `${pointer}/${key}`
  const { time, value_currency: currency, properties } = event
  if (time !== undefined) {
    const told = millisecondsOf(time)
    if (told === undefined) return invalid('time is no RFC 3339 date and time.', at('time'))
    if (told < EARLIEST) return invalid('time must be after 1990.', at('time'))
    if (told > now + FURTHEST_AHEAD) return invalid('time must be at most one year ahead.', at('time'))
  }
  if (currency !== undefined && !CURRENCIES.has(currency))
    return invalid(`'${currency}' is not an ISO 4217 code.`, at('value_currency'))
  if (Object.keys(properties).length > MOST_KEYS) return invalid(`More than ${MOST_KEYS} properties.`, at('properties'))
  return sizeProblem(properties, at('properties'), 1)
}

const sizeProblem = (value: unknown, pointer: string, depth: number): Problem | undefined => {
  if (typeof value === 'string')
    return Buffer.byteLength(value) > LONGEST_STRING ? invalid('A string is longer than 100 KB.', pointer) : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > DEEPEST) return invalid(`Nested deeper than ${DEEPEST} levels.`, pointer)
  if (Array.isArray(value) && value.length > LONGEST_LIST)
    return invalid(`More than ${LONGEST_LIST} elements.`, pointer)
  for (const [key, inner] of Object.entries(value)) {
    const problem = sizeProblem(inner, pointerTo(pointer, key), depth + 1)
    if (problem) return problem
  }
  return undefined
}

/**
 * What Klaviyo would take although it was hashed, and with it make a profile that nobody can be reached at: a hash
 * before the @, a hash as a name, or the hash of this very address or number anywhere.
 */
export const junkIn = (event: EventAttributes, { attributes }: Profile): string | undefined => {
  const { email, phone_number: phone } = attributes
  const looksHashed = (value: unknown): boolean =>
    typeof value === 'string'
      ? HASH.test(value)
      : typeof value === 'object' && value !== null && Object.values(value).some(looksHashed)
  if (SHA256.test(email?.split('@')[0] ?? '')) return 'email looks hashed: this makes a junk profile'
  const field = IN_WORDS.find((name) => looksHashed(attributes[name]))
  if (field !== undefined) return `${field} looks hashed: this makes a junk profile`
  const told = JSON.stringify([attributes, event.properties]).toLowerCase()
  const hashes = [email, phone, phone?.slice(1)].flatMap((value) => (value === undefined ? [] : [sha256(value)]))
  return hashes.some((hash) => told.includes(hash))
    ? 'the hash of the email or phone_number is among the data: this makes a junk profile'
    : undefined
}

/** Metrics that Shopify’s integration makes, and the customs’ name for the one that it calls otherwise. */
const DOUBLED: ReadonlyMap<string, string> = new Map([
  ...[
    'Checkout Started',
    'Placed Order',
    'Ordered Product',
    'Fulfilled Order',
    'Fulfilled Partial Order',
    'Cancelled Order',
    'Refunded Order',
    'Active on Site',
    'Viewed Product',
    'Viewed Collection',
    'Submitted Search',
    'Added to Cart',
  ].map((name) => [name, name] as const),
  ['Started Checkout', 'Checkout Started'],
])

export const NATIVE_METRICS: readonly string[] = [...new Set(DOUBLED.values())]

/** What nobody refuses and somebody will wonder about. */
export const warningsOf = (event: EventAttributes, { id, attributes }: Profile, native: boolean): string[] => {
  const { properties, metric } = event
  const { name, service } = metric.data.attributes
  const { email, phone_number: phone, external_id: external, _kx } = attributes
  const warnings: string[] = []
  if (event.unique_id === undefined)
    warnings.push('unique_id is missing: one event per profile, metric and second survives')
  if ([id, email, phone, external, _kx].every((value) => value === undefined))
    warnings.push('only an anonymous_id: the profile counts for nothing until it is merged')
  if (email !== undefined && email !== email.toLowerCase()) warnings.push('email is not in lower case')
  if (HASH.test(external ?? '')) warnings.push('external_id looks hashed')
  if (Object.hasOwn(properties, '$event_id')) warnings.push('$event_id merges with no unique_id')
  if (Object.hasOwn(properties, '$value')) warnings.push('$value is not revenue: use value')
  if (event.value !== undefined && event.value_currency === undefined)
    warnings.push('value_currency is missing: the account’s currency is assumed')
  if (service !== undefined) warnings.push('service is set: the metric stands under another integration than API')
  if (Object.keys(properties).length > FEWER_KEYS) warnings.push(`more than ${FEWER_KEYS} properties`)
  const twin = native ? DOUBLED.get(name) : undefined
  if (twin !== undefined) warnings.push(`Shopify’s integration has the metric ${twin}: both are counted`)
  return warnings
}
