import type { Limits } from '../destinations/destination.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { LONGEST_STATED } from './backoff.ts'
import type { Outlet } from './outlet.ts'
import type { Clock } from './runtime.ts'

/** Whose requests count together, and how many of them the platform takes. */
export interface Quota {
  readonly key: string
  readonly perSecond: number
  /** The connection that was told to wait. */
  readonly own: string
  /** Shared with every other quota that the platform's word about this one is about. */
  readonly pauses: string
}

/** The quota that a connection's requests fall under: its own, that of its account, or that of all of us. */
export const quotaOf = (
  { destination, settings, connection }: Pick<Outlet, 'destination' | 'settings' | 'connection'>,
  { perSecond, scope }: Limits['rate'],
): Quota => {
  const owner =
    scope === 'connection' ? String(connection.id) : scope === 'account' ? destination.account(settings) : 'all'
  const key = `${destination.slug} ${scope} ${owner}`
  const own = `${destination.slug} connection ${connection.id}`
  // An interface for backlogs has a rate of its own. A platform that tells one merchant to wait does not mean all of them.
  return {
    key: `${key} ${perSecond}`,
    perSecond,
    own,
    pauses: scope === 'app' ? own : key,
  }
}

/** Keeps quotas before the platforms have to. */
export interface Limiter {
  /**
   * Waits for a request's turn, at most 2 s, and answers 0; or answers at once how long it would take, ms, when it is
   * longer: then there are better things to do meanwhile.
   */
  turn(quota: Quota): Promise<number>
  /**
   * The platform said that nobody of this quota shall come back before so many ms. The connection that was told waits all
   * of it, whatever it has to send; the others ask again after 15 min.
   */
  pause(quota: Quota, ms: number): void
}

/** Requests that may go at once after a pause: what a quota allows in this time. */
const BURST = SECOND
/** A platform's word about others is believed this long; then somebody asks again. */
const LONGEST_PAUSE = 15 * MINUTE
/** Nobody waits in line longer than this. */
const LONGEST = 2 * SECOND

/** A clock that goes on from where it was when somebody sets it back, so that what is remembered keeps its distance. */
const neverBack = ({ now }: Pick<Clock, 'now'>): (() => number) => {
  let ahead = 0
  let last = 0
  return () => {
    ahead = Math.max(ahead, last - now())
    last = now() + ahead
    return last
  }
}

/**
 * Every quota is one number: when its next request would go if all went evenly (a leaky bucket, GCRA). Who waits has its
 * moment reserved, in the order of asking; a connection has only so many requests under way, so nobody crowds others out.
 */
export const createLimiter = (clock: Pick<Clock, 'now' | 'sleep'>): Limiter => {
  const now = neverBack(clock)
  /** When the next request of a quota would go if all went evenly. */
  const nexts = new Map<string, number>()
  const pausedUntil = new Map<string, number>()
  return {
    async turn({ key, perSecond, own, pauses }) {
      const asked = now()
      const next = Math.max(nexts.get(key) ?? 0, asked)
      const at = Math.max(asked, next - BURST, pausedUntil.get(own) ?? 0, pausedUntil.get(pauses) ?? 0)
      if (at - asked > LONGEST) return at - asked
      nexts.set(key, Math.max(next, at) + SECOND / perSecond)
      if (at > asked) await clock.sleep(at - asked)
      return 0
    },
    pause({ own, pauses }, ms) {
      const at = now()
      const until = (name: string, most: number) =>
        pausedUntil.set(name, Math.max(pausedUntil.get(name) ?? 0, at + Math.min(ms, most)))
      until(pauses, LONGEST_PAUSE)
      until(own, LONGEST_STATED)
    },
  }
}
