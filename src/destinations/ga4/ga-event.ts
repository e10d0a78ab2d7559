import { withoutClickParams } from '../../event/browser-ids.ts'
import type { Event } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { worth } from '../amounts.ts'
import { type How, type Skip, skip } from '../destination.ts'
import { adConsentOf } from '../google-data-manager/ad-consent.ts'
import { orderIdField } from '../google-data-manager/order-id-field.ts'
import { toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { type GaItem, gaItems } from './ga-items.ts'
import { ownParams } from './own-params.ts'
import type { Settings } from './settings.ts'
import { cut, LONGEST, tellsPerson, withoutPerson } from './text.ts'

/** An event in Google Analytics' words; both ways of sending are made of it. At most 25 parameters: these are 18, and events with parameters of their own have seven of them. */
export interface GaEvent {
  readonly name: string
  /** Microseconds since 1970. */
  readonly timestamp_micros: number
  readonly params: Params
}

export interface Params {
  session_id?: number
  /** Without it an event is missing from reports on users. Milliseconds. */
  engagement_time_msec: number
  page_location?: string
  page_referrer?: string
  page_title?: string
  currency?: string
  value?: number
  transaction_id?: string
  tax?: number
  shipping?: number
  coupon?: string
  shipping_tier?: string
  payment_type?: string
  search_term?: string
  item_list_id?: string
  item_list_name?: string
  lead_source?: string
  items?: readonly GaItem[]
}

/** How long a visitor is taken to have looked, as Google's own examples have it; nobody looks at a refund. */
const A_LOOK = 100
const NO_LOOK = 1

const CURRENCY = /^[A-Z]{3}$/

/** The event in Google's words, or the reason why it would be of no use there. `session` is the visit's number. */
export const gaEventOf = (
  name: string,
  event: Event,
  session: number | undefined,
  settings: Settings,
  how: How,
): GaEvent | Skip => {
  const params: Params = { engagement_time_msec: name === 'refund' ? NO_LOOK : A_LOOK }
  if (session !== undefined) params.session_id = session
  const lacking = FILL[event.name]?.(params, event, settings)
  if (lacking !== undefined) return lacking
  // A refund did not happen on the page of the purchase that it was completed from.
  if (name !== 'refund') putPage(params, event, adConsentOf(event.consent, how.limited).userData === false)
  return { name, timestamp_micros: toldTime(event, how.now) * 1000, params }
}

/** `noClicks`: Google may not learn which ad was clicked, and Analytics reads that out of addresses. */
const putPage = (params: Params, { page }: Event, noClicks: boolean): void => {
  const told = (url: string | undefined) => withoutPerson(url && noClicks ? withoutClickParams(url) : url)
  const location = told(page?.url)
  if (location !== undefined) params.page_location = cut(location, LONGEST.location)
  const referrer = told(page?.referrer)
  if (referrer !== undefined) params.page_referrer = cut(referrer, LONGEST.referrer)
  if (page?.title !== undefined) params.page_title = cut(page.title, LONGEST.title)
}

/** Puts an event's own parameters; the reason why not, where one that Google requires is missing. */
type Fill = (params: Params, event: Event, settings: Settings) => Skip | undefined

interface Money {
  readonly currency?: string | undefined
  readonly value?: string | undefined
  /** Whether the lines are in this currency and are all that the value is for. */
  readonly lines: boolean
}

const moneyOf = ({ name, commerce }: Event, settings: Settings): Money => {
  if (commerce === undefined) return { currency: undefined, value: undefined, lines: false }
  const { currency, value, linesMatch } = worth(name, commerce, settings)
  // Google adds refunds up. The value of a cancellation is what earlier refunds left of the order, in the store's
  // currency; its products and the rest are those of the whole order.
  const whole = name === 'order_cancelled' ? commerce.original?.value : undefined
  const isRest = Number(commerce.value) < Number(whole)
  if (whole === undefined || (value !== undefined && !isRest)) return { currency, value, lines: linesMatch }
  const left = isRest ? commerce : { ...commerce, value: whole }
  return { ...worth(name, left, { value: settings.value, money: 'shop' }), lines: false }
}

/** Value and currency go together or not at all. */
const putMoney = (params: Params, { currency, value }: Money): Skip | undefined => {
  if (value === undefined) return skip('missing_field', 'commerce.value')
  if (currency === undefined) return skip('missing_field', 'commerce.currency')
  if (!CURRENCY.test(currency)) return skip('invalid_field', 'commerce.currency')
  const number = Number(value)
  if (!Number.isFinite(number)) return skip('invalid_field', 'commerce.value')
  if (number < 0) return skip('value_not_positive', 'commerce.value')
  params.currency = currency
  params.value = number
  return undefined
}

const putItems = (params: Params, event: Event, settings: Settings, withPrices: boolean): Skip | undefined => {
  const items = gaItems(event, settings, withPrices)
  if (items.length === 0) return skip('missing_field', 'commerce.items')
  params.items = items
  return undefined
}

/** A step towards an order: what it is worth, and the products. */
const step: Fill = (params, event, settings) => {
  const { commerce } = event
  const money = moneyOf(event, settings)
  const lacking = putMoney(params, money)
  if (lacking !== undefined) return lacking
  const [coupon] = commerce?.coupons ?? []
  if (coupon !== undefined) params.coupon = cut(coupon, LONGEST.value)
  if (event.name === 'shipping_submitted' && commerce?.shippingMethod !== undefined)
    params.shipping_tier = cut(commerce.shippingMethod, LONGEST.value)
  if (event.name === 'payment_info_added' && commerce?.paymentType !== undefined)
    params.payment_type = cut(commerce.paymentType, LONGEST.value)
  return putItems(params, event, settings, money.lines)
}

/** By this id Google merges purchases, so it is never cut: two orders could become one. */
const putTransaction = (params: Params, { commerce }: Event, settings: Settings): Skip | undefined => {
  const id = transactionIdOf(commerce, settings)
  if (id === undefined) return skip('missing_field', orderIdField(commerce, settings))
  if (id.length > LONGEST.value) return skip('invalid_field', orderIdField(commerce, settings))
  params.transaction_id = id
  return undefined
}

const purchase: Fill = (params, event, settings) => {
  const lacking = putTransaction(params, event, settings) ?? step(params, event, settings)
  if (lacking !== undefined) return lacking
  const { commerce } = event
  if (commerce === undefined) return undefined
  const { currency, tax, shipping } = settings.money === 'presentment' ? (commerce.presentment ?? commerce) : commerce
  if (currency !== params.currency) return undefined
  if (isAmount(tax)) params.tax = Number(tax)
  if (isAmount(shipping)) params.shipping = Number(shipping)
  return undefined
}

const isAmount = (text: string | undefined): text is string => text !== undefined && Number(text) >= 0

const refund: Fill = (params, event, settings) => {
  const money = moneyOf(event, settings)
  const lacking = putTransaction(params, event, settings) ?? putMoney(params, money)
  if (lacking !== undefined) return lacking
  // Nothing of the order is left to take back: its refunds did it.
  if (params.value === 0) return event.name === 'order_cancelled' ? skip('covered') : skip('value_not_positive')
  const items = money.lines ? gaItems(event, settings, true) : []
  if (items.length > 0) params.items = items
  return undefined
}

/** Products that nobody chose yet have no value, and without one Google takes no currency; prices then say nothing. */
const list: Fill = (params, event, settings) => {
  const { collection } = event
  if (collection?.id !== undefined) params.item_list_id = cut(collection.id, LONGEST.value)
  if (collection?.title !== undefined) params.item_list_name = cut(collection.title, LONGEST.value)
  return putItems(params, event, settings, false)
}

const search: Fill = (params, { search: searched }) => {
  if (searched === undefined) return skip('missing_field', 'search.query')
  // Google forbids personal data in parameters, and people do type their address into the wrong field.
  if (tellsPerson(searched.query)) return skip('invalid_field', 'search.query')
  params.search_term = cut(searched.query, LONGEST.value)
  return undefined
}

/** A lead is worth nothing yet, which Google wants to be told. */
const lead: Fill = (params, event, settings) => {
  const { currency, value } = moneyOf(event, settings)
  if (event.name === 'subscribed') params.lead_source = 'newsletter'
  return putMoney(params, { currency: currency ?? event.store?.currency, value: value ?? '0', lines: false })
}

/** An event of the theme's or an app's own: what it says beside its name. Money counts only as a pair. */
const own: Fill = (params, { custom }) => {
  if (custom === undefined) return undefined
  putMoney(params, { currency: amountText(custom.currency), value: amountText(custom.value), lines: false })
  Object.assign(params, ownParams(custom))
  return undefined
}

const amountText = (value: unknown): string | undefined =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? String(value) : undefined

const FILL: Readonly<Partial<Record<EventName, Fill>>> = {
  product_viewed: step,
  collection_viewed: list,
  searched: search,
  cart_viewed: step,
  product_added: step,
  product_removed: step,
  wishlist_added: step,
  checkout_started: step,
  shipping_submitted: step,
  payment_info_added: step,
  order_placed: purchase,
  order_paid: purchase,
  order_refunded: refund,
  order_cancelled: refund,
  subscribed: lead,
  lead_submitted: lead,
  custom: own,
}
