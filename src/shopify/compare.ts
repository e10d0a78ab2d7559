import { money } from '../lib/money.ts'
import type { AuditPeriod } from '../pipeline/audit.ts'
import { counted, eachAudited, NOTHING, type Tally } from '../pipeline/audit-sums.ts'
import { shopifyId } from '../sources/ids.ts'
import type { ShopRecord, Store } from '../store/store.ts'
import type { Admin } from './admin.ts'
import { eachOrder, type Glance } from './orders.ts'

/** What Shopify says of a period's orders beside what we have. */
export type Compared =
  | {
      readonly compared: true
      /** When Shopify was asked, ms since 1970. */
      readonly at: number
      readonly shopify: Tally
      readonly ours: Tally
      /** Ours that Shopify never had: your own server named them, in another way than Shopify does. Not compared. */
      readonly elsewhere: Tally
      /** Count and revenue are the same on both sides, and so are the orders. */
      readonly isEqual: boolean
      /** Orders that Shopify has and we lack. */
      readonly missing: Named
      /** Orders that we have and Shopify does not show: deleted there, or older than it lets us see. */
      readonly gone: Named
    }
  | { readonly compared: false; readonly why: string }

/** How many orders, and the first of them by name. */
export interface Named {
  readonly count: number
  readonly orders: readonly { readonly orderId: string; readonly name?: string }[]
}

const MOST_NAMED = 100

/**
 * Asks Shopify for a period's orders and lays both sides beside each other. A period's orders are those that Shopify made
 * then; an imported one counts on our side on the day of the sale that it records.
 */
export const compareWithShopify = async (
  { admin, store }: { readonly admin: Admin; readonly store: Store },
  { shop }: ShopRecord,
  { from, until }: AuditPeriod,
): Promise<Compared> => {
  const at = admin.clock.now()
  const theirs = new Map<string, Glance>()
  const problem = await eachOrder(admin, shop, 'created_at', { since: from, until: until - 1 }, async (page) => {
    // Shopify looks at whole seconds.
    for (const glance of page) if (Date.parse(glance.createdAt) < until) theirs.set(glance.orderId, glance)
    return undefined
  })
  if (problem) return { compared: false, why: problem.message }
  let ours = NOTHING
  let elsewhere = NOTHING
  const known = new Set<string>()
  const gone: NamedOrder[] = []
  await eachAudited(store, shop, { from, until }, (orders) => {
    for (const order of orders) {
      // What is known from a refund only is not here yet.
      if (order.seq === undefined) continue
      if (shopifyId(order.orderId) === undefined) {
        elsewhere = counted(elsewhere, order)
        continue
      }
      ours = counted(ours, order)
      known.add(order.orderId)
      if (!theirs.has(order.orderId)) gone.push(order)
    }
  })
  const missing = [...theirs.values()].filter(({ orderId }) => !known.has(orderId))
  const shopify = [...theirs.values()].reduce((tally, { value, currency }) => {
    const amount = money(value, currency)
    return counted(tally, amount === undefined || currency === undefined ? {} : { value: amount, currency })
  }, NOTHING)
  const isEqual = missing.length === 0 && gone.length === 0 && isSame(shopify, ours)
  return { compared: true, at, shopify, ours, elsewhere, isEqual, missing: named(missing), gone: named(gone) }
}

type NamedOrder = Named['orders'][number]

const named = (orders: readonly NamedOrder[]): Named => ({
  count: orders.length,
  orders: orders
    .slice(0, MOST_NAMED)
    .map(({ orderId, name }) => ({ orderId, ...(name === undefined ? {} : { name }) })),
})

const isSame = (a: Tally, b: Tally): boolean =>
  a.orders === b.orders &&
  [...new Set([...Object.keys(a.value), ...Object.keys(b.value)])].every((one) => a.value[one] === b.value[one])
