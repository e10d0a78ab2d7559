import { type Event, shopFrom } from '../event/event.ts'
import { pixelId } from '../event/event-ids.ts'
import { type Identity, identityFrom } from '../event/identity.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { Answers, How, Polling, Skip, TokenAnswer, Verdict, Verified } from './destination.ts'

/**
 * Where an example comes from. documented: the platform's own pages or specification; measured: seen from the live
 * interface; assumed: our best reading, to be replaced by one of the others.
 */
export interface Evidence {
  readonly evidence: 'documented' | 'measured' | 'assumed'
  readonly source: string
}

/** A destination shown by what goes in and what comes out; the tests and the dashboard read it. */
export interface Examples {
  /** As a merchant would enter them: the rest comes from the schema's defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly events: readonly EventExample[]
  readonly answers: readonly AnswerExample[]
  readonly verifications: readonly VerifyExample[]
  /** Answers to a request for a token; for destinations that fetch one. */
  readonly tokens?: readonly TokenExample[]
  /** Answers to the question what became of a job; for destinations that are asked later. */
  readonly polls?: readonly PollExample[]
}

export interface EventExample extends Evidence {
  readonly title: string
  readonly event: Event
  /** What differs from the examples' settings. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What differs from a live event, mapped within a minute of its time. */
  readonly how?: Partial<How>
  /** Items as they stand in the request. */
  readonly gives: readonly Readonly<Record<string, unknown>>[] | Skip
}

export interface AnswerExample extends Evidence {
  readonly title: string
  readonly response: HttpResponse
  /** One for each item of the request. */
  readonly verdicts: readonly Verdict[]
}

export interface VerifyExample extends Evidence {
  readonly title: string
  readonly responses: Answers
  readonly outcome: Verified['outcome']
}

export interface TokenExample extends Evidence {
  readonly title: string
  /** Read at 2026-11-22T10:00:00Z. */
  readonly response: HttpResponse
  readonly gives: Partial<TokenAnswer>
}

export interface PollExample extends Evidence {
  readonly title: string
  readonly response: HttpResponse
  /** Items of the request that is asked about. */
  readonly items: number
  readonly gives: ReturnType<Polling<never>['read']>
}

type Raw = { readonly [Field in keyof Identity]?: string }

/** A canonical event for examples, tests and benchmarks: what is not given is that of a small shop in the US. */
export const exampleEvent = ({
  id,
  identity,
  ...given
}: Partial<Omit<Event, 'id' | 'identity' | 'shop'>> & {
  readonly id: string
  readonly name: Event['name']
  readonly identity?: Raw
}): Event => {
  const shop = shopFrom('demo.myshopify.com')
  if (shop === undefined) throw new Error('not a shop')
  const person = identity && identityFrom(identity)
  return {
    schema: 1,
    // Examples name their ids as text, whichever side they are from.
    id: pixelId(id),
    shop,
    occurredAt: '2026-11-22T10:00:00.000Z',
    origin: 'live',
    seenBy: [],
    flags: [],
    store: { country: 'US', currency: 'USD', timezone: 'America/New_York', url: 'https://shop.example.com' },
    ...given,
    ...(person === undefined ? {} : { identity: person }),
  }
}

/** An answer as it comes from the network; a body that is not text is written as JSON. */
export const exampleAnswer = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

/** The examples of a destination, by its slug. */
export const examplesOf = async (slug: string): Promise<Examples> => {
  const { examples }: { examples: Examples } = await import(`./${slug}/examples.ts`)
  return examples
}
