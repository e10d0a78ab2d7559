import type { HttpResponse } from '../lib/http.ts'
import { compact } from '../lib/json.ts'
import type { Verdict } from './destination.ts'
import { resetIn, retryAfter } from './retry-after.ts'

/** What the platform's body says about a refusal, where it says anything. */
export interface Explanation {
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** Longest text of a platform that is kept with a verdict. */
const LONGEST = 500

/** A platform's text as a verdict keeps it; undefined where there is nothing to read. */
export const said = (text: unknown): string | undefined => {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  return trimmed === '' ? undefined : trimmed.slice(0, LONGEST)
}

/**
 * What the status alone says about every item of a request. Undefined for 2xx: then the body has to be read.
 *
 * The line it draws: was it the events, the connection, or the moment? Only a refusal that must come from the events
 * ends one, and of several the platform has to say which, else each is tried alone.
 */
export const verdictFromStatus = (
  response: HttpResponse,
  items: number,
  explanation: Explanation = {},
): Verdict | undefined => {
  const { status } = response
  if (status >= 200 && status < 300) return undefined
  const code = explanation.code ?? (status === 0 ? 'no_answer' : `http_${status}`)
  const message = explanation.message
  // The credentials or the address are wrong: the events are fine and wait until a person has mended the connection.
  if (status === 401 || status === 403 || status === 404 || status === 405 || status === 410)
    return {
      outcome: 'unauthorized',
      code,
      message: message ?? said(response.problem) ?? `The platform answered ${status}.`,
    }
  if (isForTheEvents(status)) {
    if (items > 1) return compact<Verdict>({ outcome: 'singly', code, message })
    return { outcome: 'rejected', code, message: message ?? `The platform refused the event with status ${status}.` }
  }
  const after = retryAfter(response) ?? (status === 429 ? resetIn(response.headers) : undefined)
  return compact<Verdict>({ outcome: 'retry', code, message: message ?? said(response.problem), after })
}

/** 408 Request Timeout, 425 Too Early and 429 Too Many Requests are about the moment, all other 4xx about the content. */
const isForTheEvents = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429

/** A 2xx whose body cannot be what the platform documents (HTML, cut off, other count): what was taken is unknown. */
export const unreadable = (why: string): Verdict => ({ outcome: 'retry', code: 'unreadable_answer', message: why })
