import { closed, each, type Schema, text } from '../json-schema.ts'

/**
 * The body of POST /api/v3/pixels/{pixel}/conversion_events: closed at every level, as the published OpenAPI document
 * says. It says nothing about empty texts; here they are refused, because they tell nothing.
 */
const count: Schema = { type: 'integer', minimum: 0, maximum: 2_147_483_647 }
const amount: Schema = { type: 'number', minimum: 0 }

/** The browser tag's names and the API's. */
export const API_NAME: ReadonlyMap<string, string> = new Map([
  ['PageVisit', 'PAGE_VISIT'],
  ['ViewContent', 'VIEW_CONTENT'],
  ['Search', 'SEARCH'],
  ['AddToCart', 'ADD_TO_CART'],
  ['AddToWishlist', 'ADD_TO_WISHLIST'],
  ['Purchase', 'PURCHASE'],
  ['Lead', 'LEAD'],
  ['SignUp', 'SIGN_UP'],
  ['Custom', 'CUSTOM'],
])

/** Texts of `user`. */
const TEXTS = ['email', 'phone_number', 'external_id', 'ip_address', 'user_agent', 'uuid', 'idfa', 'aaid'] as const

export const IDENTIFIERS: readonly string[] = [...TEXTS, 'click_id', 'screen_dimensions']

const pixels: Schema = { type: 'integer', minimum: 0, maximum: 32_767 }

const USER: Schema = closed({
  ...each(TEXTS, text),
  screen_dimensions: closed({ height: pixels, width: pixels }, ['height', 'width']),
  data_processing_options: closed(
    { country: text, region: text, modes: { type: 'array', items: { type: 'string', enum: ['LDU'] }, minItems: 1 } },
    ['modes'],
  ),
})

const METADATA: Schema = closed({
  conversion_id: text,
  // Longer than 100 characters is cut, not refused.
  order_id: text,
  currency: text,
  value: amount,
  item_count: count,
  products: {
    type: 'array',
    items: closed({ ...each(['id', 'name', 'category'], text), quantity: count, item_price: amount }, ['id']),
  },
})

export const EVENT: Schema = closed(
  {
    event_at: { type: 'integer' },
    action_source: { type: 'string', enum: ['WEBSITE', 'APP', 'OTHER', 'PHYSICAL_STORE'] },
    type: closed(
      {
        tracking_type: { type: 'string', enum: [...API_NAME.values()] },
        custom_event_name: { type: 'string', minLength: 1, maxLength: 64 },
      },
      ['tracking_type'],
    ),
    ...each(['click_id', 'event_source_url', 'referrer_url'], text),
    metadata: METADATA,
    user: USER,
  },
  ['event_at', 'action_source', 'type'],
)

/** The body without its events, which are looked at one by one. */
export const ROOT: Schema = closed(
  {
    data: closed(
      {
        events: { type: 'array' },
        test_id: text,
        // Not in the OpenAPI document, but live requests with it were accepted.
        partner: {},
      },
      ['events'],
    ),
  },
  ['data'],
)

/** An event that fits the schema. */
export interface RedditEvent {
  /** ms since 1970. */
  readonly event_at: number
  readonly action_source: string
  readonly type: { readonly tracking_type: string; readonly custom_event_name?: string }
  readonly click_id?: string
  readonly event_source_url?: string
  readonly referrer_url?: string
  readonly metadata?: Metadata
  readonly user?: User
}

export interface Metadata {
  readonly conversion_id?: string
  readonly order_id?: string
  readonly currency?: string
  readonly value?: number
  readonly item_count?: number
  readonly products?: readonly { readonly id: string }[]
}

export type User = { readonly [field in (typeof TEXTS)[number]]?: string } & {
  readonly screen_dimensions?: { readonly height: number; readonly width: number }
  readonly data_processing_options?: {
    readonly country?: string
    readonly region?: string
    readonly modes: readonly string[]
  }
}
