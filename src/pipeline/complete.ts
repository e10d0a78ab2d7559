import type { Commerce, Event } from '../event/event.ts'
import { compact, compactOrAbsent } from '../lib/json.ts'
import { minus, sum } from '../lib/money.ts'
import type { OrderRecord } from '../store/store.ts'

/** A refund laid over the purchase it takes back: the shopper, the browser ids, the original value and what remains. */
export const completeFromOrder = (
  refund: Event,
  purchase: Event | undefined,
  order: OrderRecord | undefined,
): Event => {
  const currency = refund.commerce?.currency ?? order?.currency
  const value = order?.value ?? purchase?.commerce?.value
  const refunded = order?.refunded ?? refund.commerce?.value
  return compact<Event>({
    ...refund,
    store: refund.store ?? purchase?.store,
    identity: refund.identity ?? purchase?.identity,
    ids: refund.ids ?? purchase?.ids,
    consent: refund.consent ?? purchase?.consent,
    page: refund.page ?? purchase?.page,
    commerce: compact<Commerce>({
      ...refund.commerce,
      currency,
      orderName: refund.commerce?.orderName ?? order?.name,
      channel: refund.commerce?.channel ?? purchase?.commerce?.channel,
      checkoutToken: refund.commerce?.checkoutToken ?? purchase?.commerce?.checkoutToken,
      placedAt: refund.commerce?.placedAt ?? purchase?.occurredAt,
      original: compactOrAbsent<NonNullable<Commerce['original']>>({ occurredAt: purchase?.occurredAt, value }),
      remaining: value && refunded ? minus(value, sum([refunded], currency), currency) : undefined,
    }),
  })
}
