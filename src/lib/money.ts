/**
 * Money as decimal text in major units with the currency's ISO 4217 digits ("12.50" USD, "39653" JPY, "1.250" KWD).
 * Arithmetic runs on bigint minor units, so no cent is lost to floating point.
 */

/** Currencies whose number of minor digits is not two (ISO 4217, list of 2025). */
// biome-ignore format: a table
const DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}

/** Minor digits of an ISO 4217 currency; two for one we do not know. */
export const digitsOf = (currency: string | undefined): number =>
  (currency === undefined ? undefined : DIGITS[currency]) ?? 2

const DECIMAL = /^-?\d{1,18}(?:\.\d{1,18})?$/

/** Minor units of decimal text, rounded half up; undefined when the text is not a plain decimal number. */
export const toMinor = (text: string, currency: string | undefined): bigint | undefined => {
  if (!DECIMAL.test(text)) return undefined
  const negative = text.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.')
  const digits = digitsOf(currency)
  const kept = fraction.slice(0, digits).padEnd(digits, '0')
  const rounded = BigInt(whole + kept) + (Number(fraction[digits] ?? 0) >= 5 ? 1n : 0n)
  return negative ? -rounded : rounded
}

/** Decimal text of minor units. */
export const fromMinor = (minor: bigint, currency: string | undefined): string => {
  const digits = digitsOf(currency)
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/**
 * Money as Shopify spells it (decimal text in webhooks, a JSON number in the pixel) as canonical decimal text.
 * Undefined for anything that is not a finite number.
 */
export const money = (value: unknown, currency: string | undefined): string | undefined => {
  const text = typeof value === 'number' ? plainDecimal(value) : typeof value === 'string' ? value.trim() : undefined
  if (text === undefined) return undefined
  const minor = toMinor(text, currency)
  return minor === undefined ? undefined : fromMinor(minor, currency)
}

/** A number's shortest decimal text without exponent; undefined beyond what money can be. */
const plainDecimal = (value: number): string | undefined => {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return undefined
  const text = String(value)
  return text.includes('e') ? value.toFixed(8) : text
}

/** Sum of decimal texts; unreadable ones count as nothing. */
export const sum = (values: readonly (string | undefined)[], currency: string | undefined): string =>
  fromMinor(
    values.reduce((total, value) => total + ((value && toMinor(value, currency)) || 0n), 0n),
    currency,
  )

/** a - b. */
export const minus = (a: string, b: string, currency: string | undefined): string =>
  fromMinor((toMinor(a, currency) ?? 0n) - (toMinor(b, currency) ?? 0n), currency)

/** Exact price of several pieces. */
export const times = (price: string, quantity: number, currency: string | undefined): string =>
  fromMinor((toMinor(price, currency) ?? 0n) * pieces(quantity), currency)

/** Unit price of a line: total / quantity, rounded half up (away from zero). A line of no pieces counts as one. */
export const perUnit = (total: string, quantity: number, currency: string | undefined): string => {
  const minor = toMinor(total, currency) ?? 0n
  const divisor = pieces(quantity) || 1n
  const half = minor < 0n ? -divisor : divisor
  return fromMinor((2n * minor + half) / (2n * divisor), currency)
}

/** Whole pieces; what is not a number of pieces counts as none. */
const pieces = (quantity: number): bigint => (quantity >= 1 && quantity < 1e15 ? BigInt(Math.trunc(quantity)) : 0n)
