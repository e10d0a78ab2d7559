import type { EventName } from '../../event/names.ts'
import type { ConversionActions, Settings } from './settings.ts'

/** The conversion action that an event of this name counts at; undefined where the merchant has chosen none. */
export const conversionActionOf = (name: EventName, actions: ConversionActions): string | undefined => {
  switch (name) {
    // One purchase, whichever of its moments counts, and what later changes it.
    case 'order_placed':
    case 'order_refunded':
    case 'order_cancelled':
      return actions.order_placed ?? actions.order_paid
    case 'order_paid':
      return actions.order_paid ?? actions.order_placed
    case 'checkout_started':
    case 'product_added':
    case 'signed_up':
    case 'subscribed':
    case 'lead_submitted':
      return actions[name]
    default:
      return undefined
  }
}

/** Every action that events go to, each once. */
export const conversionActionsOf = ({ conversionActions }: Pick<Settings, 'conversionActions'>): readonly string[] => [
  ...new Set(Object.values(conversionActions).filter((id) => id !== undefined)),
]
