import type { Device, Event } from '../../event/event.ts'
import type { Sha256 } from '../../event/hash.ts'
import type { ClientId, CustomerId, Email, Phone } from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import { plainMailbox } from '../../event/variants.ts'
import { linesOf, numItems, worth } from '../amounts.ts'
import { catalogIdOf } from '../catalog.ts'
import { type Destination, type How, type Normalizers, type Skip, skip } from '../destination.ts'
import { asItIs, hashed, hashOf, inClear, ipInClear } from '../identifiers.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { pageUrlOf, webUrl } from '../web-page.ts'
import type { Settings } from './settings.ts'

/** Closed objects, all of them: one unknown key and Reddit refuses the whole request. */
interface EventType {
  readonly tracking_type: string
  readonly custom_event_name?: string
}

/** The person: single values, never lists. */
export interface User {
  email?: Sha256
  phone_number?: Sha256
  external_id?: Sha256
  ip_address?: string
  user_agent?: string
  uuid?: string
  screen_dimensions?: { readonly height: number; readonly width: number }
  data_processing_options?: typeof LIMITED_DATA_USE
}

interface Product {
  id: string
  name?: string
  category?: string
  quantity?: number
  item_price?: number
}

interface Metadata {
  conversion_id: string
  order_id?: string
  currency?: string
  value?: number
  item_count?: number
  products?: readonly Product[]
}

export interface RedditEvent {
  /** Milliseconds since 1970. */
  event_at: number
  action_source: 'WEBSITE' | 'OTHER' | 'PHYSICAL_STORE'
  event_source_url?: string
  referrer_url?: string
  click_id?: string
  type: EventType
  metadata: Metadata
  user: User
}

/** The value of Reddit's browser cookie, `<ms>.<uuid>`, or its second half: anything else gets the event refused. */
const BROWSER = /^(?:\d{13}\.)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Reddit's form of each identifier. */
export const normalizers = {
  // Two texts of Reddit differ on the address before the @: take out dots, or all that is no letter or digit. The newer
  // one is followed; for nearly every address both give the same.
  email: hashed<Email>(plainMailbox),
  phone: hashed<Phone>(asItIs),
  customerId: hashed<CustomerId>(asItIs),
  clientId: hashed<ClientId>(asItIs),
  externalId: hashed<CustomerId | ClientId>(asItIs),
  // May be hashed, but matches better in clear.
  ip: ipInClear,
  userAgent: inClear,
} satisfies Normalizers

/** What Reddit lets each type tell; anything more raises a diagnostic. `all`: the order, its money and its pieces. */
type Tells = 'products' | 'value' | 'all'

const standard = (tracking_type: string, tells: Tells) => ({ type: { tracking_type }, tells }) as const
const named = (custom_event_name: string) =>
  ({ type: { tracking_type: 'CUSTOM', custom_event_name }, tells: 'all' }) as const

/** The events that Reddit knows, and those without a type of their own, which go under the names of other platforms. */
const FORMS = {
  PAGE_VISIT: standard('PAGE_VISIT', 'products'),
  VIEW_CONTENT: standard('VIEW_CONTENT', 'products'),
  SEARCH: standard('SEARCH', 'products'),
  ADD_TO_CART: standard('ADD_TO_CART', 'all'),
  ADD_TO_WISHLIST: standard('ADD_TO_WISHLIST', 'all'),
  PURCHASE: standard('PURCHASE', 'all'),
  LEAD: standard('LEAD', 'value'),
  SIGN_UP: standard('SIGN_UP', 'value'),
  InitiateCheckout: named('InitiateCheckout'),
  AddPaymentInfo: named('AddPaymentInfo'),
  Subscribe: named('Subscribe'),
} as const

/** Reddit's name of each event, or null with the reason. Names in mixed case are custom events. */
export const accepts = {
  page_viewed: 'PAGE_VISIT',
  product_viewed: 'VIEW_CONTENT',
  collection_viewed: 'VIEW_CONTENT',
  searched: 'SEARCH',
  cart_viewed: null,
  product_added: 'ADD_TO_CART',
  product_removed: null,
  wishlist_added: 'ADD_TO_WISHLIST',
  // Not LEAD, which others make of it.
  checkout_started: 'InitiateCheckout',
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'AddPaymentInfo',
  order_placed: 'PURCHASE',
  order_paid: 'PURCHASE',
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'SIGN_UP',
  subscribed: 'Subscribe',
  lead_submitted: 'LEAD',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, keyof typeof FORMS | null>

const STEP = 'A step between the start of a checkout and its payment, for which Reddit has no event.'
const NO_WAY_BACK = 'Reddit takes no values below 0 and has no way to take a purchase back.'

export const declines = {
  cart_viewed: 'Reddit has no event for looking at the cart.',
  product_removed: 'Reddit has no event for taking something out of the cart.',
  contact_submitted: STEP,
  address_submitted: STEP,
  shipping_submitted: STEP,
  order_refunded: NO_WAY_BACK,
  order_cancelled: NO_WAY_BACK,
  cart_updated: CART_STATE,
  custom:
    'Reddit shows the 20 newest custom names only, so those of your theme and apps would push out the useful ones.',
} satisfies Destination['declines']

/**
 * The place tells under which law Reddit reads the mark. It is always the one that the mark was made for: under the
 * shopper's own, where that is known at all, it might do nothing.
 */
const LIMITED_DATA_USE = { modes: ['LDU'], country: 'US', region: 'US-CA' } as const

/** What Reddit is told of an event: one item, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly RedditEvent[] | Skip => {
  const { name, ids, commerce } = event
  const redditName = accepts[name]
  if (redditName === null) return skip('not_accepted')

  const source = actionSourceOf(event)
  const offline = source === 'PHYSICAL_STORE'
  const user = offline ? buyerOf(event) : visitorOf(event)
  const clickId = offline ? undefined : ids?.rdtCid
  // Reddit takes events without any of these, and can do nothing with them.
  if (clickId === undefined && !isKnown(user)) return skip('no_identifier')

  const { type, tells } = FORMS[redditName]
  const metadata = metadataOf(event, settings, tells)
  // Reddit takes a purchase without them, but then it is worth nothing in any report: somebody should see the mistake.
  if (isPurchase(name) && metadata.value === undefined) {
    const { value, currency } = commerce === undefined ? NOTHING : worth(name, commerce, settings)
    if (value === undefined) return skip('missing_field', 'commerce.value')
    return currency === undefined ? skip('missing_field', 'commerce.currency') : skip('value_not_positive')
  }

  if (how.limited) user.data_processing_options = LIMITED_DATA_USE
  const item: RedditEvent = {
    event_at: toldTime(event, how.now),
    action_source: source,
    type,
    metadata,
    user,
  }
  if (source === 'WEBSITE') {
    const url = pageUrlOf(event)
    if (url !== undefined) item.event_source_url = url
    const referrer = webUrl(event.page?.referrer)
    if (referrer !== undefined) item.referrer_url = referrer
  }
  if (clickId !== undefined) item.click_id = clickId
  return [item]
}

const NOTHING: { readonly value?: string; readonly currency?: string } = {}

/**
 * Where it happened. Orders that staff entered, of apps and of renewals happened on no website; `APP` stays unused,
 * since it wants facts about the device that such orders do not tell.
 */
const actionSourceOf = ({ commerce }: Event): RedditEvent['action_source'] => {
  switch (commerce?.channel) {
    case 'pos':
      return 'PHYSICAL_STORE'
    case 'draft':
    case 'app':
    case 'subscription':
    case 'other':
      return 'OTHER'
    default:
      return 'WEBSITE'
  }
}

const isKnown = (user: User): boolean =>
  user.email !== undefined ||
  user.phone_number !== undefined ||
  user.external_id !== undefined ||
  user.uuid !== undefined ||
  (user.ip_address !== undefined && user.user_agent !== undefined)

/** Of somebody in a physical store Reddit takes email and phone only. */
const buyerOf = ({ identity }: Event): User => {
  const user: User = {}
  if (identity === undefined) return user
  const email = hashOf(identity, 'email', normalizers.email)
  if (email !== undefined) user.email = email
  const phone = hashOf(identity, 'phone', normalizers.phone)
  if (phone !== undefined) user.phone_number = phone
  return user
}

const visitorOf = (event: Event): User => {
  const { identity, ids } = event
  const user = buyerOf(event)
  if (identity !== undefined) {
    const external =
      hashOf(identity, 'customerId', normalizers.customerId) ?? hashOf(identity, 'clientId', normalizers.clientId)
    if (external !== undefined) user.external_id = external
    const ip = identity.ip && normalizers.ip.form(identity.ip)
    if (ip) user.ip_address = ip
    if (identity.userAgent) user.user_agent = identity.userAgent
  }
  if (ids?.rdtUuid !== undefined && BROWSER.test(ids.rdtUuid)) user.uuid = ids.rdtUuid
  const screen = screenOf(event.device)
  if (screen !== undefined) user.screen_dimensions = screen
  return user
}

/** The largest side of a screen that Reddit takes. */
const LARGEST = 32_767
const isSide = (pixels: number): boolean => Number.isInteger(pixels) && pixels >= 0 && pixels <= LARGEST

/** Both sides or none. */
const screenOf = (device: Device | undefined): User['screen_dimensions'] => {
  const screen = device?.screen
  return screen && isSide(screen.height) && isSide(screen.width)
    ? { height: screen.height, width: screen.width }
    : undefined
}

const metadataOf = (event: Event, settings: Settings, tells: Tells): Metadata => {
  const { name, commerce } = event
  const metadata: Metadata = { conversion_id: toldId(event) }
  if (commerce === undefined) return metadata
  const { currency, value, linesMatch } = worth(name, commerce, settings)
  if (tells === 'all') {
    const orderId = transactionIdOf(commerce, settings)
    if (orderId !== undefined) metadata.order_id = orderId
  }
  if (tells !== 'products' && currency !== undefined) {
    metadata.currency = currency
    if (value !== undefined && Number(value) >= 0) metadata.value = Number(value)
  }
  if (tells === 'all') {
    const pieces = numItems(commerce)
    if (pieces !== undefined) metadata.item_count = pieces
  }
  // As viewed content a list would fill the audiences of products that nobody looked at.
  if (name === 'collection_viewed') return metadata
  // A price says nothing without the currency.
  const products = productsOf(event, settings, linesMatch && metadata.currency !== undefined)
  if (products.length > 0) metadata.products = products
  return metadata
}

/** Lines that the catalogue would recognise: Reddit takes no product without an id. */
const productsOf = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): Product[] => {
  const products: Product[] = []
  for (const line of linesOf(commerce)) {
    const id = catalogIdOf(line, settings, store)
    if (id === undefined) continue
    const product: Product = { id }
    if (line.title !== undefined) product.name = line.title
    const category = line.category ?? line.type
    if (category !== undefined) product.category = category
    if (line.quantity !== undefined && line.quantity >= 1) product.quantity = Math.trunc(line.quantity)
    if (withPrices && line.price !== undefined && Number(line.price) >= 0) product.item_price = Number(line.price)
    products.push(product)
  }
  return products
}
