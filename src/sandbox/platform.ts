import type { IncomingHttpHeaders } from 'node:http'
import type { MatchedConversion } from './kit/conversions.ts'
import type { SeenRequest } from './kit/reading.ts'

/** A request to a platform as data: the sandbox reads and answers it, the platform decides. */
export interface PlatformRequest {
  readonly method: string
  /** The platform's own host, e.g. api.pinterest.com. */
  readonly host: string
  /** Without host and query, e.g. /v5/ad_accounts/1/events. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Address of the connection. */
  readonly ip: string
  /** ms since 1970. */
  readonly now: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/**
 * What goes wrong before a platform looks at the request, named by the usual status; the platform words it in its own
 * way, which may be another status. The fault switches speak through it.
 */
export type Failing = 401 | 403 | 413 | 429 | 500 | 503

/** One platform of the sandbox: it keeps its own state and answers requests without IO. */
export interface Platform {
  /** That of the destination, e.g. pinterest. */
  readonly slug: string
  readonly name: string
  readonly hosts: readonly string[]
  /** Beginnings of host and path that browsers ask for, e.g. ct.pinterest.com/: the tag's script and its hits. */
  readonly browserPaths: readonly string[]
  /** Largest body taken, bytes; above it the answer is failing(413). */
  readonly largestBody: number
  answer(request: PlatformRequest): Answer
  /** 200 in the platform's own form in which every event of the request is refused. */
  refuseAll(request: PlatformRequest): Answer
  failing(status: Failing): Answer
  /** What is counted, oldest first. */
  conversions(account?: string): readonly MatchedConversion[]
  /** The newest requests of servers, oldest first. */
  requests(account?: string): readonly SeenRequest[]
  /** What the sandbox's query paths under /control/{slug}/ answer; undefined for an unknown name. */
  query(name: string, params: URLSearchParams): unknown
  /** What is told at POST /control/{slug}/{name}: a problem in words, or undefined when it was taken. */
  tell(name: string, body: unknown): string | undefined
  /** The ads manager's page: the inside of <main>. */
  adsManager(now: number): string
  reset(): void
}

/** Whether a request comes from the platform's tag, as far as its address tells. */
export const isOfTag = (
  { browserPaths }: Pick<Platform, 'browserPaths'>,
  { host, path }: Pick<PlatformRequest, 'host' | 'path'>,
): boolean => browserPaths.some((beginning) => (host + path).startsWith(beginning))

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
