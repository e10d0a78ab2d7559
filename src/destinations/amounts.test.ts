import { describe, expect, it } from 'vitest'
import type { Commerce } from '../event/event.ts'
import { linesOf, numItems, worth } from './amounts.ts'

const order: Commerce = {
  currency: 'USD',
  value: '129.90',
  subtotal: '119.90',
  presentment: { currency: 'JPY', value: '19500', subtotal: '18000' },
  items: [
    { quantity: 2, cost: '20.00' },
    { quantity: 1, cost: '5.55' },
  ],
}

describe('what an event is worth', () => {
  it.each([
    ['shop', 'total', 'USD', '129.90', true],
    ['shop', 'subtotal', 'USD', '119.90', true],
    ['presentment', 'total', 'JPY', '19500', false],
    ['presentment', 'subtotal', 'JPY', '18000', false],
    ['shop', 'profit', 'USD', '74.35', true],
    ['presentment', 'profit', 'USD', '74.35', true],
  ] as const)('%s money, %s: %s %s', (money, value, currency, amount, linesMatch) => {
    expect(worth('order_placed', order, { money, value })).toEqual({ currency, value: amount, linesMatch })
  })

  it('is the subtotal while a cost is unknown: profit would come out too high', () => {
    const unknown = { ...order, items: [{ quantity: 2, cost: '20.00' }, { quantity: 1 }] }
    expect(worth('order_placed', unknown, { money: 'shop', value: 'profit' }).value).toBe('119.90')
  })

  it('of what takes an order back is its share, and all shares of an order sum up to the cent', () => {
    const original = { value: '84.90', subtotal: '79.90', profit: '30.00' }
    const refund: Commerce = { currency: 'EUR', value: '45.00', remaining: '39.90', original }
    const rest: Commerce = { currency: 'EUR', value: '39.90', remaining: '0.00', original }
    for (const value of ['subtotal', 'profit'] as const) {
      const back = [
        worth('order_refunded', refund, { money: 'shop', value }),
        worth('order_cancelled', rest, { money: 'shop', value }),
      ]
      expect(back.reduce((sum, one) => sum + Number(one.value), 0)).toBeCloseTo(Number(original[value]), 9)
    }
    expect(worth('order_refunded', refund, { money: 'shop', value: 'total' }).value).toBe('45.00')
  })

  it('of what takes an order back has the digits of the shopper’s currency', () => {
    const paid: Commerce = {
      currency: 'JPY',
      value: '4500',
      presentment: { currency: 'USD', value: '30.55' },
      original: { value: '9000', subtotal: '8000' },
    }
    expect(worth('order_refunded', paid, { money: 'presentment', value: 'subtotal' }).value).toBe('27.16')
  })

  it('of an event other than an order is what the pixel said', () => {
    const added: Commerce = { currency: 'EUR', value: '49.95' }
    expect(worth('product_added', added, { money: 'presentment', value: 'profit' })).toEqual({
      currency: 'EUR',
      value: '49.95',
      linesMatch: true,
    })
  })
})

it('counts pieces from the lines where no count came', () => {
  expect(numItems(order)).toBe(3)
  expect(numItems({ ...order, numItems: 5 })).toBe(5)
  expect(numItems({ items: [{}] })).toBeUndefined()
})

it('a line of which no piece is left is none that was bought', () => {
  const [two, none, untold] = [{ quantity: 2 }, { quantity: 0 }, { sku: 'a' }]
  expect(linesOf({ items: [two, none, untold] })).toEqual([two, untold])
  const items = [two, untold]
  expect(linesOf({ items })).toBe(items)
  expect(linesOf({})).toEqual([])
  expect(linesOf(undefined)).toEqual([])
})
