import type { Event } from '../../event/event.ts'
import type { Sha256 } from '../../event/hash.ts'
import type {
  BirthDate,
  City,
  ClientId,
  Country,
  CustomerId,
  Email,
  Gender,
  Identity,
  PersonName,
  Phone,
  PostalCode,
  Region,
} from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import {
  dateDigits,
  digitsOnly,
  femaleOrMale,
  inOneWord,
  lettersOnly,
  lowerCase,
  lowerCaseId,
  plainLettersOnly,
  shortPostalCode,
  stateCode,
  withoutPunctuation,
} from '../../event/variants.ts'
import { SECOND } from '../../lib/duration.ts'
import { linesOf, numItems, type Worth, worth } from '../amounts.ts'
import { catalogIdOf, catalogNames } from '../catalog.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { pageUrlOf, webUrl } from '../web-page.ts'
import { fbcOf, fbpOf } from './click-id.ts'
import type { Settings } from './settings.ts'

/** The person: hashes are lists throughout, what Meta reads itself is plain text. */
export interface UserData {
  em?: readonly Sha256[]
  ph?: readonly Sha256[]
  fn?: readonly Sha256[]
  ln?: readonly Sha256[]
  ge?: readonly Sha256[]
  db?: readonly Sha256[]
  ct?: readonly Sha256[]
  st?: readonly Sha256[]
  zp?: readonly Sha256[]
  country?: readonly Sha256[]
  external_id?: readonly Sha256[]
  client_ip_address?: string
  client_user_agent?: string
  fbc?: string
  fbp?: string
}

type HashedKey = Exclude<keyof UserData, 'client_ip_address' | 'client_user_agent' | 'fbc' | 'fbp'>

interface Content {
  id: string
  quantity?: number
  item_price?: number
}

/**
 * Amounts are numbers. `customer_segmentation` stays out: Meta's table puts it on the event and Meta's sample in here,
 * and one event at the wrong place could cost its whole batch.
 */
interface CustomData {
  currency?: string
  value?: number
  order_id?: string
  num_items?: number
  content_type?: 'product' | 'product_group'
  content_ids?: readonly string[]
  contents?: readonly Content[]
  content_name?: string
  content_category?: string
  search_string?: string
}

export interface MetaEvent {
  event_name: string
  /** Seconds since 1970. */
  event_time: number
  action_source: 'website' | 'physical_store' | 'system_generated' | 'other'
  event_id: string
  event_source_url?: string
  referrer_url?: string
  user_data: UserData
  custom_data?: CustomData
  /** Empty: not limited, said expressly. */
  data_processing_options: readonly 'LDU'[]
  data_processing_options_country?: 0 | 1
  data_processing_options_state?: number
}

/** Meta's form of each identifier. */
export const normalizers = {
  email: hashed<Email>(asItIs),
  phone: hashed<Phone>(digitsOnly),
  firstName: hashed<PersonName>(withoutPunctuation),
  lastName: hashed<PersonName>(withoutPunctuation),
  gender: hashed<Gender>(femaleOrMale),
  birthDate: hashed<BirthDate>(dateDigits),
  city: hashed<City>(lettersOnly),
  region: hashed<Region>(stateCode),
  postalCode: hashed<PostalCode>(shortPostalCode),
  country: hashed<Country>(lowerCase),
  // The pixel and Meta's newer libraries hash these themselves, in lower case and without the spaces.
  customerId: hashed<CustomerId>(lowerCaseId),
  clientId: hashed<ClientId>(lowerCaseId),
  externalId: hashed<CustomerId | ClientId>(lowerCaseId),
  ip: ipInClear,
  userAgent: inClear,
} satisfies Normalizers

/**
 * What Meta's documentation and its own libraries do not agree on: letters beyond a to z in cities, and spaces in names,
 * on which the documentation is silent. As both fields take lists, the other form goes as well where there is one.
 */
const otherName = hashed<PersonName>(inOneWord)
const otherCity = hashed<City>(plainLettersOnly)

/** Meta's name of each event, or null with the reason. */
export const accepts = {
  page_viewed: 'PageView',
  product_viewed: 'ViewContent',
  // A name of our own: a list of products as ViewContent would fill the audiences of products that nobody looked at.
  collection_viewed: 'ViewCategory',
  searched: 'Search',
  cart_viewed: null,
  product_added: 'AddToCart',
  product_removed: null,
  wishlist_added: 'AddToWishlist',
  checkout_started: 'InitiateCheckout',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'AddPaymentInfo',
  order_placed: 'Purchase',
  order_paid: 'Purchase',
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'CompleteRegistration',
  // The name of the default; the setting subscribedAs may say Subscribe.
  subscribed: 'Lead',
  lead_submitted: 'Lead',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

const CHECKOUT_STEP = 'A step between the start of a checkout and its payment, for which Meta has no event.'
const NO_REFUNDS = 'Meta has no event for it on the web, and a purchase of a negative value would spoil your reports.'

export const declines = {
  cart_viewed: 'Meta has no event for looking at the cart.',
  product_removed: 'Meta has no event for taking something out of the cart.',
  // Meta's `Contact` is a shopper who writes to the store or calls it.
  contact_submitted: CHECKOUT_STEP,
  address_submitted: CHECKOUT_STEP,
  shipping_submitted: CHECKOUT_STEP,
  order_refunded: NO_REFUNDS,
  order_cancelled: NO_REFUNDS,
  cart_updated: CART_STATE,
  custom:
    'Meta takes any name, “Purchase” too, and what apps publish under names of their own need not be a shopper’s step.',
} satisfies Destination['declines']

/** What Meta is told of an event: one item, or the reason why nothing. One event it refuses costs a whole batch. */
export const toItems = (event: Event, settings: Settings, how: How): readonly MetaEvent[] | Skip => {
  const { name, page } = event
  const eventName = name === 'subscribed' ? settings.subscribedAs : accepts[name]
  if (eventName === null) return skip('not_accepted')

  const time = toldTime(event, how.now)
  const userData = userDataOf(event, actedAt(event, time))
  if (isTooLittle(userData)) return skip('no_identifier')

  const worthOf: Worth = event.commerce === undefined ? NO_WORTH : worth(name, event.commerce, settings)
  const customData = customDataOf(event, settings, worthOf)
  if (isPurchase(name) && (customData.value === undefined || customData.currency === undefined))
    return whatPurchaseLacks(worthOf)

  const source = actionSourceOf(event)
  const item: MetaEvent = {
    event_name: eventName,
    event_time: Math.floor(time / SECOND),
    action_source: source,
    event_id: toldId(event),
    user_data: userData,
    data_processing_options: NOT_LIMITED,
  }
  if (source === 'website') {
    // Required of websites, and Meta verifies the domain.
    const url = pageUrlOf(event)
    if (url !== undefined) item.event_source_url = url
    const referrer = webUrl(page?.referrer)
    if (referrer !== undefined) item.referrer_url = referrer
  }
  for (const _ in customData) {
    item.custom_data = customData
    break
  }
  if (how.limited) limitUse(item, event.identity)
  return [item]
}

const NO_WORTH: Worth = { linesMatch: true }
const NOT_LIMITED: MetaEvent['data_processing_options'] = []

/**
 * Where it happened. Renewals of a subscription are Meta's example of `system_generated`. How a draft order came about
 * (on the phone, by mail) is not known, and `app` wants facts about the device that orders of apps do not tell.
 */
const actionSourceOf = ({ commerce }: Event): MetaEvent['action_source'] => {
  switch (commerce?.channel) {
    case 'pos':
      return 'physical_store'
    case 'subscription':
      return 'system_generated'
    case 'draft':
    case 'app':
    case 'other':
      return 'other'
    default:
      return 'website'
  }
}

/** When the shopper acted: an order that counts when it is paid was placed before, and its clicks came before that. */
const actedAt = ({ commerce }: Event, time: number): number => {
  const placed = commerce?.placedAt === undefined ? Number.NaN : Date.parse(commerce.placedAt)
  return placed < time ? placed : time
}

/** Sets of identifiers that Meta refuses when nothing beyond one of them is there. */
const TOO_LITTLE: readonly ReadonlySet<string>[] = [
  new Set(['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent']),
  new Set(['db', 'client_user_agent']),
  new Set(['fn', 'ge']),
  new Set(['ln', 'ge']),
]

const isTooLittle = (user: UserData): boolean => {
  const known = Object.keys(user)
  return TOO_LITTLE.some((refused) => known.every((key) => refused.has(key)))
}

/** Meta's numbers of the US states whose law knows limited use. */
// biome-ignore format: a table
const LDU_STATES: Readonly<Record<string, number>> = {
  ca: 1000, co: 1001, ct: 1002, fl: 1003, or: 1004, tx: 1005, mt: 1006, de: 1007, ne: 1008, nh: 1009, nj: 1010,
  mn: 1011, md: 1012, ri: 1013,
}
const UNITED_STATES = 1
const CALIFORNIA = 1000

const limitUse = (item: MetaEvent, { region, country }: Identity = {}): void => {
  const code = country === 'US' && region !== undefined ? normalizers.region.form(region, country) : undefined
  const state = code === undefined ? undefined : LDU_STATES[code]
  // Zeros leave it to Meta to find the place, for which it needs the address. Without one the mark would do nothing, so
  // it names the place that it was made for.
  const isFound = state === undefined && item.user_data.client_ip_address !== undefined
  item.data_processing_options = ['LDU']
  item.data_processing_options_country = isFound ? 0 : UNITED_STATES
  item.data_processing_options_state = isFound ? 0 : (state ?? CALIFORNIA)
}

const userDataOf = ({ identity, ids, page, landing }: Event, acted: number): UserData => {
  const user: UserData = {}
  if (identity !== undefined) {
    const put = (key: HashedKey, hash: Sha256 | undefined, other?: Sha256) => {
      if (hash !== undefined) user[key] = other === undefined || other === hash ? [hash] : [hash, other]
      else if (other !== undefined) user[key] = [other]
    }
    put('em', hashOf(identity, 'email', normalizers.email))
    put('ph', hashOf(identity, 'phone', normalizers.phone))
    put('fn', hashOf(identity, 'firstName', normalizers.firstName), hashOf(identity, 'firstName', otherName))
    put('ln', hashOf(identity, 'lastName', normalizers.lastName), hashOf(identity, 'lastName', otherName))
    put('ge', hashOf(identity, 'gender', normalizers.gender))
    put('db', hashOf(identity, 'birthDate', normalizers.birthDate))
    put('ct', hashOf(identity, 'city', normalizers.city), hashOf(identity, 'city', otherCity))
    put('st', hashOf(identity, 'region', normalizers.region))
    put('zp', hashOf(identity, 'postalCode', normalizers.postalCode))
    put('country', hashOf(identity, 'country', normalizers.country))
    put(
      'external_id',
      hashOf(identity, 'customerId', normalizers.customerId),
      hashOf(identity, 'clientId', normalizers.clientId),
    )
    const ip = identity.ip && normalizers.ip.form(identity.ip)
    if (ip) user.client_ip_address = ip
    if (identity.userAgent) user.client_user_agent = normalizers.userAgent.form(identity.userAgent)
  }
  if (ids !== undefined) {
    // Where the browser told nothing, Shopify's landing page (of which it does not say when) stands for the page.
    const isLanding = landing !== undefined && landing.at === undefined && landing.url === page?.url
    const fbc = fbcOf(ids, acted, isLanding ? undefined : page?.url)
    if (fbc !== undefined) user.fbc = fbc
    const fbp = fbpOf(ids)
    if (fbp !== undefined) user.fbp = fbp
  }
  return user
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** A purchase of nothing is one (a gift card paid it); a negative one is not. */
const whatPurchaseLacks = ({ value, currency }: Worth): Skip => {
  if (value === undefined) return skip('missing_field', 'commerce.value')
  if (currency === undefined) return skip('missing_field', 'commerce.currency')
  if (!CURRENCIES.has(currency)) return skip('invalid_field', 'commerce.currency')
  return Number(value) < 0 ? skip('value_not_positive') : skip('invalid_field', 'commerce.value')
}

/** Decimal text as a number that money can be; undefined below zero. */
const amount = (text: string | undefined): number | undefined => {
  const number = text === undefined ? Number.NaN : Number(text)
  return number >= 0 && Number.isFinite(number) ? number : undefined
}

const customDataOf = (event: Event, settings: Settings, { currency, value, linesMatch }: Worth): CustomData => {
  const { name, commerce, search, collection } = event
  const custom: CustomData = {}
  if (commerce !== undefined) {
    if (currency !== undefined && CURRENCIES.has(currency)) {
      custom.currency = currency
      const total = amount(value)
      if (total !== undefined) custom.value = total
    }
    const orderId = transactionIdOf(commerce, settings)
    if (orderId !== undefined) custom.order_id = orderId
    // Documented for the start of a checkout; it says something wherever the cart is whole.
    const pieces = name === 'checkout_started' || isPurchase(name) ? numItems(commerce) : undefined
    if (pieces !== undefined) custom.num_items = pieces
    const contents = contentsOf(event, settings, linesMatch && custom.currency !== undefined)
    if (contents.length > 0) {
      custom.content_type = catalogNames(settings)
      // Catalogue ads want one of the two, and pages of the documentation differ on which.
      custom.content_ids = contents.map((content) => content.id)
      custom.contents = contents
    }
    const title = name === 'product_viewed' ? linesOf(commerce)[0]?.title : undefined
    if (title !== undefined) custom.content_name = title
  }
  if (collection?.title !== undefined) custom.content_category = collection.title
  if (search !== undefined) custom.search_string = search.query
  return custom
}

/** Lines that the catalogue would recognise; one without an id tells Meta nothing. */
const contentsOf = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): Content[] => {
  const contents: Content[] = []
  for (const line of linesOf(commerce)) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined) continue
    const content: Content = { id }
    if (line.quantity !== undefined && line.quantity >= 1) content.quantity = Math.trunc(line.quantity)
    const price = withPrices ? amount(line.price) : undefined
    if (price !== undefined) content.item_price = price
    contents.push(content)
  }
  return contents
}
