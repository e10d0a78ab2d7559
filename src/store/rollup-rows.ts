import type { RollupDelta } from './store.ts'

export type Counts = Pick<RollupDelta, 'count' | 'value' | 'lag' | 'carried'>

/** Sum of two counts; a delta may be negative, when a byte moves from one outcome to another. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  count: a.count + b.count,
  value: a.value + b.value,
  ...((a.lag || b.lag) && { lag: addLag(a.lag ?? [], b.lag ?? []) }),
  ...((a.carried || b.carried) && { carried: addCarried(a.carried ?? {}, b.carried ?? {}) }),
})

const addLag = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0))

const addCarried = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> => {
  const total: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count
  return total
}
