import { SECOND } from './duration.ts'

/** HTTP as data: destinations build requests and read responses, somebody else sends them. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /**
   * public: the address is the merchant's own, not the destination's, and only public ones are reached. shop: that of a
   * store at Shopify, by its permanent domain.
   */
  readonly to?: 'public' | 'shop'
  /** Lower-case names. Secrets stand only here or in the URL, never in a body that is logged. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  /** 0 when no answer came: refused, reset, timed out, unreadable. */
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** With status 0: whether any byte of the request body may have left (the outcome is then unknown, not failed). */
  readonly ambiguous?: boolean
  /** With status 0, or where we answer in the platform's place: what happened, in plain words, without URLs. */
  readonly problem?: string
  /** We answer in the platform's place: it was not asked. */
  readonly unsent?: true
  /** Beside `unsent`: this process may not ask any more, so nobody failed; whoever may will ask. */
  readonly withheld?: true
}

/** The longest that a request takes in all, redirects included, ms. Who may send counts on it (pipeline/ownership.ts). */
export const LONGEST_REQUEST = 30 * SECOND

/**
 * The one way out of the process. No answer is `status: 0`; throws only for a request that no destination may make.
 * Redirects are the answer, but for those that the request's destination lets be followed.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>
