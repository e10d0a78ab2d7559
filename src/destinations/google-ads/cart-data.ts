import type { Commerce, Event } from '../../event/event.ts'
import { fromMinor, perUnit, sum, toMinor } from '../../lib/money.ts'
import { linesOf } from '../amounts.ts'
import { catalogIdOf } from '../catalog.ts'
import type { Settings } from './settings.ts'

export interface CartData {
  merchantId: string
  merchantFeedLabel?: string
  merchantFeedLanguageCode?: string
  /** Major units, without tax. */
  transactionDiscount?: number
  items: readonly CartItem[]
}

interface CartItem {
  merchantProductId: string
  quantity: number
  /** Major units, before discounts, without tax and shipping. */
  unitPrice?: number
}

/**
 * Takes the tax out of an amount that includes it: by the share of tax in the whole order, which is exact where one
 * rate holds. Undefined where that share is unknown: a price with tax would make every profit too high.
 */
const withoutTax = ({ taxesIncluded, currency, value, tax }: Commerce): ((amount: string) => number | undefined) => {
  if (taxesIncluded !== true) return Number
  const whole = value === undefined ? undefined : toMinor(value, currency)
  const part = tax === undefined ? undefined : toMinor(tax, currency)
  if (whole === undefined || part === undefined || whole <= 0n || part < 0n || part > whole) return () => undefined
  return (amount) => {
    const minor = toMinor(amount, currency)
    return minor === undefined ? undefined : Number(fromMinor((minor * (whole - part)) / whole, currency))
  }
}

/** What was bought, for a store whose products are in Merchant Center; `withPrices`: lines are in the event's currency. */
export const cartDataOf = (
  { commerce, store }: Event,
  settings: Settings,
  withPrices: boolean,
): CartData | undefined => {
  if (settings.merchantId === undefined || commerce === undefined) return undefined
  const { currency } = commerce
  const net = withoutTax(commerce)
  const items: CartItem[] = []
  const discounts: string[] = []
  for (const line of linesOf(commerce)) {
    const merchantProductId = catalogIdOf(line, settings, store)
    const quantity = Math.trunc(line.quantity ?? 1)
    if (merchantProductId === undefined || quantity < 1) continue
    const item: CartItem = { merchantProductId, quantity }
    if (withPrices && line.total !== undefined) {
      // Our totals are after discounts, Google wants prices before them and the discounts apart.
      const full = net(perUnit(sum([line.total, line.discount], currency), quantity, currency))
      if (full !== undefined && full >= 0) {
        item.unitPrice = full
        if (line.discount !== undefined) discounts.push(line.discount)
      }
    }
    items.push(item)
  }
  if (items.length === 0) return undefined
  const cart: CartData = { merchantId: settings.merchantId, items }
  if (settings.feedLabel !== undefined) cart.merchantFeedLabel = settings.feedLabel
  if (settings.feedLanguage !== undefined) cart.merchantFeedLanguageCode = settings.feedLanguage
  const discount = net(sum(discounts, currency))
  if (discount !== undefined && discount > 0) cart.transactionDiscount = discount
  return cart
}
