import type { Lane } from './store.ts'

/** Numbers first … last, both inclusive. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * What of a stretch no lane of the connection holds: unsettled ranges of one connection never overlap. A lane holds what
 * lies behind its position, the live one without end.
 */
export const freeRanges = (lanes: readonly Pick<Lane, 'position' | 'to'>[], { from, to }: Range): Range[] => {
  const held = lanes
    .map((lane) => ({ from: lane.position + 1, to: lane.to ?? Number.MAX_SAFE_INTEGER }))
    .sort((a, b) => a.from - b.from)
  const free: Range[] = []
  let next = Math.max(1, from)
  for (const range of held) {
    if (range.from > next) free.push({ from: next, to: Math.min(to, range.from - 1) })
    next = Math.max(next, range.to + 1)
  }
  free.push({ from: next, to })
  return free.filter((range) => range.from <= range.to)
}

export const lengthOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)
