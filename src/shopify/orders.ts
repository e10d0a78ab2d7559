import type { Shop } from '../event/event.ts'
import { arrayAt, booleanAt, type Json, objectAt, textAt } from '../lib/json.ts'
import { ORDER_FIELDS, REFUND_FIELDS } from '../sources/admin-api/order-fields.ts'
import { type Admin, type AdminProblem, askAdmin } from './admin.ts'

/** What there is to know of an order at a glance: enough to see whether our log lacks something of it. */
export interface Glance {
  readonly orderId: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly isPaid: boolean
  readonly isCancelled: boolean
  /** Ids. */
  readonly refunds: readonly string[]
  readonly name?: string
  readonly value?: string
  readonly currency?: string
}

/** Instants in ms since 1970, both included. */
export interface Period {
  readonly since: number
  readonly until: number
}

/** Most objects that Shopify gives in one page. */
const PAGE = 250
/** Shopify pages through 25,000 objects of one question and no further; before that a new one begins where this one ended. */
const PAGES_OF_A_QUESTION = 90

const GLANCES = `query orders($first: Int!, $after: String, $sortKey: OrderSortKeys!, $query: String!) {
  orders(first: $first, after: $after, sortKey: $sortKey, query: $query) {
    nodes {
      legacyResourceId name createdAt updatedAt cancelledAt displayFinancialStatus
      totalPriceSet { shopMoney { amount currencyCode } }
      refunds(first: 20) { legacyResourceId }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

const instantOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '')

/** Shopify's own search; its instants have whole seconds. */
const searchOf = (field: 'updated_at' | 'created_at', { since, until }: Period): string =>
  `${field}:>='${instantOf(since)}' ${field}:<='${instantOf(until)}'`

/**
 * Hands over a store's orders of a period, oldest first, a page at a time. `take` may end it with a problem of its own;
 * what was handed over before a problem stays handed over.
 */
export const eachOrder = async (
  admin: Admin,
  shop: Shop,
  by: 'updated_at' | 'created_at',
  period: Period,
  take: (page: readonly Glance[]) => Promise<AdminProblem | undefined>,
): Promise<AdminProblem | undefined> => {
  const sortKey = by === 'updated_at' ? 'UPDATED_AT' : 'CREATED_AT'
  let since = period.since
  for (;;) {
    const query = searchOf(by, { ...period, since })
    let after: string | undefined
    let last: Glance | undefined
    for (let pages = 0; ; pages++) {
      const variables = { first: PAGE, after, sortKey, query }
      const answer = await askAdmin(admin, shop, GLANCES, variables)
      if (!answer.ok) return answer
      const orders = objectAt(answer.data, 'orders')
      const page = arrayAt(orders, 'nodes').flatMap((order) => glanceOf(order) ?? [])
      const problem = page.length > 0 ? await take(page) : undefined
      if (problem) return problem
      last = page.at(-1) ?? last
      after = textAt(objectAt(orders, 'pageInfo'), 'endCursor')
      if (booleanAt(objectAt(orders, 'pageInfo'), 'hasNextPage') !== true || after === undefined) return undefined
      if (pages >= PAGES_OF_A_QUESTION) break
    }
    const next = Date.parse((by === 'updated_at' ? last?.updatedAt : last?.createdAt) ?? '')
    // More than a question's worth of orders of one second: nothing more can be asked for.
    if (!(next > since)) return undefined
    since = next
  }
}

/** Money was taken for it at some time, whatever was given back since. */
const PAID: ReadonlySet<string> = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'])

const glanceOf = (order: Json): Glance | undefined => {
  const orderId = textAt(order, 'legacyResourceId')
  const createdAt = textAt(order, 'createdAt')
  if (orderId === undefined || createdAt === undefined) return undefined
  const total = objectAt(objectAt(order, 'totalPriceSet'), 'shopMoney')
  const [name, value, currency] = [textAt(order, 'name'), textAt(total, 'amount'), textAt(total, 'currencyCode')]
  return {
    orderId,
    createdAt,
    updatedAt: textAt(order, 'updatedAt') ?? createdAt,
    isPaid: PAID.has(textAt(order, 'displayFinancialStatus') ?? ''),
    isCancelled: textAt(order, 'cancelledAt') !== undefined,
    refunds: arrayAt(order, 'refunds').flatMap((refund) => textAt(refund, 'legacyResourceId') ?? []),
    ...(name === undefined ? {} : { name }),
    ...(value === undefined ? {} : { value }),
    ...(currency === undefined ? {} : { currency }),
  }
}

const WHOLE = `query wholeOrders($first: Int!, $query: String!) {
  orders(first: $first, query: $query) { nodes { ...OrderFields } }
}
${ORDER_FIELDS}`

const REFUNDS = `query refundsOfOrders($first: Int!, $query: String!) {
  orders(first: $first, query: $query) { nodes { ...RefundFields } }
}
${REFUND_FIELDS}`

/** Orders of one question; fewer where that costs too much. */
const AT_ONCE = 50

/**
 * Hands over these orders with everything that is known of them (sources/admin-api reads it), a few at a time. One that
 * Shopify does not have any more is left out.
 */
export const wholeOrders = async (
  admin: Admin,
  shop: Shop,
  wanted: readonly Pick<Glance, 'orderId' | 'refunds'>[],
  take: (orders: readonly Json[]) => Promise<void>,
): Promise<AdminProblem | undefined> => {
  const ids = wanted.map(({ orderId }) => orderId)
  const refunded = new Set(wanted.flatMap(({ orderId, refunds }) => (refunds.length > 0 ? [orderId] : [])))
  return inPieces(admin, shop, WHOLE, ids, async (orders) => {
    const told = new Map<string, Json>()
    const theirs = orders.flatMap((order) => textAt(order, 'legacyResourceId') ?? []).filter((id) => refunded.has(id))
    const problem = await inPieces(admin, shop, REFUNDS, theirs, async (found) => {
      for (const order of found) told.set(textAt(order, 'legacyResourceId') ?? '', arrayAt(order, 'refunds'))
      return undefined
    })
    if (problem) return problem
    await take(
      orders.map((order) => ({ ...objectOf(order), refunds: told.get(textAt(order, 'legacyResourceId') ?? '') ?? [] })),
    )
    return undefined
  })
}

const objectOf = (order: Json): { [key: string]: Json } => objectAt({ order }, 'order')

/** Asks for orders by id, as many at once as one question may cost. */
const inPieces = async (
  admin: Admin,
  shop: Shop,
  query: string,
  ids: readonly string[],
  take: (orders: readonly Json[]) => Promise<AdminProblem | undefined>,
): Promise<AdminProblem | undefined> => {
  let size = AT_ONCE
  for (let at = 0; at < ids.length; ) {
    const piece = ids.slice(at, at + size)
    const search = piece.map((id) => `id:${id}`).join(' OR ')
    const answer = await askAdmin(admin, shop, query, { first: piece.length, query: search })
    if (!answer.ok && answer.code === 'MAX_COST_EXCEEDED' && piece.length > 1) {
      size = Math.ceil(piece.length / 2)
      continue
    }
    if (!answer.ok) return answer
    const problem = await take(arrayAt(objectAt(answer.data, 'orders'), 'nodes'))
    if (problem) return problem
    at += piece.length
  }
  return undefined
}
