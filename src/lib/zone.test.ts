import { describe, expect, it } from 'vitest'
import { dayEnd, dayOf, dayStart } from './zone.ts'

const iso = (at: number | undefined) => at && new Date(at).toISOString()

describe('a day of a place', () => {
  it('begins at its own midnight', () => {
    expect(iso(dayStart('2026-11-23', 'America/Los_Angeles'))).toBe('2026-11-23T08:00:00.000Z')
    expect(iso(dayStart('2026-11-23', 'Asia/Kolkata'))).toBe('2026-11-22T18:30:00.000Z')
    expect(iso(dayStart('2026-11-23', undefined))).toBe('2026-11-23T00:00:00.000Z')
    expect(iso(dayStart('2026-11-23', 'Nowhere/Else'))).toBe('2026-11-23T00:00:00.000Z')
    expect(dayStart('someday', 'UTC')).toBeUndefined()
  })

  it('has 23 or 25 hours when the clocks change', () => {
    const hours = (day: string) =>
      ((dayEnd(day, 'Europe/Zurich') ?? 0) - (dayStart(day, 'Europe/Zurich') ?? 0)) / 3_600_000
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours)).toEqual([24, 23, 25])
  })

  it('is the one that a moment belongs to', () => {
    expect(dayOf(Date.parse('2026-11-23T07:59:59Z'), 'America/Los_Angeles')).toBe('2026-11-22')
    expect(dayOf(Date.parse('2026-11-23T08:00:00Z'), 'America/Los_Angeles')).toBe('2026-11-23')
  })
})
