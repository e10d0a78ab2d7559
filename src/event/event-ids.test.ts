import { describe, expect, it } from 'vitest'
import * as ids from './event-ids.ts'

describe('event ids', () => {
  it('are functions of facts that all sides own', () => {
    expect(ids.purchaseId('6120000000001')).toBe('pur_6120000000001')
    expect(ids.paidId('1')).toBe('paid_1')
    expect(ids.cancelId('1')).toBe('can_1')
    expect(ids.refundId('2')).toBe('ref_2')
    expect(ids.customerId('3')).toBe('cus_3')
    expect(ids.checkoutId('token')).toBe('ic_token')
    expect(ids.paymentInfoId('token')).toBe('pi_token')
    expect(ids.contactId('token')).toBe('ct_token')
    expect(ids.cartAddId('cart', '44', '2026-11-21T02:02:48.412Z')).toBe('atc_cart_44_1795226568412')
    expect(ids.cartStateId('cart', 'never')).toBe('cart_cart_0')
  })

  it('tell which facts several sides can bring', () => {
    for (const id of ['pur_1', 'paid_1', 'can_1', 'ref_1', 'cus_1', 'ic_t', 'pi_t', 'ct_t'])
      expect(ids.seenFromSeveralSides(id)).toBe(true)
    for (const id of ['sh-3f1c9a52', 'atc_c_1_2', 'cart_c_1']) expect(ids.seenFromSeveralSides(id)).toBe(false)
  })

  it('of the pixel are taken as they are', () => {
    for (const id of ['sh-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30', 'shu-3f1c9a52-7B6D-4E0A-91C4-2D8E5F7A6B30'])
      expect(ids.pixelIdFrom(id)).toBe(id)
  })

  it('of the pixel cannot pose as a fact that only signed messages may create', () => {
    for (const id of [
      'pur_6120000000001',
      'paid_612000',
      'ref_612000',
      'cus_612000',
      'ic_612000',
      'atc_c_1_2',
      'cart_c_1',
    ])
      expect(ids.pixelIdFrom(id)).toBeUndefined()
    for (const id of [undefined, '', 'short', 'with space in it', `x${'y'.repeat(200)}`, 'new\nline-id'])
      expect(ids.pixelIdFrom(id)).toBeUndefined()
  })
})
