import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import { compact } from '../lib/json.ts'
import { resetIn } from './retry-after.ts'

/** What a platform told of its quota in an answer, whatever it said about the events. */
export interface QuotaTold {
  /** This request was one too many, where its status is not 429. */
  readonly usedUp?: true
  /** Requests that it will still take … */
  readonly remaining?: number
  /** … until so many ms are over. */
  readonly resetAfter?: number
  /** The part of the quota that is used: 1 is all of it. */
  readonly used?: number
  /** ms for which it wants no request at all. */
  readonly pause?: number
}

const COUNT = /^\d{1,12}/
/** `limit=100, remaining=50, reset=5` as drafts of the IETF had it, and `"default";r=50;t=5` as later ones have it. */
const REMAINING = /(?:\bremaining|;\s*r)=(\d{1,12})/
const RESET = /(?:\breset|;\s*t)=(\d{1,12})/

/** Out of `X-RateLimit-Remaining` and `-Reset`, their names without the X, or the one header `RateLimit`; of a list the first. */
export const quotaFromHeaders = ({ headers }: Pick<HttpResponse, 'headers'>): QuotaTold | undefined => {
  const one = headers.ratelimit ?? ''
  const count = COUNT.exec(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'] ?? '')?.[0]
  const remaining = count ?? REMAINING.exec(one)?.[1]
  if (remaining === undefined) return undefined
  const reset = RESET.exec(one)?.[1]
  const resetAfter = resetIn(headers) ?? (reset === undefined ? undefined : Number(reset) * SECOND)
  return compact<QuotaTold>({ remaining: Number(remaining), resetAfter })
}
