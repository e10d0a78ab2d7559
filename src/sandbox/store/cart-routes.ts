import type { Hono } from 'hono'
import { objectAt, parseJson } from '../../lib/json.ts'
import { choiceOf, VENDOR } from '../shopify/catalogue.ts'
import { cartPayload } from '../shopify/payloads/cart.ts'
import * as pixel from '../shopify/pixel-events.ts'
import type { Line } from '../shopify/sale.ts'
import { pieces, withLine } from './cart-lines.ts'
import { readForm } from './form.ts'
import type { PageEvent } from './layout.ts'
import type { Outbox } from './outbox.ts'
import type { Visited } from './show.ts'
import { hundredths } from './tags-embed.ts'

/** Putting things into the cart, and noting things on it: the names of paths and fields are those of Shopify's stores. */
export const routeCart = (app: Hono<Visited>, outbox: Outbox, now: () => number): void => {
  app.post('/cart/add', async (c) => {
    const session = c.get('session')
    const field = await readForm(c)
    const choice = choiceOf(field('id'))
    const quantity = Number(field('quantity') || 1)
    if (!choice || !Number.isInteger(quantity) || quantity < 1 || quantity > 9)
      return c.json({ error: 'Choose a product and 1 to 9 pieces.' }, 400)
    const added: Line = { ...choice, quantity }
    const before = session.cart
    session.cart = withLine(before, added, now())
    outbox.deliver([outbox.hook(before ? 'carts/update' : 'carts/create', cartPayload(session.cart, session.market))])
    return c.json({
      variant_id: Number(added.variant.id),
      product_id: Number(added.product.id),
      product_title: added.product.title,
      sku: added.variant.sku,
      vendor: VENDOR,
      product_type: added.product.type,
      quantity,
      final_price: hundredths(added.variant.price, session.market),
      cartCount: pieces(session.cart),
      message: `${choice.product.title} is in your cart.`,
      events: [
        { name: 'product_added_to_cart', data: pixel.productAddedToCart(added, session.market) },
      ] satisfies PageEvent[],
    })
  })

  app.post('/cart/update.js', async (c) => {
    const session = c.get('session')
    const parsed = parseJson(await c.req.text(), { depth: 4, values: 500 })
    if (!parsed.ok) return c.json({ error: 'Send JSON.' }, 400)
    for (const [name, value] of Object.entries(objectAt(parsed.value, 'attributes'))) {
      if (typeof value !== 'string' || value === '') session.attributes.delete(name)
      else session.attributes.set(name, value)
    }
    return c.json({ attributes: Object.fromEntries(session.attributes) })
  })
}
