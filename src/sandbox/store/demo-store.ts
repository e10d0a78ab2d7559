import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { listen } from '../listen.ts'
import type { Books } from '../shopify/admin/books.ts'
import type { Delivery } from '../shopify/deliver.ts'
import { orderPayload } from '../shopify/payloads/order.ts'
import { refundPayload } from '../shopify/payloads/refund.ts'
import type { Order } from '../shopify/sale.ts'
import { driveShoppers, type ShopperSummary } from '../shoppers.ts'
import { routeCart } from './cart-routes.ts'
import { routeCheckout } from './checkout-routes.ts'
import { isChoice, type PixelPurposes, privacyOf } from './consent.ts'
import { readForm } from './form.ts'
import { createOutbox } from './outbox.ts'
import { routePages } from './page-routes.ts'
import { missingPage } from './pages.ts'
import { createIds, createSessions, obey } from './sessions.ts'
import { createShow, PAGE_VIEWED, type Visited } from './show.ts'
import { type InstalledTags, scriptsOf } from './tags-embed.ts'

export interface DemoStoreOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** Where the pixel posts its beacons. */
  readonly beaconUrl: string
  readonly webhookUrl: string
  readonly webhookSecret: string
  /** e.g. demo.myshopify.com */
  readonly shop: string
  /** Of the platforms' sandbox, for the browser tag. */
  readonly sandboxUrl: string
  /** File of the built web pixel. */
  readonly pixelPath: string
  /** The app's tags, as far as the merchant switched them on; none unless told. */
  readonly tags?: InstalledTags
  /** The pixel's settings as the merchant's installation holds them; {beaconUrl} unless told. */
  readonly pixelSettings?: Readonly<Record<string, string>>
  /** What the pixel's toml declares; analytics and marketing, with limited use after a sale opt-out, unless told. */
  readonly pixelPurposes?: PixelPurposes
  /** Shopify's, in which orders and refunds are entered. */
  readonly books?: Pick<Books, 'sell' | 'refund'> | undefined
  /** Links shown in the footer, e.g. to the dashboard. */
  readonly links?: readonly { readonly label: string; readonly url: string }[]
  /** ms since 1970; Date.now unless told. */
  readonly now?: () => number
}

export interface DemoStore {
  readonly url: string
  readonly port: number
  /** Orders placed here, oldest first. */
  orders(): readonly Order[]
  /** Every webhook delivery that has ended. */
  deliveries(): readonly Delivery[]
  /** Refunds a whole order: sends refunds/create and orders/updated. False when there is no such order. */
  refund(orderId: string): boolean
  /** Resolves when no webhook is on its way any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

const SESSION_COOKIE = 'demo_session'
const LARGEST_FORM = 16 * 1024
const MOST_SHOPPERS = 2000

const SCRIPT = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }

const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/**
 * An outdoor shop on loopback that behaves towards an app as Shopify does: it runs the app's web pixel in a worker under
 * the visitor's consent, and sends signed webhooks about carts, checkouts and orders.
 */
export const startDemoStore = async (options: DemoStoreOptions): Promise<DemoStore> => {
  const now = options.now ?? Date.now
  const sessions = createSessions()
  const orders = new Map<string, Order>()
  const refundIds = createIds(920_000_000_000, now)
  const outbox = createOutbox(options, now)
  let url = ''
  const storeUrl = () => url
  const show = createShow(options, storeUrl)

  const app = new Hono<Visited>()

  app.use('*', bodyLimit({ maxSize: LARGEST_FORM }))
  app.get('/assets/storefront.js', (c) => c.body(asset('./storefront.js'), 200, SCRIPT))
  app.get('/assets/pixel-worker.js', (c) => c.body(asset('./pixel-worker.js'), 200, SCRIPT))
  app.get('/assets/custom-pixel-frame.js', (c) => c.body(asset('./custom-pixel-frame.js'), 200, SCRIPT))
  const built = (path: string | undefined) => async (c: Context) => {
    const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined)
    return text === undefined ? c.text('This is not built.', 404) : c.body(text, 200, SCRIPT)
  }
  app.get('/assets/pixel.js', built(options.pixelPath))
  app.get('/assets/converlay-tags.js', built(options.tags?.assets.embed))
  app.get('/assets/converlay-platforms.js', built(options.tags?.assets.platforms))
  // A custom pixel's frame has no cookies, so the page names the visitor's blocker, which has a say in what it may load.
  app.get('/assets/custom-pixel.js', async (c) => {
    const via = scriptsOf(c.req.query('blocker') === 'none' ? 'none' : 'tag', options.sandboxUrl, url)
    return options.tags ? c.body(await options.tags.customPixel(via), 200, SCRIPT) : c.text('There is none.', 404)
  })
  // Where the scripts of platforms are asked for by visitors who block them.
  app.get('/blocked/*', (c) => c.text('Blocked.', 404))

  app.use('*', async (c, next) => {
    const known = getCookie(c, SESSION_COOKIE)
    const session = sessions.get(known)
    if (session.id !== known) setCookie(c, SESSION_COOKIE, session.id, { httpOnly: true, sameSite: 'Lax', path: '/' })
    c.set('session', session)
    await next()
  })

  app.get('*', async (c, next) => {
    const session = c.get('session')
    obey(session, (name) => c.req.query(name))
    const { pathname, search } = new URL(c.req.url)
    session.landing ??= { path: pathname + search, referrer: c.req.header('referer') ?? '' }
    // A refusal takes the tag's cookie back, as a consent tool would.
    if (session.choice === 'refuse') deleteCookie(c, '_epik', { path: '/' })
    await next()
  })

  routePages(app, show)

  // Another site's page must not shop here in the visitor's name.
  app.post('*', async (c, next) => {
    const from = c.req.header('sec-fetch-site')
    if (from !== undefined && from !== 'same-origin' && from !== 'none') return c.json({ error: 'Not from here.' }, 403)
    await next()
  })

  app.post('/consent', async (c) => {
    const session = c.get('session')
    const choice = (await readForm(c))('choice')
    if (!isChoice(choice)) return c.json({ error: 'Choose accept or refuse.' }, 400)
    session.choice = choice
    return c.json({ privacy: privacyOf(choice, session.market) })
  })

  routeCart(app, outbox, now)
  routeCheckout(app, {
    outbox,
    sold: (order) => {
      orders.set(order.id, order)
      options.books?.sell(order)
    },
    orders,
    sandboxUrl: options.sandboxUrl,
    storeUrl,
    now,
  })

  let driving: Promise<ShopperSummary> | undefined
  app.post('/shoppers', async (c) => {
    if (driving) return c.json({ error: 'Shoppers are on their way already.' }, 409)
    const count = Number((await readForm(c))('count') || 50)
    if (!Number.isInteger(count) || count < 1 || count > MOST_SHOPPERS)
      return c.json({ error: `Send 1 to ${MOST_SHOPPERS} shoppers.` }, 400)
    driving = driveShoppers({ ...options, storeUrl: url, count, seed: now() % 2 ** 32 })
    try {
      const { sent, purchases, expected } = await driving
      return c.json({
        message: `${count} shoppers sent ${sent.beacons} beacons and ${sent.webhooks} webhooks. They bought ${purchases} times; ${expected.purchases} purchases may go out, ${expected.suppressed} lack consent. Look at the Converlay dashboard, where they came in, and at the ads manager of the sandbox, where they arrive.`,
      })
    } finally {
      driving = undefined
    }
  })

  app.notFound((c) => show(c, 'Not found', missingPage(), [PAGE_VIEWED], { type: 'page' }, 404))

  const server = await listen(getRequestListener(app.fetch), options)
  url = server.url

  return {
    url,
    port: server.port,
    orders: () => [...orders.values()],
    deliveries: outbox.deliveries,
    refund: (orderId) => {
      const order = orders.get(orderId)
      if (!order) return false
      const at = now()
      const refund = { id: refundIds(), at }
      options.books?.refund(orderId, refund)
      outbox.deliver([
        outbox.hook('refunds/create', refundPayload(order, refund)),
        outbox.hook('orders/updated', orderPayload({ ...order, updatedAt: at }, url, 'refunded')),
      ])
      return true
    },
    settled: outbox.settled,
    close: async () => {
      await server.close()
      await outbox.close()
    },
  }
}
