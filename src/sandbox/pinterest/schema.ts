import { closed, type Schema } from '../json-schema.ts'

/**
 * The request body of POST /v5/ad_accounts/{id}/events as Pinterest's OpenAPI file 5.23.0 (2025-12-11) describes it.
 * The minimum identifiers are written as `anyOf` over plain `required`, because the file's own form (`$ref` with
 * sibling `required`) is skipped by strict readers.
 */
const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: ['string', 'null'] }
const upTo = (maxLength: number): Schema => ({ type: 'string', maxLength })
const within = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum })
const texts: Schema = { type: 'array', items: text }

/** Fields of user_data that carry SHA-256 hashes, always as a list. */
export const HASHED = ['em', 'ph', 'fn', 'ln', 'ge', 'db', 'ct', 'st', 'zp', 'country', 'external_id', 'hashed_maids']

// Not closed in 5.23: unknown keys pass.
const USER_DATA: Schema = {
  type: 'object',
  properties: {
    ...Object.fromEntries(HASHED.map((field) => [field, texts])),
    client_ip_address: text,
    client_user_agent: text,
    click_id: textOrNull,
    partner_id: textOrNull,
  },
  anyOf: [
    { required: ['em'] },
    { required: ['hashed_maids'] },
    { required: ['client_ip_address', 'client_user_agent'] },
  ],
}

const CONTENT: Schema = closed({
  id: text,
  item_price: text,
  quantity: { type: 'integer' },
  item_name: text,
  item_category: text,
  item_brand: text,
})

const CUSTOM_DATA: Schema = closed({
  currency: text,
  value: text,
  content_ids: texts,
  contents: { type: 'array', items: CONTENT },
  num_items: { type: 'integer' },
  order_id: text,
  search_string: text,
  content_name: text,
  content_category: text,
  content_brand: text,
  predicted_ltv: text,
  opt_out_type: text,
  np: text,
  external_measurement_id: text,
  external_measurement_vendor_id: { type: 'integer' },
})

const APP_INFO: Schema = closed({
  app_id: upTo(200),
  app_name: upTo(200),
  app_package_name: upTo(200),
  app_store: upTo(100),
  app_version: upTo(100),
  install_time: { type: 'integer', minimum: 0 },
  user_agent: upTo(16_384),
  window_height: within(0, 30_720),
  window_width: within(0, 30_720),
})

const DEVICE_INFO: Schema = closed({
  form_factor: {
    type: 'string',
    enum: ['desktop', 'laptop', 'cellphone', 'tablet', 'smartwatch', 'tv', 'vr', 'console', 'other'],
  },
  network_type: {
    type: 'string',
    enum: ['wifi', 'cellular_2g', 'cellular_3g', 'cellular_4g', 'cellular_5g', 'cellular_6g', 'ethernet', 'unknown'],
  },
  os_family: { type: 'string', enum: ['ios', 'android', 'macos', 'windows', 'linux', 'bsd', 'other'] },
  ...Object.fromEntries(
    ['os_name', 'os_version', 'os_release_name', 'kernel_version', 'brand', 'carrier', 'model', 'type'].map((field) => [
      field,
      upTo(100),
    ]),
  ),
  locale: upTo(35),
  timezone: upTo(40),
  timezone_abbr: upTo(5),
  languages: texts,
  screen_width: within(0, 30_720),
  screen_height: within(0, 30_720),
  screen_density: { type: 'number', minimum: 0, maximum: 100_000 },
  battery_level: { type: 'number', minimum: 0, maximum: 100 },
  cpu_cores: within(0, 1152),
})

const EVENT: Schema = {
  ...closed({
    event_name: text,
    action_source: { type: 'string', enum: ['app_android', 'app_ios', 'web', 'offline'] },
    event_time: { type: 'integer' },
    event_id: { type: 'string', minLength: 1 },
    event_source_url: textOrNull,
    opt_out: { type: 'boolean' },
    partner_name: textOrNull,
    user_data: USER_DATA,
    custom_data: CUSTOM_DATA,
    language: textOrNull,
    app_id: textOrNull,
    app_name: textOrNull,
    app_version: textOrNull,
    device_brand: textOrNull,
    device_carrier: textOrNull,
    device_model: textOrNull,
    device_type: textOrNull,
    os_version: textOrNull,
    wifi: { type: 'boolean' },
    app_info: APP_INFO,
    device_info: DEVICE_INFO,
  }),
  required: ['event_name', 'action_source', 'event_time', 'event_id', 'user_data'],
}

export const CONVERSION_EVENTS: Schema = {
  ...closed({ data: { type: 'array', items: EVENT, minItems: 1, maxItems: 1000 } }),
  required: ['data'],
}

/** An event that fits the schema. */
export interface ConversionEvent {
  readonly event_name: string
  readonly action_source: 'app_android' | 'app_ios' | 'web' | 'offline'
  readonly event_time: number
  readonly event_id: string
  readonly event_source_url?: string | null
  readonly opt_out?: boolean
  readonly partner_name?: string | null
  readonly language?: string | null
  readonly user_data: UserData
  readonly custom_data?: CustomData
}

export interface UserData {
  readonly [hashed: string]: readonly string[] | string | null | undefined
  readonly client_ip_address?: string
  readonly client_user_agent?: string
  readonly click_id?: string | null
}

export interface CustomData {
  readonly currency?: string
  readonly value?: string
  readonly order_id?: string
  readonly num_items?: number
  readonly content_ids?: readonly string[]
  readonly contents?: readonly { readonly id?: string; readonly item_price?: string; readonly quantity?: number }[]
  readonly opt_out_type?: string
}
