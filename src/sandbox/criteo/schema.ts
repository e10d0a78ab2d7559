import { closed, each, type Schema, text } from '../json-schema.ts'

/**
 * The body of POST /m/event. Criteo publishes no schema and drops in silence what it cannot use; here it is closed,
 * because a misspelt key would be lost without a word. The extras that OneTag has (new_customer, zipcode, phone) are
 * confirmed by nobody for servers.
 */
const texts: Schema = { type: 'array', items: text, minItems: 1 }

export const ROOT: Schema = closed(
  {
    version: text,
    site_type: { type: 'string', enum: ['d', 'm', 't'] },
    account: text,
    id: closed(
      {
        ...each(['mapping_key', 'mapped_user_id'], text),
        email: closed(each(['raw', 'md5', 'sha256', 'sha256_md5'], text)),
      },
      ['mapping_key'],
    ),
    ...each(
      ['ip', 'useragent', 'full_url', 'previous_url', 'retailer_visitor_id', 'customer_id', 'country', 'language'],
      text,
    ),
    events: { type: 'array', minItems: 1 },
  },
  ['version', 'site_type', 'account', 'id', 'events'],
)

const PRICED: Schema = {
  type: 'array',
  minItems: 1,
  items: closed({ id: text, price: { type: 'number', minimum: 0 }, quantity: { type: 'integer', minimum: 1 } }, [
    'id',
    'price',
    'quantity',
  ]),
}

const event = (more: Readonly<Record<string, Schema>> = {}, required: readonly string[] = []): Schema =>
  closed(
    {
      event: text,
      timestamp: { type: ['string', 'integer'] },
      id: text,
      currency: text,
      deduplication_page_view_id: text,
      ...more,
    },
    ['event', 'timestamp', ...required],
  )

const PLAIN = event()
const BROWSED = event({ item: texts }, ['item'])
const BASKET = event({ item: PRICED }, ['item'])
/** Whether products belong to these is not told. */
const CHECKOUT = event({ item: PRICED })

/** Every event that the API is documented to have, with its schema. */
export const EVENTS: ReadonlyMap<string, Schema> = new Map([
  ['viewHome', PLAIN],
  ['viewPage', PLAIN],
  ['viewList', BROWSED],
  ['viewItem', BROWSED],
  ['addToCart', BASKET],
  ['viewBasket', BASKET],
  ['beginCheckout', CHECKOUT],
  ['addPaymentInfo', CHECKOUT],
  ['trackTransaction', event({ item: PRICED }, ['id', 'item'])],
  ['login', PLAIN],
])

/** A body that fits the schema. */
export interface CriteoBody {
  readonly account: string
  readonly id: {
    readonly mapping_key: string
    readonly mapped_user_id?: string
    readonly email?: Readonly<Partial<Record<'raw' | 'md5' | 'sha256' | 'sha256_md5', string>>>
  }
  readonly ip?: string
  readonly useragent?: string
  readonly full_url?: string
  readonly previous_url?: string
  readonly retailer_visitor_id?: string
  readonly customer_id?: string
  readonly country?: string
  readonly language?: string
}

/** An event that fits the schema of its name. */
export interface CriteoEvent {
  readonly event: string
  /** ISO 8601 with Z, or Unix seconds. */
  readonly timestamp: string | number
  readonly id?: string
  readonly currency?: string
  readonly deduplication_page_view_id?: string
  readonly item?: readonly (string | Priced)[]
}

export interface Priced {
  readonly id: string
  readonly price: number
  readonly quantity: number
}
