import { expect, it } from 'vitest'
import { sunsetNotice } from './sunset.ts'

const docs = { url: 'https://example.com', version: 'v9', checked: '2026-11-22' }
const at = (day: string) => Date.parse(day)

it('says nothing of an interface without an announced end, nor long before it', () => {
  expect(sunsetNotice({ name: 'Example', docs }, at('2030-01-01'))).toBeUndefined()
  expect(sunsetNotice({ name: 'Example', docs: { ...docs, sunset: '2027-06-01' } }, at('2027-03-01'))).toBeUndefined()
})

it('warns 90 days before the end, and after it', () => {
  const ending = { name: 'Example', docs: { ...docs, sunset: '2027-06-01' } }
  expect(sunsetNotice(ending, at('2027-03-04'))).toBe(
    'Example ends its interface v9 on 2027-06-01. Update Converlay before that day.',
  )
  expect(sunsetNotice(ending, at('2027-06-02'))).toMatch(/^Example ended its interface v9 on 2027-06-01/)
})
