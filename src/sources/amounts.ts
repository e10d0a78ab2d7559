import { isObject, numberAt, textAt } from '../lib/json.ts'
import { money } from '../lib/money.ts'

/** An ISO 4217 code under a key; "XXX" stands for no currency in Shopify's samples. */
export const currencyAt = (value: unknown, key: string): string | undefined => {
  const code = textAt(value, key)?.toUpperCase()
  return code !== undefined && /^[A-Z]{3}$/.test(code) && code !== 'XXX' ? code : undefined
}

/** An amount under a key as decimal text; one that is there but cannot be read is flagged. */
export const amountAt = (
  value: unknown,
  key: string,
  currency: string | undefined,
  flags: Set<string>,
): string | undefined => {
  const raw = isObject(value) ? value[key] : undefined
  if (raw === undefined || raw === null || raw === '') return undefined
  const amount = money(raw, currency)
  if (amount === undefined) flags.add(`${key}_unreadable`)
  return amount
}

/** Most pieces of one line that are believed. */
const MOST_PIECES = 1_000_000

/** A number of pieces; anything but a whole number from 0 up is absent and flagged. */
export const quantityAt = (value: unknown, key: string, flags: Set<string>): number | undefined => {
  const quantity = numberAt(value, key)
  if (quantity !== undefined && Number.isInteger(quantity) && quantity >= 0 && quantity <= MOST_PIECES) return quantity
  if (isObject(value) && value[key] !== undefined && value[key] !== null) flags.add(`${key}_unreadable`)
  return undefined
}

/** Pieces in all; undefined when no line tells. */
export const piecesOf = (lines: readonly { readonly quantity?: number }[]): number | undefined =>
  lines.some((line) => line.quantity !== undefined)
    ? lines.reduce((total, line) => total + (line.quantity ?? 0), 0)
    : undefined
