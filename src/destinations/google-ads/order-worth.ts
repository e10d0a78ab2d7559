import type { Commerce } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { fromMinor, toMinor } from '../../lib/money.ts'
import { worth } from '../amounts.ts'
import { type Skip, skip } from '../destination.ts'
import type { Settings } from './settings.ts'

/** What an order is worth at Google now. */
export interface OrderWorth {
  readonly currency: string
  /** Never below zero: Google takes no negative values, and a loss or more refunded than paid is worth nothing. */
  readonly value: number
}

const CURRENCY = /^[A-Z]{3}$/

const made = (currency: string | undefined, value: string | undefined): OrderWorth | Skip => {
  if (value === undefined) return skip('missing_field', 'commerce.value')
  if (currency === undefined) return skip('missing_field', 'commerce.currency')
  if (!CURRENCY.test(currency)) return skip('invalid_field', 'commerce.currency')
  const number = Number(value)
  return Number.isFinite(number) ? { currency, value: Math.max(0, number) } : skip('invalid_field', 'commerce.value')
}

/**
 * The value that an event of an order leaves standing: Google overwrites value and currency of the conversion with the
 * same transaction id. A cancelled order is worth nothing, a refunded one what remains.
 */
export const orderWorth = (name: EventName, commerce: Commerce, settings: Settings): OrderWorth | Skip => {
  const { currency, remaining, original } = commerce
  switch (name) {
    case 'order_cancelled':
      return made(currency, '0')
    case 'order_refunded':
      if (remaining === undefined) return skip('missing_field', 'commerce.remaining')
      if (settings.value === 'total' || Number(remaining) === 0) return made(currency, remaining)
      // To send the remaining total would raise the value. Of a profit it is not known what remains.
      return settings.value === 'subtotal' && original?.subtotal !== undefined
        ? made(currency, share(original.subtotal, remaining, { ...original, currency }))
        : skip('missing_field', `commerce.original.${settings.value}`)
    default: {
      if (remaining === undefined) {
        const told = worth(name, commerce, settings)
        return made(told.currency, told.value)
      }
      // Refunded before the purchase went out.
      if (settings.value === 'total') return made(currency, remaining)
      const part = worth(name, commerce, { value: settings.value, money: 'shop' })
      return made(part.currency, share(part.value, remaining, commerce))
    }
  }
}

/** As much of an amount as remains of the whole order. */
const share = (
  amount: string | undefined,
  remaining: string,
  { value, currency }: { readonly value?: string; readonly currency?: string | undefined },
): string | undefined => {
  const [part, left, whole] = [amount, remaining, value].map((text) => text && toMinor(text, currency))
  if (typeof part !== 'bigint' || typeof left !== 'bigint' || typeof whole !== 'bigint' || whole <= 0n) return undefined
  return fromMinor((part * left) / whole, currency)
}
