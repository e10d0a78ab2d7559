import { expect, it } from 'vitest'
import { order, seenByPixel } from './double.ts'
import { subjectOf } from './subject.ts'

it('a beacon’s event is sealed for its browser, whatever customer it claims', () => {
  expect(subjectOf(seenByPixel({ identity: { customerId: '77' } }))).toBe('phone')
})

it('a signed event is sealed for its customer, whatever browser it names', () => {
  expect(subjectOf(order({ identity: { clientId: 'phone' } }))).toBe('77')
})

it('an order of a guest is sealed for its checkout', () => {
  const { identity: _, ...guest } = order()
  expect(subjectOf(guest)).toBe('token-of-the-order')
})

it('a state of a cart and what it gained are sealed for the cart', () => {
  const gained = order({ id: 'atc_c1_1_2', name: 'product_added' })
  expect(subjectOf({ ...gained, identity: {}, commerce: { cartToken: 'c1' } })).toBe('c1')
})

it('a refund, which names only its order, is sealed for that', () => {
  const refund = order({ id: 'ref_9', name: 'order_refunded' })
  expect(subjectOf({ ...refund, identity: {}, commerce: { orderId: '1001', refundId: '9' } })).toBe('pur_1001')
})

it('what names nobody is sealed for itself', () => {
  expect(subjectOf({ ...order({ id: 'cart_1_2' }), identity: {}, commerce: {} })).toBe('cart_1_2')
})
