import type { Hono } from 'hono'
import { checkoutPayload } from '../shopify/payloads/checkout.ts'
import { orderPayload } from '../shopify/payloads/order.ts'
import * as pixel from '../shopify/pixel-events.ts'
import type { Buyer, Checkout, Order } from '../shopify/sale.ts'
import { purchaseDeliveries } from '../shopify/webhooks.ts'
import { type Field, readForm } from './form.ts'
import type { Outbox } from './outbox.ts'
import { createIds, hexToken } from './sessions.ts'
import type { Visited } from './show.ts'

interface CheckoutDesk {
  readonly outbox: Outbox
  /** Orders so far, by id. */
  readonly orders: ReadonlyMap<string, Order>
  /** An order is placed. */
  readonly sold: (order: Order) => void
  readonly sandboxUrl: string
  readonly storeUrl: () => string
  readonly now: () => number
}

/** The way from the cart to the order: every section tells the app and names its event. */
export const routeCheckout = (app: Hono<Visited>, desk: CheckoutDesk): void => {
  const { outbox, orders, sold, sandboxUrl, storeUrl, now } = desk
  const customers = new Map<string, { readonly id: string; readonly since: number }>()
  const orderIds = createIds(6_000_000_000_000, now)
  const customerIds = createIds(7_400_000_000_000, now)

  const deliverPurchase = (order: Order): void => {
    const created = orderPayload(order, storeUrl())
    outbox.deliver(
      purchaseDeliveries({
        created: outbox.hook('orders/create', created),
        updated: outbox.hook(
          'orders/updated',
          orderPayload({ ...order, updatedAt: order.updatedAt + 2000 }, storeUrl()),
        ),
        paid: outbox.hook('orders/paid', created),
      }),
    )
  }

  app.post('/checkout', (c) => {
    const session = c.get('session')
    const { cart } = session
    if (!cart) return c.redirect('/cart')
    const at = now()
    const noteAttributes = [...session.attributes].map(([name, value]) => ({ name, value }))
    if (session.checkout?.cart.token === cart.token)
      session.checkout = { ...session.checkout, cart, noteAttributes, updatedAt: at }
    else {
      session.checkout = {
        token: hexToken(),
        number: 40_990_000_000_000 + orders.size,
        cart,
        market: session.market,
        landingSite: session.landing?.path ?? '/',
        referringSite: session.landing?.referrer ?? '',
        noteAttributes,
        createdAt: at,
        updatedAt: at,
      }
      outbox.deliver([outbox.hook('checkouts/create', checkoutPayload(session.checkout, storeUrl()))])
    }
    return c.redirect(`/checkouts/cn/${cart.token}/${session.market.language.toLowerCase()}`, 303)
  })

  /** One section of the checkout: changes it, tells the app, and names the event. */
  const section = (
    name: string,
    change: (checkout: Checkout, field: Field) => Checkout | string,
    event: string,
  ): void => {
    app.post(`/checkouts/:token/${name}`, async (c) => {
      const session = c.get('session')
      if (session.checkout?.token !== c.req.param('token')) return c.json({ error: 'This checkout has ended.' }, 404)
      const changed = change(session.checkout, await readForm(c))
      if (typeof changed === 'string') return c.json({ error: changed }, 400)
      session.checkout = { ...changed, updatedAt: now() }
      outbox.deliver([outbox.hook('checkouts/update', checkoutPayload(session.checkout, storeUrl()))])
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

  const buyerFor = (checkout: Checkout, email: string, phone: string | null, field: Field): Buyer | undefined => {
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
    sold(order)
    session.order = order
    session.completed = false
    delete session.cart
    delete session.checkout
    phones.delete(checkout.token)
    await introduce(sandboxUrl, [buyer])
    deliverPurchase(order)
    return c.json({
      goTo: `/checkouts/cn/${checkout.cart.token}/${checkout.market.language.toLowerCase()}/thank-you`,
      events: [{ name: 'payment_info_submitted', data: pixel.checkoutData(checkout) }],
    })
  })
}

/** Lets the sandbox know a buyer, as the platform would know one of its own people. */
const introduce = async (sandboxUrl: string, buyers: readonly Buyer[]): Promise<void> => {
  const people = buyers.map(({ email, phone }) => ({ email, phone }))
  await fetch(`${sandboxUrl}/control/people`, { method: 'POST', body: JSON.stringify({ people }) }).catch(
    () => undefined,
  )
}
