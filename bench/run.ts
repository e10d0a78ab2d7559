/** `npm run bench -- [--json] [--only NAME] [--short]`: ratios against references of the same run. */
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { bench as capture } from './capture.ts'
import { bench as endToEnd } from './end-to-end.ts'
import { bench as growth } from './growth.ts'
import { benches as maps } from './map.ts'
import { bench as pending } from './pending.ts'
import { printFigure } from './print.ts'
import { bench as storage } from './storage.ts'
import { bench as storeAppend } from './store-append.ts'
import { bench as storeGrowth } from './store-growth.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})

const all: readonly Bench[] = [...maps, capture, storeAppend, storeGrowth, endToEnd, growth, pending, storage]
const chosen = all.filter(({ name }) => options.only === undefined || name === options.only)
if (chosen.length === 0) {
  console.error(`There is no benchmark "${options.only}". There are: ${all.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

let missed = false
for (const { name, run } of chosen) {
  await run(
    (figure) => {
      missed ||= !figure.ok
      printFigure(name, figure, options.json)
    },
    { short: options.short },
  )
}
process.exit(missed ? 1 : 0)
