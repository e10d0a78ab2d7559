import { createBooks } from './books.ts'
import { type AdminApiOptions, createAdminApi } from './server.ts'

/** The token that the one store takes. */
export const TOKEN = 'shpat_test'
const SCOPES = ['read_orders', 'read_products', 'read_customers']

/** The Admin API of one store with one app, for tests that ask it without HTTP in between. */
export const storeAlone = (shop: string, options: Pick<AdminApiOptions, 'plan'> = {}) => {
  const books = createBooks()
  const api = createAdminApi({
    scopesOf: (_, token) => (token === TOKEN ? SCOPES : undefined),
    booksOf: (host) => (host === shop ? books : undefined),
    ...options,
  })
  return { books, api, token: TOKEN, scopes: SCOPES }
}
