import type { QuotaTold } from '../destinations/quota.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'

/** We begin below what a platform documents: others may use the same account, and clocks differ. */
const FIRST_SHARE = 0.8
const LARGEST_SHARE = 0.95
const SMALLEST_SHARE = 0.05
/** Of the answers of a window, so many that say "too many" cut the share … */
const TOO_MANY = 0.1
const CUT = 0.7
/** … and so many windows without them let it grow again. */
const CALM_WINDOWS = 2
const GROWTH = 1.1
const WINDOW = MINUTE

/** From this much of its quota on a platform's own count slows us down, to nothing when all is used. */
const USED = 0.75
/** Its count of what is used is believed this long. */
const BELIEVED = MINUTE

/** How much of a platform's documented rate is used, by what it answers. */
export interface Pace {
  readonly share: number
  readonly window: { readonly from: number; readonly answers: number; readonly refused: number }
  readonly calm: number
  /** At most so many requests a second, until then: the platform's own words. */
  readonly bound?: { readonly perSecond: number; readonly until: number }
}

export const FIRST_PACE: Pace = { share: FIRST_SHARE, window: { from: 0, answers: 0, refused: 0 }, calm: 0 }

/** Requests a second that may go now. */
export const rateAt = ({ share, bound }: Pace, perSecond: number, now: number): number =>
  bound !== undefined && now < bound.until ? Math.min(perSecond * share, bound.perSecond) : perSecond * share

/** An answer came; `refused`: it said that there were too many requests. */
export const answered = (pace: Pace, refused: boolean, now: number): Pace => {
  const { share, window, calm } = judged(pace, now)
  return {
    ...pace,
    share,
    calm,
    window: { ...window, answers: window.answers + 1, refused: window.refused + (refused ? 1 : 0) },
  }
}

const judged = ({ share, window, calm }: Pace, now: number): Omit<Pace, 'bound'> => {
  if (now < window.from + WINDOW) return { share, window, calm }
  const next = { from: now, answers: 0, refused: 0 }
  if (window.answers === 0) return { share, window: next, calm }
  if (window.refused >= TOO_MANY * window.answers)
    return { share: Math.max(SMALLEST_SHARE, share * CUT), window: next, calm: 0 }
  return calm + 1 < CALM_WINDOWS
    ? { share, window: next, calm: calm + 1 }
    : { share: Math.min(LARGEST_SHARE, share * GROWTH), window: next, calm: 0 }
}

/** The pace after what the platform told of its quota; `perSecond` is what it documents. A pause is not part of it. */
export const told = (pace: Pace, { remaining, resetAfter, used }: QuotaTold, perSecond: number, now: number): Pace => {
  const bounds = [
    ...(remaining === undefined || resetAfter === undefined || resetAfter <= 0
      ? []
      : [{ perSecond: (remaining / resetAfter) * SECOND, until: now + resetAfter }]),
    ...(used === undefined || used < USED
      ? []
      : [{ perSecond: (perSecond * Math.max(0, 1 - used)) / (1 - USED), until: now + BELIEVED }]),
  ].sort((a, b) => a.perSecond - b.perSecond)
  const [bound] = bounds
  return bound === undefined || bound.perSecond >= perSecond ? pace : { ...pace, bound }
}
