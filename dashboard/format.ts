import { T } from './texts.ts'

/** Numbers, times and money in the browser's own language and zone. */

const NUMBER = new Intl.NumberFormat()
export const number = (value: number): string => NUMBER.format(value)

const SHARE = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })
/** "39%" out of 0.39. What is not all of it never reads as 100%. */
export const share = (part: number): string => SHARE.format(part < 1 ? Math.min(0.99, part) : part)

const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' })
/** "Nov 23" out of 2026-11-23. */
export const dayLabel = (day: string): string => DAY.format(Date.parse(day))

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** The clock for today, with the day for what is older. */
export const moment = (at: number, now: Date = new Date()): string =>
  (new Date(at).toDateString() === now.toDateString() ? CLOCK : DAY_AND_CLOCK).format(at)

export const fullMoment = (at: number): string => FULL.format(at)

/** Decimal text and ISO 4217 code; the plain text where the code is none. */
export const money = (value: string | undefined, currency: string | undefined): string => {
  if (value === undefined) return ''
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return value
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(Number(value))
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const

/** "5 seconds" out of ms. */
export const duration = (ms: number): string => {
  const [size, unit] = UNITS.find(([size]) => ms >= size) ?? [1000, 'second' as const]
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(ms / size))
}

/** A lag class: its upper bound, null for the open one. */
export const lagClass = (bound: number | null): string => (bound === null ? T.overADay : T.within(duration(bound)))

/** "Not sent: a test order." -> "A test order." where the heading says already that it was not sent. */
export const reason = (explained: string): string => {
  const bare = explained.replace(/^Not sent(?: again)?: /, '')
  return bare.charAt(0).toUpperCase() + bare.slice(1)
}

/** JSON indented for reading; anything else as it is. */
export const indented = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Where platforms put the sentence that says what is wrong, the likeliest first. */
const SAYING = ['message', 'detail', 'error_description', 'reason', 'error', 'errors'] as const

const sayingIn = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (Array.isArray(value)) return value.map(sayingIn).find((found) => found !== undefined)
  if (typeof value !== 'object' || value === null) return undefined
  const inside: { readonly [name: string]: unknown } = { ...value }
  return SAYING.map((name) => sayingIn(inside[name])).find((found) => found !== undefined)
}

/** The sentence in a platform's answer; the whole text where there is none, e.g. a proxy's page. */
export const sentenceOf = (answer: string): string => {
  try {
    return sayingIn(JSON.parse(answer)) ?? answer
  } catch {
    return answer
  }
}
