import { type Html, html, trusted } from '../html.ts'
import type { Product } from '../shopify/catalogue.ts'
import { inMarket, type Market, shown } from '../shopify/markets.ts'
import { type Cart, type Checkout, type Order, type Totals, totalsOf } from '../shopify/sale.ts'
import { picture } from './pictures.ts'

const tiles = (products: readonly Product[], market: Market): Html =>
  html`<div class="grid">${products.map(
    (product) =>
      html`<a class="item" href="/products/${product.handle}">${picture(product.picture)}<div><h2>${product.title}</h2><p>${shown(inMarket(product.variants[0].price, market), market)}</p></div></a>`,
  )}</div>`

export const collectionPage = (products: readonly Product[], market: Market): Html =>
  html`<section class="hero"><h1>Gear for slow weekends</h1><p>Few things, made well, for nights outside. Walk around, put something in the cart and buy it: then look at what the ad platform received.</p></section>${tiles(products, market)}`

export const searchPage = (query: string, products: readonly Product[], market: Market): Html =>
  html`<h1 class="title">${products.length === 0 ? 'Nothing found' : 'Found'} for "${query}"</h1>${tiles(products, market)}`

export const productPage = (product: Product, market: Market): Html =>
  html`<article class="product">${picture(product.picture)}<div><p class="soft">${product.type}</p><h1>${product.title}</h1><p class="price">${shown(inMarket(product.variants[0].price, market), market)}</p><p>${product.blurb}</p>
<form data-live method="post" action="/cart/add"><fieldset><legend>Choose</legend><div class="choices">${product.variants.map(
    (variant, index) =>
      html`<label><input type="radio" name="id" value="${variant.id}"${index === 0 && trusted(' checked')}> ${variant.title}, ${shown(inMarket(variant.price, market), market)}</label>`,
  )}</div></fieldset><label>Quantity <input name="quantity" type="number" min="1" max="9" value="1"></label> <button>Add to cart</button><p role="status"></p></form></div></article>`

const lines = (checkout: Pick<Checkout, 'cart' | 'discount' | 'shippingChosen'>, market: Market): Html => {
  const totals = totalsOf(checkout, market)
  return html`<table><thead><tr><th scope="col">Product</th><th scope="col">Pieces</th><th scope="col">Price</th></tr></thead><tbody>${checkout.cart.lines.map(
    (line, index) =>
      html`<tr><td>${line.product.title}, ${line.variant.title}</td><td>${line.quantity}</td><td>${shown(totals.lines[index]?.after ?? 0, market)}</td></tr>`,
  )}${sums(totals, market)}</tbody></table>`
}

const sums = (totals: Totals, market: Market): Html =>
  html`${totals.shipping > 0 && html`<tr><td colspan="2">Shipping</td><td>${shown(totals.shipping, market)}</td></tr>`}<tr><th scope="row" colspan="2">Total</th><td><strong>${shown(totals.total, market)}</strong></td></tr>`

export const cartPage = (cart: Cart | undefined, market: Market): Html =>
  cart === undefined || cart.lines.length === 0
    ? html`<h1 class="title">Your cart is empty</h1><p><a class="button" href="/">Look around</a></p>`
    : html`<h1 class="title">Your cart</h1>${lines({ cart }, market)}<form class="actions" method="post" action="/checkout"><button>Check out</button></form>`

const field = (label: string, name: string, value: string, kind: { type?: string; wide?: boolean } = {}): Html =>
  html`<label${kind.wide && trusted(' class="wide"')}>${label}<input name="${name}" type="${kind.type ?? 'text'}" value="${value}" required></label>`

const step = (number: number, title: string, action: string, fields: Html, button: string): Html =>
  html`<section class="step${number === 1 && ' open'}" data-step="${number}"><h2>${number}. ${title}</h2><form data-live method="post" action="${action}">${fields}<button>${button}</button><p role="status"></p></form></section>`

export const checkoutPage = (checkout: Checkout): Html => {
  const { market } = checkout
  const at = (name: string) => `/checkouts/${checkout.token}/${name}`
  return html`<h1 class="title">Checkout</h1><div class="checkout"><div>
${step(1, 'Contact', at('contact'), html`<div class="fields">${field('Email', 'email', 'maya.okafor@example.com', { type: 'email', wide: true })}${field('Phone', 'phone', market.phone, { type: 'tel', wide: true })}</div>`, 'Continue')}
${step(
  2,
  'Address',
  at('address'),
  html`<div class="fields">${field('First name', 'firstName', 'Maya')}${field('Last name', 'lastName', 'Okafor')}${field('Street', 'address1', '1480 Larkspur Ave', { wide: true })}${field('Post code', 'zip', market.zip)}${field('City', 'city', market.city)}<p class="wide soft">${market.name}</p></div>`,
  'Continue',
)}
${step(3, 'Shipping', at('shipping'), html`<p>Standard, three to five days</p>`, 'Continue')}
${step(4, 'Payment', at('payment'), html`<p class="soft">The demo takes no card. Press the button to buy.</p>`, 'Pay now')}
</div><aside><h2 class="title">Order</h2>${lines(checkout, market)}</aside></div>`
}

export const thankYouPage = (order: Order): Html =>
  html`<h1 class="title">Thank you, ${order.checkout.buyer.firstName}</h1><p>Order <strong>#${order.number}</strong> is confirmed. Nothing will be delivered: this is a demo.</p>${lines(order.checkout, order.checkout.market)}<div class="actions"><a class="button" href="/">Back to the store</a></div>`

export const missingPage = (): Html =>
  html`<h1 class="title">This page does not exist</h1><p><a class="button" href="/">Back to the store</a></p>`
