import { createHmac } from 'node:crypto'
import type { Shop } from '../../../src/event/event.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/lib/duration.ts'
import { type Answer, answerFault, type Intake, takeBeacon, takeWebhook } from '../../../src/pipeline/intake.ts'
import type { Random } from '../../../src/sandbox/random.ts'
import { SECRET } from '../../harness.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Something that the server said it has. */
export interface Acknowledged {
  readonly shop: Shop
  readonly id: string
  readonly at: number
}

/** A person with a browser, as the run knows the truth about them. */
export interface Visitor {
  readonly shop: Shop
  readonly clientId: string
  /** When the visit begins. */
  readonly begins: number
  /** What was allowed from the start; undefined: nobody was asked. */
  readonly allows: boolean | undefined
  /** Withdraws consent later; and when the server had acknowledged that. */
  withdraws: boolean
  withdrawnAt?: number
  /** When the server had acknowledged that everything about them is erased. */
  erasedAt?: number
  readonly cartToken: string
  /** Checkouts that the browser is known for, and since when. */
  readonly shownCheckouts: Map<string, number>
  readonly orders: string[]
}

export interface Senders {
  readonly acknowledged: readonly Acknowledged[]
  readonly visitors: readonly Visitor[]
}

/** The server's door: whoever is served there now, if anybody. Answers 0 when the connection broke. */
export type Door = (work: (intake: Intake) => Promise<Answer>) => Promise<number>

interface Market {
  readonly shop: Shop
  readonly currency: string
}

/** Shopify tries again for four hours. */
const AGAIN = [10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, HOUR, HOUR]

/** Draws what shoppers do within a day, and has it told to the server as browsers and Shopify tell it. */
export const sendShoppers = (
  time: VirtualTime,
  random: Random,
  door: Door,
  fired: (kind: string) => void,
  day: {
    readonly markets: readonly [Market, ...Market[]]
    readonly visits: number
    readonly begin: number
    readonly end: number
  },
): Senders => {
  const acknowledged: Acknowledged[] = []
  const visitors: Visitor[] = []
  let made = 0

  const takes = (status: number): boolean => status >= 200 && status < 300
  const ack = (shop: Shop, ids: readonly string[]): void => {
    for (const id of ids) acknowledged.push({ shop, id, at: time.now() })
  }

  const webhook = async (shop: Shop, topic: string, ids: readonly string[], payload: object): Promise<void> => {
    const body = Buffer.from(JSON.stringify(payload))
    const action = random.uuid()
    const headers = {
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shop,
      'x-shopify-webhook-id': random.uuid(),
      'x-shopify-event-id': action,
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    }
    const post = (changed = headers): Promise<number> =>
      door((intake) => takeWebhook(intake, { headers: changed, body }))
    for (const wait of [...AGAIN, 0]) {
      if (takes(await post())) {
        ack(shop, ids)
        break
      }
      fired('webhook repeated because nobody took it')
      await time.wait(wait)
    }
    if (!random.chance(0.12)) return
    fired('webhook that was taken, repeated')
    await time.wait(random.between(0, 30 * MINUTE))
    // As the same delivery, or as another one of the same action.
    const again = random.chance(0.5) ? headers : { ...headers, 'x-shopify-webhook-id': random.uuid() }
    await post(again)
  }

  const beacon = async (visitor: Visitor, events: readonly object[], ids: readonly string[]): Promise<void> => {
    const { shop, clientId } = visitor
    const body = Buffer.from(
      JSON.stringify({
        v: 1,
        shop,
        cookies: { crto_mapped_user_id: `k-${clientId}` },
        ...consentOf(visitor),
        ...(events.length === 0 ? { clientId, sentAt: new Date(time.now()).toISOString() } : {}),
        customer: { email: `${clientId}@example.com` },
        events,
      }),
    )
    const post = (): Promise<number> =>
      door((intake) =>
        takeBeacon(intake, { body, ip: '203.0.113.7', userAgent: `Mozilla/5.0 (iPhone) Fact/${ids[0]}` }),
      )
    const sent = async (): Promise<boolean> => {
      const taken = takes(await post())
      if (taken) ack(shop, ids)
      for (const id of taken ? ids : [])
        if (id.startsWith('ic_') && !visitor.shownCheckouts.has(id.slice(3)))
          visitor.shownCheckouts.set(id.slice(3), time.now())
      return taken
    }
    if (!(await sent())) fired('beacon that nobody took')
    if (!random.chance(0.06)) return
    fired('beacon repeated')
    await time.wait(random.between(0, 10 * MINUTE))
    await sent()
  }

  const visit = ({ shop, currency }: Market, begin: number): void => {
    const number = ++made
    const clientId = `client-${number}-${random.hex(8)}`
    const visitor: Visitor = {
      shop,
      clientId,
      begins: begin,
      allows: random.chance(0.8) ? true : random.chance(0.5) ? false : undefined,
      withdraws: false,
      cartToken: `cart${random.token(20)}`,
      shownCheckouts: new Map(),
      orders: [],
    }
    visitors.push(visitor)
    const product = random.between(1, 40)
    const price = (5 + number * 0.37).toFixed(2)
    const { cartToken } = visitor
    const checkoutToken = random.hex(32)
    let at = begin

    const pixelEvent = (id: string, name: string, happened: number, data: object, path: string): object => ({
      id,
      clientId,
      name,
      timestamp: new Date(happened).toISOString(),
      context: {
        document: { location: { href: `https://${shop.replace('.myshopify.com', '.example')}${path}` } },
        navigator: { language: 'en-US' },
      },
      data,
    })
    const tell = (name: string, data: object, path: string, id = `ev-${number}-${random.hex(12)}`): void => {
      const happened = wholeSecond(at)
      // Some browsers were offline for a while; some clocks are fast.
      const delay = random.chance(0.04) ? random.between(MINUTE, 8 * HOUR) : random.between(20, 3000)
      if (delay > 3000) fired('beacon late')
      time.at(happened + delay, () => void beacon(visitor, [pixelEvent(id, name, happened, data, path)], [id]))
      at += random.between(2 * SECOND, 4 * MINUTE)
    }

    const money = (amount: string) => ({ amount, currencyCode: currency })
    const variant = {
      id: `${product}1`,
      title: 'Small',
      price: money(price),
      product: { id: String(product), title: 'Lantern', vendor: 'North', url: `/products/p${product}` },
    }
    tell('page_viewed', {}, '/')
    if (random.chance(0.7)) tell('product_viewed', { productVariant: variant }, `/products/p${product}`)
    if (random.chance(0.5)) {
      const line = { merchandise: variant, quantity: 1, cost: { totalAmount: money(price) } }
      const seen = random.chance(0.7)
      if (seen) tell('product_added_to_cart', { cartLine: line }, `/products/p${product}`)
      if (!seen || random.chance(0.3)) tellCart(visitor, cartToken, product, price, currency, at)
    }
    if (random.chance(0.55))
      checkOut(visitor, { cartToken, checkoutToken, product, price, currency, at, variant, tell })
    if (visitor.allows === true && random.chance(0.2)) withdraw(visitor, at)
  }

  const tellCart = (
    { shop }: Visitor,
    token: string,
    product: number,
    price: string,
    currency: string,
    at: number,
  ): void => {
    const updated = new Date(wholeSecond(at)).toISOString()
    const money = { shop_money: { amount: price, currency_code: currency } }
    const payload = {
      token,
      updated_at: updated,
      created_at: updated,
      line_items: [
        { id: product, variant_id: product * 10 + 1, product_id: product, quantity: 1, price, line_price_set: money },
      ],
    }
    const id = `cart_${token}_${Date.parse(updated)}`
    time.at(at + random.between(SECOND, MINUTE), () => void webhook(shop, 'carts/update', [id], payload))
  }

  const withdraw = (visitor: Visitor, after: number): void =>
    time.at(after + random.between(0, random.chance(0.5) ? HOUR : 12 * HOUR), async () => {
      fired('consent withdrawn')
      visitor.withdraws = true
      const post = (): Promise<number> =>
        door((intake) =>
          takeBeacon(intake, {
            body: Buffer.from(
              JSON.stringify({
                v: 1,
                shop: visitor.shop,
                clientId: visitor.clientId,
                sentAt: new Date(time.now()).toISOString(),
                consent: { marketing: false, analytics: false, preferences: true, saleOfData: false },
                events: [],
              }),
            ),
            ip: '203.0.113.7',
            userAgent: 'Mozilla/5.0 (iPhone)',
          }),
        )
      for (let tries = 0; tries < 5; tries++) {
        if (takes(await post())) {
          visitor.withdrawnAt ??= time.now()
          return
        }
        await time.wait(MINUTE)
      }
    })

  interface Sale {
    readonly cartToken: string
    readonly checkoutToken: string
    readonly product: number
    readonly price: string
    readonly currency: string
    readonly at: number
    readonly variant: object
    readonly tell: (name: string, data: object, path: string, id?: string) => void
  }

  const checkOut = (visitor: Visitor, sale: Sale): void => {
    const { shop, clientId } = visitor
    const { cartToken, checkoutToken, price, currency, variant, tell } = sale
    const money = { amount: price, currencyCode: currency }
    const checkout = {
      token: checkoutToken,
      currencyCode: currency,
      email: `${clientId}@example.com`,
      totalPrice: money,
      subtotalPrice: money,
      lineItems: [{ id: '1', quantity: 1, title: 'Lantern', variant, finalLinePrice: money }],
    }
    tell('checkout_started', { checkout }, `/checkouts/cn/${cartToken}/information`, `ic_${checkoutToken}`)
    if (!random.chance(0.75)) return
    const orderId = String(6_000_000_000_000 + ++made)
    visitor.orders.push(orderId)
    // A store imports old orders now and then, and some webhooks come a day late.
    const old = random.chance(0.04) ? random.between(26, 240) * HOUR : 0
    if (old > 0) fired('order of long ago')
    const placed = wholeSecond(sale.at + 5 * MINUTE - old)
    const body = orderBody(orderId, placed, { ...sale, customer: made, clientId })
    const late = random.chance(0.05) ? random.between(HOUR, DAY) : random.between(200, 40 * SECOND)
    if (late > MINUTE) fired('webhook late')
    const arrives = placed + old + late
    time.at(arrives, () => void webhook(shop, 'orders/create', [`pur_${orderId}`], body))
    if (random.chance(0.8)) {
      const gap = random.chance(0.15) ? random.between(MINUTE, 6 * HOUR) : random.between(-40 * SECOND, 40 * SECOND)
      const seenAt = placed + old
      fired(seenAt + gap < arrives ? 'pixel before the order' : 'pixel after the order')
      const completed = { ...checkout, order: { id: orderId, customer: { id: String(made) } } }
      const path = `/checkouts/cn/${cartToken}/thank-you`
      time.at(
        Math.max(day.begin, seenAt + gap),
        () =>
          void beacon(
            visitor,
            [
              {
                id: `ev-${orderId}-done`,
                clientId,
                name: 'checkout_completed',
                timestamp: new Date(seenAt).toISOString(),
                context: { document: { location: { href: `https://shop.example${path}` } } },
                data: { checkout: completed },
              },
            ],
            [],
          ),
      )
    }
    const later = (topic: string, ids: readonly string[], low: number, high: number, payload: object): void =>
      time.at(arrives + random.between(low, high), () => void webhook(shop, topic, ids, payload))
    const stamp = (at: number): string => new Date(wholeSecond(at)).toISOString()
    if (random.chance(0.7)) {
      const paid = { ...body, financial_status: 'paid', updated_at: stamp(placed + SECOND) }
      later('orders/paid', [`pur_${orderId}`, `paid_${orderId}`], -20 * SECOND, 20 * MINUTE, paid)
    }
    if (random.chance(0.2)) {
      const refund = 9_000_000 + ++made
      later('refunds/create', [`ref_${refund}`], -MINUTE, 4 * HOUR, {
        id: refund,
        order_id: Number(orderId),
        created_at: stamp(arrives + MINUTE),
        transactions: [{ kind: 'refund', status: 'success', amount: price, currency }],
        refund_line_items: [],
      })
    }
    if (random.chance(0.1)) {
      const cancelled = stamp(arrives + 2 * MINUTE)
      const payload = { ...body, cancelled_at: cancelled, updated_at: cancelled, cancel_reason: 'customer' }
      later('orders/cancelled', [`can_${orderId}`], MINUTE, 3 * HOUR, payload)
    }
  }

  for (let n = 0; n < day.visits; n++)
    visit(random.pick(day.markets), day.begin + Math.floor(random.next() * (day.end - day.begin - HOUR)))
  return { acknowledged, visitors }
}

/** Shopify tells whole seconds. */
const wholeSecond = (at: number): number => Math.floor(at / SECOND) * SECOND

const consentOf = ({ allows, withdraws }: Visitor): object => {
  const now = allows && !withdraws
  return allows === undefined ? {} : { consent: { marketing: now, analytics: now, preferences: true, saleOfData: now } }
}

const orderBody = (
  orderId: string,
  placed: number,
  {
    cartToken,
    checkoutToken,
    product,
    price,
    currency,
    customer,
    clientId,
  }: {
    readonly cartToken: string
    readonly checkoutToken: string
    readonly product: number
    readonly price: string
    readonly currency: string
    readonly customer: number
    readonly clientId: string
  },
) => {
  const at = new Date(placed).toISOString()
  return {
    id: Number(orderId),
    name: `#${orderId}`,
    created_at: at,
    processed_at: at,
    updated_at: at,
    cart_token: cartToken,
    checkout_token: checkoutToken,
    currency,
    presentment_currency: currency,
    email: `${clientId}@example.com`,
    financial_status: 'pending',
    source_name: 'web',
    test: false,
    taxes_included: false,
    total_price: price,
    subtotal_price: price,
    total_tax: '0.00',
    customer: { id: customer, email: `${clientId}@example.com` },
    client_details: { user_agent: 'Mozilla/5.0 (iPhone)', browser_ip: '203.0.113.7', accept_language: 'en-US' },
    line_items: [
      { id: product, variant_id: product * 10 + 1, product_id: product, title: 'Lantern', quantity: 1, price },
    ],
  }
}

/** The status of a fault that a listener would answer for. */
export const statusOf = (answer: Promise<Answer>): Promise<number> =>
  answer.then(
    ({ status }) => status,
    (fault) => {
      const told = answerFault(fault)
      if (!told) throw fault
      return told.status
    },
  )
