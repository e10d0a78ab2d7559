import { email, phone } from '../../event/identity.ts'
import { arrayAt, compact, type Json, objectAt, textAt } from '../../lib/json.ts'
import { shopifyId, shopifyIdAt } from '../ids.ts'

/** What Shopify can ask for in the name of a customer or of a store that left. */
export type RequestKind = 'customer_data' | 'customer_erasure' | 'shop_erasure'

/** Whom a request is about, as far as it says: Shopify may know no more than an address. */
export interface AskedPerson {
  readonly customerId?: string
  readonly email?: string
  readonly phone?: string
  /** Numbers of orders. */
  readonly orders: readonly string[]
}

const KINDS: Readonly<Record<string, RequestKind>> = {
  'customers/data_request': 'customer_data',
  'customers/redact': 'customer_erasure',
  'shop/redact': 'shop_erasure',
}

/** Which request a topic is; undefined for every other one. */
export const requestKind = (topic: string | undefined): RequestKind | undefined => KINDS[topic ?? '']

/** Most orders that one request may name; Shopify's own limit is not documented. */
const MOST_ORDERS = 10_000

export const askedPerson = (body: Json): AskedPerson => {
  const customer = objectAt(body, 'customer')
  const orders = [...arrayAt(body, 'orders_to_redact'), ...arrayAt(body, 'orders_requested')]
  return compact<AskedPerson>({
    customerId: shopifyIdAt(customer, 'id'),
    email: email(textAt(customer, 'email')),
    phone: phone(textAt(customer, 'phone')),
    orders: orders.slice(0, MOST_ORDERS).flatMap((id) => shopifyId(textAt({ id }, 'id')) ?? []),
  })
}
