import { describe, expect, it } from 'vitest'
import { csvLine } from './csv.ts'

describe('a line of a CSV file', () => {
  it('quotes what would break it', () => {
    expect(csvLine(['#1001', 'says "no", then\nyes', 12, undefined])).toBe('#1001,"says ""no"", then\nyes",12,\r\n')
  })

  it.each(['=1+1', '+1', '@SUM(A1)', '-cmd', '\tx', '\rx'])(
    'makes text of what a spreadsheet would run: %j',
    (formula) => {
      expect(csvLine([formula])).toMatch(/^"?'/)
    },
  )

  it('leaves numbers numbers, also below zero', () => {
    expect(csvLine(['-12.50', -3, '4.00'])).toBe('-12.50,-3,4.00\r\n')
  })
})
