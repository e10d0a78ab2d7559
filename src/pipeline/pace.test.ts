import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { NOW } from './double.ts'
import { answered, FIRST_PACE, type Pace, rateAt, told } from './pace.ts'

/** Minutes of ten answers each, of which so many say "too many requests". */
const lived = (...refusals: readonly number[]): { pace: Pace; now: number } => {
  let pace = FIRST_PACE
  let now = NOW
  for (const refused of refusals) {
    for (let place = 0; place < 10; place++) pace = answered(pace, place < refused, now)
    now += MINUTE
  }
  // The first answer of the next minute judges the last.
  return { pace: answered(pace, false, now), now }
}
const rate = ({ pace, now }: { pace: Pace; now: number }) => Math.round(rateAt(pace, 1000, now))

describe('of the documented rate is used', () => {
  it.each([
    ['four fifths at first', [], 800],
    ['seven tenths of that after a minute in which a tenth of the answers refused', [1], 560],
    ['as much as before where fewer did', [0], 800],
    ['ever less while refusals go on', [1, 5, 10], 274],
    ['a tenth more after two calm minutes', [1, 0, 0], 616],
    ['never all of it', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 950],
    ['never nothing', Array(40).fill(10), 50],
  ] as const)('%s', (_, refusals, used) => {
    expect(rate(lived(...refusals))).toBe(used)
  })
})

describe('a platform that counts along', () => {
  it('with little left until its reset, what is left is spread over that time', () => {
    const pace = told(FIRST_PACE, { remaining: 20, resetAfter: 10 * SECOND }, 1000, NOW)
    expect(rateAt(pace, 1000, NOW)).toBe(2)
    expect(rateAt(pace, 1000, NOW + 10 * SECOND)).toBe(800)
  })

  it('with plenty left, nothing changes', () => {
    expect(told(FIRST_PACE, { remaining: 119_990, resetAfter: MINUTE }, 83, NOW)).toBe(FIRST_PACE)
    expect(told(FIRST_PACE, { used: 0.7 }, 83, NOW)).toBe(FIRST_PACE)
  })

  it('with more than three quarters used, it is asked less and less', () => {
    const rates = [0.8, 0.9, 1, 1.2].map((used) => Math.round(rateAt(told(FIRST_PACE, { used }, 1000, NOW), 1000, NOW)))
    expect(rates).toEqual([800, 400, 0, 0])
  })
})
