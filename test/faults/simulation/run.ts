/**
 * `node test/faults/simulation/run.ts --seed N` replays one day and tells what happened in it; with `--seeds N` days from
 * `--from` on are run, until the first that fails. Exit status 1 when an invariant was broken. `--lines`: one JSON line for
 * each day, for the process that asked.
 */
import { parseArgs } from 'node:util'
import { violationsOf } from './invariants.ts'
import { simulate } from './simulate.ts'
import { fingerprint, traceOf } from './trace.ts'
import type { Violation } from './violation.ts'

/** What is told of one day. */
export interface Day {
  readonly seed: number
  readonly events: number
  readonly requests: number
  readonly violations: readonly Violation[]
  readonly fired: readonly (readonly [kind: string, times: number])[]
  readonly fingerprint: string
}

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    lines: { type: 'boolean', default: false },
  },
})

const told = ({ violations }: Pick<Day, 'violations'>): string[] =>
  violations.slice(0, 40).map(({ invariant, what }) => `  ${invariant} ${what}`)

const first = Number(options.seed ?? options.from)
const days = options.seed === undefined ? Number(options.seeds) : 1
for (let seed = first; seed < first + days; seed++) {
  const world = await simulate(seed)
  const violations = await violationsOf(world)
  const day: Day = {
    seed,
    events: [...world.logged.values()].reduce((sum, log) => sum + log.length, 0),
    requests: world.seen.length,
    violations,
    fired: [...world.fired],
    fingerprint: fingerprint(world),
  }
  if (options.lines) console.log(JSON.stringify(day))
  else {
    if (options.seed !== undefined) for (const line of traceOf(world, violations)) console.log(line)
    console.log(
      `seed ${seed}: ${day.events} events, ${day.requests} requests, ${violations.length} violations, ${day.fingerprint}`,
    )
    for (const line of told(day)) console.log(line)
    if (violations.length > 0) {
      process.exitCode = 1
      break
    }
  }
}
