import { isIP } from 'node:net'
import { HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { sha256 } from '../kit/people.ts'
import type { Partner } from './accounts.ts'
import type { CriteoBody, CriteoEvent } from './schema.ts'

const MD5 = /^[0-9a-f]{32}$/
const SHA256 = /^[0-9a-f]{64}$/
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'
const NOTHING: ReadonlySet<string> = new Set([
  MD5_OF_NOTHING,
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  sha256(MD5_OF_NOTHING),
])
/** What a script writes for a value that it does not have. */
const NO_VALUE = /^(?:undefined|null|\s*)$/
const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
/** Unix seconds of the year 5138; milliseconds are beyond it. */
const LAST_SECOND = 100_000_000_000
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

const emailFault = (email: NonNullable<CriteoBody['id']['email']>): string | undefined => {
  const { raw, md5, sha256: plain, sha256_md5: double } = email
  // The schema has a place for it; nobody should send it.
  if (raw !== undefined) return 'email.raw is an address that is not hashed'
  if (md5 === undefined && plain === undefined && double === undefined) return 'email holds no hash'
  if (md5 !== undefined && !MD5.test(md5)) return 'email.md5 is no MD5 in lower-case hex'
  if (plain !== undefined && !SHA256.test(plain)) return 'email.sha256 is no SHA-256 in lower-case hex'
  if (double !== undefined && !SHA256.test(double)) return 'email.sha256_md5 is no SHA-256 in lower-case hex'
  if ([md5, plain, double].some((one) => one !== undefined && NOTHING.has(one))) return 'email is the hash of nothing'
  if (md5 !== undefined && double !== undefined && sha256(md5) !== double)
    return 'email.sha256_md5 is not the SHA-256 of the text of email.md5'
  return undefined
}

const identityFault = ({ id, customer_id: customer, retailer_visitor_id: visitor }: CriteoBody): string | undefined => {
  for (const [field, value] of Object.entries({ mapped_user_id: id.mapped_user_id, retailer_visitor_id: visitor }))
    if (value !== undefined && NO_VALUE.test(value)) return `${field} is '${value}', which is no value`
  const wrong = id.email && emailFault(id.email)
  if (wrong !== undefined) return wrong
  if (customer !== undefined && (!(MD5.test(customer) || SHA256.test(customer)) || NOTHING.has(customer)))
    return 'customer_id is not hashed, or the hash of nothing'
  return id.mapped_user_id === undefined && id.email === undefined
    ? 'neither mapped_user_id nor email: nothing to match'
    : undefined
}

const contextFault = (body: CriteoBody): string | undefined => {
  const { ip, useragent, country, language } = body
  if (ip !== undefined && isIP(ip) === 0) return 'ip is no IP address; it must not be hashed'
  if (useragent !== undefined && (useragent.trim() === '' || SHA256.test(useragent) || MD5.test(useragent)))
    return 'useragent is empty or hashed'
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) return `country '${country}' is no ISO 3166-1 alpha-2 code`
  if (language !== undefined && !/^[a-z]{2}$/.test(language)) return `language '${language}' is not two letters`
  for (const field of ['full_url', 'previous_url'] as const) {
    const url = body[field]
    if (url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url))) return `${field} is no web address`
  }
  return undefined
}

/** Why Criteo could not use any event of a body that fits the schema. */
export const bodyFault = (body: CriteoBody, partners: readonly Partner[]): string | undefined => {
  const partner = partners.find(({ id }) => id === body.account)
  if (!partner) return `no partner has the account ${body.account}`
  // The events of a foreign caller id are taken and match no visitor.
  if (body.id.mapping_key !== partner.callerId)
    return `mapping_key ${body.id.mapping_key} is not the caller id of partner ${partner.id}`
  return identityFault(body) ?? contextFault(body)
}

/** ms since 1970. */
export const timeOf = ({ timestamp }: CriteoEvent): number =>
  typeof timestamp === 'number' ? timestamp * SECOND : Date.parse(timestamp)

/** Why Criteo could not use an event that fits the schema. */
export const eventFault = (event: CriteoEvent): string | undefined => {
  const { timestamp, currency } = event
  if (typeof timestamp === 'number' && (timestamp < 0 || timestamp >= LAST_SECOND)) return 'timestamp is not in seconds'
  if (typeof timestamp === 'string' && !(ISO_UTC.test(timestamp) && Number.isFinite(timeOf(event))))
    return `timestamp '${timestamp}' is neither ISO 8601 in UTC nor Unix seconds`
  if (currency !== undefined && !CURRENCIES.has(currency)) return `currency '${currency}' is no ISO 4217 code`
  return undefined
}

/** "Near real time" is all that Criteo says; these bounds are the sheet's own, so they only warn. */
const SALE_WITHIN = 24 * HOUR
const REST_WITHIN = 10 * MINUTE

/** Currency is recommended on baskets and sales. */
const WITH_CURRENCY: readonly string[] = ['addToCart', 'viewBasket', 'trackTransaction']

/** What an account team might complain about although the event counts. */
export const warningsOf = (body: CriteoBody, event: CriteoEvent, together: number, now: number): string[] => {
  const { id, full_url: page = '', previous_url: before = '' } = body
  const warnings: string[] = []
  if (together > 1) warnings.push(`${together} events in one request; all known clients send one`)
  const age = now - timeOf(event)
  if (age > (event.event === 'trackTransaction' ? SALE_WITHIN : REST_WITHIN)) warnings.push('not in near real time')
  if (age < 0) warnings.push('timestamp is in the future')
  if (WITH_CURRENCY.includes(event.event) && event.currency === undefined) warnings.push('currency is missing')
  if (id.mapped_user_id === undefined) warnings.push('mapped_user_id is missing')
  if (id.email && (id.email.md5 === undefined || id.email.sha256 === undefined))
    warnings.push('email should come as MD5 and as SHA-256 while Criteo moves from one to the other')
  if ([page, before].some((url) => /@|%40/i.test(url))) warnings.push('an address of a page seems to hold an email')
  return warnings
}
