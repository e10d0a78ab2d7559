import { type BrowserIds, browserIdsFrom } from '../../event/browser-ids.ts'
import type { Consent } from '../../event/consent.ts'
import type { Commerce, Device, Event, EventId, Page } from '../../event/event.ts'
import { pixelIdFrom, purchaseId } from '../../event/event-ids.ts'
import { identityFrom } from '../../event/identity.ts'
import { compactOrAbsent, isObject, type Json, numberAt, objectAt, textAt } from '../../lib/json.ts'
import { customOf } from '../custom.ts'
import { shopifyIdAt, token, tokenAt } from '../ids.ts'
import { instant } from '../instant.ts'
import { notAhead } from '../not-ahead.ts'
import { isPersonalTitle } from '../personal.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { originOf, webUrlAt } from '../web-url.ts'
import type { Beacon } from './beacon.ts'
import { attributesOf, checkoutFacts, checkoutPerson } from './checkout.ts'
import { type Kind, kindOf } from './kinds.ts'
import { readTagReport, TAG_REPORT } from './tag-report.ts'

/** Standard events that are no act of the shopper. */
const SILENT: ReadonlySet<string> = new Set(['alert_displayed', 'ui_extension_errored'])

/** A pixel event in our words, or in plain words why nothing is made of it. */
export const decodeEvent = (beacon: Beacon, raw: Json): Event | string => {
  if (!isObject(raw)) return 'An event is not a JSON object.'
  const name = textAt(raw, 'name')
  const type = textAt(raw, 'type') ?? 'standard'
  if (name === undefined || name.length > 100) return 'An event has no name.'
  const reader = readerOf(beacon, raw, name)
  if (typeof reader === 'string') return reader
  if (type === 'custom') return name === TAG_REPORT ? tagReported(reader) : customEvent(reader, name)
  if (type !== 'standard') return 'Clicks and other movements on a page are not events of commerce.'
  if (SILENT.has(name)) return 'What a page displayed or failed to display is not an act of the shopper.'
  if (name === 'checkout_completed') return completedCheckout(reader)
  const kind = kindOf(name)
  return kind === undefined ? 'An event is of a kind that is not known.' : standardEvent(reader, kind)
}

/** One event on its way: what was read of it so far. */
interface Reader {
  readonly beacon: Beacon
  readonly raw: { readonly [key: string]: Json }
  readonly sighting: Sighting
  readonly flags: Set<string>
  readonly occurredAt: string
  readonly pageUrl: string | undefined
  readonly page: Page | undefined
  readonly context: { readonly [key: string]: Json }
}

const readerOf = (beacon: Beacon, raw: { readonly [key: string]: Json }, name: string): Reader | string => {
  const flags = new Set(beacon.flags)
  const occurredAt = timeOf(beacon, raw, flags)
  if (occurredAt === undefined) return 'An event does not tell when it happened.'
  const context = objectAt(raw, 'context')
  const document = objectAt(context, 'document')
  const location = objectAt(document, 'location')
  return {
    beacon,
    raw,
    sighting: { message: beacon.message, shop: beacon.shop, by: `web-pixel:${name}`, flags },
    flags,
    occurredAt,
    pageUrl: textAt(location, 'href'),
    page: compactOrAbsent<Page>({
      url: webUrlAt(location, 'href'),
      referrer: webUrlAt(document, 'referrer'),
      title: titleAt(document),
    }),
    context,
  }
}

/** The page's title, unless it repeats what somebody looked for and that is a person's address or number. */
const titleAt = (document: Json): string | undefined => {
  const title = textAt(document, 'title')
  return title === undefined || isPersonalTitle(title) ? undefined : title
}

/** The event's own time, else the beacon's, else that of its receipt; set back where the browser's clock runs ahead. */
const timeOf = (beacon: Beacon, raw: Json, flags: Set<string>): string | undefined => {
  const own = instant(textAt(raw, 'timestamp'))
  if (own === undefined) flags.add('timestamp_unreadable')
  const told = own ?? beacon.sentAt ?? instant(beacon.message.receivedAt)
  const at = notAhead(beacon.message.receivedAt, told)
  if (at !== told) flags.add('clock_ahead')
  return at
}

const UNUSABLE_ID = 'An event has no usable id.'

const standardEvent = (reader: Reader, kind: Kind): Event | string => {
  const { raw, flags, page, beacon } = reader
  const data = objectAt(raw, 'data')
  const checkout = kind.checkout === undefined ? undefined : objectAt(data, 'checkout')
  const id = idOf(reader, kind, checkout)
  if (id === undefined) return UNUSABLE_ID
  const own = kind.own(data, { origin: originOf(page?.url) ?? beacon.store?.url, flags })
  const cartToken = own.commerce?.cartToken ?? cartTokenOf(reader)
  const facts: Commerce | undefined = checkout === undefined ? undefined : checkoutFacts(checkout, cartToken)
  return eventOf(reader.sighting, {
    ...common(reader, checkout, kind.name === 'cart_viewed' ? objectAt(data, 'cart') : checkout),
    id,
    name: kind.name,
    commerce: compactOrAbsent<Commerce>({ ...own.commerce, cartToken, ...facts }),
    search: own.search,
    collection: own.collection,
  })
}

/** The checkout's own id where the fact has one, else the pixel's. */
const idOf = (reader: Reader, kind: Kind, checkout: Json | undefined): EventId | undefined => {
  const shared = kind.checkout?.id
  if (shared !== undefined) {
    const checkoutToken = tokenAt(checkout, 'token')
    if (checkoutToken !== undefined) return shared(checkoutToken)
    reader.flags.add('checkout_token_missing')
  }
  return pixelIdFrom(textAt(reader.raw, 'id'))
}

/**
 * The browser's part of a purchase. Anybody can post a beacon, so it carries no money and may not create the order: it
 * only adds who bought and from where.
 */
const completedCheckout = (reader: Reader): Event | string => {
  const checkout = objectAt(objectAt(reader.raw, 'data'), 'checkout')
  const orderId = shopifyIdAt(objectAt(checkout, 'order'), 'id')
  if (orderId === undefined) return 'A completed checkout does not say which order it made.'
  return eventOf(reader.sighting, {
    ...common(reader, checkout, checkout),
    id: purchaseId(orderId),
    name: 'order_placed',
    part: true,
    commerce: checkoutFacts(checkout, cartTokenOf(reader)),
  })
}

const customEvent = (reader: Reader, name: string): Event | string => {
  const id = pixelIdFrom(textAt(reader.raw, 'id'))
  if (id === undefined) return UNUSABLE_ID
  const custom = customOf(name, reader.raw.customData, reader.flags)
  const cartToken = cartTokenOf(reader)
  return eventOf(reader.sighting, {
    ...common(reader, undefined, undefined),
    id,
    name: 'custom',
    commerce: cartToken === undefined ? undefined : { cartToken },
    custom,
  })
}

/** What the platforms' own tags made of an event: a part of it that tells which fired. */
const tagReported = (reader: Reader): Event | string => {
  const report = readTagReport(objectAt(reader.raw, 'customData'))
  if (report === undefined) return 'A report of tags does not say of which event, or of which platforms.'
  for (const flag of report.flags) reader.flags.add(flag)
  const { id, name, commerce } = report
  return eventOf(reader.sighting, { ...common(reader, undefined, undefined), id, name, part: true, commerce })
}

const CHECKOUT_PATH = /^https?:\/\/[^/?#]+(?:\/[^/?#]+)?\/checkouts\/cn\/([^/?#]+)/

/** The cart's token, from the checkout's address or from what the pixel knew of the cart. */
const cartTokenOf = (reader: Reader): string | undefined => {
  const url = reader.pageUrl
  const shown = url?.includes('/checkouts/') ? token(CHECKOUT_PATH.exec(url)?.[1]) : undefined
  return shown ?? reader.beacon.cartToken
}

/** What every pixel event tells: where, in which browser, by whom, and what was allowed. */
const common = (
  reader: Reader,
  checkout: Json | undefined,
  attributed: Json | undefined,
): Pick<Event, 'occurredAt'> & {
  readonly [K in 'store' | 'page' | 'landing' | 'device' | 'identity' | 'ids' | 'consent']: Event[K] | undefined
} => {
  const { beacon, occurredAt, context, raw } = reader
  return {
    occurredAt,
    store: beacon.store,
    page: reader.page,
    landing: beacon.landing,
    device: deviceOf(context),
    identity: identityOf(
      beacon,
      raw,
      context,
      checkout === undefined ? undefined : checkoutPerson(checkout, reader.flags),
    ),
    ids: idsOf(reader, attributed),
    consent: consentAt(beacon, occurredAt),
  }
}

const identityOf = (
  beacon: Beacon,
  raw: Json,
  context: Json,
  person: ReturnType<typeof checkoutPerson> | undefined,
): Event['identity'] => {
  const navigator = objectAt(context, 'navigator')
  return identityFrom({
    ...person,
    email: person?.email ?? beacon.customer.email,
    phone: person?.phone ?? beacon.customer.phone,
    customerId: person?.customerId ?? beacon.customer.id,
    clientId: textAt(raw, 'clientId'),
    ip: beacon.message.ip,
    userAgent: beacon.message.userAgent ?? textAt(navigator, 'userAgent'),
    language: textAt(navigator, 'language'),
  })
}

/** Cookies first, then what the cart's attributes carry, then the page's and the landing page's parameters. */
const idsOf = (reader: Reader, attributed: Json | undefined): BrowserIds | undefined => {
  const { beacon, occurredAt, pageUrl } = reader
  const cookies = attributed === undefined ? beacon.cookies : { ...attributesOf(attributed), ...beacon.cookies }
  // A purchase's thank-you page can come after the order was made; its click came with the landing page.
  const landing = { url: beacon.landingUrl, at: beacon.landing?.at }
  return browserIdsFrom({ cookies, urls: [pageUrl], landing }, occurredAt)
}

/** The beacon's consent as of a moment; undefined where it tells none. */
export const consentAt = (beacon: Beacon, at: string): Consent | undefined =>
  beacon.consent === undefined ? undefined : { ...beacon.consent, source: 'web-pixel', at }

const deviceOf = (context: Json): Device | undefined => {
  const screen = objectAt(objectAt(context, 'window'), 'screen')
  const width = pixels(screen, 'width')
  const height = pixels(screen, 'height')
  return width !== undefined && height !== undefined ? { screen: { width, height } } : undefined
}

const pixels = (screen: Json, side: 'width' | 'height'): number | undefined => {
  const length = numberAt(screen, side)
  return length !== undefined && length > 0 && length <= 100_000 ? Math.round(length) : undefined
}
