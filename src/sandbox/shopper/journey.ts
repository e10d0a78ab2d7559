import { SECOND } from '../../lib/duration.ts'
import type { Random } from '../random.ts'
import { seededRandom } from '../random.ts'
import { type Choice, PRODUCTS, type Product } from '../shopify/catalogue.ts'
import { cartPayload } from '../shopify/payloads/cart.ts'
import { checkoutPayload } from '../shopify/payloads/checkout.ts'
import { orderPayload } from '../shopify/payloads/order.ts'
import * as pixel from '../shopify/pixel-events.ts'
import type { Buyer, Cart, Checkout, Line, Order } from '../shopify/sale.ts'
import { tagCheckout, tagLines } from '../shopify/tag-data.ts'
import { purchaseDeliveries, type Topic, type Webhook, webhook } from '../shopify/webhooks.ts'
import { buyerBy, type Visitor, visitorBy } from './visitor.ts'

/** A request that a journey makes, in the order in which it is made. */
export type Step =
  | { readonly kind: 'beacon'; readonly beacon: Beacon; readonly visitor: Visitor }
  | {
      readonly kind: 'tag'
      readonly event: string
      readonly data: unknown
      readonly visitor: Visitor
    }
  | { readonly kind: 'webhook'; readonly webhook: Webhook }

/** What our web pixel posts to /b/1. */
export interface Beacon {
  readonly v: 1
  readonly shop: string
  readonly sentAt: string
  readonly events: readonly unknown[]
  readonly consent: Readonly<Record<'analytics' | 'marketing' | 'preferences' | 'saleOfData', boolean>>
  readonly cookies: Readonly<Record<string, string>>
  readonly landing: { readonly url: string; readonly referrer: string; readonly at: string }
  readonly cart?: { readonly token: string }
  readonly store: { readonly country: string; readonly currency: string; readonly url: string }
}

export interface Purchase {
  readonly order: Order
  readonly visitor: Visitor
  /** Whether the server may pass it on, given what it can know of the visitor's consent. */
  readonly expected: 'sent' | 'limited' | 'suppressed'
}

export interface Journey {
  readonly steps: readonly Step[]
  readonly buyers: readonly Buyer[]
  readonly purchases: readonly Purchase[]
}

export interface JourneyWorld {
  readonly shop: string
  readonly storeUrl: string
  readonly webhookSecret: string
  /** The moment at which the last step has happened, ms since 1970. */
  readonly now: number
}

/** Longest journey; its steps are dated backwards from now. */
const LONGEST = 600 * SECOND

const CONSENTED = { analytics: true, marketing: true, preferences: true, saleOfData: true }
const REFUSED = { analytics: false, marketing: false, preferences: false, saleOfData: false }

/** The journey of one shopper: a function of seed, number and world. */
export const journeyOf = (seed: number, number: number, world: JourneyWorld): Journey => {
  const random = seededRandom(`${seed}:${number}`)
  const first = visitorBy(random, world.now - LONGEST)
  const buyer = buyerBy(random, first.market, world.now - LONGEST)
  const ending = random.next()
  if (ending < 0.3) return visit(random, world, first, undefined)
  if (ending < 0.55) return visit(random, world, first, { buyer, until: 'cart' })
  if (ending < 0.68) return visit(random, world, first, { buyer, until: 'checkout' })
  const once = visit(random, world, first, { buyer, until: 'purchase' })
  if (ending < 0.95) return once
  // The same person comes back on another device.
  const second = visitorBy(random, world.now - LONGEST, first)
  const again = visit(random, world, second, { buyer: { ...buyer, firstOrder: false }, until: 'purchase' })
  return {
    steps: [...once.steps, ...again.steps],
    buyers: once.buyers,
    purchases: [...once.purchases, ...again.purchases],
  }
}

interface Intent {
  readonly buyer: Buyer
  readonly until: 'cart' | 'checkout' | 'purchase'
}

interface Shown {
  readonly name: string
  readonly data: unknown
  readonly tag?: { readonly event: string; readonly id?: string; readonly data?: object }
}

const visit = (random: Random, world: JourneyWorld, visitor: Visitor, intent: Intent | undefined): Journey => {
  const steps: Step[] = []
  const { market } = visitor
  const start = world.now - LONGEST + random.between(0, 60) * SECOND
  let clock = start
  let seq = 0
  let referrer = visitor.referrer
  let cart: Cart | undefined
  let consent = { ...CONSENTED, saleOfData: visitor.privacy.saleOfDataAllowed }
  let withdrawn = false

  const product = (): Product => random.pick([PRODUCTS[0] as Product, ...PRODUCTS.slice(1)])
  const landed = product()
  const landingPath = random.chance(0.6) ? `/products/${landed.handle}` : '/'
  const landing = {
    url: `${world.storeUrl}${landingPath}${visitor.click}`,
    referrer: visitor.referrer,
    at: new Date(start).toISOString(),
  }

  /** What happens on one page: its events go out in one beacon, their twins by the tag. */
  const page = (path: string, title: string, shown: readonly Shown[]): void => {
    clock = Math.min(clock + random.between(3, 25) * SECOND, world.now)
    const href = `${world.storeUrl}${path}`
    const events = shown.map(({ name, data, tag }) => {
      const id = `sh-${random.uuid().toUpperCase()}`
      if (tag && visitor.tagRuns && !withdrawn)
        steps.push({
          kind: 'tag',
          event: tag.event,
          data: { event_id: tag.id ?? id, ...tag.data },
          visitor,
        })
      seq++
      return {
        id,
        clientId: visitor.clientId,
        name,
        type: 'standard',
        seq,
        timestamp: new Date(clock).toISOString(),
        context: {
          document: { location: { href }, referrer, title: `${title} - North Fern Supply` },
          navigator: { userAgent: visitor.browser.userAgent, language: visitor.browser.language },
          window: { screen: visitor.screen },
        },
        data,
      }
    })
    referrer = href
    if (!visitor.pixelRuns) return
    const beacon: Beacon = {
      v: 1,
      shop: world.shop,
      sentAt: new Date(clock).toISOString(),
      events,
      consent,
      cookies: visitor.cookies,
      landing,
      ...(cart ? { cart: { token: cart.token } } : {}),
      store: { country: 'US', currency: 'USD', url: world.storeUrl },
    }
    steps.push({ kind: 'beacon', beacon, visitor })
  }

  const hook = (topic: Topic, payload: unknown): Webhook =>
    webhook(topic, payload, {
      shop: world.shop,
      secret: world.webhookSecret,
      webhookId: random.uuid(),
      eventId: random.uuid(),
      triggeredAt: clock,
    })
  const send = (...webhooks: readonly Webhook[]): void => {
    for (const one of webhooks) steps.push({ kind: 'webhook', webhook: one })
  }

  const viewed: Shown = { name: 'page_viewed', data: {}, tag: { event: 'pagevisit' } }
  const productPage = (choice: Choice, query = ''): void =>
    page(`/products/${choice.product.handle}${query}`, choice.product.title, [
      { name: 'page_viewed', data: {} },
      {
        name: 'product_viewed',
        data: pixel.productViewed(choice, market),
        tag: { event: 'pagevisit', data: tagLines([{ ...choice, quantity: 1 }], market) },
      },
    ])
  const firstOf = (one: Product): Choice => ({ product: one, variant: one.variants[0] })

  if (landingPath === '/')
    page(`/${visitor.click}`, 'All gear', [
      viewed,
      {
        name: 'collection_viewed',
        data: pixel.collectionViewed(PRODUCTS, market),
        tag: { event: 'viewcategory', data: { product_category: 'All gear' } },
      },
    ])
  else productPage(firstOf(landed), visitor.click)
  if (random.chance(0.3)) {
    const query = random.pick(['tent', 'wool', 'light', 'steel'])
    page(`/search?q=${query}`, 'Search', [
      viewed,
      {
        name: 'search_submitted',
        data: pixel.searchSubmitted(query, [landed], market),
        tag: { event: 'search', data: { search_query: query } },
      },
    ])
  }
  for (let more = random.between(0, 3); more > 0; more--) productPage(firstOf(product()))
  if (!intent) return { steps, buyers: [], purchases: [] }

  const add = (): void => {
    const chosen = product()
    const variants = chosen.variants
    const line: Line = {
      product: chosen,
      variant: random.pick([variants[0], ...variants.slice(1)]),
      quantity: random.between(1, 3),
    }
    const before = cart
    clock += random.between(2, 10) * SECOND
    cart = {
      token: before?.token ?? `hWN${random.token(21)}`,
      key: before?.key ?? random.hex(32),
      lines: [...(before?.lines ?? []).filter((one) => one.variant.id !== line.variant.id), line],
      createdAt: before?.createdAt ?? clock,
      updatedAt: clock,
    }
    page(`/products/${chosen.handle}`, chosen.title, [
      {
        name: 'product_added_to_cart',
        data: pixel.productAddedToCart(line, market),
        tag: { event: 'addtocart', data: { ...tagLines([line], market), order_quantity: line.quantity } },
      },
    ])
    send(hook(before ? 'carts/update' : 'carts/create', cartPayload(cart, market)))
  }
  for (let lines = random.between(1, 3); lines > 0; lines--) add()
  page('/cart', 'Cart', [viewed, { name: 'cart_viewed', data: pixel.cartViewed(cart, market) }])
  if (intent.until === 'cart' || !cart) return { steps, buyers: [], purchases: [] }

  const filled: Cart = cart
  const started: Checkout = {
    token: random.hex(32),
    number: 40_990_000_000_000 + random.between(1, 999_999_999),
    cart: filled,
    market,
    landingSite: `${landingPath}${visitor.click}`,
    referringSite: visitor.referrer,
    noteAttributes: [],
    createdAt: clock,
    updatedAt: clock,
    ...(random.chance(0.25) ? { discount: { code: 'FALL10', percent: 10 } } : {}),
  }
  const checkoutPath = `/checkouts/cn/${filled.token}/${market.language.toLowerCase()}`
  const step = (name: string, checkout: Checkout): void =>
    page(checkoutPath, 'Checkout', [{ name, data: pixel.checkoutData(checkout) }])
  send(hook('checkouts/create', checkoutPayload(started, world.storeUrl)))
  page(checkoutPath, 'Checkout', [
    viewed,
    {
      name: 'checkout_started',
      data: pixel.checkoutData(started),
      tag: { event: 'initiatecheckout', id: `ic_${started.token}`, data: tagCheckout(started) },
    },
  ])
  const contacted = { ...started, email: intent.buyer.email, updatedAt: clock }
  if (visitor.consent === 'withdrawn') {
    consent = REFUSED
    withdrawn = true
  }
  step('checkout_contact_info_submitted', contacted)
  send(hook('checkouts/update', checkoutPayload(contacted, world.storeUrl)))
  if (intent.until === 'checkout') return { steps, buyers: [intent.buyer], purchases: [] }

  const paidFor = { ...contacted, buyer: intent.buyer, shippingChosen: true, updatedAt: clock }
  if (!withdrawn) {
    step('checkout_address_info_submitted', paidFor)
    step('checkout_shipping_info_submitted', paidFor)
    step('payment_info_submitted', paidFor)
  }
  send(hook('checkouts/update', checkoutPayload(paidFor, world.storeUrl)))

  // Orders are placed now: one dated before the app's installation would be left to a backfill.
  clock = world.now
  const order: Order = {
    id: String(6_100_000_000_000 + Math.floor(random.next() * 3_000_000_000) * 1000),
    number: 1001 + random.between(0, 900_000),
    token: random.hex(32),
    confirmation: random.token(9).toUpperCase(),
    checkout: paidFor,
    browser: visitor.browser,
    createdAt: clock,
    updatedAt: clock,
  }
  const created = orderPayload(order, world.storeUrl)
  const deliveries = purchaseDeliveries({
    created: hook('orders/create', created),
    updated: hook('orders/updated', orderPayload({ ...order, updatedAt: clock + SECOND }, world.storeUrl)),
    paid: hook('orders/paid', created),
  })
  const thankYou = (): void => {
    // The page does not load for everybody: then the pixel never tells.
    const reached = random.chance(0.93)
    if (withdrawn || !reached) return
    page(`${checkoutPath}/thank-you`, 'Thank you', [
      viewed,
      {
        name: 'checkout_completed',
        data: pixel.checkoutData(paidFor, order),
        tag: { event: 'checkout', id: `pur_${order.id}`, data: tagCheckout(paidFor, order.id) },
      },
    ])
  }
  if (random.chance(0.5)) {
    thankYou()
    send(...deliveries)
  } else {
    send(...deliveries)
    thankYou()
  }
  return {
    steps,
    buyers: [intent.buyer],
    purchases: [{ order, visitor, expected: expectation(visitor) }],
  }
}

/**
 * Without a pixel the server knows nothing of a visitor's choice: the region's default decides, and where consent must
 * be asked for nothing goes out.
 */
const expectation = (visitor: Visitor): Purchase['expected'] => {
  if (visitor.pixelRuns) {
    if (visitor.consent === 'withdrawn') return 'suppressed'
    return visitor.privacy.saleOfDataAllowed ? 'sent' : 'limited'
  }
  return visitor.market.consentRequired ? 'suppressed' : 'sent'
}
