import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { asked, type Breaker, CLOSED, failed, isProbing, passed, restOf, shareOf } from './breaker.ts'
import { NOW } from './double.ts'

/** Requests one second apart: + went well, - failed. */
const lived = (story: string, breaker: Breaker = CLOSED, random = 0): { breaker: Breaker; now: number } => {
  let now = NOW
  for (const what of story) {
    now += SECOND
    breaker = what === '+' ? passed(asked(breaker, now), now) : failed(asked(breaker, now), now, random)
  }
  return { breaker, now }
}

/** An open breaker once its rest is over, and when that is. */
const rested = ({ breaker }: { breaker: Breaker }) => {
  const now = breaker.until
  return { breaker: asked(breaker, now), now }
}

describe('a connection is left alone', () => {
  it.each([
    ['after five failures in a row', '-----', 'open'],
    ['not after four', '----', 'closed'],
    ['not when something went well between them', '----+----', 'closed'],
    ['after half of ten requests', '+-+-+-+-+-', 'open'],
    ['not after half of eight', '+-+-+-+-', 'closed'],
    ['not after four of ten', '+-+-+-+-++', 'closed'],
  ])('%s', (_, story, state) => {
    expect(lived(story).breaker.state).toBe(state)
  })

  it('for what failed within a minute only', () => {
    const { breaker, now } = lived('+-+-+-+-')
    expect(failed(passed(breaker, now + MINUTE), now + MINUTE, 0).state).toBe('closed')
  })

  it('for 15 to 30 s, twice as long each time a probe fails, at most 15 min', () => {
    const rests = [0, 0.999999].map((random) => {
      let { breaker, now } = lived('-----', CLOSED, random)
      return Array.from({ length: 8 }, () => {
        const rest = restOf(breaker, now)
        now += rest
        breaker = failed(asked(breaker, now), now, random)
        return Math.round(rest / SECOND)
      })
    })
    expect(rests).toEqual([
      [15, 30, 60, 120, 240, 450, 450, 450],
      [30, 60, 120, 240, 480, 900, 900, 900],
    ])
  })

  it('and late answers of requests from before change nothing', () => {
    const { breaker, now } = lived('-----')
    expect(failed(breaker, now + 1, 0).until).toBe(breaker.until)
    expect(passed(breaker, now + 1).state).toBe('open')
  })
})

describe('a connection that rested', () => {
  it('gets probes, and all again after three that went well', () => {
    const { breaker, now } = rested(lived('-----'))
    expect(isProbing(breaker)).toBe(true)
    expect(isProbing(passed(passed(breaker, now), now))).toBe(true)
    expect(isProbing(passed(passed(passed(breaker, now), now), now))).toBe(false)
  })

  it('starts with an eighth of its rate, which doubles every 30 s', () => {
    const { breaker, now } = rested(lived('-----'))
    const closed = passed(passed(passed(breaker, now), now), now)
    const shares = [0, 29, 30, 60, 90, 3600].map((s) => shareOf(closed, now + s * SECOND))
    expect(shares).toEqual([1 / 8, 1 / 8, 1 / 4, 1 / 2, 1, 1])
  })

  it('and fails again while its rate still grows rests longer than the first time; later, as the first time', () => {
    const { breaker, now } = rested(lived('-----'))
    const closed = passed(passed(passed(breaker, now), now), now)
    const again = (at: number) => {
      let failing = closed
      for (let time = 0; time < 5; time++) failing = failed(failing, at, 0)
      return restOf(failing, at)
    }
    expect(again(now + SECOND)).toBe(30 * SECOND)
    expect(again(now + 2 * MINUTE)).toBe(15 * SECOND)
  })
})

it('a connection that goes well has its whole rate', () => {
  const { breaker, now } = lived('++-++')
  expect([restOf(breaker, now), isProbing(breaker), shareOf(breaker, now)]).toEqual([0, false, 1])
})
