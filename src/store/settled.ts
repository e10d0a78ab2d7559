import type { Lane } from './store.ts'

/**
 * The highest number up to which every connection has settled everything, which is what lets bodies go. Undefined for a
 * shop without connections: nobody has settled anything there, so bodies live to their full age.
 */
export const settledUpTo = (lanes: readonly Lane[], parked: readonly number[], head: number): number | undefined => {
  if (lanes.length === 0) return undefined
  const open = lanes.filter((lane) => lane.to === undefined || lane.position < lane.to).map((lane) => lane.position)
  return Math.min(head, ...open, ...parked.map((seq) => seq - 1))
}
