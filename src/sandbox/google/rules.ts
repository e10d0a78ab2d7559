import { isIP } from 'node:net'
import { isCurrency } from '../ga4/event-names.ts'
import { analyticsFaults } from './analytics-rules.ts'
import { type Target, targetsOf } from './destinations.ts'
import { type FieldFault, fault, missing } from './field-fault.ts'
import type { Encoding, IngestEvent, Item, UserIdentifier } from './schema.ts'

export interface RequestFacts {
  readonly targets: readonly Target[]
  readonly encoding: Encoding | undefined
  readonly validateOnly: boolean
  /** ms since 1970. */
  readonly now: number
}

const MOST_IDENTIFIERS = 10
const LONGEST_SESSION_ATTRIBUTES = 4000

/** RFC 3339 with an offset or Z. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
const LOOKS_LIKE_EMAIL = /\S@\S/
/** Ids that are placeholders; seen refused live: ids of one character. The reasons of these are assumed. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['123', 'null', 'undefined', 'none', 'transaction_id'])
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Everything for which an event that fits the schema makes its whole request fail. */
export function* eventFaults(event: IngestEvent, facts: RequestFacts): Generator<FieldFault> {
  const targets = targetsOf(event, facts.targets)
  yield* referenceFaults(event, facts.targets)
  yield* timeFaults(event, facts.now)
  yield* moneyFaults(event)
  yield* transactionFaults(event, targets, facts.validateOnly)
  yield* userDataFaults(event, facts.encoding)
  yield* deviceFaults(event)
  yield* cartFaults(event)
  const ads = targets.flatMap((target) => (target.action ? [target.action] : []))
  if (ads.length > 0) yield* adsFaults(event)
  for (const { type, onePerClick } of ads) {
    if (type === 'WEBPAGE' && event.eventSource !== undefined && event.eventSource !== 'WEB')
      yield fault('event_source', 'EVENT_SOURCE_AND_DESTINATION_MISMATCH', 'A WEBPAGE action takes WEB events only.')
    if (onePerClick && (event.adIdentifiers?.gbraid ?? event.adIdentifiers?.wbraid) !== undefined)
      yield fault(
        'ad_identifiers',
        'ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID',
        'An action that counts one conversion per click takes no gbraid and no wbraid.',
      )
  }
  if (targets.length > ads.length) yield* analyticsFaults(event, targets.length)
}

function* referenceFaults(event: IngestEvent, targets: readonly Target[]): Generator<FieldFault> {
  const references = event.destinationReferences ?? []
  const field = 'destination_references'
  if (new Set(references).size < references.length)
    yield fault(field, 'DUPLICATE_DESTINATION_REFERENCE', 'A destination reference stands twice.')
  for (const reference of references)
    if (!targets.some(({ destination }) => destination.reference === reference))
      yield fault(field, 'INVALID_DESTINATION', `No destination has the reference ${reference}.`)
}

function* timeFaults(event: IngestEvent, now: number): Generator<FieldFault> {
  if (event.eventTimestamp === undefined) yield missing('event_timestamp', 'event_timestamp is required.')
  for (const [field, text] of [
    ['event_timestamp', event.eventTimestamp],
    ['last_updated_timestamp', event.lastUpdatedTimestamp],
  ] as const) {
    if (text === undefined) continue
    if (!TIMESTAMP.test(text) || Number.isNaN(Date.parse(text)))
      yield fault(field, 'INVALID_FORMAT', `${field} must be RFC 3339 with an offset or Z.`)
    else if (Date.parse(text) > now) yield fault(field, 'EVENT_TIME_INVALID', `${field} is in the future.`)
  }
}

function* moneyFaults({ currency, conversionValue }: IngestEvent): Generator<FieldFault> {
  if (conversionValue !== undefined && currency === undefined) yield missing('currency', 'A value needs a currency.')
  // The sheet names no bound; a value that falls is restated, never sent with a minus.
  if (conversionValue !== undefined && conversionValue < 0)
    yield fault('conversion_value', 'INVALID_FORMAT', 'conversion_value is negative.')
  if (currency !== undefined && !isCurrency(currency))
    yield fault('currency', 'INVALID_CURRENCY_CODE', `${currency} is not an upper-case ISO 4217 code.`)
}

function* transactionFaults(
  event: IngestEvent,
  targets: readonly Target[],
  validateOnly: boolean,
): Generator<FieldFault> {
  const { transactionId, userId } = event
  const isAds = targets.some(({ action }) => action !== undefined)
  if (isAds && transactionId === undefined) yield missing('transaction_id', 'transaction_id is required.')
  for (const [field, text] of [
    ['transaction_id', transactionId],
    ['user_id', userId],
  ] as const)
    if (text !== undefined && LOOKS_LIKE_EMAIL.test(text))
      yield fault(field, 'INVALID_FORMAT', `${field} must not be an email address.`)
  // A known gap of validateOnly: it lets pass what is refused live.
  if (validateOnly || transactionId === undefined) return
  if (transactionId.length < 2) yield fault('transaction_id', 'FIELD_VALUE_TOO_SHORT', 'transaction_id is too short.')
  if (PLACEHOLDERS.has(transactionId.toLowerCase()))
    yield fault('transaction_id', 'INVALID_FORMAT', `transaction_id ${transactionId} is a placeholder.`)
}

function* userDataFaults({ userData }: IngestEvent, encoding: Encoding | undefined): Generator<FieldFault> {
  if (userData === undefined) return
  const identifiers = userData.userIdentifiers ?? []
  if (identifiers.length === 0) yield missing('user_data.user_identifiers', 'user_data needs user identifiers.')
  if (identifiers.length > MOST_IDENTIFIERS)
    yield fault('user_data.user_identifiers', 'TOO_MANY_USER_IDENTIFIERS', `More than ${MOST_IDENTIFIERS}.`)
  for (const [index, identifier] of identifiers.entries())
    yield* identifierFaults(identifier, `user_data.user_identifiers[${index}]`, encoding ?? 'HEX')
}

function* identifierFaults(identifier: UserIdentifier, path: string, encoding: Encoding): Generator<FieldFault> {
  const { emailAddress, phoneNumber, address } = identifier
  if (Object.keys(identifier).length !== 1)
    yield fault(path, 'INVALID_FORMAT', 'An identifier is exactly one of email_address, phone_number and address.')
  yield* hashFaults(emailAddress, `${path}.email_address`, encoding)
  yield* hashFaults(phoneNumber, `${path}.phone_number`, encoding)
  if (address === undefined) return
  for (const [key, field] of [
    ['givenName', 'given_name'],
    ['familyName', 'family_name'],
    ['regionCode', 'region_code'],
    ['postalCode', 'postal_code'],
  ] as const)
    if (address[key] === undefined) yield missing(`${path}.address.${field}`, `An address needs ${field}.`)
  yield* hashFaults(address.givenName, `${path}.address.given_name`, encoding)
  yield* hashFaults(address.familyName, `${path}.address.family_name`, encoding)
  yield* hashFaults(address.addressLine, `${path}.address.address_line`, encoding)
  if (address.regionCode !== undefined && !/^[A-Z]{2}$/.test(address.regionCode))
    yield fault(`${path}.address.region_code`, 'INVALID_REGION_CODE', 'region_code must be two capital letters.')
  const { postalCode } = address
  if (postalCode !== undefined && (postalCode !== postalCode.trim() || /^[0-9a-f]{64}$/.test(postalCode)))
    yield fault(`${path}.address.postal_code`, 'INVALID_POSTAL_CODE', 'postal_code must be trimmed and in clear.')
}

/** The hash as hexadecimal digits, or undefined where it is none of the encoding. */
export const hexOf = (text: string, encoding: Encoding): string | undefined => {
  if (encoding === 'HEX') return /^(?:[0-9a-f]{2})+$/.test(text) ? text : undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes.toString('hex') : undefined
}

function* hashFaults(text: string | undefined, field: string, encoding: Encoding): Generator<FieldFault> {
  if (text === undefined) return
  const hex = hexOf(text, encoding)
  if (hex === undefined)
    // Capital digits mean the same bytes; documented is lower case.
    yield fault(field, `INVALID_${encoding}_ENCODING`, `${field} is not written as the request’s encoding says.`)
  else if (hex.length !== 64) yield fault(field, 'INVALID_SHA256_FORMAT', `${field} is not 32 bytes long.`)
  else if (hex === HASH_OF_NOTHING) yield fault(field, 'INVALID_SHA256_FORMAT', `${field} is the hash of nothing.`)
}

function* deviceFaults({ eventDeviceInfo, eventLocation }: IngestEvent): Generator<FieldFault> {
  const ip = eventDeviceInfo?.ipAddress
  if (ip !== undefined && isIP(ip) === 0)
    yield fault('event_device_info.ip_address', 'INVALID_FORMAT', 'ip_address is no IP address.')
  if (eventLocation?.regionCode !== undefined && !/^[A-Z]{2}$/.test(eventLocation.regionCode))
    yield fault('event_location.region_code', 'INVALID_REGION_CODE', 'region_code must be two capital letters.')
  if (eventLocation?.subdivisionCode !== undefined && !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(eventLocation.subdivisionCode))
    yield fault('event_location.subdivision_code', 'INVALID_REGION_CODE', 'subdivision_code must be ISO 3166-2.')
}

function* cartFaults({ cartData, customVariables = [] }: IngestEvent): Generator<FieldFault> {
  const items = cartData?.items ?? []
  // No custom variable was set up in the sandbox’s accounts, so every name is unknown.
  if (customVariables.length > 0 || items.some((item) => (item.customVariables ?? []).length > 0))
    yield fault('custom_variables', 'CUSTOM_VARIABLE_NOT_FOUND', 'The account has no custom variable of that name.')
  if (cartData?.merchantId !== undefined && !/^\d+$/.test(cartData.merchantId))
    yield fault('cart_data.merchant_id', 'INVALID_MERCHANT_ID', 'merchant_id must be digits.')
  for (const [index, item] of items.entries()) yield* itemFaults(item, `cart_data.items[${index}]`)
}

function* itemFaults({ quantity, unitPrice }: Item, path: string): Generator<FieldFault> {
  if (quantity !== undefined && !/^[1-9]\d*$/.test(String(quantity)))
    yield fault(`${path}.quantity`, 'INVALID_FORMAT', 'quantity must be a whole number above 0.')
  if (unitPrice !== undefined && unitPrice < 0)
    yield fault(`${path}.unit_price`, 'INVALID_FORMAT', 'unit_price is negative.')
}

function* adsFaults(event: IngestEvent): Generator<FieldFault> {
  const { gclid, gbraid, wbraid, sessionAttributes } = event.adIdentifiers ?? {}
  // The proto calls it optional; Google Ads refuses the batch without it.
  if (event.eventSource === undefined) yield missing('event_source', 'event_source is required for Google Ads.')
  // Session attributes and IP address only support one of these.
  if (!event.userData && (gclid ?? gbraid ?? wbraid) === undefined)
    yield fault('user_data', 'NO_IDENTIFIERS_PROVIDED', 'User identifiers, a gclid, a gbraid or a wbraid are needed.')
  // The sheet forbids both and names no reason.
  if (gbraid !== undefined && wbraid !== undefined)
    yield fault('ad_identifiers', 'INVALID_FORMAT', 'gbraid and wbraid must not both be set.')
  if (
    sessionAttributes !== undefined &&
    (sessionAttributes.length > LONGEST_SESSION_ATTRIBUTES || !/^[\w-]+$/.test(sessionAttributes))
  )
    yield fault(
      'ad_identifiers.session_attributes',
      'INVALID_FORMAT',
      'session_attributes must be base64url without padding, at most 4,000 characters.',
    )
  for (const [index, item] of (event.cartData?.items ?? []).entries())
    if (item.merchantProductId === undefined)
      yield missing(`cart_data.items[${index}].merchant_product_id`, 'Cart data for Google Ads needs it.')
}
