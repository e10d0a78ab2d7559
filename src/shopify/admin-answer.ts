import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import { arrayAt, isObject, type Json, type JsonLimits, objectAt, parseJson, textAt } from '../lib/json.ts'
import { type Cost, costIn } from './points.ts'

/** What one answer of the Admin API comes to. */
export type Read =
  | { readonly kind: 'data'; readonly data: Json }
  | { readonly kind: 'throttled' }
  /** The token is not, or no longer, taken. */
  | { readonly kind: 'token' }
  | { readonly kind: 'gone'; readonly message: string }
  /** May be otherwise in a moment. `after` in ms. */
  | { readonly kind: 'later'; readonly message: string; readonly after?: number }
  | { readonly kind: 'refused'; readonly message: string; readonly code?: string }

const LIMITS: JsonLimits = { depth: 32, values: 2_000_000 }

/** Shops that answer so are not to be asked, in words for the merchant. */
const GONE: Readonly<Record<number, string>> = {
  402: 'Shopify has frozen this store because a bill is open. It goes on when the store is active again.',
  403: 'Shopify does not let the app into this store. Open the app in the store’s admin once, or install it again.',
  404: 'There is no such store at Shopify, or it was closed.',
  423: 'Shopify has locked this store. It goes on when the store is open again.',
}

/** Reads an answer. Throttling comes with status 200, refused fields beside data that could be given. */
export const readAnswer = (answer: HttpResponse, now: number): Read & { readonly cost: Cost } => {
  const { status } = answer
  if (status === 401) return { kind: 'token', cost: {} }
  const gone = GONE[status]
  if (gone !== undefined) return { kind: 'gone', message: gone, cost: {} }
  if (status === 0)
    return { kind: 'later', message: `Shopify did not answer: ${answer.problem ?? 'no answer came'}.`, cost: {} }
  if (status === 429 || status >= 500) {
    const seconds = Number(answer.headers['retry-after'])
    const after = Number.isFinite(seconds) && seconds > 0 ? { after: seconds * SECOND } : {}
    return { kind: 'later', message: `Shopify answered with status ${status}.`, ...after, cost: {} }
  }
  const parsed = parseJson(answer.body, LIMITS)
  if (!parsed.ok || !isObject(parsed.value))
    return { kind: 'later', message: 'Shopify’s answer could not be read.', cost: {} }
  return { ...readBody(parsed.value), cost: costIn(parsed.value, now) }
}

const readBody = (body: { [key: string]: Json }): Read => {
  const data = body.data
  // A field that the app may not see is null, with an error beside it; what could be given counts.
  if (isObject(data) && Object.values(data).some((value) => value !== null)) return { kind: 'data', data }
  const [error] = arrayAt(body, 'errors')
  if (error === undefined)
    return data === undefined
      ? { kind: 'refused', message: textAt(body, 'errors') ?? 'Shopify answered without data.' }
      : { kind: 'data', data }
  const code = textAt(objectAt(error, 'extensions'), 'code')
  if (code === 'THROTTLED') return { kind: 'throttled' }
  const message = (textAt(error, 'message') ?? 'Shopify refused the question.').slice(0, 300)
  return { kind: 'refused', message, ...(code === undefined ? {} : { code }) }
}
