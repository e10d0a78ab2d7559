import type { Field } from './query.ts'

/** A field that Shopify's schema does not have, or cannot give, worded as Shopify words it. */
export class FieldFault extends Error {}

/** What a type's fields give: a value, or a function of the arguments. `__typename` names the type. */
export interface Node {
  readonly __typename: string
  readonly [field: string]: unknown
}

const CONNECTION = Symbol('connection')

/** All that a connection has; a query takes a page of it. */
export interface All {
  readonly [CONNECTION]: true
  /** The place behind what a cursor names; 0 for one that names nothing. */
  after(cursor: string): number
  slice(from: number, to: number): readonly { readonly node: Node; readonly cursor: string }[]
  readonly size: number
}

/** A connection over items that become nodes when they are asked for, each found again by its cursor. */
export const connectionOf = <Item>(
  items: readonly Item[],
  cursorOf: (item: Item) => string,
  toNode: (item: Item) => Node,
): All => ({
  [CONNECTION]: true,
  after: (cursor) => items.findIndex((item) => cursorOf(item) === cursor) + 1,
  slice: (from, to) => items.slice(from, to).map((item) => ({ node: toNode(item), cursor: cursorOf(item) })),
  size: items.length,
})

export const connection = (nodes: readonly Node[]): All =>
  connectionOf(
    nodes,
    ({ id }) => String(id),
    (node) => node,
  )

const isConnection = (value: unknown): value is All =>
  typeof value === 'object' && value !== null && CONNECTION in value
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && '__typename' in value

/** Most objects of one page. */
const LARGEST_PAGE = 250

/** What a selection of a node gives, and what that costs (see `costOf`). */
export const execute = (node: Node, fields: readonly Field[]): { readonly value: unknown; readonly cost: number } => {
  const value: Record<string, unknown> = {}
  let cost = 0
  for (const field of fields) {
    if (field.on !== undefined && field.on !== node.__typename) continue
    const given = fieldOf(node, field)
    const part = complete(given, field, `${node.__typename}.${field.name}`)
    value[field.alias] = part.value
    cost += part.cost
  }
  return { value, cost }
}

/** What a node gives for a field, its own arguments heeded. */
export const fieldOf = (node: Node, { name, args }: Field): unknown => {
  if (!(name in node)) throw new FieldFault(`Field '${name}' doesn't exist on type '${node.__typename}'`)
  const given = node[name]
  return typeof given === 'function' ? given(args) : given
}

const complete = (given: unknown, field: Field, path: string): { value: unknown; cost: number } => {
  if (given === null || given === undefined) return { value: null, cost: 0 }
  if (isConnection(given)) return page(given, field, path)
  if (Array.isArray(given)) {
    const most = typeof field.args.first === 'number' ? field.args.first : given.length
    const items = given.slice(0, most).map((one) => complete(one, field, path))
    return { value: items.map(({ value }) => value), cost: shared(items) }
  }
  if (!isNode(given)) {
    if (field.fields) throw new FieldFault(`Selections can't be made on scalars (field '${field.name}')`)
    return { value: given, cost: 0 }
  }
  if (!field.fields)
    throw new FieldFault(`Field must have selections (field '${field.name}' returns ${given.__typename})`)
  const { value, cost } = execute(given, field.fields)
  return { value, cost: 1 + cost }
}

/** Items of a list cost less the more of them there are. */
const shared = (items: readonly { readonly cost: number }[]): number =>
  items.length === 0 ? 0 : sized(items.length) * (items.reduce((sum, { cost }) => sum + cost, 0) / items.length)

const page = (all: All, field: Field, path: string): { value: unknown; cost: number } => {
  const { first, after } = field.args
  if (typeof first !== 'number') throw new FieldFault(`you must provide one of first or last (${path})`)
  if (first < 1 || first > LARGEST_PAGE) throw new FieldFault(`first must be from 1 to ${LARGEST_PAGE} (${path})`)
  const start = typeof after === 'string' ? all.after(after) : 0
  const taken = all.slice(start, start + first)
  const value: Record<string, unknown> = {}
  let cost = 0
  for (const one of field.fields ?? []) {
    if (one.name === 'pageInfo') {
      const info = {
        __typename: 'PageInfo',
        hasNextPage: start + first < all.size,
        hasPreviousPage: start > 0,
        startCursor: taken[0]?.cursor ?? null,
        endCursor: taken.at(-1)?.cursor ?? null,
      }
      value[one.alias] = execute(info, one.fields ?? []).value
    } else if (one.name === 'nodes' || one.name === 'edges') {
      const items = taken.map(({ node, cursor }) =>
        one.name === 'nodes'
          ? complete(node, one, path)
          : execute({ __typename: 'Edge', node, cursor }, one.fields ?? []),
      )
      value[one.alias] = items.map((item) => item.value)
      cost += shared(items)
    } else throw new FieldFault(`Field '${one.name}' doesn't exist on type '${path}Connection'`)
  }
  return { value, cost }
}

/**
 * A page of n objects counts as about 1.5 log2 n: Shopify does not print the formula, but a page of 250 variants with an
 * object each was told to cost 24 (a developer's report of 2025).
 */
const sized = (count: number): number => (count <= 1 ? count : 1.5 * Math.log2(count))

/** What a query may cost at most: an object 1, a page by its size, a mutation 10. */
export const costOf = (fields: readonly Field[]): number =>
  fields.reduce((sum, field) => {
    if (!field.fields || field.name === 'pageInfo') return sum
    const inner = costOf(field.fields)
    const { first, last, ids } = field.args
    const count =
      typeof first === 'number' ? first : typeof last === 'number' ? last : Array.isArray(ids) ? ids.length : undefined
    const isPage = field.fields.some(({ name }) => name === 'nodes' || name === 'edges')
    if (count === undefined) return sum + 1 + inner
    return sum + sized(count) * (isPage ? inner : 1 + inner)
  }, 0)
