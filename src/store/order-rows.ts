import type { OrderChange } from '../event/order-change.ts'
import { sum } from '../lib/money.ts'
import type { OrderRecord } from './store.ts'

/**
 * An order after a change: what the change tells wins, what it leaves out stays. A refund is added only when its id is
 * new (`freshRefund`), because a refund is told of several times.
 */
export const changeOrder = (
  order: OrderRecord | undefined,
  { email: _, refund, ...told }: OrderChange,
  seq: number | undefined,
  freshRefund: boolean,
): OrderRecord => {
  const currency = told.currency ?? order?.currency
  const placedAt = order?.placedAt ?? told.placedAt
  return {
    ...order,
    ...told,
    ...(placedAt !== undefined && { placedAt }),
    ...(seq !== undefined && { seq }),
    ...(refund && freshRefund && { refunded: sum([order?.refunded, refund.value], currency) }),
  }
}
