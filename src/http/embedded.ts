import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import type { ShopifyApp } from '../shopify/app.ts'
import { beginAuthorization, CALLBACK_PATH, readCallback, STATE_LIFE } from '../shopify/oauth.ts'
import { readSignedQuery } from '../shopify/query-hmac.ts'
import { readSessionToken } from '../shopify/session-token.ts'
import type { Shopify, Visit } from '../shopify/shopify.ts'
import { isHttps } from './guard.ts'

/** Where Shopify serves its bridge between an app's page and the admin around it; it must not be served from elsewhere. */
const APP_BRIDGE = 'https://cdn.shopify.com/shopifycloud/app-bridge.js'

/** Tells App Bridge to send the call once more with a fresh session token. */
const RETRY = { 'x-shopify-retry-invalid-session-request': '1' }

const AUTH_PATH = '/auth'

/** What a request from within a shop's admin is marked with: the only shop that it may see. */
export interface OfShop {
  readonly Variables: { onlyShop?: Shop }
}

interface Entrance {
  readonly shopify: Shopify
  /** Folder of the built pages. */
  readonly assets: string
  readonly now: () => number
}

/**
 * The ways in from Shopify, before every guard of the dashboard itself, because each brings its own proof: pages that the
 * admin opens are signed, and so is the way back from an authorization. Everything else goes on.
 */
export const shopifyEntrance = ({ shopify, assets, now }: Entrance) => {
  const { app } = shopify

  /** The page inside the admin. Its calls bring session tokens; here the first of them installs the app. */
  const embedded = async (c: Context, shop: Shop): Promise<Response> => {
    const read = readSessionToken(c.req.query('id_token') ?? '', app, now())
    // The page itself tells what is wrong; it asks again with a token of its own.
    if (read.ok && read.token.shop === shop) await shopify.opened(read.token)
    const page = await readFile(join(assets, 'index.html'), 'utf8')
    return c.html(withAppBridge(page, app), 200, framedBy(shop))
  }

  const begin = (c: Context, shop: Shop): Response => {
    const { url, cookie } = beginAuthorization(app, shop, ownUrl(c, app), now())
    setCookie(c, cookieName(c), cookie, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure: isHttps(c),
      maxAge: STATE_LIFE / SECOND,
    })
    return c.redirect(url, 302)
  }

  const callback = async (c: Context): Promise<Response> => {
    const cookie = getCookie(c, cookieName(c))
    deleteCookie(c, cookieName(c), { path: '/', secure: isHttps(c) })
    const authorized = readCallback(app, new URL(c.req.url).search, cookie, now())
    if (!authorized.ok) return refusal(c, authorized.problem)
    const visit = await shopify.authorized(authorized.shop, authorized.code, authorized.signedAt)
    if (!visit.ok) return c.text(`${visit.message}\n`, statusOf(visit), PLAIN)
    return c.redirect(`/s/${authorized.shop}`, 302)
  }

  return createMiddleware(async (c, next) => {
    if (c.req.method !== 'GET' || c.req.path.startsWith('/api/') || c.req.path.startsWith('/assets/')) return next()
    if (c.req.path === CALLBACK_PATH) return callback(c)
    if (c.req.path === AUTH_PATH) {
      const shop = shopFrom(c.req.query('shop'))
      return shop === undefined ? c.text(NO_SHOP, 400, PLAIN) : begin(c, shop)
    }
    if (c.req.query('hmac') === undefined) return next()
    const signed = readSignedQuery(new URL(c.req.url).search, app.secrets, now())
    if (!signed.ok) return refusal(c, signed.problem)
    if (signed.query.get('embedded') === '1' || signed.query.has('id_token')) return embedded(c, signed.shop)
    // Opened by itself: an app that does not live in the admin. Access of an installation before is found dead by using it.
    if (await shopify.tokens.has(signed.shop)) await shopify.loaded(signed.shop)
    return (await shopify.tokens.has(signed.shop)) ? c.redirect(`/s/${signed.shop}`, 302) : begin(c, signed.shop)
  })
}

/**
 * Calls from within a shop's admin: each brings a session token, and sees that shop and no other. What is not known to
 * be of one shop is refused, so that a new route shows nobody another's data by being forgotten here.
 */
export const ofShop = ({ shopify, now }: Omit<Entrance, 'assets'>) =>
  createMiddleware<OfShop>(async (c, next) => {
    const [, text] = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '') ?? []
    if (text === undefined) return next()
    const read = readSessionToken(text, shopify.app, now())
    if (!read.ok) return c.json(SESSION_ENDED, 401, RETRY)
    const { shop } = read.token
    if (!isOf(shop, c)) return c.json({ error: 'Only this store can be seen here.' }, 404)
    const visit = await shopify.visited(read.token)
    if (!visit.ok)
      return visit.problem === 'stale'
        ? c.json(SESSION_ENDED, 401, RETRY)
        : c.json({ error: visit.message }, statusOf(visit))
    c.set('onlyShop', shop)
    return next()
  })

/** Whether a call is about this shop, or about none. */
const isOf = (shop: Shop, c: Context): boolean => {
  const [, , area, named] = c.req.path.split('/')
  if (area === 'shops') return named === undefined || named === shop
  if (area === 'live') return c.req.query('shop') === shop
  return area === 'destinations' || (area === 'session' && c.req.method === 'GET')
}

/** Refused by Shopify, or not answered. */
const statusOf = ({ problem }: Exclude<Visit, { ok: true }>): 403 | 502 => (problem === 'refused' ? 403 : 502)

const SESSION_ENDED = { error: 'The session has ended. Reload the page.' }
const NO_SHOP = 'Which store? Add ?shop=NAME.myshopify.com, the store’s permanent domain.\n'

const PLAIN = {
  'content-security-policy': "default-src 'none'; frame-ancestors https://admin.shopify.com",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
}

const refusal = (c: Context, problem: 'stale' | 'invalid'): Response =>
  problem === 'stale'
    ? c.text('This address is too old. Open the app from the store’s admin again.\n', 400, PLAIN)
    : c.text(
        'This address does not carry Shopify’s signature. Open the app from the store’s admin; if that leads here, check that SHOPIFY_API_SECRET is the app’s client secret.\n',
        400,
        PLAIN,
      )

/** `__Host-` ties the cookie to this very host, but browsers take it only over TLS. */
const cookieName = (c: Context): string => (isHttps(c) ? '__Host-converlay-state' : 'converlay-state')

/** Where this dashboard is reached: as configured, else as it was asked for. Shopify knows which addresses may be named. */
const ownUrl = (c: Context, { url }: ShopifyApp): string => url ?? new URL(c.req.url).origin

/** App Bridge must be the first script of the page. */
const withAppBridge = (page: string, { clientId }: ShopifyApp): string =>
  page.replace(
    '<head>',
    `<head><meta name="shopify-api-key" content="${clientId}"><script src="${APP_BRIDGE}"></script>`,
  )

/** Only this shop's admin may show the page in a frame. */
const framedBy = (shop: Shop): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' https://cdn.shopify.com",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors https://${shop} https://admin.shopify.com`,
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})
