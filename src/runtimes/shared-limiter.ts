import { SECOND } from '../lib/duration.ts'
import type { Limiter, Quota } from '../pipeline/limiter.ts'
import type { Clock } from '../pipeline/runtime.ts'
import type { Quotas } from '../store/postgres/quota.ts'

/** Nobody waits for a turn longer than this. */
const LONGEST = 2 * SECOND
/** Turns reserved at once are for this time: what is not used of them is lost to the others. */
const AT_ONCE = SECOND / 2
/** A turn that is older than this is over. */
const STALE = SECOND
/** While the database is away nothing may be sent; then it is tried again. */
const AWAY = 5 * SECOND
/** Of what the platform documents, as the limiter of one process begins. */
const SHARE = 0.8

/** Whether all processes count a quota together: what a platform gives to the app, and not to a merchant. */
const isShared = ({ key }: Quota): boolean => key.split(' ')[1] === 'app'

/**
 * A limiter of one process in front of what all processes share. Shops take turns here first; then the process takes its
 * turns from the common line, a few at a time. Quotas of connections and accounts stay here, because a shop is delivered
 * by one process.
 */
export const sharedLimiter = (local: Limiter, quotas: Quotas, clock: Pick<Clock, 'now' | 'sleep'>): Limiter => {
  /** Moments at which reserved requests may go, ms since 1970. */
  const reserved = new Map<string, number[]>()
  const turns = new Map<string, Promise<number>>()

  const next = async ({ key, perSecond }: Quota): Promise<number> => {
    const rate = perSecond * SHARE
    const moments = (reserved.get(key) ?? []).filter((at) => at > clock.now() - STALE)
    const first = moments.shift()
    reserved.set(key, moments)
    if (first !== undefined) return first
    const wanted = Math.max(1, Math.round((rate * AT_ONCE) / SECOND))
    const asked = clock.now()
    const got = await quotas.reserve(key, rate, wanted, LONGEST).catch(() => ({ turns: 0, wait: AWAY }))
    if (got.turns === 0) return asked + Math.max(got.wait, LONGEST + 1)
    for (let n = 1; n < got.turns; n++) moments.push(asked + got.wait + (n * SECOND) / rate)
    return asked + got.wait
  }

  return {
    ...local,
    turn: async (quota) => {
      const wait = await local.turn(quota)
      if (wait > 0 || !isShared(quota)) return wait
      // One after the other, so that those who ask at once share what is reserved.
      const mine = (turns.get(quota.key) ?? Promise.resolve(0)).then(() => next(quota))
      turns.set(quota.key, mine)
      const ms = (await mine) - clock.now()
      if (ms > LONGEST) return ms
      if (ms > 0) await clock.sleep(ms)
      return 0
    },
  }
}
