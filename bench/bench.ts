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

/** Calls of a function per second, over about `ms`. */
const rateOf = (work: () => unknown, ms: number): number => {
  let calls = 0
  const begin = performance.now()
  let elapsed = 0
  do {
    for (let i = 0; i < 100; i++) work()
    calls += 100
    elapsed = performance.now() - begin
  } while (elapsed < ms)
  return (calls * 1000) / elapsed
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
