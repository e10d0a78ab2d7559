import { closed, type Schema, text } from '../json-schema.ts'

/**
 * The body of /mp/collect. Whether GA4 passes over keys that it does not know is documented nowhere; here they are a
 * fault, because a misspelt one would be lost in silence.
 */
const integer: Schema = { type: 'integer' }
const consent: Schema = { type: 'string', enum: ['GRANTED', 'DENIED'] }

const texts = (...names: readonly string[]): Schema => closed(Object.fromEntries(names.map((name) => [name, text])))

export const HASHED_OF_USER = ['sha256_email_address', 'sha256_phone_number'] as const
export const HASHED_OF_ADDRESS = ['sha256_first_name', 'sha256_last_name', 'sha256_street'] as const

export const ROOT: Schema = closed({
  client_id: text,
  user_id: text,
  timestamp_micros: integer,
  user_properties: { type: 'object' },
  consent: closed({ ad_user_data: consent, ad_personalization: consent }),
  non_personalized_ads: { type: 'boolean' },
  user_data: closed({
    sha256_email_address: { type: 'array', items: text, minItems: 1 },
    sha256_phone_number: { type: 'array', items: text, minItems: 1 },
    address: {
      type: 'array',
      minItems: 1,
      items: texts(...HASHED_OF_ADDRESS, 'city', 'region', 'postal_code', 'country'),
    },
  }),
  user_location: texts('city', 'region_id', 'country_id', 'subcontinent_id', 'continent_id'),
  ip_override: text,
  device: texts(
    'category',
    'language',
    'screen_resolution',
    'operating_system',
    'operating_system_version',
    'model',
    'brand',
    'browser',
    'browser_version',
  ),
  user_agent: text,
  // Google’s own Event Builder has written it in camel case, which nobody reads.
  validation_behavior: { type: 'string', enum: ['RELAXED', 'ENFORCE_RECOMMENDATIONS'] },
  // Looked at one by one.
  events: { type: 'array' },
})

export const EVENT: Schema = closed({ name: { type: 'string' }, params: { type: 'object' }, timestamp_micros: integer })

/** A body that fits the schema. */
export interface Body {
  readonly client_id?: string
  readonly user_id?: string
  /** Microseconds since 1970. */
  readonly timestamp_micros?: number
  readonly user_properties?: Readonly<Record<string, unknown>>
  readonly consent?: { readonly ad_user_data?: string; readonly ad_personalization?: string }
  readonly non_personalized_ads?: boolean
  readonly user_data?: UserData
  readonly ip_override?: string
  readonly user_agent?: string
  readonly events?: readonly unknown[]
}

export interface UserData {
  readonly sha256_email_address?: readonly string[]
  readonly sha256_phone_number?: readonly string[]
  readonly address?: readonly Readonly<Record<string, string>>[]
}

/** An event that fits the schema. */
export interface Event {
  readonly name?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly timestamp_micros?: number
}
