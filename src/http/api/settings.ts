import { z } from 'zod'
import { compact, isObject, objectAt, textAt } from '../../lib/json.ts'

/**
 * One field of a destination's settings, as the dashboard draws it. All of it comes out of the settings schema: the
 * kind from the type, the words from its meta (label, help, placeholder, secret, advanced, labels of choices).
 */
export interface SettingField {
  readonly name: string
  readonly kind: 'text' | 'secret' | 'number' | 'switch' | 'choice' | 'choices' | 'record'
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  readonly required: boolean
  /** Folded away: most people never need it. */
  readonly advanced: boolean
  /** A secret of many lines, such as a key file. */
  readonly long?: true
  /** What can be chosen; of a record, the names that can have a value. */
  readonly choices?: readonly { readonly value: string; readonly label: string; readonly placeholder?: string }[]
  /** Of a record of which no single value is required: what it says when it is empty. */
  readonly atLeast?: string
  /** A template that is shown filled in with a product of the shop. */
  readonly template?: 'catalog'
  readonly initial?: SettingValue
}

export type SettingValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>

/** Of a destination, only its settings matter here. */
interface Described {
  readonly settings: z.ZodType
}

/** What the person typed, by field name. */
export type SettingValues = Readonly<Record<string, SettingValue>>

/** A destination's form. */
export const fieldsOf = (destination: Described): readonly SettingField[] => {
  const schema: unknown = z.toJSONSchema(destination.settings, { io: 'input' })
  const required = new Set(isObject(schema) && Array.isArray(schema.required) ? schema.required : [])
  return Object.entries(objectAt(schema, 'properties')).flatMap(([name, property]) => {
    const field = fieldOf(name, property, required.has(name))
    if (field?.kind !== 'record') return field ? [field] : []
    return [compact<SettingField>({ ...field, atLeast: saidOfNone(destination, name) })]
  })
}

/** The schema's own words about a record without any value; undefined where it may be empty or names are required. */
const saidOfNone = ({ settings }: Described, name: string): string | undefined =>
  settings.safeParse({ [name]: {} }).error?.issues.find(({ path }) => path.length === 1 && path[0] === name)?.message

const fieldOf = (name: string, property: unknown, required: boolean): SettingField | undefined => {
  if (!isObject(property)) return undefined
  const items = objectAt(property, 'items')
  const kind = kindOf(property, items)
  if (kind === undefined) return undefined
  return compact<SettingField>({
    name,
    kind,
    label: textAt(property, 'label') ?? textAt(property, 'title') ?? name,
    help: textAt(property, 'help') ?? textAt(property, 'description'),
    placeholder: textAt(property, 'placeholder'),
    required,
    advanced: property.advanced === true,
    choices:
      kind === 'choice'
        ? choicesOf(property)
        : kind === 'choices'
          ? choicesOf(items, property)
          : kind === 'record'
            ? namesOf(property)
            : undefined,
    long: kind === 'secret' && property.long === true ? true : undefined,
    template: property.template === 'catalog' ? 'catalog' : undefined,
    initial: plain(property.default),
  })
}

/** Undefined for a shape that has no field: it can still be set on the command line. */
const kindOf = (property: { [key: string]: unknown }, items: object): SettingField['kind'] | undefined => {
  if (property.secret === true) return 'secret'
  if (Array.isArray(property.enum)) return 'choice'
  switch (property.type) {
    case 'string':
      return 'text'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'object':
      return namesTexts(property) ? 'record' : undefined
    case 'array':
      return 'enum' in items ? 'choices' : undefined
    default:
      return undefined
  }
}

const choicesOf = (schema: object, described: object = schema): NonNullable<SettingField['choices']> => {
  const labels = objectAt(described, 'labels')
  const values = 'enum' in schema && Array.isArray(schema.enum) ? schema.enum : []
  return values.map((value) => ({ value: String(value), label: textAt(labels, String(value)) ?? String(value) }))
}

/** An object of texts by name; one with more in it has no field. */
const namesTexts = (property: { [key: string]: unknown }): boolean => {
  const named = Object.values(objectAt(property, 'properties'))
  return named.length > 0 && named.every((one) => textAt(one, 'type') === 'string')
}

/** The names in an object that can have a value. */
const namesOf = (record: object): NonNullable<SettingField['choices']> =>
  Object.entries(objectAt(record, 'properties')).map(([value, property]) =>
    compact<NonNullable<SettingField['choices']>[number]>({
      value,
      label: textAt(property, 'label') ?? value,
      placeholder: textAt(property, 'placeholder') ?? textAt(record, 'placeholder'),
    }),
  )

const plain = (value: unknown): SettingValue | undefined => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  if (!isObject(value)) return undefined
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(texts)
}

/** A connection's settings without its secrets, and which secrets are there. Secrets never leave. */
export const shownSettings = (
  destination: Described,
  settings: unknown,
): { readonly values: SettingValues; readonly secretsKept: readonly string[] } => {
  const values: Record<string, SettingValue> = {}
  const secretsKept: string[] = []
  for (const field of fieldsOf(destination)) {
    const stored = isObject(settings) ? settings[field.name] : undefined
    const value = plain(stored)
    if (field.kind === 'secret') {
      // A credential may be a whole object.
      if (stored !== undefined) secretsKept.push(field.name)
    } else if (value !== undefined) values[field.name] = value
  }
  return { values, secretsKept }
}

/** Of values by name, those that somebody filled in. */
const withoutEmpty = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one !== 'string' || one.trim() !== ''))
    : value

/** What a person chose in a form: what differs from what it began with. */
export const chosenOf = (destination: Described, typed: Readonly<Record<string, unknown>>): SettingValues =>
  Object.fromEntries(
    fieldsOf(destination).flatMap(({ name, initial }) => {
      const value = plain(typed[name])
      return value === undefined || JSON.stringify(value) === JSON.stringify(initial) ? [] : [[name, value]]
    }),
  )

export type Read =
  | { readonly ok: true; readonly settings: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** What is wrong with a field; `part` is the name of a record's value. */
export interface Problem {
  readonly field: string
  readonly part?: string
  readonly message: string
}

/**
 * Settings out of what a person typed. An empty field counts as not given; a secret left empty keeps the old one, and
 * so does every stored setting that has no field in the form.
 */
export const readSettings = (destination: Described, typed: Readonly<Record<string, unknown>>, old?: unknown): Read => {
  const fields = fieldsOf(destination)
  const given: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(isObject(old) ? old : {})) {
    const field = fields.find((one) => one.name === name)
    if (field === undefined || field.kind === 'secret') given[name] = value
  }
  for (const { name, kind, required } of fields) {
    const value = typeof typed[name] === 'string' ? typed[name].trim() : typed[name]
    if (value !== undefined && value !== null && value !== '') given[name] = withoutEmpty(value)
    // Left out, it could not say in its own words what it lacks.
    else if (kind === 'record' && required) given[name] = {}
  }
  const parsed = destination.settings.safeParse(given)
  if (parsed.success) return { ok: true, settings: parsed.data }
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '')
    const isRecord = fields.some((field) => field.name === name && field.kind === 'record')
    const part = isRecord && path[1] !== undefined ? String(path[1]) : undefined
    const missing = given[name] === undefined || (part !== undefined && isObject(given[name]) && !(part in given[name]))
    return compact<Problem>({ field: name, part, message: missing ? 'Please fill this in.' : message })
  })
  return { ok: false, problems }
}
