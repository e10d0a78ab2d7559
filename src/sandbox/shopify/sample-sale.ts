import { PRODUCTS, type Product } from './catalogue.ts'
import { MARKETS, type Market } from './markets.ts'
import type { Order } from './sale.ts'

const AT = Date.parse('2026-11-20T10:00:00.000Z')

/** An order of two products by an invented buyer, for tests. */
export const sampleOrder = (market: Market = MARKETS.US): Order => {
  const [lantern, blanket] = PRODUCTS as readonly [Product, Product, ...Product[]]
  const cart = {
    token: 'hWN7k2QmZr4TtXb9LcVfPdSa',
    key: '9c1f0e7ab34d55269c1f0e7ab34d5526',
    lines: [
      { product: lantern, variant: lantern.variants[0], quantity: 2 },
      { product: blanket, variant: blanket.variants[0], quantity: 1 },
    ],
    createdAt: AT - 300_000,
    updatedAt: AT - 200_000,
  }
  return {
    id: '6120000000001000',
    number: 1042,
    token: 'b1946ac92492d2347c6235b4d2611184',
    confirmation: 'QK7TZ2M4X',
    checkout: {
      token: '6f2c1d9be4a84b7f9a3c5e7d1b2f4a60',
      number: 40_990_000_000_001,
      cart,
      market,
      landingSite: '/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ',
      referringSite: 'https://www.pinterest.com/',
      noteAttributes: [],
      createdAt: AT - 100_000,
      updatedAt: AT - 50_000,
      shippingChosen: true,
      discount: { code: 'FALL10', percent: 10 },
      buyer: {
        customerId: '7450000000001',
        addressId: '9350000000001',
        email: 'maya.okafor@example.com',
        phone: '+15035550142',
        firstName: 'Maya',
        lastName: 'Okafor',
        address1: '1480 Larkspur Ave',
        city: market.city,
        zip: market.zip,
        market,
        firstOrder: true,
        since: AT - 400_000,
      },
    },
    browser: { ip: '203.0.113.24', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0', language: 'en-US' },
    createdAt: AT,
    updatedAt: AT,
  }
}

/** An order of its own for each number: another shopper, checkout and product. */
export const numberedOrder = (number: number, at: number): Order => {
  const { checkout, ...order } = sampleOrder()
  const product = PRODUCTS[number % PRODUCTS.length]
  const lines = product ? [{ product, variant: product.variants[0], quantity: 1 + (number % 3) }] : []
  return {
    ...order,
    id: String(6_120_000_000_000 + number),
    number: 1000 + number,
    token: `order-token-${number}`,
    createdAt: at,
    updatedAt: at,
    checkout: {
      ...checkout,
      token: `checkout-token-${number}`,
      cart: { ...checkout.cart, token: `cart-token-${number}`, lines },
      buyer: {
        ...checkout.buyer,
        customerId: String(7_450_000_000_000 + number),
        email: `shopper${number}@example.com`,
      },
    },
  }
}
