import type { Amounts, Commerce, LineItem } from '../event/event.ts'
import { type EventName, isOrderEvent, takesBack } from '../event/names.ts'
import { fromMinor, minus, sum, toMinor } from '../lib/money.ts'
import type { CommonSettings } from './common-settings.ts'

/** What an event is worth to this connection. */
export interface Worth {
  readonly currency?: string
  readonly value?: string
  /** Whether `price` and `total` of the lines are in this currency; if not, they had better stay at home. */
  readonly linesMatch: boolean
}

/**
 * Currency and value as the connection's settings want them. Only orders know two currencies, a subtotal and costs; the
 * pixel's money is the shopper's currency already and goes as it is.
 */
export const worth = (
  name: EventName,
  commerce: Commerce,
  settings: Pick<CommonSettings, 'money' | 'value'>,
): Worth => {
  const chosen: Amounts = settings.money === 'presentment' ? (commerce.presentment ?? commerce) : commerce
  if (!isOrderEvent(name) || settings.value === 'total') return made(chosen.currency, chosen.value, commerce)
  if (takesBack(name))
    return made(chosen.currency, shareBack(chosen, commerce, toldAs(commerce, settings.value)), commerce)
  if (settings.value === 'profit') {
    const gain = profit(commerce)
    if (gain !== undefined) return made(commerce.currency, gain, commerce)
  }
  return made(chosen.currency, chosen.subtotal ?? chosen.value, commerce)
}

const made = (currency: string | undefined, value: string | undefined, commerce: Commerce): Worth => {
  const worth: { currency?: string; value?: string; linesMatch: boolean } = {
    linesMatch: currency === commerce.currency,
  }
  if (currency !== undefined) worth.currency = currency
  if (value !== undefined) worth.value = value
  return worth
}

/**
 * The share of an amount of an order that counts where the order is told as its subtotal or profit: with more, more would
 * be taken back than was ever told. Undefined where the purchase's own is not known.
 */
export const shareOf = (
  { currency: paidIn, value: amount }: { readonly currency: string | undefined; readonly value: string | undefined },
  { currency, original }: Pick<Commerce, 'currency' | 'original'>,
  value: 'subtotal' | 'profit',
): string | undefined => {
  const of = amount === undefined ? undefined : toMinor(amount, paidIn)
  const told = original?.[value] === undefined ? undefined : toMinor(original[value], currency)
  const whole = original?.value === undefined ? undefined : toMinor(original.value, currency)
  if (of === undefined || told === undefined || whole === undefined) return undefined
  if (whole <= 0n) return amount
  // Half a cent is rounded up.
  return fromMinor((2n * of * told + whole) / (2n * whole), paidIn)
}

/** How the purchase was told: while a cost was unknown, as its subtotal. */
const toldAs = ({ original }: Commerce, value: 'subtotal' | 'profit'): 'subtotal' | 'profit' =>
  original?.profit === undefined ? 'subtotal' : value

/**
 * What an event that takes back tells: its share. Where it is known what remains, it is the share of what was there before
 * less that of what is left, so that the shares of all of an order's events sum up to the cent.
 */
const shareBack = (amounts: Amounts, commerce: Commerce, value: 'subtotal' | 'profit'): string | undefined => {
  const { currency, value: amount } = amounts
  const { remaining } = commerce
  if (amount === undefined || remaining === undefined || currency !== commerce.currency)
    return shareOf({ currency, value: amount }, commerce, value) ?? amount
  const before = shareOf({ currency, value: sum([amount, remaining], currency) }, commerce, value)
  const left = shareOf({ currency, value: remaining }, commerce, value)
  return before === undefined || left === undefined ? amount : minus(before, left, currency)
}

/** Subtotal minus the cost of every piece; undefined while one cost is unknown, since profit would come out too high. */
export const profit = ({ currency, subtotal, items }: Commerce): string | undefined => {
  let gain = subtotal === undefined ? undefined : toMinor(subtotal, currency)
  if (gain === undefined || items === undefined) return undefined
  for (const { cost, quantity } of items) {
    const minor = cost === undefined ? undefined : toMinor(cost, currency)
    if (minor === undefined) return undefined
    gain -= minor * BigInt(pieces(quantity))
  }
  return fromMinor(gain, currency)
}

const pieces = (quantity: number | undefined): number => Math.max(0, Math.trunc(quantity ?? 1))

/** Pieces in all; undefined where no line tells. */
export const numItems = (commerce: Commerce): number | undefined => {
  if (commerce.numItems !== undefined) return commerce.numItems
  let total = 0
  for (const { quantity } of commerce.items ?? NO_LINES) if (quantity !== undefined) total += pieces(quantity)
  return total === 0 ? undefined : total
}

const NO_LINES: readonly LineItem[] = []

const isThere = ({ quantity }: LineItem): boolean => quantity !== 0

/** The lines of which there is a piece; one of quantity 0 was removed, and nobody bought it. */
export const linesOf = (commerce: Commerce | undefined): readonly LineItem[] => {
  const lines = commerce?.items ?? NO_LINES
  return lines.every(isThere) ? lines : lines.filter(isThere)
}

/** Whether decimal text is above zero. */
export const isPositive = (value: string): boolean => Number(value) > 0
