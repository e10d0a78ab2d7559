import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { secureHeaders } from 'hono/secure-headers'
import { type Log, whatFailed } from '../lib/log.ts'
import type { ApiDeps } from './api/deps.ts'
import { dashboardApi } from './api/index.ts'
import { buildDashboard } from './build-dashboard.ts'
import { type OfShop, ofShop, shopifyEntrance } from './embedded.ts'
import { hostGuard, isLoopback, sameOrigin } from './guard.ts'
import { type Owners, ownersIn } from './owner.ts'
import { sessionApi, signedIn } from './session-api.ts'
import { memorySessions, memoryThrottle } from './sessions.ts'

/** A settings form is far below this. */
const LARGEST_BODY = 64 * 1024

export interface DashboardOptions {
  readonly deps: ApiDeps
  readonly owners: Owners
  /** The address it listens on. */
  readonly host: string
  /** Folder of the built pages. */
  readonly assets: string
  readonly log: Log
  /** The network address of whoever asks. */
  readonly addressOf: (c: Context) => string
  readonly closing?: AbortSignal
}

/** The dashboard as one app: guard, signing in, API, pages. */
export const dashboardApp = ({ deps, owners, host, assets, log, addressOf, closing }: DashboardOptions) => {
  const { now } = deps.runtime.clock
  const session = { owners, sessions: memorySessions(), throttle: memoryThrottle(), now, log, addressOf }
  const pages = new Hono()
    .use('/assets/*', compress())
    .use(
      '/assets/*',
      serveStatic({
        root: assets,
        onFound: (_, c) => c.header('cache-control', 'public, max-age=31536000, immutable'),
      }),
    )
    .all('/assets/*', (c) => c.text('There is no such file. Reload the page.\n', 404))
    .get('/favicon.svg', serveStatic({ root: assets }))
    .get(
      '*',
      serveStatic({ root: assets, path: 'index.html', onFound: (_, c) => c.header('cache-control', 'no-cache') }),
    )

  const { shopify } = deps
  return new Hono<OfShop>()
    .onError((error, c) => {
      log.error('dashboard request failed', { path: c.req.routePath, fault: whatFailed(error) })
      return c.json({ error: 'Something went wrong here. Try again; if it stays, run `converlay doctor`.' }, 500)
    })
    .use(shopify ? shopifyEntrance({ shopify, assets, now }) : nextOne)
    .use(headers)
    .use('/api/*', shopify ? ofShop({ shopify, now }) : nextOne)
    .use(unlessOfShop(hostGuard(owners, host, shopify !== undefined)))
    .use('/api/*', unlessOfShop(sameOrigin))
    .use('/api/*', bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => c.json({ error: 'Too large.' }, 413) }))
    .use('/api/*', async (c, next) => {
      c.header('cache-control', 'no-store')
      await next()
    })
    .route('/api/session', sessionApi(session))
    .use('/api/*', unlessOfShop(signedIn(session)))
    .route('/api', dashboardApi(deps, closing))
    .all('/api/*', (c) => c.json({ error: 'There is no such address.' }, 404))
    .route('/', pages)
}

const nextOne: MiddlewareHandler = (_, next) => next()

/** A call with a session token has proved more than these guards ask; no other website can make it. */
const unlessOfShop =
  (guard: MiddlewareHandler): MiddlewareHandler<OfShop> =>
  (c, next) =>
    c.get('onlyShop') === undefined ? guard(c, next) : next()

/** Mantine writes its styles into the page, hence 'unsafe-inline' for styles; scripts come only from here. */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // Plain HTTP on loopback is a normal way to run this; TLS is ended by a proxy, which sets its own policy.
  strictTransportSecurity: false,
})

/** The socket's address; an IPv6 one without its last 64 bits, which one person has all of. */
const socketAddress = (c: Context): string => {
  const address = getConnInfo(c).remote.address ?? 'unknown'
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address
}

export interface RunningDashboard {
  readonly url: string
  /** Open it once to become the owner; only there while the dashboard waits for one. */
  readonly ownerLink?: string
  close(): Promise<void>
}

/**
 * Serves the dashboard. `host` other than 127.0.0.1 needs an owner; without one the answer carries the one-time link
 * that makes it, to print in the terminal (never to log). `assets` is for pages that are built already.
 */
export const startDashboard = async (options: {
  readonly deps: ApiDeps
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly log: Log
  readonly assets?: string
  /** Asks for an owner on this machine too, so that a proxy may stand in front. */
  readonly invite?: boolean
}): Promise<RunningDashboard> => {
  const { deps, log } = options
  const owners = await ownersIn(options.dataDir)
  const assets = options.assets ?? (await buildDashboard())
  const closing = new AbortController()
  const app = dashboardApp({
    deps,
    owners,
    host: options.host,
    assets,
    log,
    addressOf: socketAddress,
    closing: closing.signal,
  })
  // Bound by number: "localhost" may mean ::1 as well, and the guard speaks of 127.0.0.1.
  const hostname = isLoopback(options.host) ? '127.0.0.1' : options.host
  const server = createAdaptorServer({ fetch: app.fetch })
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, hostname, () => resolve(server.address() as AddressInfo))
  })
  const url = `http://${isLoopback(options.host) ? 'localhost' : urlHost(hostname)}:${port}`
  const close = () =>
    new Promise<void>((resolve, reject) => {
      closing.abort()
      server.close((error) => (error ? reject(error) : resolve()))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    })
  if (owners.exists() || (isLoopback(options.host) && !options.invite)) return { url, close }
  return { url, ownerLink: `${url}/owner?token=${owners.invite(deps.runtime.clock.now())}`, close }
}

/** An address that means "all of them" cannot be opened; the person puts in the right name. */
const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
