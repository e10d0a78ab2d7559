import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digitsOf, fromMinor, minus, money, perUnit, sum, times, toMinor } from './money.ts'

describe('money', () => {
  it('has the digits of its currency', () => {
    expect([money('12.5', 'USD'), money('39653.00', 'JPY'), money('1.25', 'KWD'), money('1', undefined)]).toEqual([
      '12.50',
      '39653',
      '1.250',
      '1.00',
    ])
    expect([digitsOf('JPY'), digitsOf('KWD'), digitsOf('EUR'), digitsOf(undefined)]).toEqual([0, 3, 2, 2])
  })

  it('is read from text and from JSON numbers, and rounded half up', () => {
    expect([
      money(88.2, 'USD'),
      money(0, 'USD'),
      money(-0, 'USD'),
      money('1.005', 'USD'),
      money('-1.005', 'USD'),
      money(1e-7, 'USD'),
    ]).toEqual(['88.20', '0.00', '0.00', '1.01', '-1.01', '0.00'])
  })

  it('is not read from what is no plain decimal number', () => {
    for (const none of [
      '',
      'a',
      '1,5',
      '1e5',
      '.5',
      '5.',
      '+1',
      '0x10',
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e21,
      null,
      {},
      true,
    ])
      expect(money(none, 'USD')).toBeUndefined()
  })

  it('of one piece is total / quantity, half up, also below zero; no pieces count as one', () => {
    expect(perUnit('26.50', 3, 'USD')).toBe('8.83')
    expect(perUnit('0.05', 2, 'USD')).toBe('0.03')
    expect(perUnit('-0.05', 2, 'USD')).toBe('-0.03')
    for (const none of [0, Number.NaN, Number.POSITIVE_INFINITY, -3]) expect(perUnit('5.00', none, 'USD')).toBe('5.00')
  })

  it('adds, subtracts and multiplies without losing a cent', () => {
    expect(sum(['0.10', '0.20', undefined, 'x'], 'USD')).toBe('0.30')
    expect(minus('0.30', '0.10', 'USD')).toBe('0.20')
    expect(times('1999.99', 1000, 'USD')).toBe('1999990.00')
    expect(times('19.99', Number.NaN, 'USD')).toBe('0.00')
  })

  it('survives the way to minor units and back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        (minor, currency) => {
          expect(toMinor(fromMinor(minor, currency), currency)).toBe(minor)
        },
      ),
    )
  })
})
