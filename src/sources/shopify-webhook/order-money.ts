import type { Amounts, Commerce } from '../../event/event.ts'
import { arrayAt, booleanAt, compact, compactOrAbsent, type Json, objectAt, textAt } from '../../lib/json.ts'
import { sum } from '../../lib/money.ts'
import { amountAt, currencyAt } from '../amounts.ts'

/** What an order cost, in the shop's currency, and beside it in the currency the shopper paid in. */
export const orderMoney = (order: Json, flags: Set<string>): Commerce => {
  const currency = currencyAt(order, 'currency')
  if (currency === undefined) flags.add('currency_missing')
  const presentment = currencyAt(order, 'presentment_currency')
  const amount = (key: string) =>
    amountAt(order, key, currency, flags) ??
    amountAt(objectAt(objectAt(order, `${key}_set`), 'shop_money'), 'amount', currency, flags)
  const shown = (key: string) =>
    amountAt(objectAt(objectAt(order, `${key}_set`), 'presentment_money'), 'amount', presentment, flags)
  const tip = amount('total_tip_received')
  return compact<Commerce>({
    currency,
    value: amount('total_price'),
    subtotal: amount('subtotal_price'),
    tax: amount('total_tax'),
    taxesIncluded: booleanAt(order, 'taxes_included'),
    shipping: shippingPaid(order, 'shop_money', currency, flags) ?? amount('total_shipping_price'),
    discount: amount('total_discounts'),
    tip,
    presentment:
      presentment === undefined
        ? undefined
        : compactOrAbsent<Amounts>({
            currency: presentment,
            value: shown('total_price'),
            subtotal: shown('subtotal_price'),
            tax: shown('total_tax'),
            shipping: shippingPaid(order, 'presentment_money', presentment, flags) ?? shown('total_shipping_price'),
            discount: shown('total_discounts'),
            // Orders have no money bag for tips.
            tip: presentment === currency ? tip : undefined,
          }),
    coupons: couponsOf(order),
  })
}

/** What was paid for shipping, after its own discounts: total_shipping_price_set is before them. */
const shippingPaid = (
  order: Json,
  bag: 'shop_money' | 'presentment_money',
  currency: string | undefined,
  flags: Set<string>,
): string | undefined => {
  const lines = arrayAt(order, 'shipping_lines').filter((line) => booleanAt(line, 'is_removed') !== true)
  const amounts = lines.map((line) =>
    amountAt(objectAt(objectAt(line, 'discounted_price_set'), bag), 'amount', currency, flags),
  )
  return amounts.length === 0 || amounts.includes(undefined) ? undefined : sum(amounts, currency)
}

/** Codes that the shopper entered, each once; automatic discounts have none. */
export const couponsOf = (body: Json): string[] | undefined => {
  const codes = new Set(arrayAt(body, 'discount_codes').flatMap((discount) => textAt(discount, 'code') ?? []))
  return codes.size === 0 ? undefined : [...codes]
}
