import { type Answer, json, type PlatformRequest } from '../../platform.ts'
import { SHOP_CURRENCY } from '../markets.ts'
import { gid } from '../payloads/fields.ts'
import type { Books } from './books.ts'
import { type Bucket, createBucket, MOST_OF_A_QUERY, type Plan, STANDARD } from './bucket.ts'
import { connection, connectionOf, costOf, execute, FieldFault, type Node } from './execute.ts'
import { orderNode } from './order-node.ts'
import { searchOrders } from './order-search.ts'
import { allVariants, type Edit, nodeOf } from './product-node.ts'
import { type Operation, readQuery, SyntaxFault } from './query.ts'

export interface AdminApiOptions {
  /** The scopes of a token at a shop; undefined for one that Shopify does not (or no longer) know. */
  readonly scopesOf: (shop: string, token: string) => readonly string[] | undefined
  /** What a store sold; undefined for a store that Shopify does not have. */
  readonly booksOf: (shop: string) => Books | undefined
  /** Root fields beside those here, e.g. the web pixel's record: values, or functions of the arguments. */
  readonly roots?: (shop: string) => {
    readonly query?: Readonly<Record<string, unknown>>
    readonly mutation?: Readonly<Record<string, unknown>>
  }
  readonly plan?: Plan
}

/** Everything that one store's Admin API keeps beside its books. */
interface State {
  readonly bucket: Bucket
  readonly edits: Map<string, Edit>
  /** The status with which every request is answered, if any: 402 frozen, 423 locked … */
  status: number | undefined
}

const ADMIN_PATH = '/admin/api/2026-10/graphql.json'
/**
 * The Admin GraphQL API of every store of the imitation: tokens, points, orders and products, as the documentation of
 * 2026-10 has them. A field that Shopify does not have is an error here too.
 */
export const createAdminApi = (options: AdminApiOptions) => {
  const states = new Map<string, State>()
  const stateOf = (shop: string): State => {
    const known = states.get(shop)
    if (known) return known
    const made: State = {
      bucket: createBucket(options.plan ?? STANDARD),
      edits: new Map(),
      status: undefined,
    }
    states.set(shop, made)
    return made
  }

  const answer = (request: PlatformRequest): Answer => {
    const { host: shop, path, method, headers, now } = request
    const books = options.booksOf(shop)
    if (!books) return json(404, { errors: 'Not Found' })
    if (path !== ADMIN_PATH || method !== 'POST') return json(404, { errors: 'Not Found' })
    const state = stateOf(shop)
    if (state.status !== undefined) return json(state.status, { errors: 'Unavailable Shop' })
    const scopes = options.scopesOf(shop, String(headers['x-shopify-access-token'] ?? ''))
    if (!scopes)
      return json(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' })
    let asked: { query?: unknown; variables?: Readonly<Record<string, unknown>> }
    try {
      asked = JSON.parse(request.body) as typeof asked
    } catch {
      return json(400, { errors: { query: 'Required parameter missing or invalid' } })
    }
    return answerQuery(shop, books, state, {
      query: String(asked.query ?? ''),
      variables: asked.variables ?? {},
      scopes,
      now,
    })
  }

  const answerQuery = (
    shop: string,
    books: Books,
    state: State,
    {
      query,
      variables,
      scopes,
      now,
    }: { query: string; variables: Readonly<Record<string, unknown>>; scopes: readonly string[]; now: number },
  ): Answer => {
    let operation: Operation
    try {
      operation = readQuery(query, variables)
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
      return json(200, { errors: [{ message: fault.message }] })
    }
    const requested = Math.max(1, Math.ceil(costOf(operation.fields))) + (operation.kind === 'mutation' ? 9 : 0)
    const cost = (actual: number | null) => ({
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: state.bucket.status(now) },
    })
    if (requested > MOST_OF_A_QUERY)
      return json(200, {
        errors: [
          {
            message: `Query cost is ${requested}, which exceeds the single query max cost limit (${MOST_OF_A_QUERY}).`,
            extensions: { code: 'MAX_COST_EXCEEDED', cost: requested, maxCost: MOST_OF_A_QUERY },
          },
        ],
      })
    if (!state.bucket.take(requested, now))
      return json(200, {
        errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
        extensions: cost(null),
      })
    const denied = deniedField(operation, scopes)
    if (denied) return json(200, { data: { [denied.field]: null }, errors: [denied.error], extensions: cost(1) })
    const root = operation.kind === 'query' ? queryRoot(shop, books, state) : mutationRoot(shop)
    try {
      const { value, cost: spent } = execute(root, operation.fields)
      const actual = Math.min(requested, Math.max(1, Math.ceil(spent)))
      state.bucket.giveBack(requested - actual)
      return json(200, { data: value, extensions: cost(actual) })
    } catch (fault) {
      if (!(fault instanceof FieldFault)) throw fault
      return json(200, { errors: [{ message: fault.message, extensions: { code: 'undefinedField' } }] })
    }
  }

  const queryRoot = (shop: string, books: Books, state: State): Node => ({
    __typename: 'QueryRoot',
    shop: {
      __typename: 'Shop',
      id: gid('Shop', '71234567890'),
      name: 'North Fern',
      myshopifyDomain: shop,
      currencyCode: SHOP_CURRENCY,
      ianaTimezone: 'America/Los_Angeles',
      billingAddress: { __typename: 'ShopAddress', countryCodeV2: 'US' },
      shopAddress: { __typename: 'ShopAddress', countryCodeV2: 'US' },
      primaryDomain: { __typename: 'Domain', url: 'https://northfern.example' },
    },
    orders: ({ query, sortKey, reverse }: { query?: string; sortKey?: string; reverse?: boolean }) => {
      const found = books.byUpdate().filter(searchOrders(query))
      if (sortKey !== 'UPDATED_AT') found.sort((a, b) => a.order.createdAt - b.order.createdAt)
      return connectionOf(reverse ? found.reverse() : found, ({ order }) => gid('Order', order.id), orderNode)
    },
    order: ({ id }: { id: string }) => {
      const sold = books.find(id.replace('gid://shopify/Order/', ''))
      return sold ? orderNode(sold) : null
    },
    ordersCount: ({ query, limit = 10_000 }: { query?: string; limit?: number | null }) => {
      const count = books.byUpdate().filter(searchOrders(query)).length
      const most = limit ?? Number.POSITIVE_INFINITY
      return {
        __typename: 'Count',
        count: Math.min(count, most),
        precision: count > most ? 'AT_LEAST' : 'EXACT',
      }
    },
    productVariants: () => connection(allVariants(state.edits)),
    nodes: ({ ids }: { ids: readonly string[] }) => {
      if (ids.length > 250)
        throw new FieldFault('The input array size of 251 is greater than the maximum allowed of 250.')
      return ids.map((id) => nodeOf(id, state.edits))
    },
    consentPolicy: ['GB', 'DE', 'FR'].map((countryCode) => ({
      __typename: 'ConsentPolicy',
      id: gid('ConsentPolicy', countryCode),
      countryCode,
      regionCode: null,
      consentRequired: true,
      dataSaleOptOutRequired: false,
    })),
    // Those of the toml belong to the app and are not among a shop's.
    webhookSubscriptions: () => connection([]),
    ...options.roots?.(shop).query,
  })

  const mutationRoot = (shop: string): Node => ({
    __typename: 'Mutation',
    ...options.roots?.(shop).mutation,
  })

  return {
    answer,
    /** Changes a product as a merchant would; the webhook products/update is the caller's. */
    edit(shop: string, productId: string, edit: Edit): void {
      stateOf(shop).edits.set(productId, edit)
    },
    /** Freezes (402) or locks (423) a store, or opens it again. */
    setStatus(shop: string, status: number | undefined): void {
      stateOf(shop).status = status
    },
  }
}

export type AdminApi = ReturnType<typeof createAdminApi>

/** What a root field needs; others need nothing. */
const SCOPES: Readonly<Record<string, string>> = {
  orders: 'read_orders',
  order: 'read_orders',
  ordersCount: 'read_orders',
  productVariants: 'read_products',
}

const deniedField = ({ fields }: Operation, scopes: readonly string[]) => {
  const field = fields.find(({ name }) => {
    const needed = SCOPES[name]
    return needed !== undefined && !scopes.includes(needed)
  })
  if (!field) return undefined
  const message = `Access denied for ${field.name} field. Required access: \`${SCOPES[field.name]}\` access scope.`
  return { field: field.alias, error: { message, path: [field.alias], extensions: { code: 'ACCESS_DENIED' } } }
}
