import type { Commerce } from '../../event/event.ts'
import type { CommonSettings } from '../common-settings.ts'

/** The field to blame where an order has no id, or none that Google takes: the one that the template lacks or names. */
export const orderIdField = (
  commerce: Commerce | undefined,
  { transactionId }: Pick<CommonSettings, 'transactionId'>,
): 'commerce.orderId' | 'commerce.orderName' => {
  if (commerce?.orderId === undefined && transactionId.includes('{orderId}')) return 'commerce.orderId'
  return transactionId.includes('{orderName}') ? 'commerce.orderName' : 'commerce.orderId'
}
