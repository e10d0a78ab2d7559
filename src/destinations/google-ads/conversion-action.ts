import { type EventName, isOrderEvent } from '../../event/names.ts'
import type { Settings } from './settings.ts'

type Chosen = Pick<Settings, 'conversionActions' | 'purchaseOn'>

/**
 * The conversion action of an order, whichever of its events it is: what takes a purchase back has to reach the very
 * action that counted it, so the moment at which purchases count decides for all of them.
 */
const orderAction = ({ conversionActions: { order_placed, order_paid }, purchaseOn }: Chosen): string | undefined =>
  purchaseOn === 'paid' ? (order_paid ?? order_placed) : (order_placed ?? order_paid)

/** The conversion action that an event of this name counts at; undefined where the merchant has chosen none. */
export const conversionActionOf = (name: EventName, settings: Chosen): string | undefined => {
  if (isOrderEvent(name)) return orderAction(settings)
  switch (name) {
    case 'checkout_started':
    case 'product_added':
    case 'signed_up':
    case 'subscribed':
    case 'lead_submitted':
      return settings.conversionActions[name]
    default:
      return undefined
  }
}

/** Every action that events go to, each once. */
export const conversionActionsOf = ({ conversionActions }: Pick<Settings, 'conversionActions'>): readonly string[] => [
  ...new Set(Object.values(conversionActions).filter((id) => id !== undefined)),
]
