import type { Commerce, Event } from '../../event/event.ts'
import { cancelId, paidId, purchaseId } from '../../event/event-ids.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { arrayAt, booleanAt, compact, type Json, objectAt, textAt } from '../../lib/json.ts'
import { piecesOf } from '../amounts.ts'
import { shopifyIdAt, tokenAt } from '../ids.ts'
import { instant } from '../instant.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { channelOf } from './channel.ts'
import { soldLines } from './line-items.ts'
import { buyersBrowser, orderIdentity } from './order-identity.ts'
import { orderMoney } from './order-money.ts'
import { visitOf } from './visit.ts'
import { madeAt, when } from './when.ts'

const NO_ORDER_ID = 'The order has no id.'
const NO_TIME = 'Nothing in the message tells when it happened.'

/** An order as its events share it: what every event of it says, and its money, which parts leave out. */
interface Order {
  readonly orderId: string
  readonly placedAt: string
  readonly told: Pick<Event, 'page' | 'landing' | 'identity' | 'ids' | 'consent'>
  readonly plain: Commerce
  readonly money: Commerce
}

const readOrder = (sighting: Sighting, body: Json): Order | string => {
  const { message, flags } = sighting
  const orderId = shopifyIdAt(body, 'id') ?? shopifyIdAt(body, 'admin_graphql_api_id')
  if (orderId === undefined) return NO_ORDER_ID
  const placedAt =
    madeAt(textAt(body, 'created_at'), textAt(body, 'processed_at')) ?? when(message, textAt(body, 'updated_at'))
  if (placedAt === undefined) return NO_TIME
  const channel = channelOf(body, flags)
  const visit = visitOf(body, message.facts?.url, channel === 'web', placedAt)
  const money = orderMoney(body, flags)
  const items = soldLines(body, money.currency, flags)
  return {
    orderId,
    placedAt,
    told: compact<Order['told']>({ ...visit, identity: orderIdentity(body, flags, buyersBrowser(body)) }),
    plain: compact<Commerce>({
      orderId,
      orderName: textAt(body, 'name'),
      checkoutToken: tokenAt(body, 'checkout_token'),
      cartToken: tokenAt(body, 'cart_token'),
      placedAt,
      updatedAt: instant(textAt(body, 'updated_at')),
      paymentType: firstText(arrayAt(body, 'payment_gateway_names')),
      shippingMethod: textAt(arrayAt(body, 'shipping_lines')[0], 'title'),
      channel,
      financialStatus: textAt(body, 'financial_status'),
      test: booleanAt(body, 'test'),
    }),
    money: compact<Commerce>({
      ...money,
      items: items.length === 0 ? undefined : items,
      numItems: piecesOf(items),
    }),
  }
}

const firstText = (values: readonly Json[]): string | undefined => textAt({ first: values[0] ?? null }, 'first')

const placed = (sighting: Sighting, order: Order): Event =>
  eventOf(sighting, {
    id: purchaseId(order.orderId),
    name: 'order_placed',
    occurredAt: order.placedAt,
    ...order.told,
    commerce: { ...order.money, ...order.plain },
  })

const change = (order: Order): OrderChange =>
  compact<OrderChange>({
    orderId: order.orderId,
    name: order.plain.orderName,
    placedAt: Date.parse(order.placedAt),
    value: order.money.value,
    currency: order.money.currency,
    channel: order.plain.channel,
    email: order.told.identity?.email,
  })

/** orders/create: the purchase. */
export const orderCreated = (sighting: Sighting, body: Json): Decoded => {
  const order = readOrder(sighting, body)
  if (typeof order === 'string') return nothing(order)
  return { events: [placed(sighting, order)], parts: [], orders: [change(order)] }
}

/** orders/paid: the payment, and the purchase too where this is the first that is heard of it. */
export const orderPaid = (sighting: Sighting, body: Json): Decoded => {
  const order = readOrder(sighting, body)
  if (typeof order === 'string') return nothing(order)
  const paid = eventOf(sighting, {
    id: paidId(order.orderId),
    name: 'order_paid',
    // An order has no moment of payment of its own; payment is what changed it last when Shopify sent this.
    occurredAt: when(sighting.message, textAt(body, 'updated_at')) ?? order.placedAt,
    ...order.told,
    commerce: { ...order.money, ...order.plain },
  })
  return { events: [placed(sighting, order), paid], parts: [], orders: [change(order)] }
}

/** orders/updated: may add what was missing when the order was placed; never money, and never the order itself. */
export const orderUpdated = (sighting: Sighting, body: Json): Decoded => {
  const order = readOrder(sighting, body)
  if (typeof order === 'string') return nothing(order)
  const part = eventOf(sighting, {
    id: purchaseId(order.orderId),
    name: 'order_placed',
    part: true,
    occurredAt: order.placedAt,
    ...order.told,
    commerce: order.plain,
  })
  return { events: [], parts: [part], orders: [] }
}

/** orders/edited: a list of what was added and removed, not an order; it only marks the order as edited. */
export const orderEdited = (sighting: Sighting, body: Json): Decoded => {
  const edit = objectAt(body, 'order_edit')
  const orderId = shopifyIdAt(edit, 'order_id')
  if (orderId === undefined) return nothing(NO_ORDER_ID)
  const occurredAt = when(sighting.message, textAt(edit, 'created_at'))
  if (occurredAt === undefined) return nothing(NO_TIME)
  sighting.flags.add('order_edited')
  const part = eventOf(sighting, {
    id: purchaseId(orderId),
    name: 'order_placed',
    part: true,
    occurredAt,
    commerce: { orderId, updatedAt: occurredAt },
  })
  return { events: [], parts: [part], orders: [] }
}

/** orders/cancelled: takes back the order that it names. */
export const orderCancelled = (sighting: Sighting, body: Json): Decoded => {
  const order = readOrder(sighting, body)
  if (typeof order === 'string') return nothing(order)
  const occurredAt = when(sighting.message, textAt(body, 'cancelled_at'), textAt(body, 'updated_at')) ?? order.placedAt
  const event = eventOf(sighting, {
    id: cancelId(order.orderId),
    name: 'order_cancelled',
    occurredAt,
    ...order.told,
    commerce: compact<Commerce>({
      ...order.money,
      ...order.plain,
      original: compact<NonNullable<Commerce['original']>>({ occurredAt: order.placedAt, value: order.money.value }),
      reason: textAt(body, 'cancel_reason'),
    }),
  })
  return { events: [event], parts: [], orders: [{ ...change(order), cancelledAt: Date.parse(occurredAt) }] }
}
