import { z } from 'zod'
import type { Event } from '../../event/event.ts'
import { purchaseId } from '../../event/event-ids.ts'
import { type Sha256, sha256 } from '../../event/hash.ts'
import type {
  BirthDate,
  City,
  ClientId,
  Country,
  CustomerId,
  Email,
  Gender,
  Normalised,
  PersonName,
  Phone,
  PostalCode,
  Region,
} from '../../event/identity.ts'
import { email } from '../../event/identity.ts'
import type { EventName } from '../../event/names.ts'
import { dateDigits, digitsOnly, lettersOnly, lowerCase, shortPostalCode } from '../../event/variants.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../../lib/http.ts'
import { arrayAt, isObject, objectAt, textAt } from '../../lib/json.ts'
import { isPositive, numItems, worth } from '../amounts.ts'
import { commonSettings } from '../common-settings.ts'
import { type ContentId, contentIdFrom, isContentIdTemplate } from '../content-id.ts'
import {
  defineDestination,
  type How,
  type Normalizer,
  type Normalizers,
  type Planned,
  type Skip,
  skip,
  type Verdict,
  type Verified,
} from '../destination.ts'
import { pack } from '../pack.ts'
import { isProductPage } from '../product-page.ts'
import { type Explanation, said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'

const settings = z.object({
  adAccountId: z
    .string()
    .trim()
    .regex(/^\d{1,18}$/, 'The ad account ID has digits only, at most 18.')
    .meta({
      label: 'Ad account ID',
      help: 'In Pinterest Ads Manager: the number beside the name of your ad account.',
      placeholder: '549755885175',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Conversion access token',
      help: 'In Ads Manager: Conversions, Conversions API, Set up, Generate token.',
      secret: true,
    }),
  productView: z
    .enum(['page_visit', 'view_content'])
    .default('page_visit')
    .meta({
      label: 'Send a product view as',
      help: 'Page visit with the product’s ID is what Pinterest’s catalogue ads read. Choose view content if your tag sends ViewContent.',
      labels: { page_visit: 'Page visit (PageVisit)', view_content: 'View content (ViewContent)' },
    }),
  contentIdTemplate: z
    .string()
    .trim()
    .max(200)
    .refine(isContentIdTemplate, 'Use {product}, {variant} or {sku}, and {country}; other {…} are not known.')
    .default('shopify_{country}_{product}_{variant}')
    .meta({
      label: 'Product IDs in your Pinterest catalogue',
      help: 'Compare with one row of your catalogue. {country}, {product}, {variant} and {sku} are filled in.',
      advanced: true,
    }),
  catalogCountry: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/, 'Two letters, such as US.')
    .optional()
    .meta({
      label: 'Country of your catalogue',
      help: 'Only if it differs from your store’s country. Written as in the catalogue’s IDs.',
      placeholder: 'US',
      advanced: true,
    }),
  ...commonSettings,
})

type Settings = z.infer<typeof settings>

/** The person, as Pinterest wants it: hashes are always lists, what Pinterest reads itself is plain text. */
interface UserData {
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

const hashed = <Value extends Normalised>(
  form: (value: Value, country?: Country) => Normalised | undefined,
): Normalizer<Value, Normalised> => ({ digests: ['sha256'], form })
const asItIs = <Value extends string>(value: Value): Value => value
const clear = { digests: [], form: asItIs<string> } satisfies Normalizer<string>

const DIGITS = /^\d+$/
const TWO_CHARACTERS = /^[A-Za-z0-9]{2}$/

const normalizers = {
  email: hashed<Email>(asItIs),
  phone: hashed<Phone>(digitsOnly),
  firstName: hashed<PersonName>(lowerCase),
  lastName: hashed<PersonName>(lowerCase),
  gender: hashed<Gender>(asItIs),
  birthDate: hashed<BirthDate>(dateDigits),
  city: hashed<City>(lettersOnly),
  // A two-letter code; names and longer codes match nothing at Pinterest.
  region: hashed<Region>((region) => (TWO_CHARACTERS.test(region) ? lowerCase(region) : undefined)),
  // "Digits only": taken literally, "SW1A 1AA" would become "11" and match strangers, so such codes stay at home.
  postalCode: hashed<PostalCode>((code, country) => {
    const short = shortPostalCode(code, country)
    return short !== undefined && DIGITS.test(short) ? short : undefined
  }),
  country: hashed<Country>(lowerCase),
  customerId: hashed<CustomerId>(asItIs),
  clientId: hashed<ClientId>(asItIs),
  externalId: { digests: ['sha256'], form: asItIs<CustomerId | ClientId> },
  ip: clear,
  userAgent: clear,
  // ISO 639-1; languages that have no two-letter code are left out.
  language: {
    digests: [],
    form: (tag: string) => (tag.length === 2 || tag.charAt(2) === '-' ? tag.slice(0, 2).toLowerCase() : undefined),
  },
} satisfies Normalizers

const accepts = {
  page_viewed: 'page_visit',
  // The name of the default; the setting productView may say view_content.
  product_viewed: 'page_visit',
  collection_viewed: 'view_category',
  searched: 'search',
  // Pinterest has no event for looking at the cart or taking something out of it.
  cart_viewed: null,
  product_removed: null,
  product_added: 'add_to_cart',
  wishlist_added: 'add_to_wishlist',
  // `checkout` is the completed order. Its start has had a name of its own since 5.16.0.
  checkout_started: 'initiate_checkout',
  // Steps between the start of a checkout and the payment. Pinterest's `contact` is a shopper who writes to the store.
  contact_submitted: null,
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'add_payment_info',
  order_placed: 'checkout',
  order_paid: 'checkout',
  // Nothing can be taken back: there is no adjustment, and negative values are advised against.
  order_refunded: null,
  order_cancelled: null,
  signed_up: 'signup',
  subscribed: 'subscribe',
  lead_submitted: 'lead',
  cart_updated: null,
  // Own names must first be set up in Ads Manager, 15 at most; unknown ones would be shown as "Unknown".
  custom: null,
} satisfies Record<EventName, string | null>

const isPurchase = (name: EventName): boolean => name === 'order_placed' || name === 'order_paid'

const toItems = (event: Event, settings: Settings, how: How): readonly PinterestEvent[] | Skip => {
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
  }
  // Sent both ways: opt_out is what Pinterest's own words tie to ads, LDP is its answer to US state law, which takes
  // effect together with the hashed state and country. The careful side, as no text says that one implies the other.
  if (how.limited) customData.opt_out_type = 'LDP'

  const offline = event.commerce?.channel === 'pos'
  const item: PinterestEvent = {
    event_name: eventName,
    action_source: offline ? 'offline' : 'web',
    // Clocks of shoppers run ahead; the future is refused.
    event_time: Math.floor(Math.min(Date.parse(event.occurredAt), how.now.getTime()) / SECOND),
    event_id: eventIdOf(event),
    opt_out: how.limited,
    user_data: userData,
  }
  if (event.page?.url !== undefined && !offline) item.event_source_url = event.page.url
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
const isToldByProductView = ({ name, page }: Event, { productView, off }: Settings): boolean =>
  name === 'page_viewed' && productView === 'page_visit' && !off.includes('product_viewed') && isProductPage(page?.url)

/** A purchase has one id, whether it counts when placed or when paid, so that the tag's copy is merged either way. */
const eventIdOf = ({ id, name, commerce }: Event): string =>
  name === 'order_paid' && commerce?.orderId !== undefined ? purchaseId(commerce.orderId) : id

const userDataOf = ({ identity, ids }: Event): UserData => {
  const user: UserData = {}
  if (identity !== undefined) {
    const { country, customerId, clientId } = identity
    const put = (key: HashedKey, form: Normalised | undefined) => {
      if (form !== undefined) user[key] = [sha256(form)]
    }
    if (identity.email) put('em', normalizers.email.form(identity.email))
    if (identity.phone) put('ph', normalizers.phone.form(identity.phone))
    if (identity.firstName) put('fn', normalizers.firstName.form(identity.firstName))
    if (identity.lastName) put('ln', normalizers.lastName.form(identity.lastName))
    if (identity.gender) put('ge', normalizers.gender.form(identity.gender))
    if (identity.birthDate) put('db', normalizers.birthDate.form(identity.birthDate))
    if (identity.city) put('ct', normalizers.city.form(identity.city))
    if (identity.region) put('st', normalizers.region.form(identity.region))
    if (identity.postalCode) put('zp', normalizers.postalCode.form(identity.postalCode, country))
    if (country) put('country', normalizers.country.form(country))
    const externalIds: Sha256[] = []
    if (customerId) externalIds.push(sha256(normalizers.externalId.form(customerId)))
    if (clientId) externalIds.push(sha256(normalizers.externalId.form(clientId)))
    if (externalIds.length > 0) user.external_id = externalIds
    if (identity.ip) user.client_ip_address = normalizers.ip.form(identity.ip)
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
    if (commerce.orderId !== undefined) custom.order_id = commerce.orderId
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
  if (commerce?.items === undefined) return contents
  // ZZ is how the channels that build catalogues write a country they do not know.
  const country = settings.catalogCountry ?? store?.country ?? 'ZZ'
  const contentId = contentIdOf(settings)
  for (const line of commerce.items) {
    const id = contentId(line, country)
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

/** Templates, read once for each connection's settings. */
const contentIds = new WeakMap<Settings, ContentId>()

const contentIdOf = (settings: Settings): ContentId => {
  const known = contentIds.get(settings)
  if (known !== undefined) return known
  const contentId = contentIdFrom(settings.contentIdTemplate)
  contentIds.set(settings, contentId)
  return contentId
}

const limits = {
  batch: 1000,
  // None is documented; vendors stay below 1 MB.
  bytes: 1024 * 1024,
  linger: SECOND,
  inFlight: 2,
  // 5,000 calls a minute and ad account, the smallest of three figures that Pinterest gives.
  rate: { perSecond: 80, scope: 'account' },
  // No official number; 7 days is what Pinterest's partners found.
  maxAge: 7 * DAY,
  future: 5 * MINUTE,
} as const

/** In test mode only the first events of a request are looked at. */
const TEST_BATCH = 20

const toRequests = (
  events: readonly PinterestEvent[],
  { adAccountId, accessToken }: Pick<Settings, 'adAccountId' | 'accessToken'>,
  { singly, test }: { readonly singly: boolean; readonly test: boolean },
): readonly Planned<PinterestEvent>[] => {
  const url = `https://api.pinterest.com/v5/ad_accounts/${adAccountId}/events${test ? '?test=true' : ''}`
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const batch = singly ? 1 : test ? TEST_BATCH : limits.batch
  return pack(events, { batch, bytes: limits.bytes }, ['{"data":[', ']}']).map(({ body, items }) => ({
    request: { method: 'POST', url, headers, body },
    items,
  }))
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const explanationOf = (answer: unknown): Explanation => ({
  code: textAt(answer, 'code'),
  message: said(textAt(answer, 'message')),
})

/** The verdicts of an answer that speaks of every event, at its root or under `details`; undefined for another number. */
const verdictsOf = (answer: unknown, code: string, items: number): readonly Verdict[] | undefined => {
  const atRoot = arrayAt(answer, 'events')
  const events = atRoot.length > 0 ? atRoot : arrayAt(objectAt(answer, 'details'), 'events')
  if (events.length !== items) return undefined
  return events.map((event): Verdict => {
    const status = textAt(event, 'status')
    const note = said(textAt(event, 'warning_message'))
    if (status === 'processed') return note === undefined ? { outcome: 'accepted' } : { outcome: 'accepted', note }
    if (status !== 'failed') return unreadable('Pinterest gave an event a status that is not documented.')
    return {
      outcome: 'rejected',
      code,
      message: said(textAt(event, 'error_message')) ?? note ?? 'Pinterest gave no reason.',
    }
  })
}

const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = parsed(response.body)
  const explanation = explanationOf(answer)
  // A batch of good and bad events is answered with 200 or with 422; either way each event has its own status.
  if (response.status === 200 || response.status === 422) {
    const verdicts = verdictsOf(answer, explanation.code ?? 'event_failed', items.length)
    if (verdicts !== undefined) return verdicts
  }
  const verdict =
    verdictFromStatus(response, items.length, explanation) ??
    unreadable('Pinterest’s answer could not be read, so it is not known what it took.')
  return items.map(() => verdict)
}

/** There is nothing that a conversion token may read, so an event is sent that Pinterest does not record. */
const verify = (connection: Settings, now: Date): { readonly request: HttpRequest; readonly counts: boolean } => {
  const address = email('converlay@example.com')
  const event: PinterestEvent = {
    event_name: 'page_visit',
    action_source: 'web',
    // Always the present: a constant grows too old one day, and the test then fails for no fault of the merchant's.
    event_time: Math.floor(now.getTime() / SECOND),
    event_id: `converlay_verify_${now.getTime()}`,
    opt_out: false,
    user_data: address === undefined ? {} : { em: [sha256(address)] },
  }
  const [planned] = toRequests([event], connection, { singly: true, test: true })
  if (planned === undefined) throw new Error('one event made no request')
  return { request: planned.request, counts: false }
}

const readVerify = (response: HttpResponse): Verified => {
  const answer = parsed(response.body)
  const words = explanationOf(answer).message
  const inItsWords = words === undefined ? '' : ` Pinterest says: ${words}`
  switch (response.status) {
    case 200:
      return isObject(answer)
        ? { outcome: 'ok', message: 'Pinterest accepts the token and knows the ad account.' }
        : {
            outcome: 'unknown',
            message: 'Something answered in Pinterest’s place (a proxy?). Check this server’s network.',
          }
    case 401:
      return {
        outcome: 'failed',
        message: `Pinterest does not accept the access token. Generate a new one in Ads Manager and paste it whole.${inItsWords}`,
      }
    case 403:
      return {
        outcome: 'failed',
        message: `The access token is not allowed to write to this ad account. Check the ad account ID, or generate the token as a user with the role Admin, Analyst, Audience or Campaign.${inItsWords}`,
      }
    case 404:
      return { outcome: 'failed', message: 'Pinterest knows no ad account with this ID. Copy it from Ads Manager.' }
    case 422:
      return {
        outcome: 'ok',
        message:
          'Pinterest accepts the token and knows the ad account. It disliked the test event, which does no harm.',
      }
    case 0:
      return { outcome: 'unknown', message: 'Pinterest did not answer. Check this server’s network and try again.' }
    case 429:
      return { outcome: 'unknown', message: 'Pinterest is limiting requests at the moment. Try again in a minute.' }
    default:
      return {
        outcome: 'unknown',
        message: `Pinterest answered with status ${response.status}, which tells nothing about the token. Try again later.${inItsWords}`,
      }
  }
}

/** What Pinterest's specification strongly recommends, on every event or at least on checkouts; it gives no weights. */
const STRONG = [
  'em',
  'click_id',
  'ph',
  'external_id',
  'client_ip_address',
  'client_user_agent',
  'fn',
  'ln',
] as const satisfies readonly (keyof UserData)[]
/** Taken without a recommendation. */
const WEAK = ['ct', 'st', 'zp', 'country', 'db', 'ge'] as const satisfies readonly (keyof UserData)[]

/** Pinterest Conversions API, version 5. */
export const pinterest = defineDestination<Settings, PinterestEvent>({
  slug: 'pinterest',
  name: 'Pinterest',
  docs: {
    url: 'https://developers.pinterest.com/docs/api/v5/events-create/',
    version: 'v5 (specification 5.23.0)',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: ['api.pinterest.com'],
  settings,
  accepts,
  limits,
  // Pages of 2026 say 48 hours, others 24: the shorter one is safe to rely on.
  dedup: (name) => (accepts[name] === null ? undefined : { window: 24 * HOUR, twinWindow: 24 * HOUR }),
  proof: 'event',
  matchesOn: {
    strong: STRONG,
    good: [],
    weak: WEAK,
    source: 'Descriptions of user_data in the OpenAPI specification 5.23.0',
  },
  // There is no consent field: without marketing consent nothing goes.
  consent: { purposes: ['marketing'], limitedUse: true },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  carries: ({ user_data }) => [...STRONG, ...WEAK].filter((field) => user_data[field] !== undefined),
  verify,
  readVerify,
})
