import { closed, each, type Schema, text } from '../json-schema.ts'

/** Fields of user_data that must be hashed. `db` is not in the OpenAPI file; vendors send it. */
export const HASHED = ['em', 'ph', 'fn', 'ln', 'ge', 'ct', 'st', 'zp', 'country', 'db'] as const

/** Fields of user_data that must never be hashed. */
export const IN_CLEAR = ['client_ip_address', 'client_user_agent', 'sc_click_id', 'sc_cookie1', 'madid'] as const

export const IDENTIFIERS = [...HASHED, 'external_id', ...IN_CLEAR, 'mobile_ad_id']

const NAMES = (
  'PURCHASE SAVE START_CHECKOUT ADD_CART VIEW_CONTENT ADD_BILLING SIGN_UP SEARCH PAGE_VIEW SUBSCRIBE AD_CLICK AD_VIEW ' +
  'COMPLETE_TUTORIAL LEVEL_COMPLETE INVITE LOGIN SHARE RESERVE ACHIEVEMENT_UNLOCKED ADD_TO_WISHLIST SPENT_CREDITS RATE ' +
  'START_TRIAL LIST_VIEW APP_INSTALL APP_OPEN CUSTOM_EVENT_1 CUSTOM_EVENT_2 CUSTOM_EVENT_3 CUSTOM_EVENT_4 CUSTOM_EVENT_5'
).split(' ')

const object: Schema = { type: 'object' }

/** What the refusals of the documentation look at; in all else the real platform is tolerant. */
export const EVENT: Schema = {
  type: 'object',
  properties: {
    event_name: text,
    action_source: text,
    user_data: {
      type: 'object',
      properties: each([...HASHED, 'external_id'], { type: ['string', 'array'], items: { type: 'string' } }),
    },
    custom_data: object,
  },
  required: ['event_name', 'event_time', 'action_source', 'user_data'],
}

/** The body without its events, which are looked at one by one. */
export const ROOT: Schema = {
  type: 'object',
  properties: { data: { type: 'array', minItems: 1, maxItems: 2000 } },
  required: ['data'],
}

const integer: Schema = { type: 'integer' }
const texts: Schema = { type: 'array', items: text, minItems: 1 }
const textOrTexts: Schema = { type: ['string', 'array'], items: text, minLength: 1, minItems: 1 }

/**
 * The tables to the letter: the types of Snap's own OpenAPI file, no other key, no other name. The real platform takes
 * unknown keys and single texts for lists, as vendors send them; what else it lets pass nobody knows.
 */
export const STRICT_EVENT: Schema = closed({
  event_name: { type: 'string', enum: NAMES },
  event_time: integer,
  action_source: { type: 'string', enum: ['WEB', 'MOBILE_APP', 'OFFLINE'] },
  ...each(['event_source_url', 'event_id', 'integration', 'test_event_code'], text),
  data_processing_options: { type: 'array', items: { type: 'string', enum: ['LDU'] } },
  data_processing_options_country: { type: 'integer', minimum: 0, maximum: 1 },
  data_processing_options_state: { type: 'integer', minimum: 0, maximum: 1000 },
  opt_out: { type: 'boolean' },
  user_data: closed({
    ...each(['em', 'ph', 'fn', 'ln', 'ge', 'ct', 'st', 'zp', 'country'], texts),
    external_id: textOrTexts,
    ...each(['db', ...IN_CLEAR, 'mobile_ad_id', 'idfv', 'subscription_id', 'lead_id'], text),
    ...each(['download_id', 'partner_id'], text),
    anon_id: texts,
  }),
  custom_data: closed({
    value: { type: ['number', 'string'], minLength: 1 },
    num_items: integer,
    predicted_ltv: { type: ['number', 'string'] },
    content_ids: texts,
    contents: {
      type: 'array',
      items: closed(each(['id', 'quantity', 'item_price', 'delivery_category', 'brand'], text)),
    },
    content_category: textOrTexts,
    brands: textOrTexts,
    content_type: { type: 'string', enum: ['product', 'product_group'] },
    custom_fields: object,
    ...each(['currency', 'content_name', 'order_id', 'search_string', 'sign_up_method', 'status'], text),
    ...each(['delivery_category', 'event_tag'], text),
  }),
  app_data: object,
  ...each(['asset_id', 'request_id', 'raw_request'], text),
})

export const STRICT_ROOT: Schema = closed({ data: { type: 'array' }, test_event_code: text })

/** An event that fits EVENT: beyond that anything may be in it. */
export interface SnapEvent {
  readonly [key: string]: unknown
  readonly event_name: string
  readonly event_time: unknown
  readonly action_source: string
  readonly user_data: UserData
  readonly custom_data?: Readonly<Record<string, unknown>>
}

export type UserData = Readonly<Record<string, unknown>>
