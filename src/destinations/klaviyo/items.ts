import type { Commerce, Event, EventId } from '../../event/event.ts'
import { checkoutId } from '../../event/event-ids.ts'
import { type EventName, isOrderEvent } from '../../event/names.ts'
import { SECOND } from '../../lib/duration.ts'
import { worth } from '../amounts.ts'
import { type Destination, type How, type Skip, skip } from '../destination.ts'
import { CART_STATE, isPurchase, toldId, toldTime } from '../told.ts'
import { type Profile, profileOf } from './profile.ts'
import { amount, isGone, orderedProduct, type Properties, propertiesOf, type Told } from './properties.ts'
import type { Settings } from './settings.ts'

/** An event as `data` of a single request; in bulk the profile stands beside it. */
export interface KlaviyoEvent {
  readonly type: 'event'
  readonly attributes: {
    readonly unique_id: string
    readonly time: string
    value?: number
    value_currency?: string
    backfill?: true
    readonly metric: Metric
    readonly profile: { readonly data: Profile }
    readonly properties: Properties
  }
}

interface Metric {
  readonly data: { readonly type: 'metric'; readonly attributes: { readonly name: string } }
}

/** Klaviyo's name of each event, or null with the reason. Case and spaces count: another spelling is another metric. */
export const accepts = {
  page_viewed: 'Active on Site',
  product_viewed: 'Viewed Product',
  collection_viewed: 'Viewed Collection',
  searched: 'Submitted Search',
  cart_viewed: null,
  product_added: 'Added to Cart',
  product_removed: null,
  wishlist_added: 'Added to Wishlist',
  // Klaviyo's own Shopify integration has "Checkout Started"; its guides give everybody else the words this way round.
  checkout_started: 'Started Checkout',
  // Who begins a checkout is mostly unknown until this step, and nobody unknown can be reminded of it. Both have one
  // unique_id, so a checkout counts once.
  contact_submitted: 'Started Checkout',
  address_submitted: null,
  shipping_submitted: null,
  payment_info_added: 'Added Payment Info',
  order_placed: 'Placed Order',
  order_paid: 'Placed Order',
  order_refunded: 'Refunded Order',
  order_cancelled: 'Cancelled Order',
  signed_up: 'Created Account',
  subscribed: null,
  lead_submitted: 'Submitted Lead',
  cart_updated: null,
  custom: null,
} satisfies Record<EventName, string | null>

export const declines = {
  cart_viewed: 'Klaviyo has no metric for looking at the cart; what was added to it is sent.',
  product_removed: 'Klaviyo has no metric for taking something out of the cart.',
  address_submitted: 'A step inside a checkout that Klaviyo was told of when the shopper gave an e-mail or phone.',
  shipping_submitted: 'A step inside a checkout that Klaviyo was told of when the shopper gave an e-mail or phone.',
  subscribed: 'Subscribing is consent, which Klaviyo takes through its lists; an event would subscribe nobody.',
  cart_updated: CART_STATE,
  custom: 'Whatever a theme or app publishes would become a metric, and flows could write to customers because of it.',
} satisfies Destination['declines']

/** What Klaviyo's own Shopify integration does not tell it. Search it does, since its snippet sends Submitted Search. */
const LACKING: readonly EventName[] = ['wishlist_added', 'payment_info_added', 'signed_up', 'lead_submitted']
const ACCEPTED = (Object.keys(accepts) as EventName[]).filter((name) => accepts[name] !== null)

/** Beside Klaviyo's own integration only what it lacks: a metric sent by both is two, and both trigger flows. */
export const defaultEvents = ({ nativeIntegration }: Settings): readonly EventName[] =>
  nativeIntegration ? LACKING : ACCEPTED

const metricNamed = (name: string): Metric => ({ data: { type: 'metric', attributes: { name } } })
const METRICS: ReadonlyMap<EventName, Metric> = new Map(
  ACCEPTED.map((name) => [name, metricNamed(accepts[name] ?? '')] as const),
)
const ORDERED_PRODUCT = metricNamed('Ordered Product')

/** Events that are worth something before there is an order. */
const VALUED: ReadonlySet<EventName> = new Set<EventName>([
  'product_added',
  'checkout_started',
  'contact_submitted',
  'payment_info_added',
])

/** What Klaviyo is told of an event: one item, for a purchase one more for each line, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly KlaviyoEvent[] | Skip => {
  const { name, commerce } = event
  const metric = METRICS.get(name)
  if (metric === undefined) return skip('not_accepted')
  // Switched off is Klaviyo's tracking of the store's pages; an order made there tells what was done on them as well.
  if (event.ids?.klaOff === 'true') return skip('no_consent')
  const profile = profileOf(event)
  if (profile === undefined) return skip('no_identifier')
  if (name === 'page_viewed' && !beginsVisit(event)) return skip('covered')

  const { currency, value, linesMatch } = commerce === undefined ? NOTHING : worth(name, commerce, settings)
  const number = amount(value)
  if (isOrderEvent(name)) {
    // Without a currency Klaviyo would take the account's.
    if (value === undefined) return skip('missing_field', 'commerce.value')
    if (currency === undefined) return skip('missing_field', 'commerce.currency')
    if (number === undefined)
      return Number(value) < 0 ? skip('value_not_positive') : skip('invalid_field', 'commerce.value')
    // Restocked pieces or a note: nothing was given back, and a flow would write to the customer that it was. Of a
    // cancellation 0 is news still, after a full refund too: the order is off, and flows that wait for it have to end.
    if (name === 'order_refunded' && number === 0) return skip('value_not_positive')
  }

  const told: Told = { event, settings, priced: linesMatch }
  const fact: Fact = { time: timeOf(event, how.now), profile: { data: profile }, backfill: how.backfill }
  const properties = propertiesOf(told)
  const id = uniqueId(event)
  // Another event's id stands for it at Klaviyo; by its own it can be found here.
  if (id !== toldId(event)) properties.EventId = toldId(event)
  const valued = isOrderEvent(name) || VALUED.has(name)
  const items = [itemOf(fact, metric, id, valued ? number : undefined, currency, properties)]
  if (!isPurchase(name)) return items
  let place = 0
  for (const line of commerce?.items ?? NO_LINES) {
    place++
    if (isGone(line)) continue
    const product = orderedProduct(line, told)
    if (product === undefined) continue
    const lineId = [id, line.lineId ?? `line${place}`].join(':')
    items.push(itemOf(fact, ORDERED_PRODUCT, lineId, linesMatch ? amount(line.total) : undefined, currency, product))
  }
  return items
}

const NO_LINES: NonNullable<Commerce['items']> = []

const NOTHING: ReturnType<typeof worth> = { linesMatch: true }

/** What the items of one event share. */
interface Fact {
  readonly time: string
  readonly profile: { readonly data: Profile }
  readonly backfill: boolean
}

const itemOf = (
  { time, profile, backfill }: Fact,
  metric: Metric,
  id: string,
  value: number | undefined,
  currency: string | undefined,
  properties: Properties,
): KlaviyoEvent => {
  const attributes: KlaviyoEvent['attributes'] = { unique_id: id, time, metric, profile, properties }
  if (value !== undefined && currency !== undefined) {
    attributes.value = value
    attributes.value_currency = currency
  }
  // Recorded, but no flow starts: nobody gets a mail about a cart of last year.
  if (backfill) attributes.backfill = true
  return { type: 'event', attributes }
}

/** Whether another event of ours may have the same unique_id: a request for a backlog is refused for one repeat. */
export const sharesUniqueId = ({ attributes: { metric } }: KlaviyoEvent): boolean =>
  metric.data.attributes.name === accepts.checkout_started

/** By this Klaviyo merges repeats, together with the person and the metric. Without it, one event a second survives. */
const uniqueId = (event: Event): EventId =>
  event.name === 'contact_submitted' && event.commerce?.checkoutToken !== undefined
    ? checkoutId(event.commerce.checkoutToken)
    : toldId(event)

/** "2026-11-20T14:03:22Z": Klaviyo cuts to the second. */
const timeOf = (event: Event, now: Date): string =>
  [new Date(toldTime(event, now)).toISOString().slice(0, 19), 'Z'].join('')

/** Between a visit's beginning and its first page view, whose times different scripts take. */
const SAME_MOMENT = 30 * SECOND

/**
 * Klaviyo wants "Active on Site" once a session. Page views that shared a unique_id for each session would be merged,
 * but only by its single interface: the one for backlogs refuses a whole request for one repeat. So only the page view
 * that began the visit goes; where the visit's beginning is not known, one that no page of the store led to.
 */
const beginsVisit = ({ page, landing, occurredAt }: Event): boolean =>
  landing?.at === undefined
    ? page?.referrer === undefined || originOf(page.referrer) !== originOf(page.url)
    : pathOf(landing.url) === pathOf(page?.url) &&
      Math.abs(Date.parse(occurredAt) - Date.parse(landing.at)) <= SAME_MOMENT

const originOf = (url: string | undefined): string | undefined => url?.split('/', 3).join('/')
/** Scripts of the page may change what follows the path. */
const pathOf = (url: string | undefined): string | undefined => url?.split(/[?#]/, 1)[0]
