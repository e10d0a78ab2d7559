import { describe, expect, it } from 'vitest'
import { resetIn, retryAfter } from './retry-after.ts'

const date = 'Sun, 22 Nov 2026 10:00:00 GMT'

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['a fraction of a second', '0.25', 250],
    ['no wait at all', '0', 0],
    ['spaces around', ' 7 ', 7000],
    ['a date', 'Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['a date as of RFC 850', 'Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
    ['a date as asctime writes it', 'Sun Nov 22 10:00:30 2026', 30_000],
    ['a date that has passed', 'Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['a date in ten years', 'Sat, 22 Nov 2036 10:00:00 GMT', 3653 * 86_400_000],
    ['seconds of ten years', '315360000', 315_360_000_000],
    ['more digits than any wait has', '9'.repeat(40), undefined],
    ['words', 'soon 1', undefined],
    ['a negative number', '-5', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, after) => {
    expect(retryAfter({ headers: { 'retry-after': text, date } })).toBe(after)
  })

  it('cannot read a date in an answer without a date', () => {
    expect(retryAfter({ headers: { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' } })).toBeUndefined()
  })
})

describe('X-RateLimit-Reset and RateLimit-Reset', () => {
  it.each([
    ['seconds', '17', 17_000],
    ['a list with its window', '17, 17;w=60', 17_000],
    ['the second in which the quota is full again', String(Date.parse(date) / 1000 + 20), 20_000],
    ['a second that has passed', String(Date.parse(date) / 1000 - 20), 0],
    ['words', 'later', undefined],
  ])('%s', (_, text, after) => {
    expect(resetIn({ 'x-ratelimit-reset': text, date })).toBe(after)
    expect(resetIn({ 'ratelimit-reset': text, date })).toBe(after)
  })
})
