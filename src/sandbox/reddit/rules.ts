import { isIP } from 'node:net'
import { DAY, MINUTE } from '../../lib/duration.ts'
import type { Fault } from './errors.ts'
import type { Metadata, RedditEvent, User } from './schema.ts'

/** An event must be younger than this, ms. */
const OLDEST = 7 * DAY
const FUTURE = 5 * MINUTE
export const LONGEST_ORDER_ID = 100

const SHA256 = /^[0-9a-f]{64}$/
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const BARE_UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** The cookie _rdt_uuid as it is, or its second part alone. */
const UUID = new RegExp(`^(?:\\d{13}\\.)?${BARE_UUID}$`)
const REGION = /^(?:[A-Z]{2}-)?[A-Z0-9]{1,3}$/
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** What may come in clear must look like it; any other text is a hash gone wrong. Undefined: anything. */
const CLEAR: Readonly<Partial<Record<keyof User, RegExp>>> = {
  email: /^[^@\s]+@[^@\s]+$/,
  phone_number: /^\+?(?:[\s().-]*\d){7,15}/,
  idfa: new RegExp(`^${BARE_UUID.replaceAll('a-f', 'A-F')}$`),
  aaid: new RegExp(`^${BARE_UUID}$`),
}

const fault = (field: string, message: string): Fault => ({ field, message })

const timeFault = ({ event_at: at }: RedditEvent, now: number): Fault | undefined => {
  // Seconds where milliseconds belong end here too: they are 1970.
  if (now - at >= OLDEST) return fault('event_at', 'event_at timestamp must be less than 168h0m0s old')
  return at - now > FUTURE ? fault('event_at', 'event_at timestamp must not be in the future') : undefined
}

const typeFault = ({ type }: RedditEvent): Fault | undefined =>
  type.tracking_type === 'CUSTOM' && type.custom_event_name === undefined
    ? fault('type.custom_event_name', 'missing custom_event_name')
    : undefined

const metadataFault = ({ currency }: Metadata): Fault | undefined =>
  currency !== undefined && !CURRENCIES.has(currency)
    ? fault('metadata.currency', `invalid currency: ${currency}`)
    : undefined

/** Whether Reddit refuses identifiers in another form is not documented; it can match nobody with them. */
const userFault = (user: User): Fault | undefined => {
  for (const field of ['email', 'phone_number', 'idfa', 'aaid', 'external_id', 'ip_address'] as const) {
    const value = user[field]
    if (value === undefined) continue
    if (value.trim() === '' || value === HASH_OF_NOTHING)
      return fault(`user.${field}`, `invalid ${field}: the hash of nothing`)
    if (CLEAR[field]?.test(value) === false && !SHA256.test(value))
      return fault(`user.${field}`, `invalid ${field}: neither a SHA-256 in lower-case hex nor in clear`)
  }
  const { ip_address: ip, user_agent: agent, uuid } = user
  if (ip !== undefined && isIP(ip) === 0 && !SHA256.test(ip))
    return fault('user.ip_address', `invalid ip_address: ${ip}`)
  if (agent !== undefined && (agent.trim() === '' || SHA256.test(agent)))
    return fault('user.user_agent', 'invalid user_agent: empty or hashed')
  if (uuid !== undefined && !UUID.test(uuid)) return fault('user.uuid', `invalid uuid: ${uuid}`)
  return undefined
}

const processingFault = ({ country, region }: NonNullable<User['data_processing_options']>): Fault | undefined => {
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    return fault('user.data_processing_options.country', `invalid country: ${country}`)
  if (region !== undefined && !REGION.test(region))
    return fault('user.data_processing_options.region', `invalid region: ${region}`)
  return undefined
}

/** What is bought in a shop may bring email and phone, hashed; nothing of a device. */
const offlineFault = ({ action_source, click_id, user = {} }: RedditEvent): Fault | undefined => {
  if (action_source !== 'PHYSICAL_STORE') return undefined
  if (click_id !== undefined) return fault('click_id', 'click_id is not allowed for PHYSICAL_STORE')
  for (const field of ['uuid', 'idfa', 'aaid'] as const)
    if (user[field] !== undefined) return fault(`user.${field}`, `${field} is not allowed for PHYSICAL_STORE`)
  for (const field of ['email', 'phone_number'] as const)
    if (!SHA256.test(user[field] ?? HASH_OF_NOTHING))
      return fault(`user.${field}`, `${field} must be hashed for PHYSICAL_STORE`)
  return undefined
}

const urlFault = (event: RedditEvent): Fault | undefined => {
  for (const field of ['event_source_url', 'referrer_url'] as const) {
    const url = event[field]
    if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url)))
      return fault(field, `invalid ${field}: ${url}`)
  }
  return event.click_id !== undefined && /^\s*$|^[0-9a-f]{64}$/.test(event.click_id)
    ? fault('click_id', 'invalid click_id: empty or hashed')
    : undefined
}

/** Why an event that fits the schema, and with it the whole request, is refused. */
export const faultOf = (event: RedditEvent, now: number): Fault | undefined => {
  const { metadata = {}, user = {} } = event
  return (
    timeFault(event, now) ??
    typeFault(event) ??
    metadataFault(metadata) ??
    userFault(user) ??
    processingFault(user.data_processing_options ?? { modes: [] }) ??
    offlineFault(event) ??
    urlFault(event)
  )
}

/** The click id told, else that of the page's address. */
export const clickIdOf = ({ click_id, event_source_url }: RedditEvent): string | undefined =>
  click_id ?? (event_source_url && (new URL(event_source_url).searchParams.get('rdt_cid') || undefined))

const hasMatchKey = (event: RedditEvent): boolean => {
  const { user = {} } = event
  const alone = [clickIdOf(event), user.uuid, user.email, user.phone_number, user.external_id, user.idfa, user.aaid]
  return alone.some((one) => one !== undefined) || (user.ip_address !== undefined && user.user_agent !== undefined)
}

const NO_MONEY: readonly (keyof Metadata)[] = ['value', 'currency', 'item_count', 'order_id']
const NO_COUNT: readonly (keyof Metadata)[] = ['item_count']

/** Metadata by type of event that the diagnostics call unsupported; of the types not named here all is supported. */
const UNSUPPORTED: ReadonlyMap<string, readonly (keyof Metadata)[]> = new Map([
  ['PAGE_VISIT', NO_MONEY],
  ['VIEW_CONTENT', NO_MONEY],
  ['SEARCH', NO_MONEY],
  ['LEAD', NO_COUNT],
  ['SIGN_UP', NO_COUNT],
])

/** What the diagnostics would complain about although the event counts. */
export const warningsOf = (event: RedditEvent): string[] => {
  const { metadata = {}, user = {}, action_source, type } = event
  const warnings: string[] = []
  // Guidance only: an event without `user` was accepted in a live test (2026-07).
  if (!hasMatchKey(event)) warnings.push('no match key: this event can be attributed to nobody')
  for (const field of UNSUPPORTED.get(type.tracking_type) ?? [])
    if (metadata[field] !== undefined) warnings.push(`unsupported metadata: ${field} on ${type.tracking_type}`)
  if (metadata.conversion_id === undefined)
    warnings.push('conversion_id is missing: nothing merges this event with its twin')
  if (type.tracking_type === 'PURCHASE' && metadata.value === undefined) warnings.push('value is missing on a PURCHASE')
  if (metadata.value !== undefined && metadata.currency === undefined) warnings.push('value has no currency')
  if ((metadata.order_id?.length ?? 0) > LONGEST_ORDER_ID)
    warnings.push(`order_id is cut after ${LONGEST_ORDER_ID} characters`)
  for (const field of ['email', 'phone_number'] as const)
    if (!SHA256.test(user[field] ?? HASH_OF_NOTHING)) warnings.push(`${field} is not hashed`)
  if (user.external_id !== undefined && user.external_id !== user.external_id.trim())
    warnings.push('external_id has spaces around it')
  if (user.ip_address !== undefined && isIP(user.ip_address) === 0)
    warnings.push('ip_address is hashed and matches worse than in clear')
  if (action_source !== 'WEBSITE' && event.event_source_url !== undefined)
    warnings.push('event_source_url is for WEBSITE alone')
  if (action_source === 'PHYSICAL_STORE')
    for (const field of ['external_id', 'ip_address', 'user_agent', 'screen_dimensions'] as const)
      if (user[field] !== undefined) warnings.push(`${field} has no place on PHYSICAL_STORE`)
  return warnings
}

/** A program's name that a library sends unasked; Reddit throttles such for ever, as it does requests without one. */
const LIBRARY =
  /^(?:node|undici|node-fetch|axios|got|python|aiohttp|curl|wget|go-http-client|okhttp|java|apache-httpclient|guzzlehttp|ruby|faraday|libwww-perl|postmanruntime)\b/i

export const isOwnAgent = (agent: string | undefined): boolean =>
  agent !== undefined && agent.trim() !== '' && !LIBRARY.test(agent)
