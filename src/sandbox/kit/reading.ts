import type { Answer } from '../platform.ts'
import type { Conversion, Sighted } from './conversions.ts'

/** What a server's request came to. */
export interface Reading {
  readonly answer: Answer
  /** The account it speaks for, as the request names it; '' where it names none. */
  readonly account: string
  /** Events that count. */
  readonly sighted?: readonly Sighted[]
  /** Events that a view of test events shows, counted or not. */
  readonly tested?: readonly Tested[]
  readonly refused?: readonly Refused[]
}

/** Why an event, or a whole request, was not taken. */
export interface Refused {
  readonly name?: string | undefined
  readonly eventId?: string | undefined
  /** The platform's own code, where it has one. */
  readonly code?: number | string | undefined
  readonly message: string
}

export interface Refusal extends Refused {
  readonly at: string
  readonly account: string
  readonly status: number
}

export interface Tested {
  readonly name: string
  readonly eventId?: string | undefined
  /** Empty: accepted. */
  readonly problem: string
}

export interface TestedEvent extends Tested {
  readonly at: string
  readonly account: string
}

/** What a browser's request came to. */
export interface TagReading {
  readonly answer: Answer
  readonly hits?: readonly Hit[]
}

export interface Hit {
  /** The tag's id, by which its account is found. */
  readonly tagId: string
  /** Absent: a hit that is no conversion, e.g. a tag's loading. */
  readonly sighted?: Sighted
}

/** A server's request as the query `requests` tells it. */
export interface SeenRequest {
  readonly at: string
  readonly account: string
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly body: string
  readonly status: number
  readonly answer: string
}

/** What a platform knows when it reads a request. */
export interface Known<A> {
  readonly accounts: readonly A[]
  conversions(account?: string): readonly Conversion[]
}

/** A reading that took nothing, for one reason. */
export const refuse = (answer: Answer, account: string, refused: Refused): Reading => ({
  answer,
  account,
  refused: [refused],
})
