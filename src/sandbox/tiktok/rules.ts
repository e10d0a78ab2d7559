import { isIP } from 'node:net'
import { DAY, SECOND } from '../../lib/duration.ts'
import { type Fault, type Finding, INVALID, NOT_HASHED } from './errors.ts'
import { HASHED, IN_CLEAR, misfitOf, STRICT_FORMS, type TikTokEvent, type User } from './schema.ts'

/** Older events are neither matched nor shown (Amperity, 2026-08: attribution reaches 28 days at most), ms. */
const OLDEST = 28 * DAY
/** Unix seconds have ten digits until the year 2286; more are milliseconds. */
const TEN_DIGITS = 9_999_999_999

const SHA256 = /^[0-9a-f]{64}$/
const ANY_SHA256 = /^[0-9a-f]{64}$/i
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK ' +
    'JPY KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY ' +
    'TWD UAH USD VES VND ZAR'
  ).split(' '),
)

/** Help centre, 2025, both spellings of the page view included. */
const STANDARD: ReadonlySet<string> = new Set([
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'ApplicationApproval',
  'CompleteRegistration',
  'Contact',
  'CustomizeProduct',
  'Download',
  'FindLocation',
  'InitiateCheckout',
  'Lead',
  'PageView',
  'Pageview',
  'Purchase',
  'Schedule',
  'Search',
  'StartTrial',
  'SubmitApplication',
  'Subscribe',
  'ViewContent',
])

/** Names that are still taken and that TikTok shows under another one. A twin of the tag must have the same name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['CompletePayment', 'Purchase'],
  ['SubmitForm', 'Lead'],
  ['AddBilling', 'AddPaymentInfo'],
  ['StartCheckout', 'InitiateCheckout'],
  ['Registration', 'CompleteRegistration'],
  ['Browse', 'PageView'],
  ['Checkout', 'PlaceAnOrder'],
  ['ClickForm', 'Lead'],
  ['ViewForm', 'ViewContent'],
  ['ViewConsultationPage', 'ViewContent'],
  ['ViewDownloadPage', 'ViewContent'],
  ['Consult', 'Contact'],
  ['ConsultByPhone', 'Contact'],
  ['ClickToDownload', 'Download'],
  ['ClickInDownloadPage', 'ClickButton'],
])

const listOf = (value: User[string]): readonly string[] => (value === undefined ? [] : [value].flat())

const invalid = (path: string, why: string): Fault => ({ code: INVALID, path, why })

/** Why an event that fits the schema, and with it the whole request, is refused. */
export const faultOf = ({ event_time, page, user = {} }: TikTokEvent): Fault | undefined => {
  if (event_time < 0 || event_time > TEN_DIGITS) return invalid('event_time', 'Not a valid unix time in seconds')
  if (!/^https?:\/\//.test(page.url)) return invalid('page.url', 'Must begin with http:// or https://')
  for (const field of HASHED)
    for (const value of listOf(user[field])) {
      if (!ANY_SHA256.test(value)) return { code: NOT_HASHED, path: `user.${field}`, why: 'PII is not hashed' }
      // Not in the sheet. It is well formed and stands for nobody, so whoever sends it has a fault.
      if (value.toLowerCase() === HASH_OF_NOTHING) return invalid(`user.${field}`, 'Hash of an empty value')
    }
  return undefined
}

/** Taken with code 0 and thrown away. */
export const isTooOld = ({ event_time }: TikTokEvent, now: number): boolean => event_time * SECOND < now - OLDEST

const hasMatchKey = (user: User): boolean =>
  ['ttclid', 'ttp', 'email', 'phone', 'external_id'].some((key) => listOf(user[key]).some((one) => one !== '')) ||
  Boolean(user.ip && user.user_agent)

/**
 * What the sheet calls uncertain: TikTok may refuse it, ignore it or take it. The event counts with a warning unless
 * the sandbox is told to refuse such events.
 */
export const doubtsOf = (event: TikTokEvent, now: number): Finding[] => {
  const { event_time, user = {}, properties = {} } = event
  const doubts: Finding[] = []
  const doubt = (path: string, why: string): void => void doubts.push({ path, why })
  const misfit = misfitOf(event, STRICT_FORMS.event)
  if (misfit) doubts.push(misfit)
  if (event_time * SECOND > now) doubt('event_time', 'Is in the future')
  if (!hasMatchKey(user))
    doubt('user', 'No identifier: none of ttclid, ttp, email, phone, external_id, nor ip with user_agent')
  for (const field of HASHED)
    if (listOf(user[field]).some((value) => !SHA256.test(value))) doubt(`user.${field}`, 'Hash is not in lower case')
  for (const field of IN_CLEAR)
    if (listOf(user[field]).some((value) => ANY_SHA256.test(value))) doubt(`user.${field}`, 'Must not be hashed')
  for (const field of ['city', 'state', 'country'] as const)
    if (listOf(user[field]).some((value) => !/^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+$/u.test(value)))
      doubt(`user.${field}`, 'Must be in lower case without spaces and punctuation')
  if (user.country !== undefined && user.country.length !== 2) doubt('user.country', 'Must be a code of two letters')
  if (user.ip !== undefined && isIP(user.ip) === 0) doubt('user.ip', 'Is no IP address')
  const { value, currency } = properties
  if (currency !== undefined && !CURRENCIES.has(currency)) doubt('properties.currency', 'Is not supported')
  if (value !== undefined && currency === undefined) doubt('properties.value', 'Has no currency')
  return doubts
}

/** What counts all the same and is less useful than it could be. */
export const warningsOf = ({ event, event_id, properties = {} }: TikTokEvent): string[] => {
  const warnings: string[] = []
  const renamed = RENAMED.get(event)
  if (renamed !== undefined) warnings.push(`${event} is an old name; TikTok shows it as ${renamed}`)
  else if (!STANDARD.has(event)) warnings.push(`${event} is a custom event: for reports and audiences only`)
  if (event_id === undefined) warnings.push('event_id is missing: nothing merges this event with its twin')
  if (event === 'Purchase' && (properties.value === undefined || properties.currency === undefined))
    warnings.push('value and currency are recommended for a Purchase')
  if (properties.contents !== undefined && properties.content_ids !== undefined)
    warnings.push('contents and content_ids are not to be combined')
  return warnings
}
