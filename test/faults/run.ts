/**
 * `npm run test:faults -- [--short | --nightly] [--only NAME] [--json]`: the slow faults, one line per goal of the same
 * kind as the benchmarks'. Exit status 1 when a goal is missed.
 */
import { parseArgs } from 'node:util'
import { printFigure } from '../../bench/print.ts'
import { diskErrors } from './disk-errors.ts'
import { diskFull } from './disk-full.ts'
import { flushOrder } from './flush-order.ts'
import { kills } from './kills.ts'
import { restart } from './restart.ts'
import { scaleOut } from './scale-out.ts'
import { storageKills } from './storage-kills.ts'
import type { Size, Suite } from './suite.ts'
import { tornTail } from './torn-tail.ts'

const SUITES: readonly Suite[] = [kills, storageKills, flushOrder, diskErrors, diskFull, tornTail, restart, scaleOut]

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    nightly: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const size: Size = options.short ? 'short' : options.nightly ? 'nightly' : 'full'
const chosen = SUITES.filter(({ name }) => options.only === undefined || name === options.only)
if (chosen.length === 0) {
  console.error(`There is no suite "${options.only}". There are: ${SUITES.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

let missed = 0
let notRun = 0
for (const { name, run } of chosen) {
  try {
    await run(
      {
        goal: (figure) => {
          if (!figure.ok) missed++
          printFigure(name, figure, options.json)
        },
        notRun: (of, why) => {
          notRun++
          console.log(
            options.json
              ? JSON.stringify({ bench: `${name}: ${of}`, notRun: why })
              : `${name}: ${of}: not run here: ${why}`,
          )
        },
      },
      size,
    )
  } catch (error) {
    missed++
    console.error(`${name}: ended by`, error)
  }
}
if (!options.json) console.log(`${missed} missed, ${notRun} not run here`)
process.exit(missed > 0 ? 1 : 0)
