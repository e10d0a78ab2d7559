import type { Event } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { arrayAt, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { instant } from '../instant.ts'
import { orderCancelled, orderCreated, orderPaid } from '../shopify-webhook/order.ts'
import { refundCreated } from '../shopify-webhook/refund.ts'
import type { Sighting } from '../sighting.ts'
import { type Decoded, type Message, NO_SHOP, nothing } from '../source.ts'
import { customerTypeOf, orderAsWebhook, paidAt, refundsAsWebhooks } from './as-webhook.ts'

/**
 * The events of orders as the Admin API gives them (order-fields.ts): a whole answer, its data, or one order. Each
 * order tells of everything that happened to it so far: placed, paid, refunded, cancelled, with the very ids that the
 * webhooks give, so that what a webhook told already is not told again.
 */
export const decodeOrders = (message: Message, body: Json): Decoded => {
  const { shop } = message
  if (shop === undefined) return nothing(NO_SHOP)
  const orders = ordersIn(body)
  if (orders.length === 0) return nothing('There are no orders in it.')
  const events: Event[] = []
  const changes: OrderChange[] = []
  const leftOut = new Set<string>()
  for (const order of orders)
    for (const decoded of toldBy({ message, shop }, order)) {
      events.push(
        ...decoded.events.map((event) => ({
          ...withCustomerType(event, customerTypeOf(order)),
          origin: message.origin ?? ('reconcile' as const),
        })),
      )
      changes.push(...decoded.orders)
      if (decoded.nothing !== undefined) leftOut.add(decoded.nothing)
    }
  if (events.length === 0) return nothing([...leftOut].join(' '))
  return { events, parts: [], orders: changes, ...(leftOut.size === 0 ? {} : { leftOut: [...leftOut] }) }
}

const withCustomerType = (event: Event, customerType: ReturnType<typeof customerTypeOf>): Event =>
  customerType !== undefined && (event.name === 'order_placed' || event.name === 'order_paid')
    ? { ...event, commerce: { ...event.commerce, customerType } }
    : event

const ordersIn = (body: Json): readonly Json[] => {
  if (!isObject(body)) return []
  const connection = objectAt(isObject(body.data) ? body.data : body, 'orders')
  const nodes = arrayAt(connection, 'nodes')
  if (nodes.length > 0) return nodes
  const edges = arrayAt(connection, 'edges').map((edge) => objectAt(edge, 'node'))
  return edges.length > 0 ? edges : 'createdAt' in body ? [body] : []
}

/** Money was taken for it at some time, whatever was given back since. */
const PAID: ReadonlySet<string> = new Set(['paid', 'partially_refunded', 'refunded'])

const toldBy = ({ message, shop }: Pick<Sighting, 'message' | 'shop'>, order: Json): readonly Decoded[] => {
  const sighting = (): Sighting => ({ message, shop, by: 'admin-api:order', flags: new Set() })
  const body = orderAsWebhook(order)
  return [
    orderCreated(sighting(), body),
    ...(PAID.has(textAt(body, 'financial_status') ?? '') ? [payment(sighting(), body, paidAt(order))] : []),
    ...(textAt(body, 'cancelled_at') === undefined ? [] : [orderCancelled(sighting(), body)]),
    ...refundsAsWebhooks(order).map((refund) => refundCreated(sighting(), { ...refund })),
  ]
}

/** The payment alone. Its moment is that of the money: what an order was changed by last need not have been that. */
const payment = (sighting: Sighting, body: { readonly [key: string]: Json }, at: string | undefined): Decoded => {
  const told = orderPaid(sighting, { ...body, updated_at: at ?? body.created_at ?? null })
  const events = told.events
    .filter(({ name }) => name === 'order_paid')
    .map((event) => ({
      ...event,
      ...(event.commerce ? { commerce: { ...event.commerce, ...whenChanged(body) } } : {}),
    }))
  return { ...told, events, orders: [] }
}

const whenChanged = (body: Json): { readonly updatedAt?: string } => {
  const updatedAt = instant(textAt(body, 'updated_at'))
  return updatedAt === undefined ? {} : { updatedAt }
}
