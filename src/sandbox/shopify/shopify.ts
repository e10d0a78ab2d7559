import { randomUUID } from 'node:crypto'
import { HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Answer, type Failing, json, type PlatformRequest } from '../platform.ts'
import { type Accounts, createAccounts, type RegisteredApp } from './accounts.ts'
import { type Books, createBooks } from './admin/books.ts'
import { pixelRoots } from './admin/pixel.ts'
import { createAdminApi } from './admin/server.ts'
import { ADMIN_PAGE, answerAdminPage, type Merchant } from './admin-page.ts'
import { createDeliverer, type Delivery, type Pause, realPause } from './deliver.ts'
import { AUTHORIZE_PATH, answerAuthorize, answerToken, TOKEN_PATH } from './oauth.ts'
import { sessionToken, signedQuery } from './session-tokens.ts'
import { type Topic, webhook } from './webhooks.ts'

export interface ShopifyOptions {
  readonly app: RegisteredApp
  /** Permanent domains of the stores that there are. */
  readonly shops: readonly string[]
  /** Where the app's webhooks go. */
  readonly webhookUrl: () => string
  /** The admin opens the app, as it does when it was installed: with this query. */
  readonly open?: (query: URLSearchParams) => void
  /** ms since 1970; Date.now unless told. */
  readonly now?: () => number
  /** How deliveries and what follows an uninstallation wait; in real time unless told. */
  readonly pause?: Pause
}

/** Eight more tries within four hours, further and further apart. */
const RETRY_AFTER = [1, 2, 4, 8, 16, 32, 64, 113].map((minutes) => minutes * MINUTE)
/** After an uninstallation the store's data are to be erased. */
const REDACT_AFTER = 48 * HOUR

/** The buttons of the admin's page. */
const PRESSED = /^\/admin\/(?:install|uninstall|permissions)$/

/** Shopify as an app meets it: its admin opens the app, gives it tokens, and tells it by webhook what happens to it. */
export const createShopify = (options: ShopifyOptions) => {
  const now = options.now ?? Date.now
  const { app } = options
  const accounts: Accounts = createAccounts(app, options.shops, now)
  const books = new Map<string, Books>(options.shops.map((shop) => [shop, createBooks()]))
  const admin = createAdminApi({
    scopesOf: accounts.scopesOf,
    booksOf: (shop) => books.get(shop),
    roots: pixelRoots(accounts),
  })
  const pause = options.pause ?? realPause
  const deliverer = createDeliverer(options.webhookUrl, { retryAfter: RETRY_AFTER, pause })
  const ending = new AbortController()
  const pending = new Set<Promise<unknown>>()
  const ended: Delivery[] = []
  const grants: { readonly shop: string; readonly grant: string; readonly status: number }[] = []

  const kept = <T>(work: Promise<T>): Promise<T> => {
    pending.add(work)
    work.finally(() => pending.delete(work))
    return work
  }
  const tell = (shop: string, topic: Topic, payload: unknown): Promise<Delivery> => {
    const delivery = deliverer.deliver(
      webhook(topic, payload, {
        shop,
        secret: app.secret,
        webhookId: randomUUID(),
        eventId: randomUUID(),
        triggeredAt: now(),
      }),
    )
    return kept(
      delivery.then((end) => {
        ended.push(end)
        return end
      }),
    )
  }
  const shopPayload = (shop: string) => ({
    id: 71_234_567_890,
    name: 'North Fern',
    domain: shop,
    myshopify_domain: shop,
    country_code: 'US',
    currency: 'USD',
    iana_timezone: 'America/Los_Angeles',
    updated_at: new Date(now()).toISOString(),
  })

  const launch = (shop: string): URLSearchParams =>
    signedQuery(app, {
      embedded: '1',
      host: Buffer.from(`admin.shopify.com/store/${shop.replace('.myshopify.com', '')}`).toString('base64url'),
      id_token: sessionToken(app, shop, now()),
      locale: 'en-GB',
      session: randomUUID().replaceAll('-', ''),
      shop,
      timestamp: String(Math.floor(now() / SECOND)),
    })

  const merchant = {
    /** Shopify's own screen asks, and the app is opened afterwards. */
    install(shop: string): void {
      accounts.agree(shop)
      options.open?.(launch(shop))
    },
    /** Tokens are dead at once, the app is told, and 48 hours later to erase the store's data. */
    uninstall(shop: string): Promise<Delivery> {
      accounts.remove(shop)
      void kept(
        pause(REDACT_AFTER, ending.signal).then(() =>
          ending.signal.aborted ? undefined : tell(shop, 'shop/redact', { shop_id: 71_234_567_890, shop_domain: shop }),
        ),
      )
      return tell(shop, 'app/uninstalled', shopPayload(shop))
    },
    changeScopes(shop: string, scopes: readonly string[]): Promise<Delivery> {
      const previous = accounts.installation(shop)?.scopes ?? []
      accounts.agree(shop, scopes)
      return tell(shop, 'app/scopes_update', {
        id: 71_234_567_890,
        previous,
        current: scopes,
        updated_at: new Date(now()).toISOString(),
      })
    },
    deliveries: (): readonly Delivery[] => ended,
  } satisfies Merchant

  /** Shopify's side: a request to a store's admin. */
  const answer = (request: PlatformRequest): Answer => {
    if (request.path === ADMIN_PAGE || PRESSED.test(request.path)) return answerAdminPage(accounts, merchant, request)
    if (request.path === AUTHORIZE_PATH) return answerAuthorize(accounts, request)
    if (request.path !== TOKEN_PATH) return admin.answer(request)
    const answered = answerToken(accounts, request)
    const { grant_type: grant = 'code' } = JSON.parse(request.body || '{}') as { grant_type?: string }
    grants.push({ shop: request.host, grant, status: answered.status })
    return answered
  }

  return {
    slug: 'shopify',
    browserPaths: options.shops.map((shop) => shop + AUTHORIZE_PATH),
    hosts: options.shops,
    largestBody: 1024 * 1024,
    answer,
    failing: (status: Failing): Answer => json(status, { errors: 'Service unavailable' }),
    refuseAll: (): Answer => json(200, { errors: [{ message: 'Internal error. Looks like something went wrong.' }] }),
    accounts,
    admin,
    books,
    /** Every request for a token, oldest first. */
    grants: (): readonly { readonly shop: string; readonly grant: string; readonly status: number }[] => grants,
    ...merchant,
    /** The query with which the admin opens the app in its frame. */
    launch,
    sessionToken: (shop: string): string => sessionToken(app, shop, now()),
    tell,
    /** Gives up what is still to be told. */
    close: async (): Promise<void> => {
      ending.abort()
      await deliverer.close()
      await Promise.all(pending)
    },
  }
}

export type ShopifySandbox = ReturnType<typeof createShopify>
