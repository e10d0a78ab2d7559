import type { BrowserIds } from '../../event/browser-ids.ts'
import type { Event } from '../../event/event.ts'
import { type EventName, isOrderEvent } from '../../event/names.ts'
import { DAY } from '../../lib/duration.ts'
import { worth } from '../amounts.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { adConsentOf, toldConsent } from '../google-data-manager/ad-consent.ts'
import type { Consent } from '../google-data-manager/ingest.ts'
import { ipAddress } from '../google-data-manager/ip-address.ts'
import { orderIdField } from '../google-data-manager/order-id-field.ts'
import { type UserData, normalizers as userDataNormalizers, userDataOf } from '../google-data-manager/user-data.ts'
import { inClear } from '../identifiers.ts'
import { CART_STATE, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { type CartData, cartDataOf } from './cart-data.ts'
import { conversionActionOf } from './conversion-action.ts'
import { orderWorth } from './order-worth.ts'
import { sessionAttributesOf } from './session-attributes.ts'
import type { Settings } from './settings.ts'

/** A conversion, or the new value of one, as the Data Manager API takes it. */
export interface Conversion {
  /** The conversion action, by the name under which the request lists it. */
  destinationReferences: readonly [string]
  transactionId: string
  /** RFC 3339. */
  eventTimestamp: string
  lastUpdatedTimestamp?: string
  /** Called optional by the documentation; without it Google Ads refuses the whole request. */
  eventSource: 'WEB'
  currency?: string
  /** Major units; an explicit 0 is a value. */
  conversionValue?: number
  adIdentifiers?: AdIdentifiers
  consent?: Consent
  userData?: UserData
  userProperties?: { readonly customerType: 'NEW' | 'RETURNING' }
  eventDeviceInfo?: DeviceInfo
  cartData?: CartData
}

/** Of the three click ids one: two of different clicks contradict each other. */
interface AdIdentifiers {
  gclid?: string
  gbraid?: string
  wbraid?: string
  sessionAttributes?: string
}

interface DeviceInfo {
  userAgent?: string
  ipAddress?: string
}

/** Oldest conversion: no limit is documented, 89 days were taken and 90 is how long a click counts at most. */
export const MAX_AGE = 89 * DAY

/** Google's form of each identifier. */
export const normalizers = {
  ...userDataNormalizers,
  ip: ipAddress,
  userAgent: inClear,
} satisfies Normalizers

/** Google Ads has no names of events but conversion actions that the merchant sets up; these are their categories. */
export const accepts = {
  page_viewed: null,
  product_viewed: null,
  collection_viewed: null,
  searched: null,
  cart_viewed: null,
  product_added: 'ADD_TO_CART',
  product_removed: null,
  wishlist_added: null,
  checkout_started: 'BEGIN_CHECKOUT',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: null,
  order_placed: 'PURCHASE',
  order_paid: 'PURCHASE',
  order_refunded: 'PURCHASE, new value',
  order_cancelled: 'PURCHASE, value 0',
  signed_up: 'SIGNUP',
  subscribed: 'SIGNUP, newsletter',
  lead_submitted: 'SUBMIT_LEAD_FORM',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

const NO_CONVERSION = 'Not a conversion: Google Ads learns of pages and products from its own tag, for remarketing.'
const NO_STEP = 'A step of the checkout for which Google Ads has no kind of conversion.'

export const declines = {
  page_viewed: NO_CONVERSION,
  product_viewed: NO_CONVERSION,
  collection_viewed: NO_CONVERSION,
  searched: NO_CONVERSION,
  cart_viewed: NO_CONVERSION,
  product_removed: 'Google Ads has no kind of conversion for taking something out of the cart.',
  wishlist_added: 'Google Ads has no kind of conversion for a wish list.',
  contact_submitted: NO_STEP,
  address_submitted: NO_STEP,
  shipping_submitted: NO_STEP,
  payment_info_added: NO_STEP,
  cart_updated: CART_STATE,
  custom: 'Own events would each need a conversion action of their own.',
} satisfies Destination['declines']

/** What Google Ads is told of an event: one conversion, or the reason why none. */
export const toItems = (event: Event, settings: Settings, how: How): readonly Conversion[] | Skip => {
  const { name, identity, consent } = event
  if (accepts[name] === null) return skip('not_accepted')
  const action = conversionActionOf(name, settings)
  if (action === undefined) return skip('switched_off')
  if (consent?.marketing === false) return skip('no_consent')
  // Both consents would be denied, identifiers may not go then, and without one Google takes no conversion.
  if (how.limited || consent?.saleOfData === false || consent?.gpc === true) return skip('sale_opt_out')
  // Website conversions take only what happened on the web, and a mismatch stops the whole connection.
  if (event.commerce?.channel === 'pos') return skip('channel_pos')

  const userData = userDataOf(identity)
  const adIdentifiers = adIdentifiersOf(event)
  // Session attributes only support these.
  if (userData === undefined && !hasClick(adIdentifiers)) return skip('no_identifier')

  const ofOrder = isOrderEvent(name)
  const transactionId = ofOrder ? transactionIdOf(event.commerce, settings) : toldId(event)
  if (transactionId === undefined) return skip('missing_field', orderIdField(event.commerce, settings))
  if (!isPlausible(transactionId)) return skip('invalid_field', ofOrder ? orderIdField(event.commerce, settings) : 'id')

  const times = timesOf(event, how.now)
  if ('skip' in times) return times
  const item: Conversion = {
    destinationReferences: [action],
    transactionId,
    eventTimestamp: times.happened,
    eventSource: 'WEB',
  }
  if (times.changed !== undefined) item.lastUpdatedTimestamp = times.changed
  const refused = putWorth(item, event, settings)
  if (refused !== undefined) return refused
  if (adIdentifiers !== undefined) item.adIdentifiers = adIdentifiers
  const told = toldConsent(adConsentOf(consent, how.limited))
  if (told !== undefined) item.consent = told
  if (userData !== undefined) item.userData = userData
  // Of a new value Google reads nothing beyond this.
  if (times.changed === undefined) putDetails(item, event, settings)
  return [item]
}

/** Ids that stand for "no id" in somebody's template. */
const PLACEHOLDER = /^(?:null|undefined|none|nan|transaction_?id|order_?id)$/i

/**
 * Whether Google takes it for an id. Ids of one to three characters and placeholders pass its check and fail later;
 * 64 is the longest that its tag takes, and an address would be personal data.
 */
const isPlausible = (id: string): boolean =>
  id.length > 3 && id.length <= 64 && !PLACEHOLDER.test(id) && !id.includes('@')

interface Times {
  readonly happened: string
  /** Only of a conversion whose value changes. */
  readonly changed?: string
}

const instant = (text: string, time: number): string =>
  Date.parse(text) === time ? text : new Date(time).toISOString()

/** A new value is told with the time of the purchase; that lies weeks back, and cannot be guessed. */
const timesOf = (event: Event, now: Date): Times | Skip => {
  const time = toldTime(event, now)
  const happened = instant(event.occurredAt, time)
  if (event.name !== 'order_refunded' && event.name !== 'order_cancelled') return { happened }
  const purchase = event.commerce?.original?.occurredAt ?? event.commerce?.placedAt
  if (purchase === undefined) return skip('missing_field', 'commerce.placedAt')
  const purchased = Date.parse(purchase)
  if (Number.isNaN(purchased)) return skip('invalid_field', 'commerce.placedAt')
  if (time - purchased > MAX_AGE) return skip('too_old')
  return { happened: instant(purchase, Math.min(purchased, time)), changed: happened }
}

/** Puts currency and value in their place. An order has both or is not sent; for other events they go together or not at all. */
const putWorth = (item: Conversion, { name, commerce }: Event, settings: Settings): Skip | undefined => {
  if (isOrderEvent(name)) {
    const told = orderWorth(name, commerce ?? {}, settings)
    if ('skip' in told) return told
    item.currency = told.currency
    item.conversionValue = told.value
    return undefined
  }
  const { currency, value } = commerce === undefined ? {} : worth(name, commerce, settings)
  if (currency === undefined || value === undefined || !(Number(value) >= 0)) return undefined
  item.currency = currency
  item.conversionValue = Number(value)
  return undefined
}

const CLICK_ID = /^[\w.-]{4,512}$/
const CLICK_IDS = ['gclid', 'gbraid', 'wbraid'] as const

/** The newest of the click ids; of equally new ones the first, since one click may carry two. */
const newestClick = (ids: BrowserIds): AdIdentifiers | undefined => {
  let newest: AdIdentifiers | undefined
  let seen = ''
  for (const name of CLICK_IDS) {
    const id = ids[name]
    const at = ids.seenAt?.[name] ?? ''
    if (id === undefined || !CLICK_ID.test(id) || (newest !== undefined && at <= seen)) continue
    newest = { [name]: id }
    seen = at
  }
  return newest
}

const adIdentifiersOf = (event: Event): AdIdentifiers | undefined => {
  if (event.ids === undefined) return undefined
  const click = newestClick(event.ids)
  const sessionAttributes = sessionAttributesOf(event)
  return sessionAttributes === undefined ? click : { ...click, sessionAttributes }
}

const hasClick = (identifiers: AdIdentifiers | undefined): boolean =>
  identifiers !== undefined && (identifiers.gclid ?? identifiers.gbraid ?? identifiers.wbraid) !== undefined

const putDetails = (item: Conversion, event: Event, settings: Settings): void => {
  const { name, commerce, identity } = event
  const { customerType } = commerce ?? {}
  if (isOrderEvent(name) && customerType !== undefined)
    item.userProperties = { customerType: customerType === 'new' ? 'NEW' : 'RETURNING' }
  const ip = identity?.ip && normalizers.ip.form(identity.ip, identity.country)
  if (identity?.userAgent !== undefined) {
    const device: DeviceInfo = { userAgent: identity.userAgent }
    if (ip) device.ipAddress = ip
    item.eventDeviceInfo = device
  } else if (ip) item.eventDeviceInfo = { ipAddress: ip }
  if (!isOrderEvent(name)) return
  const cart = cartDataOf(event, settings, item.currency === commerce?.currency)
  if (cart !== undefined) item.cartData = cart
}
