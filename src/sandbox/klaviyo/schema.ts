import { closed, complaint, each, type Schema, text } from '../json-schema.ts'
import { invalid, type Problem } from './errors.ts'

/**
 * The bodies of the events calls, from OpenAPI 2026-07-15. Whether keys that it does not name are refused is not known
 * for each level; here they are everywhere but in properties, because a misspelt one would be lost in silence.
 */
const object: Schema = { type: 'object' }
const boolean: Schema = { type: 'boolean' }
const degrees: Schema = { type: ['number', 'string'] }

const related = (data: Schema): Schema => closed({ data }, ['data'])

const resource = (type: string, attributes: Schema, more: Readonly<Record<string, Schema>> = {}): Schema =>
  closed({ type: { type: 'string', enum: [type] }, attributes, ...more }, ['type', 'attributes'])

const LOCATION = closed({
  ...each(['address1', 'address2', 'city', 'country', 'region', 'zip', 'timezone', 'ip'], text),
  ...each(['latitude', 'longitude'], degrees),
})

const PROFILE_ATTRIBUTES: Readonly<Record<string, Schema>> = {
  ...each(['email', 'phone_number', 'anonymous_id', '_kx'], text),
  external_id: { type: 'string', minLength: 1, maxLength: 255 },
  ...each(['first_name', 'last_name', 'organization', 'locale', 'title', 'image'], text),
  location: LOCATION,
  properties: object,
}

const META = closed({
  patch_properties: closed({ append: object, unappend: object, unset: { type: ['string', 'array'] } }),
  patch_identifiers: object,
})

const profile = (attributes: Readonly<Record<string, Schema>>): Schema =>
  related(resource('profile', closed(attributes), { id: text }))

/** A profile in a bulk job has no `meta`. */
const PROFILE_IN_BULK = profile(PROFILE_ATTRIBUTES)

const eventAttributes = (backfill: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> => ({
  properties: object,
  metric: related(
    resource('metric', closed({ name: { type: 'string', minLength: 1, maxLength: 127 }, service: text }, ['name'])),
  ),
  time: text,
  // Whether a negative value is taken is not documented.
  value: { type: 'number', minimum: 0 },
  value_currency: text,
  unique_id: text,
  ...backfill,
})

export interface BodySchemas {
  /** POST /api/events. */
  readonly single: Schema
  /** The frame of a bulk job; its groups are looked at one by one. */
  readonly bulk: Schema
  /** A profile with its events, which are looked at one by one. */
  readonly group: Schema
  /** An event of a group. */
  readonly event: Schema
}

const bodies = (backfill: Readonly<Record<string, Schema>>): BodySchemas => {
  const attributes = eventAttributes(backfill)
  const required = ['properties', 'metric']
  return {
    single: related(
      resource(
        'event',
        closed({ ...attributes, profile: profile({ ...PROFILE_ATTRIBUTES, meta: META }) }, [...required, 'profile']),
      ),
    ),
    bulk: related(
      resource(
        'event-bulk-create-job',
        closed({ 'events-bulk-create': related({ type: 'array', minItems: 1 }) }, ['events-bulk-create']),
      ),
    ),
    group: resource(
      'event-bulk-create',
      closed({ ...backfill, profile: PROFILE_IN_BULK, events: related({ type: 'array', minItems: 1 }) }, [
        'profile',
        'events',
      ]),
    ),
    event: resource('event', closed(attributes, required)),
  }
}

/** Since 2026-07-15 an event may be recorded without triggering flows. */
export const WITH_BACKFILL = bodies({ backfill: boolean })
export const WITHOUT_BACKFILL = bodies({})

/** The first complaint about a value, with a pointer to the innermost member that it is about. */
export const problemIn = (value: unknown, schema: Schema, pointer: string): Problem | undefined => {
  const why = complaint(value, schema)
  if (why === undefined) return undefined
  for (const [key, inner] of membersOf(value))
    if (schema.properties && Object.hasOwn(schema.properties, key)) {
      const deeper = problemIn(inner, schema.properties[key] ?? {}, pointerTo(pointer, key))
      if (deeper) return deeper
    }
  return invalid(why, pointer)
}

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** A pointer one member deeper (RFC 6901). */
export const pointerTo = (pointer: string, key: string): string =>
  `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A profile that fits the schema. */
export interface Profile {
  readonly id?: string
  readonly attributes: {
    readonly email?: string
    readonly phone_number?: string
    readonly external_id?: string
    readonly anonymous_id?: string
    readonly _kx?: string
    readonly first_name?: string
    readonly last_name?: string
    readonly organization?: string
    readonly title?: string
    readonly locale?: string
    readonly location?: { readonly timezone?: string; readonly ip?: string }
  }
}

/** Attributes of an event that fit the schema, without the profile. */
export interface EventAttributes {
  readonly properties: { readonly [key: string]: unknown }
  readonly metric: { readonly data: { readonly attributes: { readonly name: string; readonly service?: string } } }
  readonly time?: string
  readonly value?: number
  readonly value_currency?: string
  readonly unique_id?: string
  readonly backfill?: boolean
}
