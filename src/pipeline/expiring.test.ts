import { expect, it } from 'vitest'
import { DAY, HOUR } from '../lib/duration.ts'
import { expiryNotice, expiryOf } from './expiring.ts'

const NOW = Date.UTC(2026, 10, 22, 10, 0, 30)
const at = (oldest: number | undefined, maxAge: number, bodyAtMost = 30 * DAY) =>
  expiryOf(oldest === undefined ? {} : { oldest }, { maxAge }, { bodyAtMost }, NOW)

it('is told 72 hours before the first event that waits would be too old for its platform', () => {
  expect(at(undefined, 7 * DAY)).toBeUndefined()
  expect(at(NOW - 4 * DAY + HOUR, 7 * DAY)).toBeUndefined()
  expect(at(NOW - 4 * DAY, 7 * DAY)).toBe(NOW + 3 * DAY)
})

it('is told 72 hours before its body goes, where the platform would take it for longer', () => {
  expect(at(NOW - 27 * DAY, 90 * DAY)).toBe(NOW + 3 * DAY)
  expect(at(NOW - 27 * DAY, 90 * DAY, 60 * DAY)).toBeUndefined()
})

it('is not told of every event that waits a moment where the platform takes none older than three days', () => {
  expect(at(NOW - DAY, 3 * DAY)).toBeUndefined()
  expect(at(NOW - 2 * DAY, 3 * DAY)).toBe(NOW + DAY)
})

it('is told in words, before and after', () => {
  expect(expiryNotice(NOW + DAY, NOW)).toBe(
    'Events that wait here begin to expire on 2026-11-23 10:00 UTC: see to it that they can be sent before.',
  )
  expect(expiryNotice(NOW - DAY, NOW)).toBe('Events that wait here have begun to expire, since 2026-11-21 10:00 UTC.')
})
