import { expect, it } from 'vitest'
import { orderIdField } from './order-id-field.ts'

it.each([
  ['{orderId}', {}, 'commerce.orderId'],
  ['{orderId}', { orderName: '#1042' }, 'commerce.orderId'],
  ['{orderName}', { orderId: '6001234567890' }, 'commerce.orderName'],
  ['{orderName}', { orderId: '6001234567890', orderName: '#12' }, 'commerce.orderName'],
  ['{orderId}-{orderName}', { orderId: '6001234567890' }, 'commerce.orderName'],
  ['{orderId}-{orderName}', { orderName: '#1042' }, 'commerce.orderId'],
] as const)('of %s with %o it is %s that is to blame', (transactionId, commerce, field) => {
  expect(orderIdField(commerce, { transactionId })).toBe(field)
})
