import { expect, test } from 'vitest'
import { addCounts } from './rollup-rows.ts'

test('counts of two settlements are added up, name by name', () => {
  const a = { count: 2, value: 500, carried: { em: 2 }, lag: [1, 1] }
  const b = { count: -1, value: -200, carried: { em: -1, ph: 1 }, lag: [-1, 0] }
  expect(addCounts(a, b)).toEqual({ count: 1, value: 300, carried: { em: 1, ph: 1 }, lag: [0, 1] })
})

test('of a platform’s remarks only the eight most frequent are kept, however many texts it invents', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`remark ${n}`, n]))
  const { notes } = addCounts({ count: 1, value: 0, notes: many }, { count: 1, value: 0, notes: { 'remark 3': 100 } })
  expect(Object.keys(notes ?? {})).toHaveLength(8)
  expect(notes?.['remark 3']).toBe(103)
})
