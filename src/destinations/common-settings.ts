import { z } from 'zod'
import { EVENT_NAMES, type EventName } from '../event/names.ts'

/** "checkout_started" -> "Checkout started". */
const inWords = (name: EventName): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')

/**
 * The settings that every connection has, spread into each destination's own schema. Their meta draws the form
 * (z.toJSONSchema carries it along): label, help, labels of choices, secret, placeholder, advanced (folded away).
 */
export const commonSettings = {
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
  off: z
    .array(z.enum(EVENT_NAMES))
    .default([])
    .meta({
      label: 'Events switched off',
      help: 'These are never sent over this connection.',
      labels: Object.fromEntries(EVENT_NAMES.map((name) => [name, inWords(name)])),
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
}

const Common = z.object(commonSettings)

export type CommonSettings = z.infer<typeof Common>
