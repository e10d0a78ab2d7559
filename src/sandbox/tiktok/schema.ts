import { isObject } from '../../lib/json.ts'
import { complaint, each, type Schema } from '../json-schema.ts'
import type { Finding } from './errors.ts'

/** Fields of `user` that must be hashed. */
export const HASHED = ['email', 'phone', 'external_id', 'first_name', 'last_name', 'zip_code'] as const

/** Fields of `user` that must never be hashed. */
export const IN_CLEAR = ['city', 'state', 'country', 'ttclid', 'ttp', 'ip', 'user_agent', 'locale'] as const

export const IDENTIFIERS = [...HASHED, ...IN_CLEAR]

/**
 * Types and required fields are refused with 40002: documented for a content id that is a number, taken over for all.
 * Of keys that are not in the tables, of empty texts and of other words for content_type nobody saw a refusal
 * (vendors send `contents_ids` for years), so only the `strict` forms complain about them.
 */
const formsOf = (strict: boolean) => {
  const text: Schema = { type: 'string', ...(strict ? { minLength: 1 } : {}) }
  const textOrTexts: Schema = { type: ['string', 'array'], items: text, ...(strict ? { minItems: 1 } : {}) }
  const integer: Schema = { type: 'integer' }
  const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
    type: 'object',
    properties,
    required,
    ...(strict ? { additionalProperties: false as const } : {}),
  })
  const contentType: Schema = { type: 'string', ...(strict ? { enum: ['product', 'product_group'] } : {}) }
  const content = object({
    ...each(['content_id', 'content_name', 'content_category', 'brand', 'description'], text),
    content_type: contentType,
    price: { type: 'number' },
    quantity: integer,
  })

  const root = object(
    {
      event_source: { type: 'string', enum: ['web', 'app', 'offline', 'crm'] },
      event_source_id: { type: 'string', minLength: 1 },
      partner_name: text,
      test_event_code: text,
      data: { type: 'array' },
    },
    ['event_source', 'event_source_id', 'data'],
  )

  const event = object(
    {
      event: { type: 'string', minLength: 1 },
      event_time: integer,
      event_id: text,
      limited_data_use: { type: 'boolean' },
      page: object({ url: text, referrer: text }, ['url']),
      user: object({
        ...each(['email', 'phone', 'external_id'], textOrTexts),
        ...each(['first_name', 'last_name', 'zip_code', ...IN_CLEAR], text),
        ...each(['idfa', 'idfv', 'gaid', 'att_status'], text),
      }),
      properties: object({
        contents: { type: 'array', items: content },
        content_type: contentType,
        content_ids: { type: 'array', items: text },
        num_items: integer,
        quantity: integer,
        value: { type: 'number' },
        predicted_ltv: { type: 'number' },
        ...each(
          ['currency', 'query', 'search_string', 'description', 'order_id', 'shop_id', 'status', 'delivery_category'],
          text,
        ),
      }),
      ...each(['app', 'ad', 'lead', 'device'], { type: 'object' }),
    },
    ['event', 'event_time', 'page'],
  )
  return { root, event }
}

/** What is refused. */
export const FORMS = formsOf(false)
/** What fits the tables to the letter. */
export const STRICT_FORMS = formsOf(true)

/** What lies below a value, with the schema of each. */
const partsOf = (value: unknown, schema: Schema): readonly (readonly [string, unknown, Schema])[] => {
  const { items, properties = {} } = schema
  if (Array.isArray(value)) return items ? value.map((one, index) => [String(index), one, items] as const) : []
  if (!isObject(value)) return []
  return Object.entries(properties).flatMap(([key, below]) =>
    Object.hasOwn(value, key) ? [[key, value[key], below] as const] : [],
  )
}

/** The innermost place where a value does not fit, worded as TikTok does, e.g. page.url: Not a valid string. */
export const misfitOf = (value: unknown, schema: Schema, path: readonly string[] = []): Finding | undefined => {
  const why = complaint(value, schema)
  if (why === undefined) return undefined
  const missing = isObject(value) && schema.required?.find((key) => !Object.hasOwn(value, key))
  if (missing) return { path: [...path, missing].join('.'), why: 'Missing required field' }
  for (const [key, inner, below] of partsOf(value, schema)) {
    const deeper = misfitOf(inner, below, [...path, key])
    if (deeper) return deeper
  }
  const types = [schema.type ?? []].flat().join(' or ')
  return { path: path.join('.'), why: why.includes('is not of type') ? `Not a valid ${types}` : why }
}

/** An event that fits the schema. */
export interface TikTokEvent {
  readonly event: string
  /** Unix seconds. */
  readonly event_time: number
  readonly event_id?: string
  readonly limited_data_use?: boolean
  readonly page: { readonly url: string; readonly referrer?: string }
  readonly user?: User
  readonly properties?: Properties
}

export interface User {
  readonly [field: string]: string | readonly string[] | undefined
  readonly ip?: string
  readonly user_agent?: string
  readonly country?: string
}

export interface Properties {
  readonly contents?: readonly { readonly content_id?: string }[]
  readonly content_ids?: readonly string[]
  readonly currency?: string
  readonly value?: number
  readonly order_id?: string
}
