import type { Figure } from '../../bench/bench.ts'

/** How much is done: `short` with every change, `full` before a release, `nightly` for what takes long. */
export type Size = 'short' | 'full' | 'nightly'

/** What a suite tells: one line per goal. */
export interface Report {
  goal(figure: Figure): void
  /** A goal that this machine cannot measure, and why. It counts neither as reached nor as missed. */
  notRun(of: string, why: string): void
}

/** Faults of one kind. A suite that throws has missed. */
export interface Suite {
  readonly name: string
  run(report: Report, size: Size): Promise<void>
}

/** The goal that nothing of a kind was found; `of` says of what. */
export const none = (of: string, found: readonly unknown[] | number, unit: string): Figure => {
  const value = typeof found === 'number' ? found : found.length
  return { of, value, unit, goal: '0', ok: value === 0 }
}

/** The goal that at least so many were done. */
export const atLeast = (of: string, value: number, least: number, unit: string): Figure => ({
  of,
  value,
  unit,
  goal: `>= ${least}`,
  ok: value >= least,
})

/** The goal that a figure stays at or below a bound. */
export const atMost = (of: string, value: number, most: number, unit: string): Figure => ({
  of,
  value,
  unit,
  goal: `<= ${most}`,
  ok: value <= most,
})
