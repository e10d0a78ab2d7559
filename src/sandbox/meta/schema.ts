import { closed, each, type Schema, text } from '../json-schema.ts'

/**
 * An event of POST /{dataset}/events as the parameter pages describe it. Meta publishes no machine schema, and whether
 * it refuses keys that it does not know is documented nowhere; here they are refused, because a misspelt one would be
 * lost in silence. Only custom_data is open.
 */
const texts: Schema = { type: 'array', items: text }
const textOrTexts: Schema = { type: ['string', 'array'], items: { type: 'string' }, minItems: 1 }
const integer: Schema = { type: 'integer' }
const object: Schema = { type: 'object' }

/** Fields of user_data that must be hashed. */
export const HASHED = ['em', 'ph', 'fn', 'ln', 'ge', 'db', 'ct', 'st', 'zp', 'country']

/** Fields of user_data that must never be hashed. */
const IN_CLEAR = [
  'client_ip_address',
  'client_user_agent',
  'fbc',
  'fbp',
  'subscription_id',
  'anon_id',
  'madid',
  'page_id',
  'page_scoped_user_id',
  'ctwa_clid',
  'ig_account_id',
  'ig_sid',
  'whatsapp_business_account_id',
  'partner_id',
  'partner_name',
]

export const IDENTIFIERS = [...HASHED, 'external_id', ...IN_CLEAR, 'lead_id', 'fb_login_id']

const USER_DATA: Schema = closed({
  ...each([...HASHED, 'external_id'], textOrTexts),
  ...each(IN_CLEAR, text),
  lead_id: integer,
  fb_login_id: integer,
})

const DELIVERY: Schema = { type: 'string', enum: ['in_store', 'curbside', 'home_delivery'] }

const CONTENT: Schema = {
  ...closed({
    id: text,
    quantity: { type: 'integer', minimum: 0 },
    item_price: { type: 'number' },
    delivery_category: DELIVERY,
    ...each(['title', 'description', 'brand', 'category'], text),
  }),
  required: ['id'],
}

/** The fields that Meta knows; any other key is a property of one's own. */
export const CUSTOM: Readonly<Record<string, Schema>> = {
  value: { type: ['number', 'string'] },
  currency: text,
  content_ids: texts,
  content_type: { type: 'string', enum: ['product', 'product_group'] },
  contents: { type: 'array', items: CONTENT },
  num_items: { type: 'integer', minimum: 0 },
  predicted_ltv: { type: 'number' },
  net_revenue: { type: 'number' },
  delivery_category: DELIVERY,
  ...each(
    [
      'content_name',
      'content_category',
      'order_id',
      'search_string',
      'status',
      'item_number',
      // The documentation's table has it on the event, its sample here.
      'customer_segmentation',
    ],
    text,
  ),
}

export const EVENT: Schema = {
  ...closed({
    // Longer names are cut by the pixel's rule.
    event_name: { type: 'string', minLength: 1, maxLength: 50 },
    event_time: integer,
    action_source: {
      type: 'string',
      enum: [
        'website',
        'app',
        'email',
        'phone_call',
        'chat',
        'physical_store',
        'system_generated',
        'business_messaging',
        'other',
      ],
    },
    user_data: USER_DATA,
    custom_data: { type: 'object', properties: CUSTOM },
    ...each(['event_source_url', 'event_id', 'referrer_url', 'customer_segmentation', 'messaging_channel'], text),
    opt_out: { type: 'boolean' },
    data_processing_options: { type: 'array', items: { type: 'string', enum: ['LDU'] }, maxItems: 1 },
    data_processing_options_country: integer,
    data_processing_options_state: integer,
    ...each(['original_event_data', 'attribution_data', 'app_data'], object),
    advertiser_tracking_enabled: { type: ['boolean', 'integer'] },
    extinfo: { type: 'array', minItems: 16, maxItems: 16 },
  }),
  required: ['event_name', 'event_time', 'action_source', 'user_data'],
}

/** The body without its events, which are looked at one by one; how the token may come along is decided before. */
export const ROOT: Schema = {
  ...closed({
    data: { type: 'array', minItems: 1, maxItems: 1000 },
    ...each(
      ['test_event_code', 'partner_agent', 'namespace_id', 'upload_id', 'upload_tag', 'upload_source', 'access_token'],
      text,
    ),
    ...each(['platforms', 'progress', 'trace'], {}),
  }),
  required: ['data'],
}

/** An event that fits the schema. */
export interface MetaEvent {
  readonly event_name: string
  /** Unix seconds. */
  readonly event_time: number
  readonly action_source: string
  readonly event_id?: string
  readonly event_source_url?: string
  readonly referrer_url?: string
  readonly opt_out?: boolean
  readonly data_processing_options?: readonly string[]
  readonly data_processing_options_country?: number
  readonly data_processing_options_state?: number
  readonly user_data: UserData
  readonly custom_data?: CustomData
}

export interface UserData {
  readonly [field: string]: string | readonly string[] | number | undefined
  readonly client_ip_address?: string
  readonly client_user_agent?: string
  readonly fbc?: string
  readonly fbp?: string
}

export interface CustomData {
  readonly [own: string]: unknown
  readonly value?: number | string
  readonly currency?: string
  readonly order_id?: string
  readonly content_ids?: readonly string[]
  readonly contents?: readonly { readonly id: string }[]
}
