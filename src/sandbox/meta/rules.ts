import { isIP } from 'node:net'
import { DAY, SECOND } from '../../lib/duration.ts'
import { type Fault, invalid } from './errors.ts'
import { CUSTOM, type CustomData, HASHED, type MetaEvent, type UserData } from './schema.ts'

/** The oldest event taken, ms; one that is older makes the whole request fail. */
const OLDEST = 7 * DAY
const OLDEST_IN_STORE = 62 * DAY

/** Sets of fields that are too little, alone or in part (since v13). */
const TOO_LITTLE: readonly ReadonlySet<string>[] = [
  new Set(['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent']),
  new Set(['db', 'client_user_agent']),
  new Set(['fn', 'ge']),
  new Set(['ln', 'ge']),
]

/** Meta’s Parameter Builder appends eight characters to what it hashed and to the cookies that it read. */
const APPENDIX = String.raw`(?:\.[\w-]{8})?`
const SHA256 = new RegExp(`^[0-9a-f]{64}${APPENDIX}$`)
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** fb, subdomain index, milliseconds, the click id with its case; older appendices have two characters. */
const FBC = /^fb\.\d\.\d{13}\.[\w-]+(?:\.(?:[\w-]{2}|[\w-]{8}))?$/
const FBP = /^fb\.\d\.\d{13}\.\d+(?:\.(?:[\w-]{2}|[\w-]{8}))?$/
const IP_APPENDIX = /\.[\w-]{8}$/
const DECIMAL = /^-?\d+(?:\.\d+)?$/
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
/** California to Rhode Island; the list of the documentation on data processing options. */
const FIRST_STATE = 1000
const LAST_STATE = 1013

const listOf = (value: UserData[string]): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [String(value)]

/** Documented subcode and title; the text is ours. */
const documented = (subcode: number, title: string, explanation: string): Fault => ({
  ...invalid(explanation),
  subcode,
  title,
})

const timeFault = ({ event_time, action_source }: MetaEvent, now: number): Fault | undefined => {
  const inStore = action_source === 'physical_store'
  if (event_time * SECOND < now - (inStore ? OLDEST_IN_STORE : OLDEST))
    return documented(
      2804003,
      'Event Timestamp Too Old',
      `The timestamp for this event is too far in the past: events are to be sent within ${inStore ? 62 : 7} days.`,
    )
  // No bound is documented. A time ahead is mostly milliseconds where seconds belong.
  return event_time * SECOND > now ? invalid(`event_time ${event_time} is in the future.`) : undefined
}

const isTooLittle = (user: UserData): boolean => {
  const fields = Object.keys(user)
  return TOO_LITTLE.some((set) => fields.every((field) => set.has(field)))
}

const identityFault = (user: UserData): Fault | undefined => {
  // The subcode is not in the sheet; a third party saw it (2026).
  if (isTooLittle(user))
    return documented(
      2804050,
      'Insufficient Customer Information',
      'This event has too few customer information parameters to be matched.',
    )
  for (const field of HASHED)
    for (const value of listOf(user[field]))
      if (!SHA256.test(value))
        return documented(2804016, 'User Parameter Not Hashed', `The ${field} parameter isn’t hashed with SHA-256.`)
  for (const field of [...HASHED, 'external_id'])
    for (const value of listOf(user[field]))
      if (value.trim() === '' || value.startsWith(HASH_OF_NOTHING)) return invalid(`${field} is the hash of nothing.`)
  const ip = user.client_ip_address
  if (ip !== undefined && isIP(ip) === 0 && isIP(ip.replace(IP_APPENDIX, '')) === 0)
    return invalid('client_ip_address is no IP address; it must not be hashed.')
  if (user.client_user_agent !== undefined && /^\s*$|^[0-9a-f]{64}$/.test(user.client_user_agent))
    return invalid('client_user_agent is empty or hashed.')
  // Whether Meta refuses a click or browser id in another form is not documented; it can match nothing with it.
  if (user.fbc !== undefined && !FBC.test(user.fbc)) return invalid('fbc must be fb.1.<milliseconds>.<fbclid>.')
  if (user.fbp !== undefined && !FBP.test(user.fbp)) return invalid('fbp must be fb.1.<milliseconds>.<number>.')
  return undefined
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

const customFault = (name: string, custom: CustomData): Fault | undefined => {
  const { value, currency } = custom
  if (name === 'Purchase' && (value === undefined || currency === undefined))
    return documented(2804009, 'Missing Purchase Parameters', 'A Purchase event needs a value and a currency.')
  if (typeof value === 'string' && !DECIMAL.test(value)) return invalid(`value '${value}' is not a number.`)
  if (value !== undefined && currency === undefined) return invalid('value needs a currency.')
  if (currency !== undefined && !CURRENCIES.has(currency.toUpperCase()))
    return invalid(`currency '${currency}' is not an ISO 4217 code.`)
  for (const [key, own] of Object.entries(custom)) {
    const fits = Object.hasOwn(CUSTOM, key) || isScalar(own) || (Array.isArray(own) && own.every(isScalar))
    if (!fits) return invalid(`The custom property ${key} must be a text, a number, a boolean or a list of these.`)
  }
  return undefined
}

/** `LDU` with country 1 and a state, or with 0 and 0, which lets Meta find the place by the IP address. */
const processingFault = (event: MetaEvent): Fault | undefined => {
  if (!event.data_processing_options?.includes('LDU')) return undefined
  const { data_processing_options_country: country, data_processing_options_state: state } = event
  if (country === undefined || state === undefined)
    return invalid('LDU needs data_processing_options_country and data_processing_options_state.')
  const located = country === 1 && state >= FIRST_STATE && state <= LAST_STATE
  const toBeLocated = country === 0 && state === 0
  return located || toBeLocated ? undefined : invalid(`LDU does not know country ${country} with state ${state}.`)
}

const urlFault = (event: MetaEvent): Fault | undefined => {
  for (const field of ['event_source_url', 'referrer_url'] as const) {
    const url = event[field]
    if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url)))
      return invalid(`${field} must begin with http:// or https://.`)
  }
  return undefined
}

/** Why an event that fits the schema, and with it the whole request, is refused. */
export const faultOf = (event: MetaEvent, now: number): Fault | undefined =>
  timeFault(event, now) ??
  identityFault(event.user_data) ??
  customFault(event.event_name, event.custom_data ?? {}) ??
  processingFault(event) ??
  urlFault(event)

/** Whether the options limit the use of an event: without an IP address Meta cannot find the place for 0 and 0. */
export const isLimited = (event: MetaEvent): boolean =>
  event.data_processing_options?.includes('LDU') === true &&
  (event.data_processing_options_country === 1 || event.user_data.client_ip_address !== undefined)

const millisecondsIn = (id: string): number => Number(id.split('.')[2])

/** What the diagnostics would complain about although the event counts. */
export const warningsOf = (event: MetaEvent): string[] => {
  const { user_data: user, custom_data: custom = {}, event_time } = event
  const warnings: string[] = []
  // Both are required by the documentation; events without were accepted in a live test (2026-09-05).
  if (event.action_source === 'website') {
    if (user.client_user_agent === undefined) warnings.push('client_user_agent is missing on a website event')
    if (event.event_source_url === undefined) warnings.push('event_source_url is missing on a website event')
  }
  if (event.event_id === undefined) warnings.push('event_id is missing: nothing merges this event with its twin')
  if (event.data_processing_options?.includes('LDU') && !isLimited(event))
    warnings.push('LDU with country 0 and state 0 has no effect without client_ip_address')
  if (user.fbc !== undefined) {
    const since = millisecondsIn(user.fbc)
    if (since > (event_time + 1) * SECOND) warnings.push('fbc was made after the event')
    if (since < event_time * SECOND - 90 * DAY) warnings.push('fbc is older than 90 days')
  }
  if (typeof custom.value === 'string') warnings.push('value is text; a number is expected')
  if (Number(custom.value) < 0) warnings.push('value is negative')
  if (custom.currency !== undefined && custom.currency !== custom.currency.toUpperCase())
    warnings.push('currency is not in upper case')
  if (custom.contents !== undefined && custom.content_ids === undefined)
    warnings.push('content_ids is missing although contents is there')
  return warnings
}
