import type { Hono } from 'hono'
import { choiceOf } from '../shopify/catalogue.ts'
import { cartPayload } from '../shopify/payloads/cart.ts'
import * as pixel from '../shopify/pixel-events.ts'
import type { Line } from '../shopify/sale.ts'
import { tagLines } from '../shopify/tag-data.ts'
import { pieces, withLine } from './cart-lines.ts'
import { readForm } from './form.ts'
import type { PageEvent } from './layout.ts'
import type { Outbox } from './outbox.ts'
import type { Visited } from './show.ts'

/** Putting things into the cart. */
export const routeCart = (app: Hono<Visited>, outbox: Outbox, now: () => number): void => {
  app.post('/cart/add', async (c) => {
    const session = c.get('session')
    const field = await readForm(c)
    const choice = choiceOf(field('variant'))
    const quantity = Number(field('quantity') || 1)
    if (!choice || !Number.isInteger(quantity) || quantity < 1 || quantity > 9)
      return c.json({ error: 'Choose a product and 1 to 9 pieces.' }, 400)
    const added: Line = { ...choice, quantity }
    const before = session.cart
    session.cart = withLine(before, added, now())
    outbox.deliver([outbox.hook(before ? 'carts/update' : 'carts/create', cartPayload(session.cart, session.market))])
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
}
