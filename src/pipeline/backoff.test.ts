import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { eventWait, laneWait } from './backoff.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const tries = fc.integer({ min: 1, max: 40 })
const stated = fc.double({ min: 1, max: 10 * 365 * 24 * HOUR, noNaN: true })

describe('waiting before the next try', () => {
  it.each([
    [1, 30 * SECOND],
    [2, 2 * MINUTE],
    [3, 8 * MINUTE],
    [4, 32 * MINUTE],
    [5, 128 * MINUTE],
    [6, 6 * HOUR],
    [40, 6 * HOUR],
  ])('try %i of one event waits anything from 1 s to its cap', (tried, cap) => {
    expect(eventWait(tried, undefined, 0)).toBe(SECOND)
    expect(eventWait(tried, undefined, 0.5)).toBe((SECOND + cap) / 2)
    expect(eventWait(tried, undefined, 0.999999999)).toBe(cap)
  })

  it.each([
    [1, 2 * SECOND],
    [2, 4 * SECOND],
    [5, 32 * SECOND],
    [12, 15 * MINUTE],
    [1000, 15 * MINUTE],
  ])('try %i of a lane waits anything from 1 s to its cap', (tried, cap) => {
    expect(laneWait(tried, undefined, 0)).toBe(SECOND)
    expect(laneWait(tried, undefined, 0.999999999)).toBe(cap)
  })

  it('is a whole number of milliseconds between 1 s and 6 h, whatever was stated', () => {
    for (const wait of [eventWait, laneWait])
      fc.assert(
        fc.property(tries, fc.option(stated, { nil: undefined }), random, (tried, after, at) => {
          const ms = wait(tried, after, at)
          expect(Number.isInteger(ms)).toBe(true)
          expect(ms).toBeGreaterThanOrEqual(SECOND)
          expect(ms).toBeLessThanOrEqual(6 * HOUR)
        }),
      )
  })

  it('is never shorter than what the platform stated, up to 6 h', () => {
    for (const wait of [eventWait, laneWait])
      fc.assert(
        fc.property(tries, fc.double({ min: 1, max: 6 * HOUR, noNaN: true }), random, (tried, after, at) => {
          expect(wait(tried, after, at)).toBeGreaterThanOrEqual(after)
        }),
      )
  })

  it('spreads those who were told the same, below the ceiling as well', () => {
    expect(laneWait(1, 100 * SECOND, 0)).toBe(100 * SECOND)
    expect(laneWait(1, 100 * SECOND, 0.5)).toBe(105 * SECOND)
    expect(laneWait(1, 6 * HOUR, 0.5)).toBe(6 * HOUR)
    expect(laneWait(1, 87_600 * HOUR, 0)).toBe(6 * HOUR)
    expect(laneWait(1, 87_600 * HOUR, 0.5)).toBe(5.7 * HOUR)
  })

  it('takes a stated wait of nothing, or one in the past, for no statement', () => {
    expect(laneWait(1, 0, 0)).toBe(SECOND)
    expect(laneWait(1, -5000, 0)).toBe(SECOND)
  })
})
