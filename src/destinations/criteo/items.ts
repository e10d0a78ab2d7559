import type { Commerce, Event, LineItem } from '../../event/event.ts'
import { DIGESTS, type Sha256 } from '../../event/hash.ts'
import {
  type Country,
  type CustomerId,
  country as countryFrom,
  type Email,
  type Identity,
} from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import { twoLetterLanguage } from '../../event/variants.ts'
import { SECOND } from '../../lib/duration.ts'
import { catalogIdOf } from '../catalog.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { CART_STATE, isPurchase, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { bareAddress, bareReferrer, isHomePage } from './pages.ts'
import type { Settings } from './settings.ts'

/** `price` is of one piece, in major units. */
interface Line {
  id: string
  price: number
  quantity: number
}

/**
 * `item` is a list of ids where products were looked at, and of lines where they were put into a cart or bought.
 * `deduplication_page_view_id` would merge the event with Criteo's browser tag; no id of the tag's is known here.
 */
interface Told {
  event: string
  /** Seconds since 1970, never milliseconds. */
  timestamp: number
  id?: string
  currency?: string
  item?: readonly string[] | readonly Line[]
}

/** The person. `mapping_key` is the caller id of the browser's sync, `mapped_user_id` what the sync gave. */
interface Ids {
  mapping_key: string
  mapped_user_id?: string
  email?: { readonly md5: string; readonly sha256: Sha256; readonly sha256_md5: string }
}

/** The body of one request: Criteo's schema knows a list of events, every known client sends one. */
export interface CriteoEvent {
  version: string
  site_type: 'd' | 'm' | 't'
  account: string
  id: Ids
  ip?: string
  useragent?: string
  full_url?: string
  previous_url?: string
  retailer_visitor_id?: string
  customer_id?: Sha256
  country?: string
  language?: string
  events: readonly [Told]
}

/** Names the integration, as Criteo asks. */
export const VERSION = 'converlay_1.0.0'

/**
 * Criteo's form of each identifier. A phone number is not sent: neither its field nor its form is documented for servers.
 */
export const normalizers = {
  // All three, while Criteo moves its identities from MD5 to SHA-256. Dots and plus tags stay.
  email: hashed<Email>(asItIs, ['md5', 'sha256', 'sha256md5']),
  customerId: hashed<CustomerId>(asItIs),
  clientId: inClear,
  ip: ipInClear,
  userAgent: inClear,
  country: { digests: [], form: asItIs<Country> },
  language: { digests: [], form: twoLetterLanguage },
} satisfies Normalizers

/** Criteo's name of each event, or null with the reason. */
export const accepts = {
  // The front page is `viewHome`.
  page_viewed: 'viewPage',
  product_viewed: 'viewItem',
  collection_viewed: 'viewList',
  // The words of a search have no field.
  searched: 'viewList',
  cart_viewed: 'viewBasket',
  product_added: 'addToCart',
  product_removed: null,
  wishlist_added: null,
  checkout_started: 'beginCheckout',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'addPaymentInfo',
  order_placed: 'trackTransaction',
  order_paid: 'trackTransaction',
  order_refunded: null,
  order_cancelled: null,
  // The only event that tells of an account.
  signed_up: 'login',
  subscribed: null,
  lead_submitted: null,
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

const GROSS =
  'Criteo takes nothing back: its reports show sales before refunds and cancellations. Ask your contact there whether a file with them can be handed in.'
const STEP = 'A step between the start of a checkout and its payment, for which Criteo has no event.'

export const declines = {
  product_removed: 'Criteo has no event for taking something out of the cart.',
  wishlist_added: 'Criteo has no event for wish lists.',
  contact_submitted: STEP,
  address_submitted: STEP,
  shipping_submitted: STEP,
  order_refunded: GROSS,
  order_cancelled: GROSS,
  subscribed: 'Criteo has no event for subscribing to news.',
  lead_submitted: 'Criteo has no event for enquiries.',
  cart_updated: CART_STATE,
  custom: 'Criteo has a fixed list of events; others would be lost without a word.',
} satisfies Destination['declines']

/** What of its products an event tells. */
const PRODUCTS: Readonly<Partial<Record<EventName, 'ids' | 'lines'>>> = {
  product_viewed: 'ids',
  collection_viewed: 'ids',
  searched: 'ids',
  cart_viewed: 'lines',
  product_added: 'lines',
  checkout_started: 'lines',
  payment_info_added: 'lines',
  order_placed: 'lines',
  order_paid: 'lines',
}

/** Criteo's tag wants the three products at the top of a list; no server text gives a number. */
const LISTED = 3

/** What Criteo is told of an event: one request's body, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly CriteoEvent[] | Skip => {
  const { name, identity, ids, page, store } = event
  const eventName = name === 'page_viewed' && isHomePage(page?.url) ? 'viewHome' : accepts[name]
  if (eventName === null) return skip('not_accepted')
  // Criteo's own code would then strip the person of everything; nobody to match is nothing to send.
  if (ids?.gumOptOut === 'true') return skip('no_consent')
  const person = idsOf(event, settings)
  if (person.mapped_user_id === undefined && person.email === undefined) return skip('no_identifier')
  const told = toldOf(event, eventName, settings, how)
  if ('skip' in told) return told

  const item: CriteoEvent = {
    version: VERSION,
    site_type: siteTypeOf(identity?.userAgent),
    account: settings.partnerId,
    id: person,
    events: [told],
  }
  const ip = identity?.ip && normalizers.ip.form(identity.ip)
  if (ip) item.ip = ip
  if (identity?.userAgent !== undefined) item.useragent = identity.userAgent
  const url = page?.url === undefined ? undefined : bareAddress(page.url)
  if (url !== undefined) item.full_url = url
  const previous = page?.referrer === undefined ? undefined : bareReferrer(page.referrer, page.url ?? store?.url)
  if (previous !== undefined) item.previous_url = previous
  const visitor = valueIn(identity?.clientId)
  if (visitor !== undefined) item.retailer_visitor_id = visitor
  const customer = identity && hashOf(identity, 'customerId', normalizers.customerId)
  if (customer !== undefined) item.customer_id = customer
  // Whose country is not said: the shopper's where an address is known, else the store's.
  const country = identity?.country ?? countryFrom(store?.country)
  if (country !== undefined) item.country = country
  const language = identity?.language && twoLetterLanguage(identity.language)
  if (language !== undefined) item.language = language
  return [item]
}

const idsOf = ({ identity, ids }: Event, { callerId }: Settings): Ids => {
  const person: Ids = { mapping_key: callerId }
  const gum = valueIn(ids?.gum)
  if (gum !== undefined) person.mapped_user_id = gum
  const email = identity && emailOf(identity)
  if (email !== undefined) person.email = email
  return person
}

/** A script that finds no id may have written these; whoever is "undefined" would be one person to Criteo. */
const valueIn = <Id extends string>(id: Id | undefined): Id | undefined =>
  id === 'undefined' || id === 'null' ? undefined : id

/** The three digests of an address. The address itself is never sent, although Criteo would take it. */
export const emailOf = (identity: Identity): Ids['email'] => {
  const { email } = identity
  const sha256 = hashOf(identity, 'email', normalizers.email)
  if (email === undefined || sha256 === undefined) return undefined
  return { md5: DIGESTS.md5(email), sha256, sha256_md5: DIGESTS.sha256md5(email) }
}

const toldOf = (event: Event, eventName: string, settings: Settings, how: How): Told | Skip => {
  const { name, commerce } = event
  const told: Told = { event: eventName, timestamp: Math.floor(toldTime(event, how.now) / SECOND) }
  const products = PRODUCTS[name]
  if (products === undefined) return told
  if (isPurchase(name)) {
    const id = transactionIdOf(commerce, settings)
    if (id === undefined) return skip('missing_field', missingOf(commerce, settings))
    told.id = id
    // Only recommended; without it a sale would be counted in whatever currency the account has.
    if (commerce?.currency === undefined) return skip('missing_field', 'commerce.currency')
  }
  if (products === 'lines' && commerce?.currency !== undefined) told.currency = commerce.currency
  const item = products === 'ids' ? viewedOf(event, settings) : linesOf(event, settings)
  if (item.length === 0) return skip('missing_field', 'commerce.items')
  told.item = item
  return told
}

/** Which part of the order's id is not there. */
const missingOf = (commerce: Commerce | undefined, { transactionId }: Settings): string =>
  transactionId.includes('{orderId}') && commerce?.orderId === undefined ? 'commerce.orderId' : 'commerce.orderName'

const NO_LINES: NonNullable<Commerce['items']> = []

/** Ids of the products that were seen, as the feed has them. */
const viewedOf = ({ commerce, store }: Event, settings: Settings): readonly string[] => {
  const seen: string[] = []
  for (const line of commerce?.items ?? NO_LINES) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined || seen.includes(id)) continue
    seen.push(id)
    if (seen.length === LISTED) break
  }
  return seen
}

/**
 * Lines by the ids of the feed. What is in no feed (a deleted variant, a line that staff wrote) goes by the most exact
 * id that it has: Criteo will not know the product, but the money was paid, and only a line can tell of it. What Criteo counts as the sale is the sum of them, so the prices go with the
 * currency that they are in, whatever the connection's `money` and `value` say: no line has another.
 */
const linesOf = ({ commerce, store }: Event, settings: Settings): readonly Line[] => {
  const lines: Line[] = []
  for (const line of commerce?.items ?? NO_LINES) {
    const id = catalogIdOf(line, settings, store) ?? line.variantId ?? line.productId ?? line.sku
    const price = priceOf(line)
    const quantity = Math.trunc(line.quantity ?? 1)
    if (id !== undefined && price !== undefined && quantity >= 1) lines.push({ id, price, quantity })
  }
  return lines
}

/** A gift has the price 0; a price below it, or none at all, is no price. */
const priceOf = ({ price }: LineItem): number | undefined => {
  const amount = price === undefined ? Number.NaN : Number(price)
  return amount >= 0 && Number.isFinite(amount) ? amount : undefined
}

// Old browsers of desktops say "Tablet PC"; Android says "Mobile" on phones only.
const TABLET = /iPad|Tablet(?! PC)|PlayBook|Kindle|Silk(?!.*Mobile)|Android(?!.*Mobile)/i
const MOBILE = /Mobi|iPhone|iPod|Android|BlackBerry|Opera Mini/i

/** The kind of device; desktop where the browser is not known, since the field has to be there. */
export const siteTypeOf = (userAgent: string | undefined): CriteoEvent['site_type'] => {
  if (userAgent === undefined) return 'd'
  if (TABLET.test(userAgent)) return 't'
  return MOBILE.test(userAgent) ? 'm' : 'd'
}
