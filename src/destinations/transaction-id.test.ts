import { expect, it } from 'vitest'
import { isTransactionTemplate, transactionIdOf } from './transaction-id.ts'

const commerce = { orderId: '6001234567890', orderName: '#1042' }

it.each([
  ['{orderId}', '6001234567890'],
  ['{orderName}', '#1042'],
  ['SHOP-{orderId}', 'SHOP-6001234567890'],
])('%s is %s', (transactionId, id) => {
  expect(transactionIdOf(commerce, { transactionId })).toBe(id)
})

it('is absent where the order lacks what the template names, and without an order', () => {
  expect(transactionIdOf({ orderId: '1' }, { transactionId: '{orderName}' })).toBeUndefined()
  expect(transactionIdOf({}, { transactionId: '{orderId}' })).toBeUndefined()
  expect(transactionIdOf(undefined, { transactionId: '{orderId}' })).toBeUndefined()
})

it.each(['', 'fixed', '{order}', '{orderId}{x}'])('refuses the template "%s"', (template) => {
  expect(isTransactionTemplate(template)).toBe(false)
})
