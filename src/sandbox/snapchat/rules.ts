import { isIP } from 'node:net'
import { DAY, SECOND } from '../../lib/duration.ts'
import { textAt } from '../../lib/json.ts'
import { complaint } from '../json-schema.ts'
import { type Fault, param } from './errors.ts'
import { HASHED, IN_CLEAR, type SnapEvent, STRICT_EVENT, type UserData } from './schema.ts'

/** Oldest event, ms (Parameters page). */
const OLDEST = 7 * DAY
/** The Introduction speaks of 37 days, in the language of offline events, so only those may be that old. */
const OLDEST_OFFLINE = 37 * DAY
/** Unix seconds have ten digits until the year 2286; more are milliseconds. */
const TEN_DIGITS = 9_999_999_999

const SHA256 = /^[0-9a-f]{64}$/
const ANY_SHA256 = /^[0-9a-f]{64}$/i
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const DECIMAL = /^-?\d+(?:\.\d+)?$/

/** A partner's list. What happens with others (ARS, CRC, UYU ...) is not known. */
const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'USD AED AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GIP HKD HRK HUF IDR ILS INR JPY KRW KWD KZT LBP MXN ' +
    'MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD TZS UAH VND ZAR ALL BHD DZD GHS IQD ISK JOD ' +
    'KES MAD OMR XOF'
  ).split(' '),
)

const textsIn = (value: unknown): readonly string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string' && one !== '')

/** ms since 1970; undefined for what is no Unix time. The Parameters page takes seconds and milliseconds. */
export const occurredAt = ({ event_time: time }: SnapEvent): number | undefined => {
  if (typeof time !== 'number' || !Number.isInteger(time) || time < 0) return undefined
  return time > TEN_DIGITS ? time : time * SECOND
}

const isMilliseconds = ({ event_time: time }: SnapEvent): boolean => typeof time === 'number' && time > TEN_DIGITS

const timeFault = (event: SnapEvent, now: number): Fault | undefined => {
  const at = occurredAt(event)
  const isOffline = event.action_source === 'OFFLINE'
  // Milliseconds of offline events are refused (seen in production, 2026).
  const isUnix = at !== undefined && !(isOffline && isMilliseconds(event))
  const outOfRange = isUnix && (at > now || at < now - (isOffline ? OLDEST_OFFLINE : OLDEST))
  if (isUnix && !outOfRange) return undefined
  const why = outOfRange ? 'is out of range' : 'is an invalid Unix timestamp'
  return { code: 'INVALID_TIMESTAMP', message: `${param('event_time')} ${why}.` }
}

/** Both spellings of a web event; vendors send the second one. */
const isWeb = ({ action_source: source }: SnapEvent): boolean => source === 'WEB' || source === 'website'

const missingFault = (event: SnapEvent): Fault | undefined => {
  const missing = (...keys: readonly string[]): Fault => ({
    code: 'MISSING_PARAMETER',
    message: `${param(...keys)} is required.`,
  })
  if (isWeb(event) && textAt(event, 'event_source_url') === undefined) return missing('event_source_url')
  if (event.event_name !== 'PURCHASE') return undefined
  if (textAt(event.custom_data, 'value') === undefined) return missing('custom_data', 'value')
  if (textAt(event.custom_data, 'currency') === undefined) return missing('custom_data', 'currency')
  return undefined
}

/** em, ph, the pair of IP address and user agent, or an advertising id; click id and cookie alone are too little. */
const isEnough = (user: UserData): boolean =>
  ['em', 'ph', 'madid', 'mobile_ad_id'].some((key) => textsIn(user[key]).length > 0) ||
  ['client_ip_address', 'client_user_agent'].every((key) => textsIn(user[key]).length > 0)

const identityFault = (user: UserData): Fault | undefined => {
  for (const field of HASHED)
    for (const value of [user[field] ?? []].flat())
      if (typeof value !== 'string' || !ANY_SHA256.test(value))
        return { code: 'UNHASHED_PII', message: `${param('user_data', field)} is not hashed with SHA-256.` }
  // Not in the sheet. It is well formed and stands for nobody, so whoever sends it has a fault.
  for (const field of [...HASHED, 'external_id'])
    if (textsIn(user[field]).some((value) => value.toLowerCase() === HASH_OF_NOTHING))
      return { code: 'UNHASHED_PII', message: `${param('user_data', field)} is the hash of an empty value.` }
  if (textsIn(user.client_ip_address).some((value) => ANY_SHA256.test(value)))
    return { code: 'INVALID_HASHED_IP', message: `${param('user_data', 'client_ip_address')} must not be hashed.` }
  return isEnough(user)
    ? undefined
    : {
        code: 'NOT_ENOUGH_PII',
        message: `${param('user_data')} needs em, ph, madid or client_ip_address with client_user_agent.`,
      }
}

/** Why an event that fits the schema, and with it the whole request, is refused. */
export const faultOf = (event: SnapEvent, now: number): Fault | undefined =>
  timeFault(event, now) ?? missingFault(event) ?? identityFault(event.user_data)

/** LDU with its place. The other spellings of the documentation (LMU, data_use) contradict each other. */
export const isLimited = (event: SnapEvent): boolean =>
  Array.isArray(event.data_processing_options) &&
  event.data_processing_options.includes('LDU') &&
  ((event.data_processing_options_country === 1 && event.data_processing_options_state === 1000) ||
    (event.data_processing_options_country === 0 && event.data_processing_options_state === 0))

/**
 * What the sheet calls uncertain: Snap may refuse it, ignore it or take it. The event counts with a warning unless the
 * sandbox is told to refuse such events.
 */
export const doubtsOf = (event: SnapEvent, now: number): string[] => {
  const { user_data: user, custom_data: custom = {} } = event
  const doubts: string[] = []
  const misfit = complaint(event, STRICT_EVENT)
  if (misfit !== undefined) doubts.push(misfit)
  if (isMilliseconds(event)) doubts.push(`${param('event_time')} is in milliseconds.`)
  if ((occurredAt(event) ?? now) < now - OLDEST) doubts.push(`${param('event_time')} is more than 7 days ago.`)
  for (const field of HASHED)
    if (textsIn(user[field]).some((value) => !SHA256.test(value)))
      doubts.push(`${param('user_data', field)} is not in lower case.`)
  for (const field of IN_CLEAR)
    if (textsIn(user[field]).some((value) => ANY_SHA256.test(value)))
      doubts.push(`${param('user_data', field)} must not be hashed.`)
  for (const value of textsIn(user.client_ip_address))
    if (isIP(value) === 0) doubts.push(`${param('user_data', 'client_ip_address')} is no IP address.`)
  const { value, currency } = custom
  if (typeof value === 'string' && !DECIMAL.test(value)) doubts.push(`${param('custom_data', 'value')} is no number.`)
  if (value !== undefined && currency === undefined) doubts.push(`${param('custom_data', 'value')} has no currency.`)
  if (currency !== undefined && !CURRENCIES.has(String(currency)))
    doubts.push(`${param('custom_data', 'currency')} is not supported.`)
  if ((event.data_processing_options !== undefined || event.data_use !== undefined) && !isLimited(event))
    if (textsIn(event.data_processing_options ?? event.data_use).length > 0)
      doubts.push(`${param('data_processing_options')} limits nothing without LDU, country and state.`)
  return doubts
}

/** What counts all the same and is less useful than it could be. */
export const warningsOf = (event: SnapEvent): string[] => {
  const warnings: string[] = []
  if (event.event_id === undefined) warnings.push('event_id is missing: nothing merges this event with its twin')
  if (textsIn(event.user_data.external_id).some((value) => !SHA256.test(value)))
    warnings.push('external_id is recommended to be hashed')
  return warnings
}
