import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, type Dispatcher } from 'undici'
import type { Destination } from '../destinations/destination.ts'
import { shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { type HttpRequest, type HttpResponse, LONGEST_REQUEST, type Send } from '../lib/http.ts'
import { NOT_PUBLIC, notPublic, publicOnly } from './public-only.ts'

/** Most bytes of an answer that are read. */
const ANSWER_BYTES = 1024 * 1024
/** Most redirects that one request follows. */
const HOPS = 5
const CONNECT = 3 * SECOND
const LIMITS = { headersTimeout: 15 * SECOND, bodyTimeout: 15 * SECOND, connections: 256 }

/** Where a destination's requests may go. */
type Named = Pick<Destination, 'hosts' | 'redirects'>

export interface Sender {
  readonly send: Send
  close(): Promise<void>
}

/**
 * Sends requests to the hosts that the destinations name and to no other. A 307 or 308 is followed where the host's
 * destination says so, with method and body; every other redirect is returned as the answer. `rewrite` leads the demo's
 * requests, redirected ones too, to the sandbox. undici's request, not fetch: fetch costs 12 to 19 times as much here
 * (docs/decisions), and would follow any redirect or none.
 *
 * A request `to: 'public'` goes where a merchant said, if one of the destinations has such requests, never to the
 * sandbox and never further by a redirect. Its host is a name, and `lookup` finds the name's addresses. One `to: 'shop'`
 * goes to a store at Shopify and, in the demo, to the imitation of it.
 */
export const startSender = (
  destinations: Iterable<Named>,
  rewrite: (url: URL) => URL = (url) => url,
  lookup: LookupFunction = publicOnly(systemLookup),
): Sender => {
  const known = [...destinations]
  const hosts = redirectsByHost(known)
  const mayAskPublic = known.some((destination) => destination.hosts === 'public')
  const agent = new Agent({ ...LIMITS, connect: { timeout: CONNECT } })
  const publicAgent = new Agent({ ...LIMITS, connect: { timeout: CONNECT, lookup } })

  const sendPublic = async (request: HttpRequest): Promise<HttpResponse> => {
    const url = new URL(request.url)
    if (!mayAskPublic || url.protocol !== 'https:') throw new Error('a public request that no destination makes')
    // Nobody looks up an address, so nobody would check it.
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return noAnswer(notPublic())
    return exchange(publicAgent, request, url, AbortSignal.timeout(LONGEST_REQUEST))
  }

  const sendToShop = (request: HttpRequest): Promise<HttpResponse> => {
    const url = new URL(request.url)
    if (url.protocol !== 'https:' || url.port !== '' || shopFrom(url.hostname) !== url.hostname)
      throw new Error('a request to a store that is none of Shopify’s')
    return exchange(agent, request, rewrite(url), AbortSignal.timeout(LONGEST_REQUEST))
  }

  return {
    send: async (first) => {
      if (first.to === 'public') return sendPublic(first)
      if (first.to === 'shop') return sendToShop(first)
      let request = first
      let url = new URL(request.url)
      const suffixes = hosts.get(url.hostname)
      if (suffixes === undefined || url.protocol !== 'https:')
        throw new Error('a request to a host that no destination names')
      const signal = AbortSignal.timeout(LONGEST_REQUEST)
      for (let hops = 0; ; hops++) {
        const answer = await exchange(agent, request, rewrite(url), signal)
        const next = hops < HOPS ? redirectOf(answer, url, suffixes) : undefined
        if (next === undefined) return answer
        if (next.host !== url.host) request = withoutAuthorization(request)
        url = next
      }
    },
    close: async () => {
      await Promise.all([agent.close(), publicAgent.close()])
    },
  }
}

/** Each host that may be asked by its name, with the suffixes of those to which it may redirect. */
const redirectsByHost = (destinations: readonly Named[]): ReadonlyMap<string, readonly string[]> => {
  const hosts = new Map<string, readonly string[]>()
  for (const { hosts: own, redirects = [] } of destinations) {
    if (own === 'public') continue
    for (const host of own) hosts.set(host, [...(hosts.get(host) ?? []), ...redirects])
  }
  return hosts
}

/**
 * Where an answer leads, if it may. Whoever answers could otherwise have shoppers' data posted anywhere, so a place in
 * clear, on another port, with a name before an @ or outside the suffixes is none.
 */
const redirectOf = ({ status, headers }: HttpResponse, from: URL, suffixes: readonly string[]): URL | undefined => {
  if ((status !== 307 && status !== 308) || headers.location === undefined) return undefined
  const to = URL.parse(headers.location, from)
  if (to === null || to.protocol !== 'https:' || to.port !== '' || to.username !== '' || to.password !== '')
    return undefined
  return suffixes.some((suffix) => isWithin(to.hostname, suffix)) ? to : undefined
}

/** A suffix without its leading dot would let strangers in whose names only end alike; it counts for nobody. */
const isWithin = (host: string, suffix: string): boolean => suffix.startsWith('.') && host.endsWith(suffix)

/** A secret is for the host it was given for. */
const withoutAuthorization = ({ headers, ...request }: HttpRequest): HttpRequest => {
  const { authorization: _, ...others } = headers
  return { ...request, headers: others }
}

const exchange = async (
  agent: Dispatcher,
  request: HttpRequest,
  url: URL,
  signal: AbortSignal,
): Promise<HttpResponse> => {
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { 'user-agent': 'Converlay', ...request.headers },
      body: request.body ?? null,
      signal,
    })
    return { status: answer.statusCode, headers: plain(answer.headers), body: await readLimited(answer.body) }
  } catch (fault) {
    return noAnswer(fault)
  }
}

const noAnswer = (fault: unknown): HttpResponse => ({ status: 0, headers: {}, body: '', ...told(fault) })

/** Refused or unresolved: nothing left us. Anything later may have been read by the platform. */
const told = (fault: unknown): { problem: string; ambiguous: boolean } => {
  const code = fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : ''
  switch (code) {
    case 'ECONNREFUSED':
      return { problem: 'the connection was refused', ambiguous: false }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { problem: 'the host name could not be resolved', ambiguous: false }
    case NOT_PUBLIC:
      return { problem: 'the address does not lead to the public internet', ambiguous: false }
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return { problem: 'there is no way to the host', ambiguous: false }
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { problem: 'no connection within 3 seconds', ambiguous: false }
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return { problem: 'the connection broke before an answer came', ambiguous: true }
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { problem: 'no answer within 15 seconds', ambiguous: true }
  }
  if (TLS.test(code)) return { problem: 'its certificate is not valid', ambiguous: false }
  return { problem: 'no answer came', ambiguous: true }
}

/** Without a certificate that holds, or a common protocol, nothing is sent. */
const TLS = /^ERR_(?:TLS|SSL)|CERT|^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/

const readLimited = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES) {
      body.destroy()
      break
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const plain = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
