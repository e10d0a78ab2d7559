import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Html } from '../html.ts'
import { listen } from '../listen.ts'
import { DEFAULT_ACCOUNT } from '../pinterest/accounts.ts'
import { choiceOf, found, PRODUCTS, productOf } from '../shopify/catalogue.ts'
import { createDeliverer, type Delivery } from '../shopify/deliver.ts'
import { cartPayload, checkoutPayload, orderPayload, refundPayload } from '../shopify/payloads.ts'
import * as pixel from '../shopify/pixel-events.ts'
import type { Buyer, Cart, Checkout, Line, Order } from '../shopify/sale.ts'
import { tagCheckout, tagLines } from '../shopify/tag-data.ts'
import { purchaseDeliveries, type Topic, type Webhook, webhook } from '../shopify/webhooks.ts'
import { driveShoppers, type ShopperSummary } from '../shoppers.ts'
import { isChoice, type PixelPurposes, privacyOf } from './consent.ts'
import { layout, type PageEvent } from './layout.ts'
import { cartPage, checkoutPage, collectionPage, missingPage, productPage, searchPage, thankYouPage } from './pages.ts'
import { cartToken, createIds, createSessions, hexToken, obey, type Session } from './sessions.ts'

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
  /** The pixel's settings as the merchant's installation holds them; {beaconUrl} unless told. */
  readonly pixelSettings?: Readonly<Record<string, string>>
  /** What the pixel's toml declares; analytics and marketing, with limited use after a sale opt-out, unless told. */
  readonly pixelPurposes?: PixelPurposes
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

const DEFAULT_PURPOSES: PixelPurposes = { analytics: true, marketing: true, preferences: false, saleOfData: 'ldu' }
/** Every handler below finds its visitor in the context. */
type Visited = { Variables: { session: Session } }

const SESSION_COOKIE = 'demo_session'
const LARGEST_FORM = 16 * 1024
const MOST_SHOPPERS = 2000

const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/**
 * An outdoor shop on loopback that behaves towards an app as Shopify does: it runs the app's web pixel in a worker under
 * the visitor's consent, and sends signed webhooks about carts, checkouts and orders.
 */
export const startDemoStore = async (options: DemoStoreOptions): Promise<DemoStore> => {
  const now = options.now ?? Date.now
  const sessions = createSessions()
  const deliverer = createDeliverer(options.webhookUrl)
  const ended: Delivery[] = []
  const pending = new Set<Promise<void>>()
  const orders = new Map<string, Order>()
  const customers = new Map<string, { readonly id: string; readonly since: number }>()
  const orderIds = createIds(6_000_000_000_000, now)
  const customerIds = createIds(7_400_000_000_000, now)
  const refundIds = createIds(920_000_000_000, now)
  const declared = options.pixelPurposes ?? DEFAULT_PURPOSES
  const settings = options.pixelSettings ?? { beaconUrl: options.beaconUrl }
  let url = ''

  // Webhooks

  const hook = (topic: Topic, payload: unknown): Webhook =>
    webhook(topic, payload, {
      shop: options.shop,
      secret: options.webhookSecret,
      webhookId: randomUUID(),
      eventId: randomUUID(),
      triggeredAt: now(),
    })

  /** One after the other, so that the order told here is the order of arrival. */
  const deliver = (webhooks: readonly Webhook[]): void => {
    const work = (async () => {
      for (const one of webhooks) ended.push(await deliverer.deliver(one))
    })()
    pending.add(work)
    work.finally(() => pending.delete(work))
  }

  const deliverPurchase = (order: Order): void => {
    const created = orderPayload(order, url)
    deliver(
      purchaseDeliveries({
        created: hook('orders/create', created),
        updated: hook('orders/updated', orderPayload({ ...order, updatedAt: order.updatedAt + 2000 }, url)),
        paid: hook('orders/paid', created),
      }),
    )
  }

  // Pages

  const show = (
    c: Context<Visited>,
    session: Session,
    title: string,
    main: Html,
    events: readonly PageEvent[],
    status: 200 | 404 = 200,
  ) => {
    const { market, choice, blocker, cart } = session
    const path = new URL(c.req.url)
    c.header('cache-control', 'no-store')
    return c.html(
      layout(
        {
          title,
          path: path.pathname + path.search,
          market,
          choice,
          blocker,
          cartCount: pieces(cart),
          links: [{ label: 'Ads manager of the sandbox', url: options.sandboxUrl }, ...(options.links ?? [])],
          data: {
            events,
            privacy: privacyOf(choice, market),
            declared,
            blocker,
            init: {
              customer: null,
              cart: cart ? pixel.pixelCart(cart, market) : null,
              shop: {
                myshopifyDomain: options.shop,
                countryCode: 'US',
                name: 'North Fern Supply',
                paymentSettings: { currencyCode: 'USD' },
                storefrontUrl: url,
              },
              purchasingCompany: null,
            },
            settings,
            tag: {
              src: `${options.sandboxUrl}/s.pinimg.com/ct/core.js`,
              id: DEFAULT_ACCOUNT.tagId,
              ...(session.order ? { em: session.order.checkout.buyer.email } : {}),
            },
          },
        },
        main,
      ),
      status,
    )
  }

  const app = new Hono<Visited>()

  app.use('*', bodyLimit({ maxSize: LARGEST_FORM }))
  app.get('/assets/storefront.js', (c) => c.body(asset('./storefront.js'), 200, SCRIPT))
  app.get('/assets/pixel-worker.js', (c) => c.body(asset('./pixel-worker.js'), 200, SCRIPT))
  app.get('/assets/pixel.js', async (c) => {
    const built = await readFile(options.pixelPath, 'utf8').catch(() => undefined)
    return built === undefined ? c.text('The web pixel is not built yet.', 404) : c.body(built, 200, SCRIPT)
  })

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

  const collection = (c: Context<Visited>) => {
    const session = c.get('session')
    return show(c, session, 'All gear', collectionPage(PRODUCTS, session.market), [
      PAGE_VIEWED,
      {
        name: 'collection_viewed',
        data: pixel.collectionViewed(PRODUCTS, session.market),
        tag: { name: 'viewcategory', data: { product_category: 'All gear' } },
      },
    ])
  }
  app.get('/', collection)
  app.get('/collections/all', collection)

  app.get('/products/:handle', (c) => {
    const session = c.get('session')
    const product = productOf(c.req.param('handle'))
    if (!product) return show(c, session, 'Not found', missingPage(), [PAGE_VIEWED], 404)
    const choice = { product, variant: product.variants[0] }
    return show(c, session, product.title, productPage(product, session.market), [
      // One page_visit per page: on a product's page it is the one that names the product.
      { name: 'page_viewed', data: {} },
      {
        name: 'product_viewed',
        data: pixel.productViewed(choice, session.market),
        tag: { name: 'pagevisit', data: tagLines([{ ...choice, quantity: 1 }], session.market) },
      },
    ])
  })

  app.get('/search', (c) => {
    const session = c.get('session')
    const query = (c.req.query('q') ?? '').slice(0, 100)
    const products = found(query)
    return show(c, session, 'Search', searchPage(query, products, session.market), [
      PAGE_VIEWED,
      {
        name: 'search_submitted',
        data: pixel.searchSubmitted(query, products, session.market),
        tag: { name: 'search', data: { search_query: query } },
      },
    ])
  })

  app.get('/cart', (c) => {
    const session = c.get('session')
    return show(c, session, 'Cart', cartPage(session.cart, session.market), [
      PAGE_VIEWED,
      { name: 'cart_viewed', data: pixel.cartViewed(session.cart, session.market) },
    ])
  })

  app.get('/checkouts/cn/:cart/:locale', (c) => {
    const session = c.get('session')
    const { checkout } = session
    if (!checkout || checkout.cart.token !== c.req.param('cart')) return c.redirect('/cart')
    return show(c, session, 'Checkout', checkoutPage(checkout), [
      PAGE_VIEWED,
      {
        name: 'checkout_started',
        data: pixel.checkoutData(checkout),
        tag: { name: 'initiatecheckout', id: `ic_${checkout.token}`, data: tagCheckout(checkout) },
      },
    ])
  })

  app.get('/checkouts/cn/:cart/:locale/thank-you', (c) => {
    const session = c.get('session')
    const { order } = session
    if (!order || order.checkout.cart.token !== c.req.param('cart')) return c.redirect('/')
    const first = !session.completed
    session.completed = true
    return show(c, session, 'Thank you', thankYouPage(order), [
      PAGE_VIEWED,
      ...(first
        ? [
            {
              name: 'checkout_completed',
              data: pixel.checkoutData(order.checkout, order),
              tag: { name: 'checkout', id: `pur_${order.id}`, data: tagCheckout(order.checkout, order.id) },
            },
          ]
        : []),
    ])
  })

  // Forms

  // Another site's page must not shop here in the visitor's name.
  app.post('*', async (c, next) => {
    const from = c.req.header('sec-fetch-site')
    if (from !== undefined && from !== 'same-origin' && from !== 'none') return c.json({ error: 'Not from here.' }, 403)
    await next()
  })

  const form = async (c: Context<Visited>): Promise<(name: string) => string> => {
    const fields = await c.req.parseBody()
    return (name) => {
      const value = fields[name]
      return typeof value === 'string' ? value.trim().slice(0, 200) : ''
    }
  }

  app.post('/consent', async (c) => {
    const session = c.get('session')
    const choice = (await form(c))('choice')
    if (!isChoice(choice)) return c.json({ error: 'Choose accept or refuse.' }, 400)
    session.choice = choice
    return c.json({ privacy: privacyOf(choice, session.market) })
  })

  app.post('/cart/add', async (c) => {
    const session = c.get('session')
    const field = await form(c)
    const choice = choiceOf(field('variant'))
    const quantity = Number(field('quantity') || 1)
    if (!choice || !Number.isInteger(quantity) || quantity < 1 || quantity > 9)
      return c.json({ error: 'Choose a product and 1 to 9 pieces.' }, 400)
    const added: Line = { ...choice, quantity }
    const before = session.cart
    session.cart = withLine(before, added, now())
    deliver([hook(before ? 'carts/update' : 'carts/create', cartPayload(session.cart, session.market))])
    return c.json({
      cartCount: pieces(session.cart),
      message: `${choice.product.title} is in your cart.`,
      events: [
        {
          name: 'product_added_to_cart',
          data: pixel.productAddedToCart(added, session.market),
          tag: { name: 'addtocart', data: { ...tagLines([added], session.market), order_quantity: quantity } },
        },
      ] satisfies PageEvent[],
    })
  })

  app.post('/checkout', (c) => {
    const session = c.get('session')
    const { cart } = session
    if (!cart) return c.redirect('/cart')
    const at = now()
    if (session.checkout?.cart.token === cart.token) session.checkout = { ...session.checkout, cart, updatedAt: at }
    else {
      session.checkout = {
        token: hexToken(),
        number: 40_990_000_000_000 + orders.size,
        cart,
        market: session.market,
        landingSite: session.landing?.path ?? '/',
        referringSite: session.landing?.referrer ?? '',
        noteAttributes: [],
        createdAt: at,
        updatedAt: at,
      }
      deliver([hook('checkouts/create', checkoutPayload(session.checkout, url))])
    }
    return c.redirect(`/checkouts/cn/${cart.token}/${session.market.language.toLowerCase()}`, 303)
  })

  /** One section of the checkout: changes it, tells the app, and names the event. */
  const section = (
    name: string,
    change: (checkout: Checkout, field: (name: string) => string) => Checkout | string,
    event: string,
  ): void => {
    app.post(`/checkouts/:token/${name}`, async (c) => {
      const session = c.get('session')
      if (session.checkout?.token !== c.req.param('token')) return c.json({ error: 'This checkout has ended.' }, 404)
      const changed = change(session.checkout, await form(c))
      if (typeof changed === 'string') return c.json({ error: changed }, 400)
      session.checkout = { ...changed, updatedAt: now() }
      deliver([hook('checkouts/update', checkoutPayload(session.checkout, url))])
      return c.json({ events: [{ name: event, data: pixel.checkoutData(session.checkout) }] })
    })
  }

  const phones = new Map<string, string>()
  section(
    'contact',
    (checkout, field) => {
      const email = field('email')
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return 'Enter an email address.'
      phones.set(checkout.token, field('phone'))
      return { ...checkout, email }
    },
    'checkout_contact_info_submitted',
  )
  section(
    'address',
    (checkout, field) => {
      if (checkout.email === undefined) return 'Enter the contact first.'
      const buyer = buyerFor(checkout, checkout.email, phones.get(checkout.token) || null, field)
      return buyer ? { ...checkout, buyer } : 'Fill in name, street, post code and city.'
    },
    'checkout_address_info_submitted',
  )
  section(
    'shipping',
    (checkout) => (checkout.buyer ? { ...checkout, shippingChosen: true } : 'Enter the address first.'),
    'checkout_shipping_info_submitted',
  )

  const buyerFor = (
    checkout: Checkout,
    email: string,
    phone: string | null,
    field: (name: string) => string,
  ): Buyer | undefined => {
    const known = customers.get(email.toLowerCase())
    const customer = known ?? { id: customerIds(), since: now() }
    customers.set(email.toLowerCase(), customer)
    const typed = {
      firstName: field('firstName'),
      lastName: field('lastName'),
      address1: field('address1'),
      city: field('city'),
      zip: field('zip'),
    }
    if (Object.values(typed).includes('')) return undefined
    return {
      ...typed,
      customerId: customer.id,
      addressId: String(Number(customer.id) + 1_900_000_000_000),
      email,
      phone,
      market: checkout.market,
      firstOrder: ![...orders.values()].some((order) => order.checkout.buyer.customerId === customer.id),
      since: customer.since,
    }
  }

  app.post('/checkouts/:token/payment', async (c) => {
    const session = c.get('session')
    const { checkout } = session
    if (checkout?.token !== c.req.param('token')) return c.json({ error: 'This checkout has ended.' }, 404)
    const { buyer } = checkout
    if (!buyer || !checkout.shippingChosen) return c.json({ error: 'Choose address and shipping first.' }, 400)
    const at = now()
    const order: Order = {
      id: orderIds(),
      number: 1001 + orders.size,
      token: hexToken(),
      confirmation: hexToken().slice(0, 9).toUpperCase(),
      checkout: { ...checkout, buyer },
      browser: {
        ip: session.ip,
        userAgent: c.req.header('user-agent') ?? '',
        language: (c.req.header('accept-language') ?? session.market.language).split(',')[0] ?? '',
      },
      createdAt: at,
      updatedAt: at,
    }
    orders.set(order.id, order)
    session.order = order
    session.completed = false
    delete session.cart
    delete session.checkout
    phones.delete(checkout.token)
    await introduce(options.sandboxUrl, [buyer])
    deliverPurchase(order)
    return c.json({
      goTo: `/checkouts/cn/${checkout.cart.token}/${checkout.market.language.toLowerCase()}/thank-you`,
      events: [{ name: 'payment_info_submitted', data: pixel.checkoutData(checkout) }],
    })
  })

  let driving: Promise<ShopperSummary> | undefined
  app.post('/shoppers', async (c) => {
    if (driving) return c.json({ error: 'Shoppers are on their way already.' }, 409)
    const count = Number((await form(c))('count') || 50)
    if (!Number.isInteger(count) || count < 1 || count > MOST_SHOPPERS)
      return c.json({ error: `Send 1 to ${MOST_SHOPPERS} shoppers.` }, 400)
    driving = driveShoppers({ ...options, storeUrl: url, count, seed: now() % 2 ** 32 })
    try {
      const { sent, purchases, expected } = await driving
      return c.json({
        message: `${count} shoppers sent ${sent.beacons} beacons and ${sent.webhooks} webhooks. They bought ${purchases} times; ${expected.purchases} purchases may go out, ${expected.suppressed} lack consent.`,
      })
    } finally {
      driving = undefined
    }
  })

  app.notFound((c) => show(c, c.get('session'), 'Not found', missingPage(), [PAGE_VIEWED], 404))

  const server = await listen(getRequestListener(app.fetch), options)
  url = server.url

  return {
    url,
    port: server.port,
    orders: () => [...orders.values()],
    deliveries: () => ended,
    refund: (orderId) => {
      const order = orders.get(orderId)
      if (!order) return false
      const at = now()
      deliver([
        hook('refunds/create', refundPayload(order, { id: refundIds(), at })),
        hook('orders/updated', orderPayload({ ...order, updatedAt: at }, url, 'refunded')),
      ])
      return true
    },
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending)
    },
    close: async () => {
      await server.close()
      await deliverer.close()
      await Promise.all(pending)
    },
  }
}

const SCRIPT = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }
const PAGE_VIEWED: PageEvent = { name: 'page_viewed', data: {}, tag: { name: 'pagevisit' } }

const pieces = (cart: Cart | undefined): number => cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0

/** The cart with a line more; pieces of one variant stand in one line. */
const withLine = (cart: Cart | undefined, added: Line, at: number): Cart => {
  const base = cart ?? { token: cartToken(), key: hexToken(), lines: [], createdAt: at, updatedAt: at }
  const same = base.lines.find((line) => line.variant.id === added.variant.id)
  const lines = same
    ? base.lines.map((line) => (line === same ? { ...line, quantity: line.quantity + added.quantity } : line))
    : [...base.lines, added]
  return { ...base, lines, updatedAt: at }
}

/** Lets the sandbox know a buyer, as the platform would know one of its own people. */
const introduce = async (sandboxUrl: string, buyers: readonly Buyer[]): Promise<void> => {
  const people = buyers.map(({ email, phone }) => ({ email, phone }))
  await fetch(`${sandboxUrl}/control/pinterest/people`, { method: 'POST', body: JSON.stringify({ people }) }).catch(
    () => undefined,
  )
}
