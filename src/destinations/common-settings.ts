import { z } from 'zod'
import { EVENT_NAMES, type EventName } from '../event/names.ts'
import { isCatalogTemplate } from './catalog.ts'
import { isTransactionTemplate } from './transaction-id.ts'

/** "checkout_started" -> "Checkout started". */
const inWords = (name: EventName): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')

/**
 * The settings that every connection has, spread into each destination's own schema with the template by which the
 * platform's catalogues usually name products. Their meta draws the form (z.toJSONSchema carries it along): label,
 * help, labels of choices, secret, placeholder, advanced (folded away).
 */
export const commonSettings = (catalogId: string) => ({
  purchaseOn: z
    .enum(['placed', 'paid'])
    .default('placed')
    .meta({
      label: 'Count a purchase when the order is',
      help: 'Choose paid if many of your orders are placed first and paid later, for example by bank transfer.',
      labels: { placed: 'Placed', paid: 'Paid' },
    }),
  money: z
    .enum(['shop', 'presentment'])
    .default('shop')
    .meta({
      label: 'Currency of purchases',
      help: 'Your store’s own currency, or the currency the shopper saw and paid in.',
      labels: { shop: 'The store’s currency', presentment: 'The shopper’s currency' },
    }),
  value: z
    .enum(['total', 'subtotal', 'profit'])
    .default('total')
    .meta({
      label: 'Value of a purchase',
      help: 'Profit is the subtotal minus the products’ cost in the store’s currency; while a cost is unknown, the subtotal is sent.',
      labels: { total: 'Total', subtotal: 'Subtotal, before tax and shipping', profit: 'Profit' },
    }),
  events: z
    .array(z.enum(EVENT_NAMES))
    .optional()
    .meta({
      label: 'Events to send',
      help: 'Only these are sent over this connection. Choose none for the usual ones: all that the platform takes, where no other setting says otherwise.',
      labels: Object.fromEntries(EVENT_NAMES.map((name) => [name, inWords(name)])),
      advanced: true,
    }),
  catalogId: z
    .string()
    .trim()
    .max(200)
    .refine(isCatalogTemplate, 'Use {product}, {variant} or {sku}, and {country}; other {…} are not known.')
    .default(catalogId)
    .meta({
      label: 'Product IDs in your catalogue',
      help: 'Compare with one row of your catalogue. {country}, {product}, {variant} and {sku} are filled in.',
      template: 'catalog',
      advanced: true,
    }),
  catalogCountry: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/, 'Two letters, such as US.')
    .optional()
    .meta({
      label: 'Country of your catalogue',
      help: 'Only if it differs from your store’s country. Written as in the catalogue’s IDs.',
      placeholder: 'US',
      advanced: true,
    }),
  transactionId: z
    .string()
    .trim()
    .max(100)
    .refine(isTransactionTemplate, 'Use {orderId} or {orderName}; other {…} are not known.')
    .default('{orderId}')
    .meta({
      label: 'Order IDs',
      help: 'Has to be what your browser tag sends as order or transaction ID. {orderId} is Shopify’s long number, {orderName} is like #1042.',
      advanced: true,
    }),
  prefer: z
    .enum(['noDuplicates', 'completeness'])
    .default('noDuplicates')
    .meta({
      label: 'When it is unknown whether an event arrived, and the platform would count a repeat twice',
      help: 'Such an event is stopped and shown to you, or it is sent once more. Platforms that merge repeats always get it again.',
      labels: { noDuplicates: 'Never count twice', completeness: 'Never miss one' },
      advanced: true,
    }),
  sendPos: z.boolean().default(false).meta({
    label: 'Send point-of-sale orders',
    help: 'Orders taken in a physical store. Usually no ad click led to them.',
    advanced: true,
  }),
  sendDraft: z
    .boolean()
    .default(false)
    .meta({ label: 'Send draft orders', help: 'Orders that your staff entered by hand.', advanced: true }),
  sendSubscriptions: z.boolean().default(false).meta({
    label: 'Send subscription renewals',
    help: 'Repeated orders of a subscription. The first order of a subscription is always sent.',
    advanced: true,
  }),
})

/** The switch of a platform's test mode; `help` says what the platform does while it is on. */
export const testMode = (help: string) => z.boolean().default(false).meta({ label: 'Test mode', help, advanced: true })

/** Only for its type. */
const Common = z.object(commonSettings('{product}'))

export type CommonSettings = z.infer<typeof Common>
