import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { ga4 } from './ga4.ts'

const mapped = (event: Parameters<typeof ga4.toItems>[0], change: object = {}) => {
  const settings = ga4.settings.parse({ ...examples.settings, ...change })
  const now = new Date('2026-11-22T10:00:00Z')
  const items = ga4.toItems(event, settings, { limited: false, backfill: false, test: false, now })
  return 'skip' in items ? [] : items
}

describe('a cancellation', () => {
  const cancelled = (commerce: object, change: object = {}) =>
    mapped(
      exampleEvent({
        id: 'can_6001234567890',
        name: 'order_cancelled',
        identity: { customerId: '7' },
        commerce: { currency: 'USD', orderId: '6001234567890', original: { value: '84.90' }, ...commerce },
      }),
      change,
    )
  const back = (value: number) => [{ events: [{ name: 'refund', params: { currency: 'USD', value } }] }]

  it('takes back what the purchase was told to be worth', () => {
    const order = { value: '84.90', remaining: '0.00', original: { value: '84.90', subtotal: '70.00' } }
    expect(cancelled(order)).toMatchObject(back(84.9))
    expect(cancelled(order, { value: 'subtotal' })).toMatchObject(back(70))
    expect(cancelled({})).toMatchObject(back(84.9))
  })

  it('takes back no more than refunds before it left', () => {
    const order = { value: '42.45', remaining: '0.00', original: { value: '84.90', subtotal: '70.00' } }
    expect(cancelled(order)).toMatchObject(back(42.45))
    expect(cancelled(order, { value: 'subtotal' })).toMatchObject(back(35))
    expect(cancelled({ ...order, value: undefined }, { value: 'subtotal' })).toMatchObject(back(70))
  })

  it('in the shopper’s currency is in theirs, unless refunds left a part: that is known in the store’s', () => {
    const presentment = { currency: 'EUR', value: '78.00' }
    const euros = [{ events: [{ params: { currency: 'EUR', value: 78 } }] }]
    expect(cancelled({ value: '84.90', presentment }, { money: 'presentment' })).toMatchObject(euros)
    expect(cancelled({ value: '42.45', presentment }, { money: 'presentment' })).toMatchObject(back(42.45))
  })
})

describe('a purchase, its refunds and its cancellation', () => {
  const order = {
    currency: 'USD',
    value: '120.00',
    subtotal: '90.00',
    items: [{ productId: '1', variantId: '2', title: 'Linen Shirt', quantity: 2, cost: '30.00' }],
  }
  const original = { value: '120.00', subtotal: '90.00', profit: '30.00' }
  const worthOf = (name: Parameters<typeof exampleEvent>[0]['name'], commerce: object, value: string): number => {
    const event = { id: `x_${name}`, name, identity: { customerId: '7' } }
    const [item] = mapped(exampleEvent({ ...event, commerce: { ...commerce, orderId: '6001234567890' } }), { value })
    return (item as { events: readonly { params: { value: number } }[] }).events[0]?.params.value ?? Number.NaN
  }
  const refunded = (amount: string, remaining: string, value: string) =>
    worthOf('order_refunded', { currency: 'USD', value: amount, remaining, original }, value)
  const cancelled = (left: string, value: string) =>
    worthOf('order_cancelled', { ...order, value: left, remaining: '0.00', original }, value)

  it.each(['total', 'subtotal', 'profit'])('come to nothing in all, where the value is the %s', (value) => {
    const bought = worthOf('order_placed', order, value)
    expect(bought).toBe({ total: 120, subtotal: 90, profit: 30 }[value])
    expect(
      bought - refunded('40.00', '80.00', value) - refunded('20.00', '60.00', value) - cancelled('60.00', value),
    ).toBe(0)
    expect(bought - cancelled('120.00', value)).toBe(0)
    expect(bought - refunded('120.00', '0.00', value)).toBe(0)
  })

  it('come to nothing to the cent, however the amounts fall', () => {
    const cents = (amount: number) => Math.round(amount * 100)
    const text = (amount: number) => (amount / 100).toFixed(2)
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 7000 }),
        fc.integer({ min: 400, max: 4000 }),
        fc.constantFrom('total', 'subtotal', 'profit'),
        (first, second, value) => {
          const rest = 12000 - first - second
          const back =
            cents(refunded(text(first), text(rest + second), value)) +
            cents(refunded(text(second), text(rest), value)) +
            cents(cancelled(text(rest), value))
          expect(cents(worthOf('order_placed', order, value)) - back).toBe(0)
        },
      ),
    )
  })
})
