import type { Clock } from './runtime.ts'

/** A clock that goes on from where it was when somebody sets it back, so that what is remembered keeps its distance. */
export const neverBack = ({ now }: Pick<Clock, 'now'>): (() => number) => {
  let ahead = 0
  let last = 0
  return () => {
    ahead = Math.max(ahead, last - now())
    last = now() + ahead
    return last
  }
}
