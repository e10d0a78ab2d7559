import type { Figure } from './bench.ts'

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

/** One line per figure on standard output: JSON for machines, a row of a table for people. */
export const printFigure = (name: string, figure: Figure, json: boolean): void => {
  console.log((json ? jsonLine : tableRow)(name, figure))
}
