import { describe, expect, it } from 'vitest'
import { handClock } from '../pipeline/double.ts'
import { createLimiter, type Quota } from '../pipeline/limiter.ts'
import type { Quotas } from '../store/postgres/quota.ts'
import { sharedLimiter } from './shared-limiter.ts'

const quota = (scope: 'app' | 'connection'): Quota => ({
  key: `google-ads ${scope} 5`,
  perSecond: 5,
  pauses: 'google-ads',
  own: 'google-ads demo',
  who: 'demo.myshopify.com',
})

/** A common line as the database keeps it. */
const common = (clock: { now(): number }) => {
  let next = 0
  const asked: number[] = []
  const quotas: Quotas = {
    async reserve(_, perSecond, turns, longest) {
      asked.push(turns)
      const wait = Math.max(0, next - clock.now() - 1000)
      if (wait > longest) return { turns: 0, wait }
      next = Math.max(next, clock.now()) + (turns * 1000) / perSecond
      return { turns, wait }
    },
  }
  return { quotas, asked }
}

describe('a quota of the app', () => {
  it('is one line for all processes: together they ask no more often than the platform allows', async () => {
    const clock = handClock()
    const { quotas } = common(clock)
    const processes = [1, 2, 3].map(() => sharedLimiter(createLimiter(clock), quotas, clock))
    const at: number[] = []
    const start = clock.now()
    const ask = async (limiter: (typeof processes)[number]) => {
      for (let n = 0; n < 40; n++) {
        const wait = await limiter.turn(quota('app'))
        if (wait > 0) await clock.sleep(wait)
        else at.push(clock.now() - start)
      }
    }
    const all = Promise.all(processes.map(ask))
    await clock.turn(60_000)
    await all
    expect(at.length).toBeGreaterThan(60)
    // Five a second, and a second's worth at once.
    for (const moment of at)
      expect(at.filter((one) => one >= moment && one < moment + 10_000).length).toBeLessThanOrEqual(55)
  })

  it('is asked for a few turns at a time, and not at all for what a connection or an account may do', async () => {
    const clock = handClock()
    const { quotas, asked } = common(clock)
    const limiter = sharedLimiter(createLimiter(clock), quotas, clock)
    expect(await limiter.turn(quota('connection'))).toBe(0)
    expect(asked).toEqual([])
    const both = Promise.all([limiter.turn(quota('app')), limiter.turn(quota('app'))])
    await clock.turn(1000)
    expect(await both).toEqual([0, 0])
    expect(asked).toEqual([2])
  })

  it('lets nothing be sent while the database is away', async () => {
    const clock = handClock()
    const away: Quotas = { reserve: () => Promise.reject(new Error('away')) }
    const limiter = sharedLimiter(createLimiter(clock), away, clock)
    expect(await limiter.turn(quota('app'))).toBeGreaterThan(2000)
  })
})
