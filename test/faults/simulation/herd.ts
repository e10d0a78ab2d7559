/** `node test/faults/simulation/herd.ts [--short]`: outages and neighbours alone. Exit status 1 when a goal is missed. */
import { parseArgs } from 'node:util'
import { printFigure } from '../../../bench/print.ts'
import { busyShop, hungPlatform } from './neighbours.ts'
import { backlogBehindOutage, outageOfAll } from './outage.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
for (const run of [outageOfAll, backlogBehindOutage, hungPlatform, busyShop])
  await run((figure) => {
    if (!figure.ok) process.exitCode = 1
    printFigure('virtual time', figure, false)
  }, options.short)
