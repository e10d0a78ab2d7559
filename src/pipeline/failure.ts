import type { Destination, Verdict } from '../destinations/destination.ts'
import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import { type Blame, type Fared, isUnreached } from './breakers.ts'
import type { Outlet } from './outlet.ts'

/** The request as a whole got no usable answer. */
export interface Failure {
  readonly outcome: 'failed'
  readonly code: string
  readonly message: string
  /** ms that the platform asked to wait. */
  readonly after?: number
  readonly unauthorized: boolean
  /** The platform may have taken the events nevertheless. */
  readonly ambiguous: boolean
  /** Not this connection's failing, or none at all (no request was made): no try is counted. */
  readonly uncharged?: true
  /** Nor is anything said of it. */
  readonly untold?: true
  /** The platform has ended its interface, for everybody. */
  readonly isRetired?: true
}

/** The platform was not even asked. */
const unasked = (code: string, message: string, wait: number): Failure => ({
  outcome: 'failed',
  code,
  message,
  after: wait,
  unauthorized: false,
  ambiguous: false,
  uncharged: true,
  untold: true,
})

/** Its quota is used up for a while. */
export const outOfQuota = ({ name }: Destination, wait: number): Failure =>
  unasked('quota', `${name} takes so many requests a second, and these are used up for a while.`, wait)

/** As many requests to it are under way as may be. */
export const crowded = ({ name }: Destination): Failure =>
  unasked('crowded', `${name} has not answered the requests before yet.`, SECOND)

/** Nobody failed: another process goes on, a moment later. */
export const notOurs: Failure = unasked('not_ours', 'Another process delivers this shop.', SECOND)

/** Its breaker is open. */
export const leftAlone = ({ name }: Destination, wait: number): Failure =>
  unasked('breaker', `${name} is left alone for a while, because it did not answer.`, wait)

/** What a request says of whether the platform works: a quota and refused credentials are matters of their own. */
export const faredIn = (
  whole: Failure | undefined,
  response: HttpResponse,
  isTooMany: boolean,
  isRetired: boolean,
): Fared | undefined => {
  if (whole === undefined) return 'well'
  if (isUnreached(response)) return 'unreached'
  if (isRetired) return 'retired'
  return whole.unauthorized || isTooMany ? undefined : 'failed'
}

/**
 * What never left us is no try, and it is not held against a connection that a platform fails for all, or that nothing
 * at all gets out. It is said, once it cannot be our own network any more.
 */
export const chargeOf = (
  outlet: Pick<Outlet, 'runtime' | 'shop' | 'connection' | 'destination'>,
  response: HttpResponse,
  blame: Blame,
): Pick<Failure, 'uncharged' | 'untold'> => {
  const unreached = isUnreached(response)
  const untold = blame === 'network' || (unreached && !outlet.runtime.breakers.isLasting(outlet))
  return {
    ...(unreached || blame !== 'connection' ? { uncharged: true as const } : {}),
    ...(untold ? { untold: true as const } : {}),
  }
}

/** What a gateway answers for a server that may have taken the request all the same. */
const GATEWAY: ReadonlySet<number> = new Set([502, 504, 524])

/** An answer for the whole request: no event is to blame, so none may pay for it. */
export const whollyFailed = (verdicts: readonly Verdict[], response: HttpResponse): Failure | undefined => {
  const first = verdicts[0]
  // A single item that is to be retried counts too: nobody waits behind it, and in company it would be told apart.
  if (!first || !verdicts.every((verdict) => verdict.outcome === first.outcome)) return undefined
  if (first.outcome !== 'retry' && first.outcome !== 'unauthorized') return undefined
  return {
    outcome: 'failed',
    code: first.code,
    message: first.message ?? response.problem ?? `answered ${response.status}`,
    unauthorized: first.outcome === 'unauthorized',
    ambiguous:
      first.outcome === 'retry' &&
      (response.status === 0 ? response.ambiguous === true : response.status < 400 || GATEWAY.has(response.status)),
    ...(first.outcome === 'retry' && first.after !== undefined ? { after: first.after } : {}),
  }
}
