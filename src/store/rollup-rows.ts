import { EVENT_NAMES, type EventName } from '../event/names.ts'
import type { Recovered, Rollup, RollupDelta, Sum } from './rollup.ts'
import type { ConnectionId } from './store.ts'

export type Counts = Pick<RollupDelta, 'count' | 'value' | 'lag' | 'carried' | 'recovered' | 'notes'>

/** Sum of two counts; a delta may be negative, when a byte moves from one outcome to another. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  count: a.count + b.count,
  value: a.value + b.value,
  ...((a.lag || b.lag) && { lag: addLag(a.lag ?? [], b.lag ?? []) }),
  ...((a.carried || b.carried) && { carried: addEach(a.carried ?? {}, b.carried ?? {}) }),
  ...((a.recovered || b.recovered) && { recovered: addRecovered(a.recovered, b.recovered) }),
  ...((a.notes || b.notes) && { notes: mostFrequent(addEach(a.notes ?? {}, b.notes ?? {})) }),
})

const addLag = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0))

const NOTHING: Sum = { count: 0, value: 0 }

const addSums = (a: Sum = NOTHING, b: Sum = NOTHING): Sum => ({ count: a.count + b.count, value: a.value + b.value })

/** Sum of two counts of recovered purchases. */
export const addRecovered = (a: Recovered | undefined, b: Recovered | undefined): Recovered => ({
  noTag: addSums(a?.noTag, b?.noTag),
  noBrowser: addSums(a?.noBrowser, b?.noBrowser),
})

const addEach = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const total: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count
  return total
}

/** Texts of strangers have no end; those that were said most often are kept. */
const MOST_NOTES = 8

const mostFrequent = (notes: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(notes)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_NOTES),
  )

/** Arrivals belong to no connection. */
export const ARRIVALS = 0

/** A row of `rollups`. */
export interface RollupRow {
  readonly bucket: number
  readonly connection: ConnectionId
  readonly name: number
  readonly outcome: number
  readonly counts: string
}

export const rollupOf = ({ bucket, connection, name, outcome, counts }: RollupRow): Rollup => ({
  bucket,
  ...(connection !== ARRIVALS && { connection }),
  name: EVENT_NAMES[name] ?? ('custom' satisfies EventName),
  outcome,
  ...(JSON.parse(counts) as Counts),
})
