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
  PersonName,
  Phone,
  PostalCode,
  Region,
} from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import { dateDigits, digitsOnly, lettersOnly, lowerCase, shortPostalCode, stateCode } from '../../event/variants.ts'
import { SECOND } from '../../lib/duration.ts'
import { isPositive, linesOf, numItems, worth } from '../amounts.ts'
import { catalogIdOf } from '../catalog.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { isProductPage } from '../product-page.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { pageUrlOf } from '../web-page.ts'
import type { Settings } from './settings.ts'

/** The person, as Pinterest wants it: hashes are always lists, what Pinterest reads itself is plain text. */
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
  click_id?: string
}

type HashedKey = Exclude<keyof UserData, 'client_ip_address' | 'client_user_agent' | 'click_id'>

interface Content {
  id: string
  item_name?: string
  item_category?: string
  item_brand?: string
  item_price?: string
  quantity?: number
}

/** A closed object: one unknown key and Pinterest refuses the whole request. Amounts are text. */
interface CustomData {
  currency?: string
  value?: string
  order_id?: string
  num_items?: number
  search_string?: string
  content_category?: string
  content_ids?: readonly string[]
  contents?: readonly Content[]
  opt_out_type?: 'LDP'
}

/** A closed object as well. */
export interface PinterestEvent {
  event_name: string
  action_source: 'web' | 'offline'
  /** Seconds since 1970. */
  event_time: number
  event_id: string
  event_source_url?: string
  opt_out: boolean
  language?: string
  user_data: UserData
  custom_data?: CustomData
}

const DIGITS = /^\d+$/
const TWO_CHARACTERS = /^[a-z0-9]{2}$/

/** Pinterest's form of each identifier. */
export const normalizers = {
  email: hashed<Email>(asItIs),
  phone: hashed<Phone>(digitsOnly),
  firstName: hashed<PersonName>(lowerCase),
  lastName: hashed<PersonName>(lowerCase),
  gender: hashed<Gender>(asItIs),
  birthDate: hashed<BirthDate>(dateDigits),
  city: hashed<City>(lettersOnly),
  // A two-letter code; other names and longer codes match nothing at Pinterest.
  region: hashed<Region>((region, country) => {
    const code = stateCode(region, country)
    return code !== undefined && TWO_CHARACTERS.test(code) ? code : undefined
  }),
  // "Digits only": taken literally, "SW1A 1AA" would become "11" and match strangers, so such codes stay at home.
  postalCode: hashed<PostalCode>((code, country) => {
    const short = shortPostalCode(code, country)
    return short !== undefined && DIGITS.test(short) ? short : undefined
  }),
  country: hashed<Country>(lowerCase),
  customerId: hashed<CustomerId>(asItIs),
  clientId: hashed<ClientId>(asItIs),
  externalId: { digests: ['sha256'], form: asItIs<CustomerId | ClientId> },
  ip: ipInClear,
  userAgent: inClear,
  // ISO 639-1; languages that have no two-letter code are left out.
  language: {
    digests: [],
    form: (tag: string) => (tag.length === 2 || tag.charAt(2) === '-' ? tag.slice(0, 2).toLowerCase() : undefined),
  },
} satisfies Normalizers

/** Pinterest's name of each event, or null with the reason. */
export const accepts = {
  page_viewed: 'page_visit',
  // The name of the default; the setting productView may say view_content.
  product_viewed: 'page_visit',
  collection_viewed: 'view_category',
  searched: 'search',
  cart_viewed: null,
  product_removed: null,
  product_added: 'add_to_cart',
  wishlist_added: 'add_to_wishlist',
  // `checkout` is the completed order. Its start has had a name of its own since 5.16.0.
  checkout_started: 'initiate_checkout',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'add_payment_info',
  order_placed: 'checkout',
  order_paid: 'checkout',
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'signup',
  subscribed: 'subscribe',
  lead_submitted: 'lead',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

export const declines = {
  cart_viewed: 'Pinterest has no event for looking at the cart.',
  product_removed: 'Pinterest has no event for taking something out of the cart.',
  // Pinterest's `contact` is a shopper who writes to the store.
  contact_submitted: 'A step between the start of a checkout and its payment, for which Pinterest has no event.',
  address_submitted: 'A step between the start of a checkout and its payment, for which Pinterest has no event.',
  shipping_submitted: 'A step between the start of a checkout and its payment, for which Pinterest has no event.',
  order_refunded: 'Pinterest has no adjustment and advises against negative values.',
  order_cancelled: 'Pinterest has no adjustment and advises against negative values.',
  cart_updated: CART_STATE,
  custom: 'Own names must first be set up in Ads Manager, 15 at most; others would be shown as “Unknown”.',
} satisfies Destination['declines']

/** What Pinterest is told of an event: one item, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly PinterestEvent[] | Skip => {
  const { name } = event
  const eventName = name === 'product_viewed' ? settings.productView : accepts[name]
  if (eventName === null) return skip('not_accepted')
  if (isToldByProductView(event, settings)) return skip('covered')

  const userData = userDataOf(event)
  // The least that Pinterest takes. A phone number, click id or external id alone gets the whole request refused.
  if (!userData.em && !(userData.client_ip_address && userData.client_user_agent)) return skip('no_identifier')

  const customData = customDataOf(event, settings)
  if (isPurchase(name)) {
    if (customData.value === undefined)
      return event.commerce?.value === undefined ? skip('missing_field', 'commerce.value') : skip('value_not_positive')
    if (customData.currency === undefined) return skip('missing_field', 'commerce.currency')
  }
  // Sent both ways: opt_out is what Pinterest's own words tie to ads, LDP is its answer to US state law, which takes
  // effect together with the hashed state and country. The careful side, as no text says that one implies the other.
  if (how.limited) customData.opt_out_type = 'LDP'

  // Pinterest knows the web, apps and places without a screen. An order that staff entered, of an app or of a renewal is
  // none of the last two: it is the online store's, and merges with what the tag may have told of it.
  const offline = event.commerce?.channel === 'pos'
  const item: PinterestEvent = {
    event_name: eventName,
    action_source: offline ? 'offline' : 'web',
    event_time: Math.floor(toldTime(event, how.now) / SECOND),
    event_id: toldId(event),
    opt_out: how.limited,
    user_data: userData,
  }
  const url = offline ? undefined : pageUrlOf(event)
  if (url !== undefined) item.event_source_url = url
  const language = event.identity?.language && normalizers.language.form(event.identity.language)
  if (language) item.language = language
  for (const _ in customData) {
    item.custom_data = customData
    break
  }
  return [item]
}

/**
 * A product's page fires page_viewed and product_viewed, and both would be page_visit: two visits where there was one.
 * The product's view goes, since it carries the product, unless the merchant switched it off or gave it another name.
 */
const isToldByProductView = ({ name, page }: Event, { productView, events }: Settings): boolean =>
  name === 'page_viewed' &&
  productView === 'page_visit' &&
  (!events?.length || events.includes('product_viewed')) &&
  isProductPage(page?.url)

const userDataOf = ({ identity, ids }: Event): UserData => {
  const user: UserData = {}
  if (identity !== undefined) {
    const put = (key: HashedKey, hash: Sha256 | undefined) => {
      if (hash !== undefined) user[key] = [hash]
    }
    put('em', hashOf(identity, 'email', normalizers.email))
    put('ph', hashOf(identity, 'phone', normalizers.phone))
    put('fn', hashOf(identity, 'firstName', normalizers.firstName))
    put('ln', hashOf(identity, 'lastName', normalizers.lastName))
    put('ge', hashOf(identity, 'gender', normalizers.gender))
    put('db', hashOf(identity, 'birthDate', normalizers.birthDate))
    put('ct', hashOf(identity, 'city', normalizers.city))
    put('st', hashOf(identity, 'region', normalizers.region))
    put('zp', hashOf(identity, 'postalCode', normalizers.postalCode))
    put('country', hashOf(identity, 'country', normalizers.country))
    const customer = hashOf(identity, 'customerId', normalizers.customerId)
    const client = hashOf(identity, 'clientId', normalizers.clientId)
    if (customer !== undefined) user.external_id = client === undefined ? [customer] : [customer, client]
    else if (client !== undefined) user.external_id = [client]
    const ip = identity.ip && normalizers.ip.form(identity.ip)
    if (ip) user.client_ip_address = ip
    if (identity.userAgent) user.client_user_agent = normalizers.userAgent.form(identity.userAgent)
  }
  if (ids?.epik !== undefined) user.click_id = ids.epik
  return user
}

const customDataOf = (event: Event, settings: Settings): CustomData => {
  const { name, commerce, search, collection } = event
  const custom: CustomData = {}
  if (commerce !== undefined) {
    const { currency, value, linesMatch } = worth(name, commerce, settings)
    if (currency !== undefined) custom.currency = currency
    // "Never 0 or negative": an event other than a purchase is as good without its value.
    if (value !== undefined && isPositive(value)) custom.value = value
    const orderId = transactionIdOf(commerce, settings)
    if (orderId !== undefined) custom.order_id = orderId
    const pieces = numItems(commerce)
    if (pieces !== undefined) custom.num_items = pieces
    const contents = contentsOf(event, settings, linesMatch)
    if (contents.length > 0) {
      custom.content_ids = contents.map((content) => content.id)
      custom.contents = contents
    }
  }
  if (search !== undefined) custom.search_string = search.query
  if (collection?.title !== undefined) custom.content_category = collection.title
  return custom
}

/** Lines that the catalogue would recognise; one without an id tells Pinterest nothing. */
const contentsOf = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): Content[] => {
  const contents: Content[] = []
  for (const line of linesOf(commerce)) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined) continue
    const content: Content = { id }
    if (line.title !== undefined) content.item_name = line.title
    const category = line.category ?? line.type
    if (category !== undefined) content.item_category = category
    if (line.vendor !== undefined) content.item_brand = line.vendor
    if (withPrices && line.price !== undefined) content.item_price = line.price
    if (line.quantity !== undefined && line.quantity >= 1) content.quantity = Math.trunc(line.quantity)
    contents.push(content)
  }
  return contents
}
