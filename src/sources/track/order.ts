import type { Channel, Commerce, Event, LineItem } from '../../event/event.ts'
import { cancelId, paidId, purchaseId, refundId } from '../../event/event-ids.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { booleanAt, compact, compactOrAbsent, type Json, textAt } from '../../lib/json.ts'
import { sum } from '../../lib/money.ts'
import { amountAt, currencyAt, piecesOf } from '../amounts.ts'
import { shopifyId, tokenAt } from '../ids.ts'
import { instant } from '../instant.ts'
import { eventOf } from '../sighting.ts'
import type { Decoded } from '../source.ts'
import type { Call } from './call.ts'
import { productLines } from './items.ts'

const PLACED = 'order completed'
const UPDATED = 'order updated'
const REFUNDED = 'order refunded'
const CANCELLED = 'order cancelled'

/** Names of calls about an order, in any case. */
export const isOrderCall = (name: string): boolean =>
  [PLACED, UPDATED, REFUNDED, CANCELLED].includes(name.trim().toLowerCase())

const ORDER_ID = /^[A-Za-z0-9][\w.:-]{0,99}$/

/** An order's id: Shopify's digits however they are written, so that it is the order of the webhooks; else the shop's own. */
const orderIdAt = (properties: Json): string | undefined => {
  const text = textAt(properties, 'order_id')
  if (text === undefined) return undefined
  return shopifyId(text) ?? (ORDER_ID.test(text) ? text : undefined)
}

/**
 * An order, by a key that only the merchant's servers have, creates what a webhook of Shopify would. By a key that stands
 * in a page it only adds to an order who bought and from where: never money, and never the order itself.
 */
export const orderCall = (call: Call, name: string, trusted: boolean): Decoded | string => {
  const orderId = orderIdAt(call.properties)
  if (orderId === undefined) return 'A call about an order has no order_id.'
  const what = name.trim().toLowerCase()
  if (!trusted || what === UPDATED) return part(call, orderId)
  if (what === REFUNDED) return refunded(call, orderId)
  if (what === CANCELLED) return cancelled(call, orderId)
  return placed(call, orderId)
}

const told = (event: Event, order: OrderChange): Decoded => ({ events: [live(event)], parts: [], orders: [order] })

const live = (event: Event): Event => ({ ...event, origin: 'track' })

const part = (call: Call, orderId: string): Decoded => {
  const event = eventOf(call.sighting, {
    ...call.told,
    id: purchaseId(orderId),
    name: 'order_placed',
    part: true,
    commerce: compact<Commerce>({ orderId, checkoutToken: tokenAt(call.properties, 'checkout_id') }),
  })
  return { events: [], parts: [live(event)], orders: [] }
}

const CHANNELS: ReadonlySet<string> = new Set([
  'web',
  'pos',
  'draft',
  'subscription',
  'app',
  'other',
] satisfies Channel[])

const placed = (call: Call, orderId: string): Decoded => {
  const { properties, told: common, occurredAt } = call
  const money = moneyOf(properties, call.flags)
  const channel = textAt(properties, 'channel')?.toLowerCase() ?? ''
  const commerce = compact<Commerce>({
    ...money,
    orderId,
    orderName: textAt(properties, 'order_name'),
    checkoutToken: tokenAt(properties, 'checkout_id'),
    placedAt: occurredAt,
    paymentType: textAt(properties, 'payment_method'),
    shippingMethod: textAt(properties, 'shipping_method'),
    channel: CHANNELS.has(channel) ? (channel as Channel) : 'web',
    test: booleanAt(properties, 'test'),
  })
  const order = eventOf(call.sighting, { ...common, id: purchaseId(orderId), name: 'order_placed', commerce })
  const change = compact<OrderChange>({
    orderId,
    name: commerce.orderName,
    placedAt: Date.parse(occurredAt),
    value: money.value,
    currency: money.currency,
    channel: commerce.channel,
    email: common.identity?.email,
  })
  // Completed is paid, unless it says otherwise: a purchase counts by either moment, as the connection chooses.
  if (booleanAt(properties, 'paid') === false) return told(order, change)
  const paid = eventOf(call.sighting, { ...common, id: paidId(orderId), name: 'order_paid', commerce })
  return { events: [live(order), live(paid)], parts: [], orders: [change] }
}

/** Several refunds of one order are several facts: each needs an id of its own. */
const refunded = (call: Call, orderId: string): Decoded | string => {
  const { properties, told: common } = call
  const id = textAt(properties, 'refund_id') ?? call.id
  if (id === undefined || !ORDER_ID.test(id)) return 'A refund has neither a refund_id nor a usable messageId.'
  const money = moneyOf(properties, call.flags)
  const event = eventOf(call.sighting, {
    ...common,
    id: refundId(id),
    name: 'order_refunded',
    commerce: compact<Commerce>({ ...money, orderId, refundId: id }),
  })
  return told(event, { orderId, ...(money.value === undefined ? {} : { refund: { id, value: money.value } }) })
}

const cancelled = (call: Call, orderId: string): Decoded => {
  const { properties, told: common, occurredAt } = call
  const money = moneyOf(properties, call.flags)
  const original = compactOrAbsent<NonNullable<Commerce['original']>>({
    occurredAt: instant(textAt(properties, 'placed_at')),
    value: money.value,
  })
  const event = eventOf(call.sighting, {
    ...common,
    id: cancelId(orderId),
    name: 'order_cancelled',
    commerce: compact<Commerce>({ ...money, orderId, original, reason: textAt(properties, 'reason') }),
  })
  return told(event, { orderId, cancelledAt: Date.parse(occurredAt) })
}

/**
 * What an order costs: `total` is all of it; `revenue` and `subtotal` are the lines alone, to which shipping and tax are
 * added; and where nothing is said in all, the lines speak.
 * https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed
 */
const moneyOf = (properties: Json, flags: Set<string>): Commerce => {
  const currency = currencyAt(properties, 'currency')
  const amount = (key: string) => amountAt(properties, key, currency, flags)
  const items: readonly LineItem[] = productLines(properties, currency, flags)
  const lines =
    items.length > 0 && items.every(({ total }) => total !== undefined)
      ? sum(
          items.map(({ total }) => total),
          currency,
        )
      : undefined
  const [tax, shipping] = [amount('tax'), amount('shipping')]
  const subtotal = amount('subtotal') ?? amount('revenue') ?? lines
  const all = subtotal === undefined ? undefined : sum([subtotal, tax, shipping], currency)
  const coupon = textAt(properties, 'coupon')
  return compact<Commerce>({
    currency,
    value: amount('total') ?? amount('value') ?? all,
    subtotal,
    tax,
    shipping,
    discount: amount('discount'),
    coupons: coupon === undefined ? undefined : [coupon],
    items: items.length === 0 ? undefined : items,
    numItems: piecesOf(items),
  })
}
