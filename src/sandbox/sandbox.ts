import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerControl, LARGEST_CONTROL } from './control.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { listen } from './listen.ts'
import { type Answer, isOfTag, type Platform, type PlatformRequest } from './platform.ts'
import { createPlatforms, type Platforms, type PlatformsOptions } from './platforms.ts'

export interface SandboxOptions extends PlatformsOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** ms since 1970; Date.now unless told. */
  readonly now?: () => number
  /** Shopify itself, beside the platforms. */
  readonly shopify?: Host
}

/** What the listener needs of whoever answers under a host's name. */
export type Host = Pick<
  Platform,
  'slug' | 'hosts' | 'browserPaths' | 'largestBody' | 'answer' | 'failing' | 'refuseAll'
>

/** The running imitation of the platforms, each under its slug: sandbox.pinterest, sandbox.meta … */
export interface Sandbox extends Platforms {
  /** https://{host}/{path} of a platform stands at {url}/{host}/{path}. */
  readonly url: string
  readonly port: number
  /** All of them, in the order of the pages' navigation. */
  readonly platforms: readonly Platform[]
  /** Real host names of all platforms, for whoever maps hosts to this server. */
  readonly hosts: readonly string[]
  readonly faults: Faults
  /** Forgets everything that was recorded, registered and told. */
  reset(): void
  close(): Promise<void>
}

/**
 * Serves the platforms over HTTP on loopback. Each lives under its real host names as the first path segment:
 * POST /api.pinterest.com/v5/... stands for https://api.pinterest.com/v5/...
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const now = options.now ?? Date.now
  const bySlug = createPlatforms(options)
  const platforms: readonly Platform[] = Object.values(bySlug)
  const answering: readonly Host[] = options.shopify ? [...platforms, options.shopify] : platforms
  const faults = createFaults()
  const reset = () => {
    faults.reset()
    for (const platform of platforms) platform.reset()
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(message.url ?? '/', 'http://sandbox')
    const method = message.method ?? 'GET'
    const [, host = '', ...rest] = url.pathname.split('/')
    const platform = answering.find(({ hosts }) => hosts.includes(host))
    if (!platform) {
      const body = await readBody(message, LARGEST_CONTROL)
      return reply(response, answerControl({ method, url, body }, { platforms, faults, reset, now }))
    }
    const path = `/${rest.join('/')}`
    // The tag's own files and hits are not what the fault switches are about.
    const fault = isOfTag(platform, { host, path }) ? undefined : faults.take(platform.slug)
    if (fault?.mode === 'reset') return void message.socket.resetAndDestroy()
    const body = await readBody(message, platform.largestBody)
    if (body === undefined) return reply(response, platform.failing(413))
    await answerWithFault(fault, message, response, platform, {
      method,
      host,
      path,
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
    ...bySlug,
    url: server.url,
    port: server.port,
    platforms,
    hosts: platforms.flatMap(({ hosts }) => hosts),
    faults,
    reset,
    close: server.close,
  }
}

const PROXY_PAGE: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Welcome</title><p>Please sign in to continue.</p>',
}

const answerWithFault = async (
  fault: Fault | undefined,
  message: IncomingMessage,
  response: ServerResponse,
  platform: Host,
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
  // RFC 9110: an answer without content, which 204 says it is, must not tell a length.
  const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) }
  response.writeHead(answer.status, { ...answer.headers, ...length })
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
