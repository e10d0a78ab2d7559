import { FieldFault, fieldOf, isConnection, type Node } from './execute.ts'
import { type Field, readQuery } from './query.ts'

/** A bulk operation: its result is there when somebody has asked for it a second time. */
export interface BulkOperation {
  readonly id: string
  readonly query: string
  asked: number
  readonly createdAt: number
}

const MOST_CONNECTIONS = 5

/** The connections of a bulk query: at most five, nested at most two deep. */
export const checkBulk = (query: string): string | undefined => {
  const { fields } = readQuery(query, {})
  const isPaged = ({ fields: inner }: Field) => inner?.some(({ name }) => name === 'edges' || name === 'nodes') ?? false
  let count = 0
  let deepest = 0
  const walk = (all: readonly Field[], depth: number): void => {
    for (const field of all) {
      const inside = isPaged(field) ? depth + 1 : depth
      if (isPaged(field)) count++
      deepest = Math.max(deepest, inside)
      walk(field.fields ?? [], inside)
    }
  }
  walk(fields, 0)
  if (count === 0) return 'Bulk queries must contain at least one connection.'
  if (count > MOST_CONNECTIONS) return 'Bulk queries cannot contain more than 5 connections.'
  // The outermost does not count as nested.
  return deepest > 3 ? 'Bulk queries cannot contain connections with a nesting depth greater than 2.' : undefined
}

/** The lines of a result: a node, then what its connections hold, each with the id of its parent. */
export const bulkLines = (root: Node, query: string): readonly string[] => {
  const lines: string[] = []
  for (const field of readQuery(query, {}).fields) {
    emit(fieldOf(root, field), field, undefined, lines)
  }
  return lines
}

const emit = (given: unknown, field: Field, parent: string | undefined, lines: string[]): void => {
  if (!isConnection(given)) throw new FieldFault('Bulk queries must begin with a connection')
  const wanted = field.fields?.find(({ name }) => name === 'nodes' || name === 'edges')
  const inner = wanted?.name === 'edges' ? wanted.fields?.find(({ name }) => name === 'node')?.fields : wanted?.fields
  for (const { node } of given.slice(0, given.size)) {
    const within: { readonly value: unknown; readonly field: Field }[] = []
    const plain = plainOf(node, inner ?? [], within)
    lines.push(JSON.stringify(parent === undefined ? plain : { ...plain, __parentId: parent }))
    if (within.length > 0 && typeof plain.id !== 'string')
      throw new FieldFault('Bulk queries must ask for the id of what holds a connection')
    for (const one of within) emit(one.value, one.field, String(plain.id), lines)
  }
}

const plainOf = (
  node: Node,
  fields: readonly Field[],
  within: { readonly value: unknown; readonly field: Field }[],
): Record<string, unknown> => {
  const plain: Record<string, unknown> = {}
  for (const field of fields) {
    const given = fieldOf(node, field)
    if (isConnection(given)) within.push({ value: given, field })
    else plain[field.alias] = plainValue(given, field, within)
  }
  return plain
}

const plainValue = (given: unknown, field: Field, within: { value: unknown; field: Field }[]): unknown => {
  if (Array.isArray(given)) return given.map((one) => plainValue(one, field, within))
  if (typeof given !== 'object' || given === null || !field.fields) return given ?? null
  return plainOf(given as Node, field.fields, within)
}
