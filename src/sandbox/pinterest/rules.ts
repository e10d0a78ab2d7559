import { isIP } from 'node:net'
import { DAY } from '../../lib/duration.ts'
import { type ConversionEvent, HASHED } from './schema.ts'

/** What Pinterest says about one event that fits the schema. Empty texts mean nothing to say. */
export interface Judgement {
  readonly error: string
  readonly warning: string
}

/** Names as of 2026-08: 15 of the OpenAPI file 5.23.0 and seven newer ones. */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  'add_payment_info',
  'add_to_cart',
  'add_to_wishlist',
  'app_install',
  'app_open',
  'checkout',
  'contact',
  'custom',
  'customize_product',
  'find_location',
  'initiate_checkout',
  'lead',
  'page_visit',
  'schedule',
  'search',
  'signup',
  'start_trial',
  'submit_application',
  'subscribe',
  'view_category',
  'view_content',
  'watch_video',
])

/** No official figure; Amperity documents 7 days, Segment saw 422 for old events. */
const OLDEST = 7 * DAY

const SHA256 = /^[0-9a-f]{64}$/
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const DECIMAL = /^-?\d+(?:\.\d+)?$/
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Reasons for which an event fails although its request is well formed. Wordings other than that of time are ours. */
const errorsOf = (event: ConversionEvent, now: number): string[] => {
  const errors: string[] = []
  const { user_data: user, custom_data: custom = {} } = event
  if (event.event_time * 1000 < now - OLDEST)
    errors.push(`Invalid event_timestamp: ${event.event_time} is more than 7 days ago`)
  if (event.event_time > Math.floor(now / 1000))
    errors.push(`Invalid event_timestamp: ${event.event_time} is in the future`)
  for (const field of HASHED) {
    const hashes = user[field]
    if (!Array.isArray(hashes)) continue
    if (hashes.length === 0) errors.push(`Invalid ${field}: empty list`)
    for (const hash of hashes) {
      if (!SHA256.test(hash)) errors.push(`Invalid ${field}: not a lower-case SHA-256 in hexadecimal`)
      else if (hash === HASH_OF_NOTHING) errors.push(`Invalid ${field}: hash of an empty value`)
    }
  }
  const ip = user.client_ip_address
  if (ip !== undefined && (isIP(ip) === 0 || ip === '0.0.0.0')) errors.push('Invalid client_ip_address')
  if (user.client_user_agent?.trim() === '') errors.push('Invalid client_user_agent: empty')
  if (custom.currency !== undefined && !CURRENCIES.has(custom.currency))
    errors.push('Invalid currency: not an ISO 4217 code')
  if (custom.value !== undefined && !DECIMAL.test(custom.value)) errors.push('Invalid value: not a decimal number')
  if (custom.contents?.some((content) => content.item_price !== undefined && !DECIMAL.test(content.item_price)))
    errors.push('Invalid item_price: not a decimal number')
  if (event.language != null && !/^[a-z]{2}$/i.test(event.language))
    errors.push('Invalid language: not a two-letter ISO 639-1 code')
  return errors
}

const warningsOf = (event: ConversionEvent): string[] => {
  const warnings: string[] = []
  const { user_data: user, custom_data: custom = {} } = event
  if (!EVENT_NAMES.has(event.event_name))
    warnings.push(`event_name "${event.event_name.slice(0, 100)}" is non-standard and will be shown as "Unknown"`)
  const missing = [
    ...(user.external_id === undefined ? ['external_id'] : []),
    ...(user.click_id == null ? ['click_id'] : []),
  ]
  if (missing.length > 0) warnings.push(`Missing recommended fields: ${missing.join(', ')}`)
  if (event.action_source === 'web' && !event.event_source_url) warnings.push('event_source_url is missing')
  if (event.partner_name != null && event.partner_name !== 'direct' && !/^ss-[a-z0-9-]+$/.test(event.partner_name))
    warnings.push('partner_name is neither "direct" nor "ss-" and a partner in lower case')
  if (custom.value !== undefined && DECIMAL.test(custom.value) && Number(custom.value) <= 0)
    warnings.push('value should be greater than 0')
  if (custom.opt_out_type !== undefined) {
    if (custom.opt_out_type.split(',').some((flag) => flag.trim() !== 'LDP'))
      warnings.push('opt_out_type is not "LDP" and has no effect')
    else if (user.st === undefined || user.country === undefined)
      warnings.push('opt_out_type LDP has no effect without st and country in user_data')
  }
  // Pinterest's own Magento extension makes this mistake; user_data is open, so the schema lets it pass.
  if (user.opt_out_type !== undefined)
    warnings.push('opt_out_type has no effect in user_data; it belongs in custom_data')
  return warnings
}

export const judge = (event: ConversionEvent, now: number): Judgement => ({
  error: errorsOf(event, now).join('; '),
  warning: warningsOf(event).join('; '),
})
