import { z } from 'zod'
import { type Event, type EventId, type Shop, shopFrom } from '../event/event.ts'
import { IDENTITY_FIELDS, type Identity, identityFrom } from '../event/identity.ts'
import { EVENT_NAMES } from '../event/names.ts'
import { isObject, type Json } from '../lib/json.ts'

const text = z.union([z.string(), z.number().transform(String)])
const instant = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'is not a date')
const flag = z.boolean()
const amounts = { currency: text, value: text, subtotal: text, tax: text, shipping: text, discount: text, tip: text }
const optional = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).partial()

const line = optional({
  lineId: text,
  productId: text,
  variantId: text,
  sku: text,
  title: text,
  variantTitle: text,
  vendor: text,
  category: text,
  type: text,
  url: text,
  imageUrl: text,
  quantity: z.number(),
  price: text,
  total: text,
  compareAtPrice: text,
  discount: text,
  cost: text,
  giftCard: flag,
})

/** The canonical event as a document: ids and amounts may be numbers, everything but name, id and time may be absent. */
const schema = z.looseObject({
  id: text,
  name: z.enum(EVENT_NAMES),
  occurredAt: instant,
  part: z.literal(true).optional(),
  shop: z.string().optional(),
  origin: z.enum(['live', 'reconcile', 'backfill', 'track']).default('live'),
  seenBy: z.array(z.string()).default([]),
  flags: z.array(z.string()).default([]),
  store: optional({ country: text, currency: text, timezone: text, url: text }).optional(),
  page: optional({ url: text, referrer: text, title: text, viewId: text }).optional(),
  landing: optional({ url: text, referrer: text, at: text }).optional(),
  identity: optional(Object.fromEntries(IDENTITY_FIELDS.map((field) => [field, text]))).optional(),
  ids: z.record(z.string(), z.union([text, z.record(z.string(), text)])).optional(),
  consent: optional({
    marketing: flag,
    analytics: flag,
    preferences: flag,
    saleOfData: flag,
    gpc: flag,
    source: text,
    at: text,
  }).optional(),
  commerce: optional({
    ...amounts,
    taxesIncluded: flag,
    presentment: optional(amounts),
    coupons: z.array(text),
    orderId: text,
    orderName: text,
    checkoutToken: text,
    cartToken: text,
    refundId: text,
    placedAt: text,
    updatedAt: text,
    original: optional({ occurredAt: text, value: text }),
    remaining: text,
    items: z.array(line),
    numItems: z.number(),
    customerType: z.enum(['new', 'returning']),
    channel: z.enum(['web', 'pos', 'draft', 'subscription', 'app', 'other']),
    test: flag,
  }).optional(),
  search: z.looseObject({ query: text }).optional(),
  collection: optional({ id: text, title: text }).optional(),
  custom: z.looseObject({ name: text }).optional(),
})

/** Nulls and empty texts mean absent, wherever they stand. */
const withoutNothing = (value: Json): Json | undefined => {
  if (value === null || value === '') return undefined
  if (Array.isArray(value)) return value.flatMap((inner) => withoutNothing(inner) ?? [])
  if (!isObject(value)) return value
  const kept: { [key: string]: Json } = {}
  for (const key in value) {
    const inner = value[key] === undefined ? undefined : withoutNothing(value[key])
    if (inner !== undefined) kept[key] = inner
  }
  return kept
}

/** Mapping does not look at the shop, so a document may come without one. */
const NO_SHOP = 'unnamed.myshopify.com' as Shop

/** A canonical event out of a document, its identity normalised, or in plain words what is wrong with it. */
export const eventFromDocument = (document: Json): Event | { readonly error: string } => {
  const parsed = schema.safeParse(withoutNothing(document))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { error: `not a canonical event: ${issue?.path.join('.') || 'the document'}: ${issue?.message}` }
  }
  const { identity: raw, shop, ...rest } = parsed.data
  // The schema knows no brands and writes "absent" as "maybe undefined"; nothing undefined is left in the document.
  const identity = raw && identityFrom(raw as { [Field in keyof Identity]?: string })
  return {
    ...(rest as unknown as Omit<Event, 'identity' | 'shop'>),
    schema: 1,
    id: rest.id as EventId,
    shop: shopFrom(shop) ?? NO_SHOP,
    ...(identity === undefined ? {} : { identity }),
  }
}
