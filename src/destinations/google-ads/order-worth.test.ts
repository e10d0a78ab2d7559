import { describe, expect, it } from 'vitest'
import { examples } from './examples.ts'
import { googleAds } from './google-ads.ts'

const now = new Date('2026-12-22T10:00:00Z')
const itemOf = (event: Parameters<typeof googleAds.toItems>[0], change: object) => {
  const settings = googleAds.settings.parse({ ...examples.settings, ...change })
  const items = googleAds.toItems(event, settings, { limited: false, backfill: false, test: false, now })
  return 'skip' in items ? items : (items[0] as Record<string, unknown>)
}

describe('what remains of an order', () => {
  const order = examples.events[0]?.event ?? expect.fail('no example')
  const worthOf = (name: 'order_placed' | 'order_refunded', commerce: object, value: string) => {
    const item = itemOf({ ...order, name, commerce: { ...order.commerce, ...commerce } }, { value })
    return 'conversionValue' in item ? item.conversionValue : item
  }
  const whole = { value: '120.00', subtotal: '90.00', profit: '30.00' }
  const back = (remaining: string, original: object = whole) => ({ value: '1.00', remaining, original })

  it('never raises the value of the purchase, and is 0 when all of it was given back', () => {
    expect(worthOf('order_refunded', back('60.00'), 'total')).toBe(60)
    expect(worthOf('order_refunded', back('60.00'), 'subtotal')).toBe(45)
    expect(worthOf('order_refunded', back('60.00'), 'profit')).toBe(15)
    for (const value of ['total', 'subtotal', 'profit']) {
      expect(worthOf('order_refunded', back('0.00'), value)).toBe(0)
      expect(worthOf('order_refunded', back('0.00', {}), value)).toBe(0)
    }
    expect(worthOf('order_refunded', back('60.00', { ...whole, profit: '-30.00' }), 'profit')).toBe(0)
  })

  it('is the same for a purchase that was refunded before it went out', () => {
    const late = { value: '120.00', subtotal: '90.00', items: [{ quantity: 2, cost: '30.00' }], remaining: '60.00' }
    expect(worthOf('order_placed', late, 'total')).toBe(60)
    expect(worthOf('order_placed', late, 'subtotal')).toBe(45)
    expect(worthOf('order_placed', late, 'profit')).toBe(15)
    expect(worthOf('order_placed', { ...late, items: [{ quantity: 2 }] }, 'profit')).toBe(45)
    expect(worthOf('order_placed', { value: '0.00', subtotal: '0.00', remaining: '0.00' }, 'subtotal')).toBe(0)
  })

  it('is unknown without the purchase, of which the missing field is named', () => {
    const unknown = (field: string) => ({ skip: 'missing_field', field })
    expect(worthOf('order_refunded', back('60.00', {}), 'subtotal')).toEqual(unknown('commerce.original.subtotal'))
    expect(worthOf('order_refunded', back('60.00', {}), 'profit')).toEqual(unknown('commerce.original.subtotal'))
    expect(worthOf('order_refunded', back('60.00', { subtotal: '90.00' }), 'subtotal')).toEqual(
      unknown('commerce.original.value'),
    )
    expect(worthOf('order_refunded', { value: '1.00', original: whole }, 'total')).toEqual(
      unknown('commerce.remaining'),
    )
  })
})
