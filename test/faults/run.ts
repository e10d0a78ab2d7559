/**
 * `npm run test:faults -- [--short] [--json]`: the slow faults, one line per goal of the same kind as the benchmarks'.
 * Exit status 1 when a goal is missed.
 */
import { parseArgs } from 'node:util'
import type { Figure } from '../../bench/bench.ts'
import { printFigure } from '../../bench/print.ts'
import { killRounds } from './kill.ts'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})

let missed = false
const report = (figure: Figure): void => {
  missed ||= !figure.ok
  printFigure('kill -9', figure, options.json)
}

const { kills, acknowledged, lost, undelivered, underSeveralIds, repeated, open } = await killRounds(
  options.short ? 15 : 100,
)
const none = (of: string, ids: readonly string[]): void =>
  report({ of, value: ids.length, unit: 'events', goal: '0', ok: ids.length === 0 })
report({
  of: 'kills',
  value: kills,
  unit: 'kills',
  goal: options.short ? '15' : '100',
  ok: kills >= (options.short ? 15 : 100),
})
report({ of: 'acknowledged', value: acknowledged, unit: 'events', goal: '> 20 a kill', ok: acknowledged > 20 * kills })
none('acknowledged and lost', lost)
none('acknowledged and not delivered', undelivered)
none('sent under two ids', underSeveralIds)
report({ of: 'left without an outcome', value: open, unit: 'events', goal: '0', ok: open === 0 })
// Repeats under the same id are what the platform merges; how many there were is worth knowing.
report({ of: 'sent again, same id', value: repeated, unit: 'events', goal: 'merged by the platform', ok: true })
process.exit(missed ? 1 : 0)
