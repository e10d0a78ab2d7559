import type { Limits } from '../destinations/destination.ts'
import { SECOND } from '../lib/duration.ts'
import type { Outlet } from './outlet.ts'
import type { Clock } from './runtime.ts'

/** Whose requests count together, and how many of them the platform takes. */
export interface Quota {
  readonly key: string
  readonly perSecond: number
}

/** The quota that a connection's requests fall under: its own, that of its account, or that of all of us. */
export const quotaOf = (
  { destination, settings, connection }: Pick<Outlet, 'destination' | 'settings' | 'connection'>,
  { perSecond, scope }: Limits['rate'],
): Quota => {
  const owner =
    scope === 'connection' ? String(connection.id) : scope === 'account' ? destination.account(settings) : 'all'
  return { key: `${destination.slug} ${scope} ${owner}`, perSecond }
}

/** Keeps quotas before the platforms have to. */
export interface Limiter {
  /**
   * Waits for a request's turn, at most 2 s, and answers 0; or answers at once how long it would take, ms, when it is
   * longer: then there are better things to do meanwhile.
   */
  turn(quota: Quota): Promise<number>
  /** The platform said that nobody of this quota shall come back before so many ms. */
  pause(quota: Quota, ms: number): void
}

/** Requests that may go at once after a pause: what a quota allows in this time. */
const BURST = SECOND
/** Nobody waits in line longer than this. */
const LONGEST = 2 * SECOND

/**
 * Every quota is one number: when its next request would go if all went evenly (a leaky bucket, GCRA). Who waits has its
 * moment reserved, in the order of asking; a connection has only so many requests under way, so nobody crowds others out.
 */
export const createLimiter = (clock: Pick<Clock, 'now' | 'sleep'>): Limiter => {
  const quotas = new Map<string, { next: number; pausedUntil: number }>()
  const stateOf = (key: string) => {
    const known = quotas.get(key)
    if (known) return known
    const state = { next: 0, pausedUntil: 0 }
    quotas.set(key, state)
    return state
  }
  return {
    async turn({ key, perSecond }) {
      const state = stateOf(key)
      const now = clock.now()
      const next = Math.max(state.next, now)
      const at = Math.max(now, next - BURST, state.pausedUntil)
      if (at - now > LONGEST) return at - now
      state.next = Math.max(next, at) + SECOND / perSecond
      if (at > now) await clock.sleep(at - now)
      return 0
    },
    pause({ key }, ms) {
      const state = stateOf(key)
      state.pausedUntil = Math.max(state.pausedUntil, clock.now() + ms)
    },
  }
}
