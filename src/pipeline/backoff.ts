import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'

/** Caps of the waits between tries of one event; the last repeats until the platform's age limit ends it. */
const EVENT_CAPS = [30 * SECOND, 2 * MINUTE, 8 * MINUTE, 32 * MINUTE, 128 * MINUTE, 6 * HOUR]

/** A stated wait longer than this is not believed. */
export const LONGEST_STATED = 6 * HOUR

/**
 * When something goes that was written down as due at `due`: then, or at once where that is further away than any wait
 * of ours. Somebody has set the clock back since; without this, all that waited would wait for the old time to come again.
 */
export const dueAt = (due: number, now: number): number => (due > now + LONGEST_STATED + MINUTE ? now : due)

/** Full jitter, so that a thousand connections that failed together do not come back together. */
const jittered = (cap: number, random: number): number => Math.round(SECOND + random * (cap - SECOND))

/**
 * What the platform asked for is a lower bound; up to a tenth more spreads those who were told the same. At the
 * ceiling, which is our own figure, they are spread below it.
 */
const stated = (after: number | undefined, random: number): number => {
  if (after === undefined || after <= 0) return 0
  if (after > LONGEST_STATED) return Math.ceil(LONGEST_STATED * (1 - random / 10))
  return Math.ceil(Math.min(after * (1 + random / 10), LONGEST_STATED))
}

/** ms until an event that failed `tries` times is sent again. */
export const eventWait = (tries: number, after: number | undefined, random: number): number =>
  Math.max(stated(after, random), jittered(EVENT_CAPS[Math.min(tries, EVENT_CAPS.length) - 1] ?? 30 * SECOND, random))

/** How long to wait where nobody was asked is known exactly; everything else grows with the tries. */
export const waitAfter = (
  { after, uncharged }: { readonly after?: number; readonly uncharged?: true },
  tries: number,
  random: number,
): number => (uncharged && after !== undefined ? after : laneWait(Math.max(1, tries), after, random))

/** A lane that waits longer than this was asked to. */
export const LONGEST_LANE_WAIT = 15 * MINUTE

/** ms until a lane whose request failed `tries` times in a row tries again: seconds at first, at most 15 min. */
export const laneWait = (tries: number, after: number | undefined, random: number): number =>
  Math.max(stated(after, random), jittered(Math.min(LONGEST_LANE_WAIT, 2 ** Math.min(tries, 12) * SECOND), random))
