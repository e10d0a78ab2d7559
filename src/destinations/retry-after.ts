import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'

const NUMBER = /^\d{1,12}(?:\.\d{0,9})?$/
/** The three forms of a date that HTTP allows (RFC 9110, 5.6.7); only these, because Date.parse reads almost anything. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/

/** ms since 1970 of an HTTP date; undefined for anything else. */
const dateFrom = (text: string | undefined): number | undefined => {
  if (text === undefined || !HTTP_DATE.test(text)) return undefined
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(time) ? undefined : time
}

/**
 * How long the platform asks to wait, in ms: `Retry-After` as seconds, fractions of a second or a date. A date is read
 * against the answer's own `Date`, because the platform's clock is the one it was written with; without it, it is absent.
 */
export const retryAfter = ({ headers }: Pick<HttpResponse, 'headers'>): number | undefined => {
  const text = headers['retry-after']?.trim()
  if (text === undefined) return undefined
  if (NUMBER.test(text)) return Math.round(Number(text) * SECOND)
  return until(dateFrom(text), headers)
}

/** Seconds beyond this are an instant since 1970, not a length of time (some platforms write the one, some the other). */
const EPOCH_SECONDS = 1e9

/** As retryAfter, out of `X-RateLimit-Reset` or `RateLimit-Reset`: seconds until the quota is full again, or the second in which it will be. */
export const resetIn = (headers: HttpResponse['headers']): number | undefined => {
  const text = (headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'])?.split(/[,;]/)[0]?.trim()
  if (text === undefined || !NUMBER.test(text)) return undefined
  const seconds = Number(text)
  return seconds < EPOCH_SECONDS ? Math.round(seconds * SECOND) : until(seconds * SECOND, headers)
}

const until = (time: number | undefined, headers: HttpResponse['headers']): number | undefined => {
  const written = dateFrom(headers.date)
  return time === undefined || written === undefined ? undefined : Math.max(0, time - written)
}
