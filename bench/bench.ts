/** One figure of a benchmark. Absolute rates move with the machine; the ratio to a reference of the same run does not. */
export interface Figure {
  /** What was measured, where a benchmark has several figures. */
  readonly of?: string
  readonly value: number
  readonly unit: string
  /** The reference's rate in the same run. */
  readonly reference?: number
  readonly ratio?: number
  /** What has to hold, in words: "ratio >= 0.7". */
  readonly goal: string
  readonly ok: boolean
}

/** A benchmark: `short` runs are for trying things out, their figures are rough. */
export interface Bench {
  readonly name: string
  run(report: (figure: Figure) => void, options: { readonly short: boolean }): Promise<void>
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** ms of processor time that this process has used so far, its helper threads (garbage collection) included. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Calls of a function per second of processor time, over about `ms`: other processes on the machine take no part. */
const rateOf = (work: () => unknown, ms: number): number => {
  let calls = 0
  const begin = processorTime()
  let used = 0
  do {
    for (let i = 0; i < 100; i++) work()
    calls += 100
    used = processorTime() - begin
  } while (used < ms)
  return (calls * 1000) / used
}

/**
 * Median rates of two functions and of their ratio, measured in turns of `ms`, so that whatever else the machine does
 * hits both alike. The first rounds, in which the engine still compiles, do not count.
 */
export const compare = (
  work: () => unknown,
  reference: () => unknown,
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): { readonly value: number; readonly reference: number; readonly ratio: number } => {
  const warmUp = 3
  const ours: number[] = []
  const theirs: number[] = []
  const ratios: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const a = rateOf(work, ms)
    const b = rateOf(reference, ms)
    if (round < 0) continue
    ours.push(a)
    theirs.push(b)
    ratios.push(a / b)
  }
  return { value: median(ours), reference: median(theirs), ratio: median(ratios) }
}
