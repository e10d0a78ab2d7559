import type { z } from 'zod'
import type { Purpose } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import type { Digest } from '../event/hash.ts'
import type { Country, Identity } from '../event/identity.ts'
import type { EventName } from '../event/names.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import type { CommonSettings } from './common-settings.ts'
import type { SkipReason } from './outcomes.ts'
import type { QuotaTold } from './quota.ts'

/** A platform as a value: pure data and pure functions. Requests are data, sent by somebody else. */
export interface Destination<Settings extends CommonSettings = CommonSettings, Item = unknown> {
  /** Stable: stored with connections and used on the command line. */
  readonly slug: string
  readonly name: string
  /** What the definition was written from. `checked` and `sunset` are YYYY-MM-DD. */
  readonly docs: { readonly url: string; readonly version: string; readonly checked: string; readonly sunset?: string }
  /** Raised whenever the same event would give another request; kept with every attempt. */
  readonly revision: number
  /**
   * The only hosts its requests may go to, those that give out tokens included. 'public': the merchant names the
   * address, so every request says `to: 'public'` and reaches public addresses only.
   */
  readonly hosts: readonly string[] | 'public'
  /** Where a 307 or 308 may lead its requests, as suffixes of host names (".example.com"); absent: nowhere. */
  readonly redirects?: readonly string[]
  /** Parser, dashboard form (meta: label, help, secret) and documentation in one. */
  readonly settings: z.ZodType<Settings>
  /** The account that the settings name. A shop has one connection to each; quotas and the dashboard go by it too. */
  account(settings: Settings): string
  /** The platform's own event name, or null: null is a decision, leaving one out does not compile. */
  readonly accepts: Readonly<Record<EventName, string | null>>
  /** Why each event that is null above is not sent, in words for a merchant. */
  readonly declines: Readonly<Partial<Record<EventName, string>>>
  /** The events that are on while the merchant has chosen none. Absent: all that are accepted. */
  defaultEvents?(settings: Settings): readonly EventName[]
  readonly limits: Limits
  /** Events that may be older than `limits.maxAge`, or may not even be as old; the first that holds counts. */
  readonly maxAges?: readonly {
    /** In words, for the documentation: "orders at a till". */
    readonly what: string
    readonly maxAge: number
    holds(event: Event): boolean
  }[]
  /** How the platform merges repeats of an event; undefined where it counts each of them. */
  dedup(name: EventName): Merging | undefined
  /**
   * An order has one value there, which a later event of the order overwrites. Such events carry the newest value
   * (`commerce.remaining`), and of several that wait only the newest is sent.
   */
  readonly restates?: true
  /** What an accepting answer proves. */
  readonly proof: 'event' | 'request' | 'later' | 'none'
  /** What the platform matches on, in tiers of its own guidance. */
  readonly matchesOn: {
    readonly strong: readonly string[]
    readonly good: readonly string[]
    readonly weak: readonly string[]
    readonly source: string
  }
  /** limitedUse: in words, how the platform is told of an opt-out of sale. Absent: it cannot be, so nothing is sent. */
  readonly consent: { readonly purposes: readonly Purpose[]; readonly limitedUse?: string }
  /** Its form of every identity field it takes; `toItems` uses the very same functions, the command `normalize` shows them. */
  readonly normalizers: Normalizers
  toItems(event: Event, settings: Settings, how: How): readonly Item[] | Skip
  /** Items that may share a request have equal groups. */
  groupOf(item: Item): string
  /** Every item of one group exactly once, in order, and no request beyond `limits`. */
  toRequests(items: readonly Item[], settings: Settings, how: Packing): readonly Planned<Item>[]
  /** One verdict per item, always, in the items' order. Looks at their number only: `verdicts` knows no more of them. */
  readResponse(response: HttpResponse, items: readonly Item[]): readonly Verdict[]
  /** What an answer tells of the quota, where the platform has words of its own for that beside 429 and the usual headers. */
  readQuota?(response: HttpResponse): QuotaTold | undefined
  /** Whether an answer says that the interface itself is gone, in other words than status 410. */
  isRetired?(response: HttpResponse): boolean
  /** Which identifiers an item carries, for match quality: names out of matchesOn. */
  carries(item: Item): readonly string[]
  /** Requests that tell whether the credentials work, built with the current time. `counts`: the platform records them. */
  verify(
    settings: Settings,
    now: Date,
  ): { readonly requests: readonly [HttpRequest, ...HttpRequest[]]; readonly counts: boolean }
  /** Reads their answers, one for each request. */
  readVerify(responses: Answers): Verified
  /** How an access token is had, where one has to be fetched. Requests write TOKEN in a header in its place. */
  readonly token?: TokenSource<Settings>
  /** How to ask later what became of a request that was accepted with a job. */
  readonly poll?: Polling<Settings>
  /** How the platform takes events without counting them, where it can. */
  readonly testing?: Testing
}

/** A platform's test mode. While a connection is in it, its requests are planned with `test` and nothing counts. */
export interface Testing {
  /** The setting that switches it on: a switch, or a text that the platform gives out for it. */
  readonly setting: string
  /** What the platform does with the events meanwhile, in words for a merchant. */
  readonly told: string
  /** How many requests it takes meanwhile, where these are fewer. */
  readonly rate?: Limits['rate']
  /** One verdict per item, where its answers differ from those to real events. */
  readResponse?(response: HttpResponse, items: readonly unknown[]): readonly Verdict[]
}

/** At least one answer, in the order of the requests. */
export type Answers = readonly [HttpResponse, ...HttpResponse[]]

/** Stands in a request's header for a token that is fetched when the request is sent. */
export const TOKEN = '<access token>'

export interface TokenSource<Settings> {
  /** Undefined: these settings need no token. */
  request(settings: Settings, now: Date): HttpRequest | undefined
  read(response: HttpResponse, now: Date): TokenAnswer
}

/** `expiresAt` in ms since 1970. `failed`: the credentials are refused; `unknown`: the moment is to blame. */
export type TokenAnswer =
  | { readonly outcome: 'granted'; readonly token: string; readonly expiresAt: number }
  | { readonly outcome: 'failed' | 'unknown'; readonly message: string }

export interface Polling<Settings> {
  /** The first question is asked after this long, each later one after `factor` times that, at most `longest`; ms. */
  readonly first: number
  readonly factor: number
  readonly longest: number
  /** After this long without an answer the events stay what they are: sent, unconfirmed. */
  readonly stop: number
  request(job: string, settings: Settings): HttpRequest
  /** `pending`: ask again. Else one verdict for each item of the request, undefined where the platform does not say. */
  read(response: HttpResponse, items: number): 'pending' | readonly (Verdict | undefined)[]
}

/** How long repeats are merged, ms, and a browser tag's twin; by the event's id, or by the order's (transactionId). */
export interface Merging {
  readonly window: number
  readonly twinWindow: number
  readonly by: 'event' | 'order'
}

/** How items are packed into requests. `bulk`: through the platform's interface for backlogs, where it has one. */
export interface Packing {
  readonly singly: boolean
  readonly test: boolean
  readonly bulk?: boolean
  /** When the requests are made; for platforms that want it signed. */
  readonly now: Date
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
  /** Requests per second as the platform documents them, and whose quota it is; less than all of it is used. */
  readonly rate: { readonly perSecond: number; readonly scope: 'connection' | 'account' | 'app' }
  /** Oldest event, ms. */
  readonly maxAge: number
  /** How far in the future an event may lie, ms; nearer than this it is sent as "now". */
  readonly future: number
  /** What differs in the platform's interface for backlogs, where it has one. */
  readonly bulk?: Pick<Limits, 'batch' | 'bytes' | 'inFlight' | 'rate'>
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

/** What an answer says about one item. `after` is in ms, `poll` the job under which the platform can be asked later. */
export type Verdict =
  | { readonly outcome: 'accepted'; readonly note?: string; readonly poll?: string }
  | { readonly outcome: 'rejected'; readonly code: string; readonly message: string }
  | { readonly outcome: 'retry'; readonly code: string; readonly message?: string; readonly after?: number }
  | { readonly outcome: 'singly'; readonly code: string; readonly message?: string }
  | { readonly outcome: 'unauthorized'; readonly code: string; readonly message: string }

/** `suggests`: settings that fit what the platform told, taken unless the merchant chose otherwise. */
export type Verified =
  | { readonly outcome: 'ok'; readonly message: string; readonly suggests?: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'unknown'; readonly message: string }

/** Checks a definition at compile time and forgets its private types, so that all can stand in one list. */
export const defineDestination = <Settings extends CommonSettings, Item>(
  definition: Destination<Settings, Item>,
): Destination => definition
