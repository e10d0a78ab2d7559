import type { IncomingMessage, ServerResponse } from 'node:http'
import { isObject, parseJson, textAt } from '../lib/json.ts'
import { createFaults, FAULT_MODES, type Fault, type FaultMode, type Faults } from './faults.ts'
import { listen } from './listen.ts'
import { page } from './page.ts'
import { createPinterest, type Pinterest, type PinterestOptions } from './pinterest/platform.ts'
import { type Answer, json, type Platform, type PlatformRequest } from './platform.ts'

export interface SandboxOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** ms since 1970; Date.now unless told. */
  readonly now?: () => number
  readonly pinterest?: PinterestOptions
}

/** The running imitation of the platforms. */
export interface Sandbox {
  /** https://{host}/{path} of a platform stands at {url}/{host}/{path}. */
  readonly url: string
  readonly port: number
  /** Real host names of all platforms, for whoever maps hosts to this server. */
  readonly hosts: readonly string[]
  readonly faults: Faults
  readonly pinterest: Pinterest
  /** Forgets everything that was recorded, registered and told. */
  reset(): void
  close(): Promise<void>
}

/**
 * Serves the platforms over HTTP on loopback. Each lives under its real host name as the first path segment:
 * POST /api.pinterest.com/v5/... stands for https://api.pinterest.com/v5/...
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const now = options.now ?? Date.now
  const pinterest = createPinterest(options.pinterest)
  const platforms: readonly Platform[] = [pinterest]
  const faults = createFaults()
  const reset = () => {
    faults.reset()
    for (const platform of platforms) platform.reset()
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(message.url ?? '/', 'http://sandbox')
    const [, first = '', ...rest] = url.pathname.split('/')
    const platform = platforms.find(({ hosts }) => hosts.includes(first))
    if (!platform) {
      reply(response, await ownAnswer(message, url, { platforms, faults, reset, now }))
      return
    }
    // The tag's own files and hits are not what the fault switches are about.
    const fault = isBrowserHost(first) ? undefined : faults.take(platform.slug)
    if (fault?.mode === 'reset') return void message.socket.resetAndDestroy()
    const body = await readBody(message, platform.largestBody)
    if (body === undefined) return reply(response, platform.failing(413))
    await answerWithFault(fault, message, response, platform, {
      method: message.method ?? 'GET',
      host: first,
      path: `/${rest.join('/')}`,
      query: url.searchParams,
      headers: message.headers,
      body,
      ip: message.socket.remoteAddress ?? '',
      now: now(),
    })
  }

  const server = await listen((message, response) => {
    serve(message, response).catch(() => response.destroy())
  }, options)
  return {
    url: server.url,
    port: server.port,
    hosts: platforms.flatMap(({ hosts }) => hosts),
    faults,
    pinterest,
    reset,
    close: server.close,
  }
}

const BROWSER_HOSTS: ReadonlySet<string> = new Set(['ct.pinterest.com', 's.pinimg.com'])
const isBrowserHost = (host: string): boolean => BROWSER_HOSTS.has(host)

const PROXY_PAGE: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Welcome</title><p>Please sign in to continue.</p>',
}

const answerWithFault = async (
  fault: Fault | undefined,
  message: IncomingMessage,
  response: ServerResponse,
  platform: Platform,
  request: PlatformRequest,
): Promise<void> => {
  switch (fault?.mode) {
    case undefined:
      return reply(response, platform.answer(request))
    case 'slow':
      await new Promise((wake) => setTimeout(wake, fault.ms ?? 1000))
      return reply(response, platform.answer(request))
    case 'hang':
      return
    case 'reset':
    case 'reset-after-read':
      return void message.socket.resetAndDestroy()
    case 'reset-after-processing':
      platform.answer(request)
      return void message.socket.resetAndDestroy()
    case '200-html':
      return reply(response, PROXY_PAGE)
    case '200-errors':
      return reply(response, platform.refuseAll(request))
    case '429-retry-after': {
      const refused = platform.failing(429)
      const seconds = String(Math.max(1, Math.ceil((fault.ms ?? 1000) / 1000)))
      return reply(response, { ...refused, headers: { ...refused.headers, 'retry-after': seconds } })
    }
    case '429':
      return reply(response, platform.failing(429))
    case '401':
      return reply(response, platform.failing(401))
    case '403':
      return reply(response, platform.failing(403))
    case '500':
      return reply(response, platform.failing(500))
    case '503':
      return reply(response, platform.failing(503))
  }
}

const reply = (response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) })
  response.end(answer.body)
}

/** The body as text, or undefined when it is larger than allowed (the rest is read and dropped). */
const readBody = async (message: IncomingMessage, largest: number): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= largest) chunks.push(chunk)
  }
  return size > largest ? undefined : Buffer.concat(chunks).toString('utf8')
}

interface Own {
  readonly platforms: readonly Platform[]
  readonly faults: Faults
  readonly reset: () => void
  readonly now: () => number
}

const LARGEST_CONTROL = 8 * 1024 * 1024

/** The sandbox's own paths: the ads managers' pages and /control. */
const ownAnswer = async (message: IncomingMessage, url: URL, own: Own): Promise<Answer> => {
  const [, first = '', second = '', third = ''] = url.pathname.split('/')
  const shown = own.platforms.find(({ slug }) => slug === (first || own.platforms[0]?.slug))
  if (shown && second === '' && message.method === 'GET')
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
      body: page(`${shown.name} sandbox`, shown.adsManager(own.now())),
    }
  if (first !== 'control') return json(404, { error: 'Nothing is here. Platforms stand under their host name.' })

  const body = await readBody(message, LARGEST_CONTROL)
  const parsed = body ? parseJson(body, { depth: 8, values: 2_000_000 }) : { ok: true as const, value: {} }
  if (body === undefined || !parsed.ok) return json(400, { error: 'The body must be JSON of at most 8 MiB.' })
  const told = message.method === 'POST'
  if (second === 'faults') return told ? setFault(parsed.value, own) : json(200, { fired: own.faults.fired() })
  if (second === 'reset' && told) {
    own.reset()
    return json(200, { done: true })
  }
  const platform = own.platforms.find(({ slug }) => slug === second)
  if (!platform) return json(404, { error: 'No such control. There are faults, reset and one per platform.' })
  if (told) {
    const problem = platform.tell(third, parsed.value)
    return problem === undefined ? json(200, { done: true }) : json(400, { error: problem })
  }
  const found = platform.query(third, url.searchParams)
  return found === undefined ? json(404, { error: `${platform.name} has no list named ${third}.` }) : json(200, found)
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined

const setFault = (body: unknown, { platforms, faults }: Own): Answer => {
  const slug = textAt(body, 'platform')
  const mode = textAt(body, 'mode')
  if (slug === undefined || !platforms.some((platform) => platform.slug === slug))
    return json(400, { error: `platform must be one of ${platforms.map((platform) => platform.slug).join(', ')}` })
  if (mode === 'none') {
    faults.clear(slug)
    return json(200, { done: true })
  }
  if (!isFaultMode(mode)) return json(400, { error: `mode must be none or one of ${FAULT_MODES.join(', ')}` })
  const { times, ms } = isObject(body) ? body : {}
  faults.set(slug, { mode, times: positive(times), ms: positive(ms) })
  return json(200, { done: true })
}

const isFaultMode = (mode: string | undefined): mode is FaultMode => FAULT_MODES.some((known) => known === mode)
