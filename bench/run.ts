/** `npm run bench -- [--json] [--only NAME] [--short]`: ratios against references of the same run. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { printFigure } from './print.ts'

const NAMES = ['map-pinterest', 'capture', 'store-append', 'store-growth'] as const

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})

/** A benchmark by its name; undefined while nobody has written it. */
const load = async (name: string): Promise<Bench | undefined> => {
  const file = new URL(`./${name}.ts`, import.meta.url)
  if (!existsSync(file)) return undefined
  const module: { bench: Bench } = await import(file.href)
  return module.bench
}

const names = NAMES.filter((name) => options.only === undefined || name === options.only)
if (names.length === 0) {
  console.error(`There is no benchmark "${options.only}". There are: ${NAMES.join(', ')}.`)
  process.exit(2)
}

let missed = false
for (const name of names) {
  const bench = await load(name)
  await bench?.run(
    (figure) => {
      missed ||= !figure.ok
      printFigure(name, figure, options.json)
    },
    { short: options.short },
  )
}
process.exit(missed ? 1 : 0)
