import { describe, expect, test } from 'vitest'
import { DAY } from '../lib/duration.ts'
import { daysFault, KEEPING_TIMES, KEPT, keptDays, longestSealed, retentionOf } from './keeping-times.ts'

describe('keeping times', () => {
  test('are what was set, and the default where nothing was', () => {
    expect(retentionOf(undefined).bodyAtMost).toBe(30 * DAY)
    expect(retentionOf({ bodyAtMost: 60 })).toMatchObject({ bodyAtMost: 60 * DAY, messages: 7 * DAY })
  })

  test('that were saved by hand and make no sense are not believed', () => {
    const defaults = keptDays(undefined)
    for (const saved of [null, 'x', 3, [], { pixelIds: 1 }, { addresses: 31 }, { orders: 'all' }, { orders: 200.5 }])
      expect(keptDays(saved)).toEqual(defaults)
  })

  test('have a default within their bounds, and a sentence for who sets them otherwise', () => {
    for (const name of KEPT) {
      const { min, max, default: days } = KEEPING_TIMES[name]
      expect(daysFault(name, days), name).toBeUndefined()
      expect(daysFault(name, min - 1)).toBe(`${name} must be a whole number of days from ${min} to ${max}.`)
      expect(daysFault(name, max + 1)).toBeDefined()
    }
  })

  // However they are set: what one thing needs of another is in the bounds.
  test('never let a fact’s id go before the last who can tell of it, nor a refusal before the event that it holds back', () => {
    const { pixelIds, sharedIds, orders, identities, bodyAtMost, addresses } = KEEPING_TIMES
    expect(pixelIds.min).toBeGreaterThan(7)
    expect(sharedIds.min).toBeGreaterThan(bodyAtMost.max)
    expect(orders.min).toBeGreaterThan(bodyAtMost.max)
    expect(identities.min).toBeGreaterThanOrEqual(bodyAtMost.max)
    expect(addresses.max).toBeLessThanOrEqual(30)
  })

  test('keep a salt as long as the last row that it opens', () => {
    expect(longestSealed(retentionOf({ identities: 90, orderIdentifiers: 300 }))).toBe(300 * DAY)
  })
})
