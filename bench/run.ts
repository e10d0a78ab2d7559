/** `npm run bench -- [--json] [--only NAME] [--short]`: ratios against references of the same run. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Bench, Figure } from './bench.ts'

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

const round = (value: number): number => Number(value.toPrecision(4))
const figures = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })

const jsonLine = (bench: string, { of, value, unit, reference, ratio, goal, ok }: Figure): string =>
  JSON.stringify({
    bench: of === undefined ? bench : `${bench}: ${of}`,
    value: round(value),
    unit,
    reference: reference === undefined ? undefined : round(reference),
    ratio: ratio === undefined ? undefined : round(ratio),
    goal,
    ok,
  })

const tableRow = (bench: string, { of, value, unit, reference, ratio, goal, ok }: Figure): string =>
  [
    (of === undefined ? bench : `${bench}: ${of}`).padEnd(38),
    `${figures.format(value)} ${unit}`.padStart(20),
    (reference === undefined ? '' : `of ${figures.format(reference)}`).padStart(14),
    (ratio === undefined ? '' : `= ${ratio.toFixed(2)}`).padStart(8),
    `  ${ok ? 'reached' : 'MISSED '}  ${goal}`,
  ].join('')

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
      console.log((options.json ? jsonLine : tableRow)(name, figure))
    },
    { short: options.short },
  )
}
process.exit(missed ? 1 : 0)
