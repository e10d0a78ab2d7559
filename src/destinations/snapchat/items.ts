import type { Event } from '../../event/event.ts'
import type { Sha256 } from '../../event/hash.ts'
import type {
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
import {
  digitsOnly,
  femaleOrMale,
  lettersOnly,
  lowerCase,
  lowerCaseId,
  shortPostalCode,
  stateCode,
  withoutPunctuation,
} from '../../event/variants.ts'
import { SECOND } from '../../lib/duration.ts'
import { isPositive, linesOf, numItems, worth } from '../amounts.ts'
import { catalogIdOf, catalogNames } from '../catalog.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { pageUrlOf } from '../web-page.ts'
import type { Settings } from './settings.ts'

/** The person: hashes are lists of one, as in Snap's specification and examples, but for external_id. */
export interface UserData {
  em?: readonly Sha256[]
  ph?: readonly Sha256[]
  fn?: readonly Sha256[]
  ln?: readonly Sha256[]
  ge?: readonly Sha256[]
  ct?: readonly Sha256[]
  st?: readonly Sha256[]
  zp?: readonly Sha256[]
  country?: readonly Sha256[]
  /** Text in Snap's SDK, a list at some vendors: the SDK's form, so one id only. */
  external_id?: Sha256
  /** Never hashed: a hashed address is one of the documented reasons for INVALID. */
  client_ip_address?: string
  client_user_agent?: string
  sc_click_id?: string
  sc_cookie1?: string
}

type ListKey = Exclude<
  keyof UserData,
  'external_id' | 'client_ip_address' | 'client_user_agent' | 'sc_click_id' | 'sc_cookie1'
>

/** Quantity and price are text in Snap's specification, the value of the whole is a number. */
interface Content {
  id: string
  quantity?: string
  item_price?: string
}

interface CustomData {
  currency?: string
  value?: number
  order_id?: string
  num_items?: number
  content_type?: 'product' | 'product_group'
  content_ids?: readonly string[]
  contents?: readonly Content[]
  content_category?: string
  search_string?: string
}

export interface SnapchatEvent {
  event_name: string
  /** Whole seconds since 1970: offline events with milliseconds are refused. */
  event_time: number
  event_id: string
  action_source: 'WEB' | 'OFFLINE'
  event_source_url?: string
  data_processing_options?: readonly 'LDU'[]
  data_processing_options_country?: 1
  data_processing_options_state?: 1000
  user_data: UserData
  custom_data?: CustomData
}

/** Snapchat's form of each identifier. */
export const normalizers = {
  email: hashed<Email>(asItIs),
  phone: hashed<Phone>(digitsOnly),
  firstName: hashed<PersonName>(withoutPunctuation),
  lastName: hashed<PersonName>(withoutPunctuation),
  gender: hashed<Gender>(femaleOrMale),
  city: hashed<City>(lettersOnly),
  region: hashed<Region>(stateCode),
  postalCode: hashed<PostalCode>(shortPostalCode),
  country: hashed<Country>(lowerCase),
  customerId: hashed<CustomerId>(lowerCaseId),
  clientId: hashed<ClientId>(lowerCaseId),
  externalId: hashed<CustomerId | ClientId>(lowerCaseId),
  ip: ipInClear,
  userAgent: inClear,
} satisfies Normalizers

/** Snapchat's name of each event, or null with the reason. */
export const accepts = {
  page_viewed: 'PAGE_VIEW',
  product_viewed: 'VIEW_CONTENT',
  collection_viewed: 'LIST_VIEW',
  searched: 'SEARCH',
  cart_viewed: null,
  // Not ADD_TO_CART, which does not exist here.
  product_added: 'ADD_CART',
  product_removed: null,
  wishlist_added: 'ADD_TO_WISHLIST',
  checkout_started: 'START_CHECKOUT',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'ADD_BILLING',
  order_placed: 'PURCHASE',
  order_paid: 'PURCHASE',
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'SIGN_UP',
  subscribed: 'SUBSCRIBE',
  // There is no lead; Snap's own template for tag managers makes a sign-up of it as well.
  lead_submitted: 'SIGN_UP',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

const STEP = 'A step between the start of a checkout and its payment, for which Snapchat has no event.'
const NO_WAY_BACK = 'Snapchat has no event that takes a purchase back.'

export const declines = {
  cart_viewed: 'Snapchat has no event for looking at the cart.',
  product_removed: 'Snapchat has no event for taking something out of the cart.',
  contact_submitted: STEP,
  address_submitted: STEP,
  shipping_submitted: STEP,
  order_refunded: NO_WAY_BACK,
  order_cancelled: NO_WAY_BACK,
  cart_updated: CART_STATE,
  custom: 'Snapchat knows five numbered custom events only, and which of them yours would be is not known here.',
} satisfies Destination['declines']

const LIMITED_DATA_USE = ['LDU'] as const

/** What Snapchat is told of an event: one item, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly SnapchatEvent[] | Skip => {
  const { name, commerce } = event
  const eventName = accepts[name]
  if (eventName === null) return skip('not_accepted')

  const userData = userDataOf(event)
  // The least that Snapchat takes. Its own click and browser ids alone are not on that list.
  if (!userData.em && !userData.ph && !(userData.client_ip_address && userData.client_user_agent))
    return skip('no_identifier')

  // Snapchat knows the web, apps and places without a screen. An order that staff entered, of an app or of a renewal is
  // none of the last two: it is the online store's, and merges with what the tag may have told of it.
  const offline = commerce?.channel === 'pos'
  // Every event of the web has to say where it happened.
  const url = offline ? undefined : pageUrlOf(event)
  if (!offline && url === undefined)
    return skip(event.page?.url === undefined ? 'missing_field' : 'invalid_field', 'page.url')

  const customData = customDataOf(event, settings)
  if (isPurchase(name)) {
    if (customData.currency === undefined) return skip('missing_field', 'commerce.currency')
    if (customData.value === undefined)
      return commerce?.value === undefined ? skip('missing_field', 'commerce.value') : skip('value_not_positive')
  }

  const item: SnapchatEvent = {
    event_name: eventName,
    event_time: Math.floor(toldTime(event, how.now) / SECOND),
    event_id: toldId(event),
    action_source: offline ? 'OFFLINE' : 'WEB',
    user_data: userData,
  }
  if (url !== undefined) item.event_source_url = url
  if (how.limited) {
    // Pages of Snap spell it LDU, LMU and data_use; LDU is what its SDK sends. The place is always the one that the mark
    // was made for: 0 would leave it to Snapchat to find out where the shopper is and whether the opt-out counts there.
    item.data_processing_options = LIMITED_DATA_USE
    item.data_processing_options_country = 1
    item.data_processing_options_state = 1000
  }
  for (const _ in customData) {
    item.custom_data = customData
    break
  }
  return [item]
}

const userDataOf = ({ identity, ids }: Event): UserData => {
  const user: UserData = {}
  if (identity !== undefined) {
    const put = (key: ListKey, hash: Sha256 | undefined) => {
      if (hash !== undefined) user[key] = [hash]
    }
    put('em', hashOf(identity, 'email', normalizers.email))
    put('ph', hashOf(identity, 'phone', normalizers.phone))
    put('fn', hashOf(identity, 'firstName', normalizers.firstName))
    put('ln', hashOf(identity, 'lastName', normalizers.lastName))
    put('ge', hashOf(identity, 'gender', normalizers.gender))
    put('ct', hashOf(identity, 'city', normalizers.city))
    put('st', hashOf(identity, 'region', normalizers.region))
    put('zp', hashOf(identity, 'postalCode', normalizers.postalCode))
    put('country', hashOf(identity, 'country', normalizers.country))
    const external =
      hashOf(identity, 'customerId', normalizers.customerId) ?? hashOf(identity, 'clientId', normalizers.clientId)
    if (external !== undefined) user.external_id = external
    const ip = identity.ip && normalizers.ip.form(identity.ip)
    if (ip) user.client_ip_address = ip
    if (identity.userAgent) user.client_user_agent = identity.userAgent
  }
  // Byte for byte: both tell upper from lower case.
  if (ids?.sccid !== undefined) user.sc_click_id = ids.sccid
  if (ids?.scid !== undefined) user.sc_cookie1 = ids.scid
  return user
}

const customDataOf = (event: Event, settings: Settings): CustomData => {
  const { name, commerce, search, collection } = event
  const custom: CustomData = {}
  if (commerce !== undefined) {
    const { currency, value, linesMatch } = worth(name, commerce, settings)
    if (currency !== undefined) {
      // Vendors keep lists of currencies that differ; Snap publishes none, so all are sent.
      custom.currency = currency
      // A purchase may be free; on any other event nothing is as good as 0.
      if (value !== undefined && (isPurchase(name) ? Number(value) >= 0 : isPositive(value)))
        custom.value = Number(value)
    }
    const orderId = transactionIdOf(commerce, settings)
    if (orderId !== undefined) custom.order_id = orderId
    const pieces = numItems(commerce)
    if (pieces !== undefined) custom.num_items = pieces
    const contents = contentsOf(event, settings, linesMatch && currency !== undefined)
    if (contents.length > 0) {
      custom.content_type = catalogNames(settings)
      custom.content_ids = contents.map(({ id }) => id)
      custom.contents = contents
    }
  }
  if (collection?.title !== undefined) custom.content_category = collection.title
  if (search !== undefined) custom.search_string = search.query
  return custom
}

/** Lines that the catalogue would recognise; one without an id tells Snapchat nothing. */
const contentsOf = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): Content[] => {
  const contents: Content[] = []
  for (const line of linesOf(commerce)) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined) continue
    const content: Content = { id }
    if (line.quantity !== undefined && line.quantity >= 1) content.quantity = String(Math.trunc(line.quantity))
    if (withPrices && line.price !== undefined && Number(line.price) >= 0) content.item_price = line.price
    contents.push(content)
  }
  return contents
}
