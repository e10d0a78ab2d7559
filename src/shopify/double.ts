import type { Shop } from '../event/event.ts'
import type { HttpResponse } from '../lib/http.ts'
import { SHOP } from '../pipeline/double.ts'
import type { Clock } from '../pipeline/runtime.ts'
import { createBooks } from '../sandbox/shopify/admin/books.ts'
import { type AdminApi, type AdminApiOptions, createAdminApi } from '../sandbox/shopify/admin/server.ts'
import { PRODUCTS } from '../sandbox/shopify/catalogue.ts'
import type { Order } from '../sandbox/shopify/sale.ts'
import { sampleOrder } from '../sandbox/shopify/sample-sale.ts'
import { type Admin, adminWith } from './admin.ts'

/** Stand-ins for what lies around the Admin API's users, for their tests: Shopify's imitation without HTTP in between. */
export const TOKEN = 'shpat_test'
const SCOPES = ['read_orders', 'read_products', 'read_customers']

export interface FakeShopify {
  readonly admin: Admin
  readonly api: AdminApi
  readonly books: ReturnType<typeof createBooks>
  /** Every question asked so far: the body as it was sent, and the status of the answer. */
  readonly asked: { readonly body: string; readonly status: number }[]
  /** What answers instead, while it is set; undefined lets the question through. */
  instead: ((url: string) => HttpResponse | undefined) | undefined
  /** Tokens that are given out, in turn; the last one again and again. */
  tokens: readonly string[]
}

/** Shopify with one store, reached by data alone. */
export const fakeShopify = (clock: Clock, options: Pick<AdminApiOptions, 'plan' | 'roots'> = {}): FakeShopify => {
  const books = createBooks()
  const api = createAdminApi({
    scopesOf: (_, token) => (token === TOKEN ? SCOPES : undefined),
    booksOf: (shop) => (shop === SHOP ? books : undefined),
    ...options,
  })
  const fake: Omit<FakeShopify, 'admin'> = { api, books, asked: [], instead: undefined, tokens: [TOKEN] }
  const admin = adminWith({
    clock,
    stopping: new AbortController().signal,
    tokens: {
      of: async (_: Shop, refused) => {
        const [first = TOKEN, ...others] = made.tokens
        if (refused === first && others.length > 0) made.tokens = others
        return { ok: true, token: made.tokens[0] ?? TOKEN, scopes: SCOPES }
      },
    },
    send: async (request) => {
      const url = new URL(request.url)
      const answered = (status: number) => made.asked.push({ body: request.body ?? '', status })
      const other = made.instead?.(request.url)
      if (other) {
        answered(other.status)
        return other
      }
      const { status, headers, body } = api.answer({
        method: request.method,
        host: url.hostname,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: request.body ?? '',
        ip: '203.0.113.9',
        now: clock.now(),
      })
      answered(status)
      return { status, headers, body: String(body) }
    },
  })
  const made: FakeShopify = Object.assign(fake, { admin })
  return made
}

/** An order of its own: another number, shopper and checkout than every other one. */
export const soldOrder = (number: number, at: number): Order => {
  const { checkout, ...order } = sampleOrder()
  const product = PRODUCTS[number % PRODUCTS.length] ?? PRODUCTS[0]
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
