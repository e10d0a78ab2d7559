import { profit } from '../destinations/amounts.ts'
import { newestConsent } from '../event/consent.ts'
import type { Commerce, Event } from '../event/event.ts'
import { compact, compactOrAbsent } from '../lib/json.ts'
import { minus, sum } from '../lib/money.ts'
import type { OrderRecord } from '../store/store.ts'
import { mergedIds } from './project.ts'

/**
 * A refund or a cancellation laid over the purchase it takes back: the shopper, the browser ids, the original value and
 * what remains. The value of a cancellation is what refunds before it had left.
 */
export const completeFromOrder = (event: Event, purchase: Event | undefined, order: OrderRecord | undefined): Event => {
  const cancelled = event.name === 'order_cancelled'
  const currency = event.commerce?.currency ?? order?.currency
  const value = order?.value ?? purchase?.commerce?.value
  const refunded = order?.refunded ?? (cancelled ? undefined : event.commerce?.value)
  const left = value && refunded ? rest(value, refunded, currency) : undefined
  // Whatever is given back after a cancellation, nothing of the order stands any more.
  const over = cancelled || order?.cancelledAt !== undefined
  const remaining = over ? value && none(value, currency) : left
  return compact<Event>({
    ...event,
    store: event.store ?? purchase?.store,
    // A cancellation's own message knows the customer, but not the browser that bought.
    identity: purchase?.identity ?? event.identity,
    // What is in the address of a cancelled order's landing page must not hide the browser that bought.
    ids: mergedIds(event.ids, purchase?.ids),
    // The purchase’s is that of now; a form kept at its first send has what was allowed then.
    consent: newestConsent(event.consent, purchase?.consent),
    page: event.page ?? purchase?.page,
    commerce: compact<Commerce>({
      ...event.commerce,
      currency,
      value: cancelled ? (left ?? event.commerce?.value) : event.commerce?.value,
      orderName: event.commerce?.orderName ?? order?.name,
      channel: event.commerce?.channel ?? purchase?.commerce?.channel,
      test: event.commerce?.test ?? purchase?.commerce?.test,
      checkoutToken: event.commerce?.checkoutToken ?? purchase?.commerce?.checkoutToken,
      placedAt: event.commerce?.placedAt ?? purchase?.occurredAt,
      original: compactOrAbsent<NonNullable<Commerce['original']>>({
        occurredAt: purchase?.occurredAt,
        value,
        subtotal: purchase?.commerce?.subtotal,
        profit: purchase?.commerce && profit(purchase.commerce),
      }),
      remaining,
    }),
  })
}

/** A purchase of which something was taken back since tells what remains: some platforms know one value per order. */
export const withRemaining = (purchase: Event, order: OrderRecord | undefined): Event => {
  const { commerce } = purchase
  const { value, currency } = commerce ?? {}
  if (value === undefined || (order?.refunded === undefined && order?.cancelledAt === undefined)) return purchase
  const remaining =
    order.cancelledAt === undefined ? rest(value, order.refunded ?? '0', currency) : none(value, currency)
  return { ...purchase, commerce: { ...commerce, remaining } }
}

/** What is left of a value, never below zero: more can be given back than was paid (shipping twice, a gesture). */
const rest = (value: string, refunded: string, currency: string | undefined): string => {
  const left = minus(value, sum([refunded], currency), currency)
  return left.startsWith('-') ? none(value, currency) : left
}

/** Zero in the digits of the currency. */
const none = (value: string, currency: string | undefined): string => minus(value, value, currency)
