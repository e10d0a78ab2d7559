import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Owners } from './owner.ts'

/** Addresses on which a dashboard without an owner may listen. */
export const isLoopback = (host: string): boolean => host === '127.0.0.1' || host === 'localhost'

const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/i
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const

/**
 * Until an owner exists, whoever reaches the dashboard owns it. So it then answers only on this machine and only under
 * this machine's own names (a website whose name is pointed at 127.0.0.1 carries its own name in Host), and not
 * through a proxy, which may stand on this machine and speak for others. On any other address nothing but the page
 * that makes an owner answers. Where the app stands in Shopify's admin too, its pages' files are for everybody, as they
 * are on every other installation.
 */
export const hostGuard = (owners: Owners, listensOn: string, isInAdmin = false) =>
  createMiddleware(async (c, next) => {
    if (owners.exists() || (isInAdmin && isFile(c.req.path))) return next()
    if (!isLoopback(listensOn)) {
      if (makesOwner(c.req.path)) return next()
      return c.text('This dashboard has no owner yet. Open the one-time link that was printed in its terminal.\n', 403)
    }
    if (FORWARDED.some((name) => c.req.header(name) !== undefined))
      return c.text(
        'This dashboard has no owner yet, so it does not answer through a proxy. Create an owner first.\n',
        403,
      )
    const host = c.req.header('host')
    if (host === undefined || !LOCAL_HOST.test(host))
      return c.text('This dashboard has no owner yet, so it answers only as localhost. Create an owner first.\n', 421)
    return next()
  })

const isFile = (path: string): boolean => path === '/favicon.svg' || /^\/assets\/[\w.-]+$/.test(path)

const makesOwner = (path: string): boolean =>
  ['/owner', '/api/session', '/api/session/owner'].includes(path) || isFile(path)

/** Whether a browser reached us over TLS, ours or a proxy's in front. A forged header only spoils its sender's cookie. */
export const isHttps = (c: Context): boolean =>
  c.req.header('x-forwarded-proto') === 'https' || c.req.url.startsWith('https:')

/**
 * Only our own pages may call the API. A change must say that it comes from our own origin; the scheme is not compared,
 * because behind a proxy only the browser knows it.
 */
export const sameOrigin = createMiddleware(async (c, next) => {
  const site = c.req.header('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') return c.json({ error: 'Another website may not call this.' }, 403)
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  const origin = c.req.header('origin')
  const own = origin === undefined ? site === 'same-origin' : hostOf(origin) === c.req.header('host')?.toLowerCase()
  if (!own) return c.json({ error: 'A change must come from the dashboard’s own page.' }, 403)
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    return c.json({ error: 'Send application/json.' }, 415)
  return next()
})

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)
