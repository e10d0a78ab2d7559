import type { Commerce } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { shareOf, worth } from '../amounts.ts'
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
  switch (name) {
    case 'order_cancelled':
      return made(commerce.currency, '0')
    case 'order_refunded':
      return afterRefund(commerce, settings.value)
    default:
      return ofPurchase(name, commerce, settings)
  }
}

/** As much of what the purchase was told to be worth as remains of the order. */
const afterRefund = (commerce: Commerce, value: Settings['value']): OrderWorth | Skip => {
  const { currency, remaining, original } = commerce
  if (remaining === undefined) return skip('missing_field', 'commerce.remaining')
  if (value === 'total' || Number(remaining) === 0) return made(currency, remaining)
  // A purchase of which one cost is unknown was told as its subtotal.
  const part = value === 'profit' && original?.profit !== undefined ? 'profit' : 'subtotal'
  // Without both figures the share is unknown, and to tell the remaining total would raise the value.
  if (original?.[part] === undefined) return skip('missing_field', `commerce.original.${part}`)
  if (original.value === undefined) return skip('missing_field', 'commerce.original.value')
  return made(currency, shareOf({ currency, value: remaining }, commerce, part))
}

const ofPurchase = (name: EventName, commerce: Commerce, settings: Settings): OrderWorth | Skip => {
  const { currency, remaining, value } = commerce
  if (remaining === undefined) {
    const told = worth(name, commerce, settings)
    return made(told.currency, told.value)
  }
  // Refunded before it went out: as much of it as remains, in the store's currency like all that remains.
  if (settings.value === 'total' || Number(remaining) === 0) return made(currency, remaining)
  const part = worth(name, commerce, { value: settings.value, money: 'shop' })
  if (part.value === undefined || value === undefined) return made(currency, undefined)
  return made(
    currency,
    shareOf({ currency, value: remaining }, { ...commerce, original: { value, subtotal: part.value } }, 'subtotal'),
  )
}
