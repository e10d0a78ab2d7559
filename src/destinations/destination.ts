import type { z } from 'zod'
import type { Purpose } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import type { Digest } from '../event/hash.ts'
import type { Country, Identity } from '../event/identity.ts'
import type { EventName } from '../event/names.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import type { CommonSettings } from './common-settings.ts'
import type { SkipReason } from './outcomes.ts'

/** A platform as a value: pure data and pure functions. Requests are data, sent by somebody else. */
export interface Destination<Settings extends CommonSettings = CommonSettings, Item = unknown> {
  /** Stable: stored with connections and used on the command line. */
  readonly slug: string
  readonly name: string
  /** What the definition was written from. `checked` and `sunset` are YYYY-MM-DD. */
  readonly docs: { readonly url: string; readonly version: string; readonly checked: string; readonly sunset?: string }
  /** Raised whenever the same event would give another request; kept with every attempt. */
  readonly revision: number
  /** The only hosts its requests may go to. */
  readonly hosts: readonly string[]
  /** Parser, dashboard form (meta: label, help, secret) and documentation in one. */
  readonly settings: z.ZodType<Settings>
  /** The platform's own event name, or null: null is a decision, leaving one out does not compile. */
  readonly accepts: Readonly<Record<EventName, string | null>>
  readonly limits: Limits
  /** How long the platform merges repeats of an event, in ms, and a browser tag's twin; undefined where it does not. */
  dedup(name: EventName): { readonly window: number; readonly twinWindow: number } | undefined
  /** What an accepting answer proves. */
  readonly proof: 'event' | 'request' | 'later' | 'none'
  /** What the platform matches on, in tiers of its own guidance. */
  readonly matchesOn: {
    readonly strong: readonly string[]
    readonly good: readonly string[]
    readonly weak: readonly string[]
    readonly source: string
  }
  readonly consent: { readonly purposes: readonly Purpose[]; readonly limitedUse: boolean }
  /** Its form of every identity field it takes; `toItems` uses the very same functions, the command `normalize` shows them. */
  readonly normalizers: Normalizers
  toItems(event: Event, settings: Settings, how: How): readonly Item[] | Skip
  /** Items that may share a request have equal groups. */
  groupOf(item: Item): string
  /** Every item of one group exactly once, in order, and no request beyond `limits`. */
  toRequests(
    items: readonly Item[],
    settings: Settings,
    how: { readonly singly: boolean; readonly test: boolean },
  ): readonly Planned<Item>[]
  /** One verdict per item, always, in the items' order. Looks at their number only: `verdicts` knows no more of them. */
  readResponse(response: HttpResponse, items: readonly Item[]): readonly Verdict[]
  /** Which identifiers an item carries, for match quality: names out of matchesOn. */
  carries(item: Item): readonly string[]
  /** A harmless request that tells whether the credentials work, built with the current time. */
  verify(settings: Settings, now: Date): { readonly request: HttpRequest; readonly counts: boolean }
  readVerify(response: HttpResponse): Verified
}

/** The platform's form of a canonical value; undefined when the platform would not take it. No digests: sent in clear. */
export interface Normalizer<Value = never, Form extends string = string> {
  readonly digests: readonly Digest[]
  form(value: Value, country?: Country): Form | undefined
}

/** externalId: the shop's own id for a person, made of customer or client ids. */
export type NormalizedField = keyof Identity | 'externalId'
export type Normalizers = { readonly [Field in NormalizedField]?: Normalizer }

export interface Limits {
  /** Items in one request. */
  readonly batch: number
  /** Bytes of one request's body. */
  readonly bytes: number
  /** How long a lane may wait for company, ms. */
  readonly linger: number
  readonly inFlight: number
  /** Requests per second and whose quota it is. */
  readonly rate: { readonly perSecond: number; readonly scope: 'connection' | 'account' | 'app' }
  /** Oldest event, ms. */
  readonly maxAge: number
  /** How far in the future an event may lie, ms; nearer than this it is sent as "now". */
  readonly future: number
}

/** How an event is mapped. */
export interface How {
  readonly limited: boolean
  readonly backfill: boolean
  readonly test: boolean
  readonly now: Date
}

export interface Skip {
  readonly skip: SkipReason
  readonly field?: string
}

export const skip = (reason: SkipReason, field?: string): Skip =>
  field === undefined ? { skip: reason } : { skip: reason, field }

export const isSkip = (value: readonly unknown[] | Skip): value is Skip => !Array.isArray(value)

/** A request and the items it carries, in the order in which the answer speaks of them. */
export interface Planned<Item = unknown> {
  readonly request: HttpRequest
  readonly items: readonly Item[]
}

/** What an answer says about one item. `after` is in ms. */
export type Verdict =
  | { readonly outcome: 'accepted'; readonly note?: string; readonly poll?: HttpRequest }
  | { readonly outcome: 'rejected'; readonly code: string; readonly message: string }
  | { readonly outcome: 'retry'; readonly code: string; readonly message?: string; readonly after?: number }
  | { readonly outcome: 'singly'; readonly code: string; readonly message?: string }
  | { readonly outcome: 'unauthorized'; readonly code: string; readonly message: string }

export type Verified =
  | { readonly outcome: 'ok'; readonly message: string }
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'unknown'; readonly message: string }

/** Checks a definition at compile time and forgets its private types, so that all can stand in one list. */
export const defineDestination = <Settings extends CommonSettings, Item>(
  definition: Destination<Settings, Item>,
): Destination => definition
