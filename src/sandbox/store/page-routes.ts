import type { Context, Hono } from 'hono'
import { found, PRODUCTS, productOf } from '../shopify/catalogue.ts'
import * as pixel from '../shopify/pixel-events.ts'
import { cartPage, checkoutPage, collectionPage, missingPage, productPage, searchPage, thankYouPage } from './pages.ts'
import { PAGE_VIEWED, type Show, type Visited } from './show.ts'

/** What a visitor looks at, and the events that each page tells. */
export const routePages = (app: Hono<Visited>, show: Show): void => {
  const collection = (c: Context<Visited>) => {
    const session = c.get('session')
    return show(
      c,
      'All gear',
      collectionPage(PRODUCTS, session.market),
      [PAGE_VIEWED, { name: 'collection_viewed', data: pixel.collectionViewed(PRODUCTS, session.market) }],
      { type: 'collection', collection: 'All gear' },
    )
  }
  app.get('/', collection)
  app.get('/collections/all', collection)

  app.get('/products/:handle', (c) => {
    const session = c.get('session')
    const product = productOf(c.req.param('handle'))
    if (!product) return show(c, 'Not found', missingPage(), [PAGE_VIEWED], { type: 'page' }, 404)
    const choice = { product, variant: product.variants[0] }
    return show(
      c,
      product.title,
      productPage(product, session.market),
      [PAGE_VIEWED, { name: 'product_viewed', data: pixel.productViewed(choice, session.market) }],
      { type: 'product', product },
    )
  })

  app.get('/search', (c) => {
    const session = c.get('session')
    const query = (c.req.query('q') ?? '').slice(0, 100)
    const products = found(query)
    return show(
      c,
      'Search',
      searchPage(query, products, session.market),
      [PAGE_VIEWED, { name: 'search_submitted', data: pixel.searchSubmitted(query, products, session.market) }],
      { type: 'search', query },
    )
  })

  app.get('/cart', (c) => {
    const session = c.get('session')
    return show(
      c,
      'Cart',
      cartPage(session.cart, session.market),
      [PAGE_VIEWED, { name: 'cart_viewed', data: pixel.cartViewed(session.cart, session.market) }],
      { type: 'cart' },
    )
  })

  app.get('/checkouts/cn/:cart/:locale', (c) => {
    const session = c.get('session')
    const { checkout } = session
    if (!checkout || checkout.cart.token !== c.req.param('cart')) return c.redirect('/cart')
    return show(
      c,
      'Checkout',
      checkoutPage(checkout),
      [PAGE_VIEWED, { name: 'checkout_started', data: pixel.checkoutData(checkout) }],
      'checkout',
    )
  })

  app.get('/checkouts/cn/:cart/:locale/thank-you', (c) => {
    const session = c.get('session')
    const { order } = session
    if (!order || order.checkout.cart.token !== c.req.param('cart')) return c.redirect('/')
    const first = !session.completed
    session.completed = true
    return show(
      c,
      'Thank you',
      thankYouPage(order),
      [
        PAGE_VIEWED,
        ...(first ? [{ name: 'checkout_completed', data: pixel.checkoutData(order.checkout, order) }] : []),
      ],
      'checkout',
    )
  })
}
