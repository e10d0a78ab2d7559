import { isObject } from '../lib/json.ts'

/**
 * The part of JSON Schema that the platforms' published descriptions use. Complaints are worded as those of Python's
 * jsonschema, because that is the text merchants find when they search for a refusal.
 */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[]
  readonly properties?: Readonly<Record<string, Schema>>
  /** false: an unknown key is refused. */
  readonly additionalProperties?: false
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

/** Text that says something: platforms are strict or silent about empty texts, and here they are a fault of the sender. */
export const text: Schema = { type: 'string', minLength: 1 }

/** An object without any other keys. */
export const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

/** Properties that all have one schema. */
export const each = (names: readonly string[], schema: Schema = text): Readonly<Record<string, Schema>> =>
  Object.fromEntries(names.map((name) => [name, schema]))

const typed = (value: unknown, type: SchemaType): boolean => {
  if (type === 'object') return isObject(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 120)}...` : text
}

/** The first complaint about a value, or undefined when it fits. */
export const complaint = (value: unknown, schema: Schema): string | undefined => {
  if (schema.type !== undefined) {
    const types = Array.isArray(schema.type) ? schema.type : [schema.type]
    if (!types.some((type) => typed(value, type)))
      return `${shown(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`
  }
  if (schema.enum && typeof value === 'string' && !schema.enum.includes(value))
    return `${shown(value)} is not one of [${schema.enum.map((one) => `'${one}'`).join(', ')}]`
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return `${shown(value)} is too short`
    if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return `${shown(value)} is too long`
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY))
      return `${value} is less than the minimum of ${schema.minimum}`
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY))
      return `${value} is greater than the maximum of ${schema.maximum}`
  }
  if (Array.isArray(value)) return complaintAboutList(value, schema)
  if (isObject(value)) return complaintAboutObject(value, schema)
  return undefined
}

const complaintAboutList = (value: readonly unknown[], schema: Schema): string | undefined => {
  if (value.length < (schema.minItems ?? 0)) return `${shown(value)} is too short`
  if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) return `${shown(value)} is too long`
  if (!schema.items) return undefined
  for (const one of value) {
    const why = complaint(one, schema.items)
    if (why) return why
  }
  return undefined
}

const complaintAboutObject = (value: Readonly<Record<string, unknown>>, schema: Schema): string | undefined => {
  const missing = schema.required?.find((key) => !Object.hasOwn(value, key))
  if (missing !== undefined) return `'${missing}' is a required property`
  const known = schema.properties ?? {}
  if (schema.additionalProperties === false) {
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(known, key))
    if (unknown.length > 0) {
      const names = unknown.map((key) => `'${key}'`).join(', ')
      return `Additional properties are not allowed (${names} ${unknown.length > 1 ? 'were' : 'was'} unexpected)`
    }
  }
  for (const key in known) {
    const inner = known[key]
    const why = inner && Object.hasOwn(value, key) ? complaint(value[key], inner) : undefined
    if (why) return why
  }
  if (schema.anyOf?.every((branch) => complaint(value, branch) !== undefined))
    return `${shown(value)} is not valid under any of the given schemas`
  return undefined
}
