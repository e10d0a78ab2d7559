import type { Amounts, Commerce } from '../../event/event.ts'
import { refundId } from '../../event/event-ids.ts'
import { arrayAt, booleanAt, compact, compactOrAbsent, type Json, objectAt, textAt } from '../../lib/json.ts'
import { minus, sum } from '../../lib/money.ts'
import { amountAt, currencyAt, piecesOf } from '../amounts.ts'
import { shopifyIdAt } from '../ids.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { refundedLines, refundedLineTotal } from './line-items.ts'
import { madeAt, when } from './when.ts'

/**
 * refunds/create. It names its order but not the order's currency, customer or checkout: those are completed from the
 * table of orders. Several refunds of one order are several facts.
 */
export const refundCreated = (sighting: Sighting, body: Json): Decoded => {
  const { flags, message } = sighting
  const id = shopifyIdAt(body, 'id') ?? shopifyIdAt(body, 'admin_graphql_api_id')
  if (id === undefined) return nothing('The refund has no id.')
  const orderId = shopifyIdAt(body, 'order_id')
  if (orderId === undefined) return nothing('The refund does not say which order it belongs to.')
  const occurredAt = madeAt(textAt(body, 'created_at'), textAt(body, 'processed_at')) ?? when(message)
  if (occurredAt === undefined) return nothing('Nothing in the message tells when it happened.')

  const payments = successfulPayments(body)
  const paidIn = currencyAt(payments[0], 'currency')
  const currency = shopCurrencyOf(body) ?? message.facts?.currency ?? paidIn
  const items = refundedLines(body, currency, flags)
  const paid =
    payments.length === 0
      ? undefined
      : sum(
          payments.map((payment) => amountAt(payment, 'amount', paidIn ?? currency, flags)),
          paidIn ?? currency,
        )
  const foreign = paidIn !== undefined && paidIn !== currency
  if (payments.length === 0) flags.add('refund_without_payment')
  const value = paid === undefined || foreign ? listedValue(body, currency, flags) : paid
  const event = eventOf(sighting, {
    id: refundId(id),
    name: 'order_refunded',
    occurredAt,
    commerce: compact<Commerce>({
      currency,
      value,
      presentment: foreign ? compactOrAbsent<Amounts>({ currency: paidIn, value: paid }) : undefined,
      orderId,
      refundId: id,
      items: items.length === 0 ? undefined : items,
      numItems: piecesOf(items),
      test: payments.some((payment) => booleanAt(payment, 'test')) ? true : undefined,
    }),
  })
  return { events: [event], parts: [], orders: [{ orderId, refund: { id, value } }] }
}

/** Money that went back. Its amounts are in the currency the shopper paid in. */
const successfulPayments = (body: Json): Json[] =>
  arrayAt(body, 'transactions').filter(
    (payment) => textAt(payment, 'kind') === 'refund' && textAt(payment, 'status') === 'success',
  )

/** The shop's currency as the refund's money bags tell it. */
const shopCurrencyOf = (body: Json): string | undefined => {
  const bags = [
    ...arrayAt(body, 'refund_line_items').map((line) => objectAt(line, 'subtotal_set')),
    ...arrayAt(body, 'refund_shipping_lines').map((line) => objectAt(line, 'subtotal_amount_set')),
    ...arrayAt(body, 'order_adjustments').map((adjustment) => objectAt(adjustment, 'amount_set')),
    objectAt(body, 'total_duties_set'),
  ]
  for (const bag of bags) {
    const currency = currencyAt(objectAt(bag, 'shop_money'), 'currency_code')
    if (currency) return currency
  }
  return undefined
}

/** What a refund lists when no money moved (or moved in another currency): lines + shipping + adjustments. */
const listedValue = (body: Json, currency: string | undefined, flags: Set<string>): string => {
  const shipping = arrayAt(body, 'refund_shipping_lines').map((line) =>
    amountAt(objectAt(objectAt(line, 'subtotal_amount_set'), 'shop_money'), 'amount', currency, flags),
  )
  const lines = arrayAt(body, 'refund_line_items').map((line) => refundedLineTotal(line, currency, flags))
  // Adjustments count from the shop's side: what goes to the shopper is negative. Older payloads list shipping there,
  // and newer ones may list it in both places.
  const adjustments = arrayAt(body, 'order_adjustments')
    .filter((adjustment) => shipping.length === 0 || textAt(adjustment, 'kind') !== 'shipping_refund')
    .map((adjustment) => amountAt(adjustment, 'amount', currency, flags))
  const value = minus(sum([...lines, ...shipping], currency), sum(adjustments, currency), currency)
  if (!value.startsWith('-')) return value
  flags.add('refund_value_negative')
  return sum([], currency)
}
