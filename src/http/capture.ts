import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { type Answer, answerFault, type Intake, takeBeacon, takeEmbedded, takeWebhook } from '../pipeline/intake.ts'
import { readAppProxy } from '../shopify/app-proxy.ts'
import type { SourceName } from '../sources/source.ts'
import { CORS, lineOf, preflight, readBody, refuse } from './capture-answers.ts'
import { clientIp, proxiedIp, type TrustedProxies, trustedProxiesOf } from './client-ip.ts'
import { probe, type Readiness, readinessOf } from './probes.ts'
import { TRACK_CALLS, trackRoute } from './track.ts'

/** Where Shopify's webhooks and the web pixel's beacons come in. A neutral path: blockers' lists name the obvious ones. */
export const WEBHOOK_PATH = '/webhooks/shopify'
export const BEACON_PATH = '/b/1'
/** Where Shopify passes on what the capture embed posts to the store's own address. */
export const PROXY_PATH = '/p/1'

const WEBHOOK_BYTES = 5 * 1024 * 1024
/** What browsers send with keepalive at most. */
const BEACON_BYTES = 64 * 1024

export interface Capture {
  readonly url: string
  readonly port: number
  /** Takes no new connection, answers what is running. */
  close(): Promise<void>
}

/**
 * The listener for everything that comes in from outside. It stands on node:http because the benchmark says so
 * (docs/decisions): a framework costs a fifth to two fifths of the requests per second here, and there are two routes.
 */
export const startCapture = async (
  intake: Intake,
  listen: { readonly host: string; readonly port: number; readonly trustedProxies: readonly string[] },
  readiness: Readiness = readinessOf(intake.runtime.store),
): Promise<Capture> => {
  const trustedProxies = trustedProxiesOf(listen.trustedProxies)
  const { log, meter } = intake.runtime
  const track = trackRoute(intake, trustedProxies)
  const server = createServer(
    {
      // A slow or half-open sender is closed; Node's own limits are 60 s and 300 s.
      headersTimeout: 10 * SECOND,
      requestTimeout: 15 * SECOND,
      connectionsCheckingInterval: 2 * SECOND,
      keepAliveTimeout: 65 * SECOND,
      noDelay: true,
    },
    (request, response) => {
      const path = pathOf(request)
      const source = SOURCES.get(path)
      const handled =
        source === 'track'
          ? track(request, response, path)
          : handle(intake, request, path, response, trustedProxies, readiness)
      handled
        .catch((fault: unknown) => {
          const answer = answerFault(fault)
          if (!answer) log.error('capture failed', { fault: whatFailed(fault) })
          refuse(response, answer ?? { status: 500, error: 'Something went wrong here. Send it again later.' })
        })
        .then(() => {
          if (source && response.headersSent) meter.answered(source, response.statusCode)
        })
    },
  )
  server.on('clientError', refuseUnparsed)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        // A connection that is kept alive falls idle when its last answer is out, and would stay for a minute.
        const sweep = setInterval(() => server.closeIdleConnections(), SECOND / 20)
        server.close(() => {
          clearInterval(sweep)
          resolve()
        })
      }),
  }
}

const SOURCES: ReadonlyMap<string, SourceName> = new Map([
  [WEBHOOK_PATH, 'shopify-webhook'],
  [BEACON_PATH, 'web-pixel'],
  [PROXY_PATH, 'web-pixel'],
  ...[...TRACK_CALLS.keys()].map((path) => [path, 'track'] as const),
])

const pathOf = ({ url = '/' }: IncomingMessage): string => {
  const question = url.indexOf('?')
  return question === -1 ? url : url.slice(0, question)
}

const handle = async (
  intake: Intake,
  request: IncomingMessage,
  path: string,
  response: ServerResponse,
  trustedProxies: TrustedProxies,
  readiness: Readiness,
): Promise<void> => {
  if (path === BEACON_PATH) {
    // Our pixel needs none (text/plain); who sends application/json gets an answer without detours.
    if (request.method === 'OPTIONS') return preflight(response, 'content-type')
    if (request.method !== 'POST')
      return refuse(response, { status: 405, error: 'Use POST.' }, { allow: 'POST, OPTIONS' })
    const body = await readBody(request, response, BEACON_BYTES)
    if (!body) return
    const userAgent = request.headers['user-agent']
    answer(response, await takeBeacon(intake, { body, ip: clientIp(request, trustedProxies), userAgent }))
  } else if (path === PROXY_PATH) {
    if (request.method !== 'POST') return refuse(response, { status: 405, error: 'Use POST.' }, { allow: 'POST' })
    const body = await readBody(request, response, BEACON_BYTES)
    if (!body) return
    const proxied = readAppProxy((request.url ?? '').slice(path.length), intake.secrets, intake.runtime.clock.now())
    if (!proxied.ok) return refuse(response, { status: 401, error: NOT_PROXIED })
    answer(response, await takeEmbedded(intake, { from: proxied.shop, body, ip: proxiedIp(request, trustedProxies) }))
  } else if (path === WEBHOOK_PATH) {
    if (request.method !== 'POST') return refuse(response, { status: 405, error: 'Use POST.' }, { allow: 'POST' })
    const body = await readBody(request, response, WEBHOOK_BYTES)
    if (body) answer(response, await takeWebhook(intake, { headers: request.headers, body }))
  } else {
    const told = request.method === 'GET' ? await probe(path, readiness) : undefined
    if (told) response.writeHead(told.status, { 'content-type': 'application/json' }).end(told.body)
    else
      refuse(response, {
        status: 404,
        error: `Nothing is here. Webhooks go to ${WEBHOOK_PATH}, beacons to ${BEACON_PATH}, your own events to /v1/track.`,
      })
  }
}

const NOT_PROXIED =
  'Shopify has not signed this just now. Post to the store’s own address; check the client secret and the clock here.'

const answer = (response: ServerResponse, told: Answer): void => {
  if (told.status === 204) response.writeHead(204, CORS).end()
  else if (told.status === 200) response.writeHead(200, { 'content-length': 0 }).end()
  else refuse(response, told)
}

const UNPARSED: Readonly<Record<string, readonly [status: string, error: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large. Send less.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long. Send it again.'],
}

/** What never became a request: no HTTP, headers beyond all measure, or a sender that fell asleep. */
const refuseUnparsed = (fault: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || fault.code === 'ECONNRESET') return void socket.destroy()
  const [status, error] = UNPARSED[fault.code ?? ''] ?? ['400 Bad Request', 'This is not HTTP. Use an HTTP client.']
  const line = lineOf(error)
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(line)}\r\n\r\n${line}`,
  )
}
