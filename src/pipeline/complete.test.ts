import { describe, expect, it } from 'vitest'
import { completeFromOrder } from './complete.ts'
import { order } from './double.ts'

const purchase = order({
  occurredAt: '2026-11-01T10:00:00.000Z',
  ids: { epik: 'click-of-the-purchase' },
  consent: { marketing: true },
  page: { url: 'https://shop.example.com/products/lantern' },
})
const { identity: _, ...told } = order({ id: 'ref_9', name: 'order_refunded', occurredAt: '2026-11-20T10:00:00.000Z' })
const refund = {
  ...told,
  commerce: { currency: 'USD', orderId: '1001', refundId: '9', value: '4.00' },
}

describe('a refund laid over its purchase', () => {
  it('has the purchase’s shopper, browser ids, consent and page', () => {
    expect(completeFromOrder(refund, purchase, undefined)).toMatchObject({
      name: 'order_refunded',
      occurredAt: '2026-11-20T10:00:00.000Z',
      identity: purchase.identity,
      ids: { epik: 'click-of-the-purchase' },
      consent: { marketing: true },
      page: { url: 'https://shop.example.com/products/lantern' },
    })
  })

  it('keeps its own value and tells the original value and moment and what remains', () => {
    expect(completeFromOrder(refund, purchase, undefined).commerce).toEqual({
      currency: 'USD',
      orderId: '1001',
      refundId: '9',
      value: '4.00',
      channel: 'web',
      checkoutToken: 'token-of-the-order',
      placedAt: '2026-11-01T10:00:00.000Z',
      original: { occurredAt: '2026-11-01T10:00:00.000Z', value: '12.50' },
      remaining: '8.50',
    })
  })

  it('counts every refund of the order into what remains', () => {
    const known = { orderId: '1001', name: '#1001', value: '12.50', refunded: '10.00', currency: 'USD' }
    expect(completeFromOrder(refund, purchase, known).commerce).toMatchObject({ remaining: '2.50', orderName: '#1001' })
  })

  it('is told in the order’s currency digits', () => {
    const yen = { ...refund, commerce: { orderId: '1001', refundId: '9', value: '500' } }
    const known = { orderId: '1001', value: '39653', refunded: '500', currency: 'JPY' }
    expect(completeFromOrder(yen, undefined, known).commerce).toMatchObject({ currency: 'JPY', remaining: '39153' })
  })

  it('of an unknown order stays as it is', () => {
    expect(completeFromOrder(refund, undefined, undefined).commerce).toEqual(refund.commerce)
  })
})
