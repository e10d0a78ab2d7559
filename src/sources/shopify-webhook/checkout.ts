import type { Commerce, Event } from '../../event/event.ts'
import { checkoutId } from '../../event/event-ids.ts'
import { booleanAt, compact, type Json, textAt } from '../../lib/json.ts'
import { amountAt, currencyAt, piecesOf } from '../amounts.ts'
import { tokenAt } from '../ids.ts'
import { instant } from '../instant.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { keyedUrlAt } from '../web-url.ts'
import { channelOf } from './channel.ts'
import { soldLines } from './line-items.ts'
import { orderIdentity } from './order-identity.ts'
import { couponsOf } from './order-money.ts'
import { visitOf } from './visit.ts'
import { when } from './when.ts'

/** checkouts/create: a checkout was begun. */
export const checkoutCreated = (sighting: Sighting, body: Json): Decoded => {
  const checkout = readCheckout(sighting, body)
  if (typeof checkout === 'string') return nothing(checkout)
  const { told, money, plain } = checkout
  return { events: [eventOf(sighting, { ...told, commerce: { ...money, ...plain } })], parts: [], orders: [] }
}

/** checkouts/update comes many times per checkout: the contact and address that were not known at first. */
export const checkoutUpdated = (sighting: Sighting, body: Json): Decoded => {
  const checkout = readCheckout(sighting, body)
  if (typeof checkout === 'string') return nothing(checkout)
  const { told, plain } = checkout
  return { events: [], parts: [eventOf(sighting, { ...told, part: true, commerce: plain })], orders: [] }
}

interface Checkout {
  readonly told: Pick<Event, 'id' | 'name' | 'occurredAt' | 'page' | 'landing' | 'identity' | 'ids' | 'consent'>
  readonly plain: Commerce
  readonly money: Commerce
}

/** A checkout webhook has no IP address, user agent, cookies or money bags; its language is the shopper's own. */
const readCheckout = (sighting: Sighting, body: Json): Checkout | string => {
  const { message, flags } = sighting
  const checkoutToken = tokenAt(body, 'token')
  if (checkoutToken === undefined) return 'The checkout has no token.'
  const occurredAt = when(message, textAt(body, 'created_at'), textAt(body, 'updated_at'))
  if (occurredAt === undefined) return 'Nothing in the message tells when it happened.'
  const channel = channelOf(body, flags)
  const currency = currencyAt(body, 'currency')
  const items = soldLines(body, currency, flags)
  const online = channel === 'web'
  const language = online ? textAt(body, 'customer_locale') : undefined
  return {
    told: compact<Checkout['told']>({
      id: checkoutId(checkoutToken),
      name: 'checkout_started',
      occurredAt,
      ...visitOf(body, message.facts?.url, online, occurredAt),
      identity: orderIdentity(body, flags, { language }),
    }),
    plain: compact<Commerce>({
      checkoutToken,
      cartToken: tokenAt(body, 'cart_token'),
      updatedAt: instant(textAt(body, 'updated_at')),
      channel,
    }),
    money: compact<Commerce>({
      currency,
      value: amountAt(body, 'total_price', currency, flags),
      subtotal: amountAt(body, 'subtotal_price', currency, flags),
      tax: amountAt(body, 'total_tax', currency, flags),
      taxesIncluded: booleanAt(body, 'taxes_included'),
      discount: amountAt(body, 'total_discounts', currency, flags),
      coupons: couponsOf(body),
      checkoutUrl: keyedUrlAt(body, 'abandoned_checkout_url'),
      items: items.length === 0 ? undefined : items,
      numItems: piecesOf(items),
    }),
  }
}
