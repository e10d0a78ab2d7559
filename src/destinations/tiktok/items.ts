import type { Event } from '../../event/event.ts'
import type { Sha256 } from '../../event/hash.ts'
import type {
  City,
  ClientId,
  Country,
  CustomerId,
  Email,
  PersonName,
  Phone,
  PostalCode,
  Region,
} from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import { barePostalCode, lowerCase, stateCode, unaccentedLetters } from '../../event/variants.ts'
import { SECOND } from '../../lib/duration.ts'
import { isPositive, linesOf, numItems, worth } from '../amounts.ts'
import { catalogIdOf, catalogNames } from '../catalog.ts'
import { type Destination, type How, type Normalizer, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { pageUrlOf, webUrl } from '../web-page.ts'
import { CURRENCIES } from './currencies.ts'
import type { Settings } from './settings.ts'

/** The person: what identifies is hashed, where they live and what the browser tells is plain text. */
export interface UserData {
  email?: readonly Sha256[]
  phone?: readonly Sha256[]
  external_id?: readonly Sha256[]
  first_name?: Sha256
  last_name?: Sha256
  zip_code?: Sha256
  city?: string
  state?: string
  country?: string
  ttclid?: string
  ttp?: string
  ip?: string
  user_agent?: string
  locale?: string
}

interface Content {
  /** Text, always: a number gets the request refused with 40002. */
  content_id: string
  content_name?: string
  content_category?: string
  brand?: string
  /** Of one piece. */
  price?: number
  quantity?: number
}

/** `content_ids` is left out: it says what `contents` says, and the two are not to be combined. */
interface Properties {
  content_type?: 'product' | 'product_group'
  contents?: readonly Content[]
  num_items?: number
  currency?: string
  /** Of the whole event, in major units. */
  value?: number
  /** TikTok's pages name one or the other for a search, depending on language and date: both are sent. */
  query?: string
  search_string?: string
  description?: string
  order_id?: string
}

/** An entry of `data`. */
export interface TikTokEvent {
  event: string
  /** Seconds since 1970. */
  event_time: number
  event_id: string
  limited_data_use: boolean
  page: { url: string; referrer?: string }
  user: UserData
  properties?: Properties
}

const TWO_LETTERS = /^[a-z]{2}$/

const twoLetterRegion = (region: Region, country?: Country) => {
  const code = stateCode(region, country)
  return code !== undefined && TWO_LETTERS.test(code) ? code : undefined
}

/** TikTok's form of each identifier. */
export const normalizers = {
  email: hashed<Email>(asItIs),
  // E.164 with its plus sign.
  phone: hashed<Phone>(asItIs),
  // TikTok's own template trims and lower-cases names; some vendors take inner spaces out as well.
  firstName: hashed<PersonName>(lowerCase),
  lastName: hashed<PersonName>(lowerCase),
  // ZIP+4 keeps its nine digits: nothing says that it is to be cut.
  postalCode: hashed<PostalCode>(barePostalCode),
  city: { digests: [], form: unaccentedLetters } satisfies Normalizer<City>,
  // A two-letter code; other names and codes are left out.
  region: { digests: [], form: twoLetterRegion } satisfies Normalizer<Region>,
  country: { digests: [], form: lowerCase } satisfies Normalizer<Country>,
  // Trimmed only, as TikTok's template does. Vendors lower-case it: customer ids are digits, client ids lower case.
  customerId: hashed<CustomerId>(asItIs),
  clientId: hashed<ClientId>(asItIs),
  externalId: { digests: ['sha256'], form: asItIs<CustomerId | ClientId> },
  ip: ipInClear,
  userAgent: inClear,
  language: inClear,
} satisfies Normalizers

/** TikTok's name of each event, or null with the reason. */
export const accepts = {
  // The names of the defaults; the settings pageView and purchase may say others.
  page_viewed: 'PageView',
  product_viewed: 'ViewContent',
  collection_viewed: 'ViewContent',
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
  // Never PlaceAnOrder, which is another event to TikTok's optimisation.
  order_placed: 'Purchase',
  order_paid: 'Purchase',
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'CompleteRegistration',
  subscribed: 'Subscribe',
  lead_submitted: 'Lead',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

export const declines = {
  cart_viewed: 'TikTok has no event for looking at the cart.',
  product_removed: 'TikTok has no event for taking something out of the cart.',
  // TikTok's `Contact` is a shopper who writes to the store.
  contact_submitted: 'A step between the start of a checkout and its payment, for which TikTok has no event.',
  address_submitted: 'A step between the start of a checkout and its payment, for which TikTok has no event.',
  shipping_submitted: 'A step between the start of a checkout and its payment, for which TikTok has no event.',
  order_refunded: 'TikTok has no adjustment and takes no negative values.',
  order_cancelled: 'TikTok has no adjustment and takes no negative values.',
  cart_updated: CART_STATE,
  custom: 'TikTok cannot optimise for own names, and counts some of them as its standard events.',
} satisfies Destination['declines']

/** What TikTok is told of an event: one item, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly TikTokEvent[] | Skip => {
  const { name, commerce } = event
  const eventName = eventNameOf(name, settings)
  if (eventName === null) return skip('not_accepted')
  // Sales of a physical store belong to an offline event set, which is another account than a pixel.
  if (commerce?.channel === 'pos') return skip('channel_pos')

  const user = userOf(event)
  if (!isMatchable(user)) return skip('no_identifier')

  // Required of web events, as which all go: the source `web` is a pixel's, `offline` and `crm` are other accounts with
  // ids of their own. So orders entered by staff, of apps and of renewals are web events too.
  const url = pageUrlOf(event)
  if (url === undefined) return skip(event.page?.url === undefined ? 'missing_field' : 'invalid_field', 'page.url')

  // TikTok takes a purchase without its value, but an order that lacks it is a mistake that somebody should see.
  if (isPurchase(name)) {
    const { value, currency } = commerce === undefined ? NOTHING : worth(name, commerce, settings)
    if (value === undefined) return skip('missing_field', 'commerce.value')
    if (currency === undefined) return skip('missing_field', 'commerce.currency')
    // An order given away is worth 0, which TikTok takes.
    if (!(Number(value) >= 0)) return skip('value_not_positive')
  }

  const item: TikTokEvent = {
    event: eventName,
    event_time: Math.floor(toldTime(event, how.now) / SECOND),
    event_id: toldId(event),
    limited_data_use: how.limited,
    page: { url },
    user,
  }
  const referrer = webUrl(event.page?.referrer)
  if (referrer !== undefined) item.page.referrer = referrer
  const properties = propertiesOf(event, settings)
  for (const _ in properties) {
    item.properties = properties
    break
  }
  return [item]
}

const NOTHING: { readonly value?: string; readonly currency?: string } = {}

const eventNameOf = (name: EventName, { pageView, purchase }: Settings): string | null =>
  name === 'page_viewed' ? pageView : isPurchase(name) ? purchase : accepts[name]

/** TikTok takes an event of nobody and then matches it with nothing; its list of match keys, without the weak ones. */
const isMatchable = (user: UserData): boolean =>
  user.ttclid !== undefined ||
  user.email !== undefined ||
  user.phone !== undefined ||
  user.external_id !== undefined ||
  user.ttp !== undefined ||
  (user.ip !== undefined && user.user_agent !== undefined)

const userOf = ({ identity, ids }: Event): UserData => {
  const user: UserData = {}
  if (identity !== undefined) {
    const email = hashOf(identity, 'email', normalizers.email)
    if (email !== undefined) user.email = [email]
    const phone = hashOf(identity, 'phone', normalizers.phone)
    if (phone !== undefined) user.phone = [phone]
    const customer = hashOf(identity, 'customerId', normalizers.customerId)
    const client = hashOf(identity, 'clientId', normalizers.clientId)
    if (customer !== undefined) user.external_id = client === undefined ? [customer] : [customer, client]
    else if (client !== undefined) user.external_id = [client]
    const firstName = hashOf(identity, 'firstName', normalizers.firstName)
    if (firstName !== undefined) user.first_name = firstName
    const lastName = hashOf(identity, 'lastName', normalizers.lastName)
    if (lastName !== undefined) user.last_name = lastName
    const postalCode = hashOf(identity, 'postalCode', normalizers.postalCode)
    if (postalCode !== undefined) user.zip_code = postalCode
    const city = identity.city && normalizers.city.form(identity.city)
    if (city !== undefined) user.city = city
    const state = identity.region && normalizers.region.form(identity.region, identity.country)
    if (state !== undefined) user.state = state
    const country = identity.country && normalizers.country.form(identity.country)
    if (country !== undefined) user.country = country
  }
  if (ids?.ttclid !== undefined) user.ttclid = ids.ttclid
  if (ids?.ttp !== undefined) user.ttp = ids.ttp
  const ip = identity?.ip && normalizers.ip.form(identity.ip)
  if (ip) user.ip = ip
  if (identity?.userAgent !== undefined) user.user_agent = normalizers.userAgent.form(identity.userAgent)
  if (identity?.language !== undefined) user.locale = normalizers.language.form(identity.language)
  return user
}

const propertiesOf = (event: Event, settings: Settings): Properties => {
  const { name, commerce, search, collection } = event
  const properties: Properties = {}
  if (commerce !== undefined) {
    const { currency, value, linesMatch } = worth(name, commerce, settings)
    const isKnown = currency !== undefined && CURRENCIES.has(currency)
    const isList = name === 'collection_viewed'
    const contents = isList ? groupsOf(event, settings) : contentsOf(event, settings, isKnown && linesMatch)
    if (contents.length > 0) {
      properties.content_type = isList ? 'product_group' : catalogNames(settings)
      properties.contents = contents
    }
    const pieces = numItems(commerce)
    if (pieces !== undefined) properties.num_items = pieces
    // Whether TikTok refuses an amount in a currency it does not list is not known: such an event goes without it.
    if (isKnown) {
      properties.currency = currency
      if (value !== undefined && isTold(name, value)) properties.value = Number(value)
    }
    const orderId = transactionIdOf(commerce, settings)
    if (orderId !== undefined) properties.order_id = orderId
  }
  if (search !== undefined) {
    properties.query = search.query
    properties.search_string = search.query
  }
  if (collection?.title !== undefined) properties.description = collection.title
  return properties
}

/** Zero is a value like others, except for a subscription: only a paid one has any. */
const isTold = (name: EventName, value: string): boolean =>
  name === 'subscribed' ? isPositive(value) : Number(value) >= 0

/** Lines that the catalogue would recognise; one without an id tells TikTok nothing. */
const contentsOf = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): Content[] => {
  const contents: Content[] = []
  for (const line of linesOf(commerce)) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined) continue
    const content: Content = { content_id: id }
    if (line.title !== undefined) content.content_name = line.title
    const category = line.category ?? line.type
    if (category !== undefined) content.content_category = category
    if (line.vendor !== undefined) content.brand = line.vendor
    if (withPrices && line.price !== undefined && Number(line.price) >= 0) content.price = Number(line.price)
    if (line.quantity !== undefined && line.quantity >= 1) content.quantity = Math.trunc(line.quantity)
    contents.push(content)
  }
  return contents
}

/**
 * The products of a list, each once. Nobody looked at one variant of them, so they are groups: by the template where it
 * names products, else by Shopify's own id, which is the group's in the catalogue that Shopify's channel keeps.
 */
const groupsOf = ({ commerce, store }: Event, settings: Settings): Content[] => {
  const byTemplate = catalogNames(settings) === 'product_group'
  const groups = new Map<string, Content>()
  for (const line of linesOf(commerce)) {
    const id = byTemplate ? catalogIdOf(line, settings, store) : line.productId
    if (id !== undefined && !groups.has(id)) groups.set(id, { content_id: id })
  }
  return [...groups.values()]
}
