import type { Commerce } from '../../event/event.ts'
import { cartStateId } from '../../event/event-ids.ts'
import { arrayAt, compact, type Json, objectAt, textAt } from '../../lib/json.ts'
import { sum } from '../../lib/money.ts'
import { currencyAt, piecesOf } from '../amounts.ts'
import { tokenAt } from '../ids.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { cartLines } from './line-items.ts'
import { when } from './when.ts'

/** carts/create and carts/update: the state of a cart. It is compared with the state before, never sent. */
export const cartChanged = (sighting: Sighting, body: Json): Decoded => {
  const cartToken = tokenAt(body, 'token') ?? tokenAt(body, 'id')
  if (cartToken === undefined) return nothing('The cart has no token.')
  const occurredAt = when(sighting.message, textAt(body, 'updated_at'), textAt(body, 'created_at'))
  if (occurredAt === undefined) return nothing('Nothing in the message tells when it happened.')
  const currency =
    currencyAt(objectAt(objectAt(arrayAt(body, 'line_items')[0], 'line_price_set'), 'shop_money'), 'currency_code') ??
    sighting.message.facts?.currency
  const items = cartLines(body, currency, sighting.flags)
  const event = eventOf(sighting, {
    id: cartStateId(cartToken, occurredAt),
    name: 'cart_updated',
    occurredAt,
    commerce: compact<Commerce>({
      currency,
      value: sum(
        items.map((item) => item.total),
        currency,
      ),
      cartToken,
      updatedAt: occurredAt,
      // An emptied cart is a state as well, so its list stands there even when it is empty.
      items,
      numItems: piecesOf(items) ?? 0,
    }),
  })
  return { events: [event], parts: [], orders: [] }
}
