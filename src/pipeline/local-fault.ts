import { MINUTE } from '../lib/duration.ts'
import { PROBE_EVERY } from './platform-breaker.ts'

/** So many platforms that cannot be reached are no coincidence: it is our own network. */
const PLATFORMS = 3
/** … within this time, with nothing getting through meanwhile. */
const WINDOW = MINUTE
/** A platform is in use when it was asked within this time. */
const IN_USE = 15 * MINUTE

/**
 * Tells our own network's failure from a platform's: requests to several platforms (to all that are in use, where those
 * are two) do not even leave. Then nobody is to blame, and it is over with the first answer, whoever gives it.
 */
export interface LocalFault {
  /** Since when, ms since 1970. */
  since(): number | undefined
  /** ms until it makes sense to ask; 0: now. Claims nothing. */
  rest(now: number, random: number): number
  /** Somebody wants to send: they may, they may for all others, or they wait so many ms. */
  ask(now: number, random: number): 'go' | 'probe' | number
  /** A request left us. True when that ends the fault. */
  left(platform: string, now: number): boolean
  /** A request did not leave us. True when that begins a fault. */
  unreached(platform: string, now: number): boolean
}

export const createLocalFault = (): LocalFault => {
  const asked = new Map<string, number>()
  /** Of the platforms that could not be reached since something last left us, when that was. */
  const unreached = new Map<string, number>()
  let since: number | undefined
  let nextProbe = 0
  const later = (random: number): number => Math.round(PROBE_EVERY * (1 + 3 * random))
  const within = (times: ReadonlyMap<string, number>, from: number): number =>
    [...times.values()].filter((at) => at >= from).length

  return {
    since: () => since,
    rest: (now, random) => (since === undefined || now >= nextProbe ? 0 : later(random)),
    ask(now, random) {
      if (since === undefined) return 'go'
      if (now < nextProbe) return later(random)
      nextProbe = now + PROBE_EVERY
      return 'probe'
    },
    left(platform, now) {
      asked.set(platform, now)
      unreached.clear()
      const ends = since !== undefined
      since = undefined
      return ends
    },
    unreached(platform, now) {
      asked.set(platform, now)
      unreached.set(platform, now)
      if (since !== undefined) return false
      const enough = Math.max(2, Math.min(PLATFORMS, within(asked, now - IN_USE)))
      if (within(unreached, now - WINDOW) < enough) return false
      since = now
      nextProbe = now + PROBE_EVERY
      return true
    },
  }
}
