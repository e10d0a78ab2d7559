import { describe, expect, it } from 'vitest'
import type { Commerce } from '../event/event.ts'
import { numItems, worth } from './amounts.ts'

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
