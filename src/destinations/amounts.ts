import type { Amounts, Commerce, LineItem } from '../event/event.ts'
import { type EventName, isOrderEvent, takesBack } from '../event/names.ts'
import { fromMinor, toMinor } from '../lib/money.ts'
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
  if (takesBack(name)) return made(chosen.currency, partOf(chosen.value, commerce, settings.value), commerce)
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
 * What of an amount given back counts for a purchase that was told as its subtotal or profit: the same share. Else more
 * would be taken back than was ever told. Where the purchase's own is not known, the amount as it is.
 */
export const partOf = (
  amount: string | undefined,
  { currency, original }: Pick<Commerce, 'currency' | 'original'>,
  value: 'subtotal' | 'profit',
): string | undefined => {
  const [back, told, whole] = [amount, original?.[value], original?.value].map((text) =>
    text === undefined ? undefined : toMinor(text, currency),
  )
  if (back === undefined || told === undefined || whole === undefined || whole <= 0n) return amount
  return fromMinor((back * told) / whole, currency)
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
