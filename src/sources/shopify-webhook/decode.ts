import { isObject, type Json } from '../../lib/json.ts'
import type { Sighting } from '../sighting.ts'
import { type Decoded, type Message, NO_SHOP, nothing } from '../source.ts'
import { cartChanged } from './cart.ts'
import { checkoutCreated, checkoutUpdated } from './checkout.ts'
import { customerCreated, marketingConsentUpdated } from './customer.ts'
import { appUninstalled, productUpdated, scopesUpdated, shopUpdated } from './lifecycle.ts'
import { orderCancelled, orderCreated, orderEdited, orderPaid, orderUpdated } from './order.ts'
import { refundCreated } from './refund.ts'

type Topic = (sighting: Sighting, body: Json) => Decoded

const silent =
  (why: string): Topic =>
  () =>
    nothing(why)

const TOPICS: ReadonlyMap<string, Topic> = new Map<string, Topic>([
  ['orders/create', orderCreated],
  ['orders/paid', orderPaid],
  ['orders/updated', orderUpdated],
  ['orders/edited', orderEdited],
  ['orders/cancelled', orderCancelled],
  ['refunds/create', refundCreated],
  ['checkouts/create', checkoutCreated],
  ['checkouts/update', checkoutUpdated],
  ['carts/create', cartChanged],
  ['carts/update', cartChanged],
  ['customers/create', customerCreated],
  ['customers_email_marketing_consent/update', marketingConsentUpdated],
  ['products/update', productUpdated],
  ['shop/update', shopUpdated],
  ['app/scopes_update', scopesUpdated],
  ['app/uninstalled', appUninstalled],
  ['customers/data_request', silent('A customer asks what is stored about them; no shopper’s event is in it.')],
  ['customers/redact', silent('A customer’s data is to be erased; no shopper’s event is in it.')],
  ['shop/redact', silent('The shop’s data is to be erased; no shopper’s event is in it.')],
])

/** The events and parts of one webhook. Pure and tolerant: an odd or missing field never throws, it is flagged. */
export const decodeWebhook = (message: Message, body: Json): Decoded => {
  const { shop, topic } = message
  if (shop === undefined) return nothing(NO_SHOP)
  if (topic === undefined) return nothing('The message does not say which topic it is of.')
  const decode = TOPICS.get(topic)
  if (decode === undefined) return nothing(`No event is made of the topic ${topic}.`)
  if (!isObject(body)) return nothing('The body is not a JSON object.')
  // The delivery's id leads from the event back to the message as it arrived.
  const by = `shopify-webhook:${topic}${message.webhookId === undefined ? '' : `:${message.webhookId}`}`
  return decode({ message, shop, by, flags: new Set() }, body)
}
