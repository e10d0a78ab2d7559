import { money } from '../lib/money.ts'
import type { AuditPeriod } from '../pipeline/audit.ts'
import { counted, eachAudited, NOTHING, type Tally } from '../pipeline/audit-sums.ts'
import { takeOrders } from '../pipeline/take-orders.ts'
import type { ShopRecord } from '../store/store.ts'
import { eachOrder, type Glance, wholeOrders } from './orders.ts'
import type { Reconciling } from './reconcile.ts'

/** What Shopify says of a period's orders beside what we have. */
export type Compared =
  | {
      readonly compared: true
      readonly shopify: Tally
      readonly ours: Tally
      /** Orders that Shopify has and we lacked. `fetched` tells whether we have them now. */
      readonly missing: readonly { readonly orderId: string; readonly name?: string; readonly fetched: boolean }[]
      /** Orders that we have and Shopify does not show: deleted there, or older than it lets us see. */
      readonly gone: readonly { readonly orderId: string; readonly name?: string }[]
      /** Count and revenue are the same on both sides, now that what was missing is here. */
      readonly isEqual: boolean
    }
  | { readonly compared: false; readonly why: string }

/** Most orders that are named one by one. */
const NAMED = 100

/**
 * Asks Shopify for a period's orders, fetches those that we lack, and lays both sums beside each other. A period's orders
 * are those that Shopify made then; an imported one counts on our side by the day of the sale that it records.
 */
export const compareWithShopify = async (
  world: Reconciling,
  shop: ShopRecord,
  { from, until }: AuditPeriod,
): Promise<Compared> => {
  const { store } = world.runtime
  const theirs = new Map<string, Glance>()
  const asked = await eachOrder(
    world.admin,
    shop.shop,
    'created_at',
    { since: from, until: until - 1 },
    async (page) => {
      // Shopify looks at whole seconds.
      for (const glance of page) if (Date.parse(glance.createdAt) < until) theirs.set(glance.orderId, glance)
      return undefined
    },
  )
  if (asked) return { compared: false, why: asked.message }
  const lacking: Glance[] = []
  const ids = [...theirs.keys()]
  for (let at = 0; at < ids.length; at += 500) {
    const piece = ids.slice(at, at + 500)
    const known = await store.orders(shop.shop, piece)
    lacking.push(...piece.flatMap((id) => (known.get(id)?.seq === undefined ? (theirs.get(id) ?? []) : [])))
  }
  const fetched = await wholeOrders(world.admin, shop.shop, lacking, async (orders) => {
    await takeOrders(world, shop, orders, 'reconcile')
  })
  if (fetched) return { compared: false, why: fetched.message }
  const now = await store.orders(
    shop.shop,
    lacking.map(({ orderId }) => orderId),
  )
  let ours = NOTHING
  const gone: { orderId: string; name?: string }[] = []
  const seen = new Set<string>()
  await eachAudited(store, shop.shop, { from, until }, (orders) => {
    for (const order of orders) {
      ours = counted(ours, order)
      seen.add(order.orderId)
      if (!theirs.has(order.orderId)) gone.push(named(order))
    }
  })
  const shopify = [...theirs.values()].reduce(
    (tally, { value, currency }) => counted(tally, amountOf(money(value, currency), currency)),
    NOTHING,
  )
  const missing = lacking.map((glance) => ({ ...named(glance), fetched: now.get(glance.orderId)?.seq !== undefined }))
  return {
    compared: true,
    shopify,
    ours,
    missing: missing.slice(0, NAMED),
    gone: gone.slice(0, NAMED),
    isEqual: isSame(shopify, ours),
  }
}

const named = ({ orderId, name }: { orderId: string; name?: string }): { orderId: string; name?: string } => ({
  orderId,
  ...(name === undefined ? {} : { name }),
})

const amountOf = (value: string | undefined, currency: string | undefined) => ({
  ...(value === undefined ? {} : { value }),
  ...(currency === undefined ? {} : { currency }),
})

const isSame = (a: Tally, b: Tally): boolean =>
  a.orders === b.orders &&
  [...new Set([...Object.keys(a.value), ...Object.keys(b.value)])].every((one) => a.value[one] === b.value[one])
