import type { Destination } from '../destinations/destination.ts'
import { SECOND } from '../lib/duration.ts'
import type { Clock } from './runtime.ts'

/** Requests under way at once to a platform whose requests carry many events, and to one where each carries one. */
const OF_MANY = 32
const OF_ONE = 256
/** Requests under way in all: a platform that hangs with all of its own leaves half as many again to the others. */
const IN_ALL = OF_ONE + 128
/** Nobody waits for room longer than this. */
const LONGEST = 2 * SECOND

/** Room for requests under way, so that a platform that is slow or hangs fills its own room and no more. */
export interface Slots {
  /**
   * Waits for room, at most 2 s, in the order of asking: what gives it back, or undefined when there was none: then
   * there are better things to do meanwhile.
   */
  take(destination: Pick<Destination, 'slug' | 'limits'>): Promise<(() => void) | undefined>
}

interface Waiting {
  readonly slug: string
  readonly most: number
  readonly enter: () => void
}

export const createSlots = (clock: Pick<Clock, 'sleep'>): Slots => {
  const under = new Map<string, number>()
  let all = 0
  const waiting = new Set<Waiting>()

  const hasRoom = (slug: string, most: number): boolean => all < IN_ALL && (under.get(slug) ?? 0) < most
  const enter = (slug: string): (() => void) => {
    all++
    under.set(slug, (under.get(slug) ?? 0) + 1)
    return () => {
      all--
      under.set(slug, (under.get(slug) ?? 0) - 1)
      for (const next of waiting)
        if (hasRoom(next.slug, next.most)) {
          waiting.delete(next)
          next.enter()
          return
        }
    }
  }

  return {
    async take({ slug, limits }) {
      const most = limits.batch > 1 ? OF_MANY : OF_ONE
      if (hasRoom(slug, most)) return enter(slug)
      const called = new AbortController()
      let leave: (() => void) | undefined
      const one: Waiting = {
        slug,
        most,
        enter: () => {
          leave = enter(slug)
          called.abort()
        },
      }
      waiting.add(one)
      await clock.sleep(LONGEST, called.signal)
      waiting.delete(one)
      return leave
    },
  }
}
