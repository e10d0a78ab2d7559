import { describe, expect, it } from 'vitest'
import { exampleAnswer } from './examples.ts'
import { said, verdictFromStatus } from './verdict-from-status.ts'

describe('what a status says about every item', () => {
  it.each([
    [200, undefined, undefined],
    [0, 'retry', 'retry'],
    [302, 'retry', 'retry'],
    [400, 'rejected', 'singly'],
    [401, 'unauthorized', 'unauthorized'],
    [403, 'unauthorized', 'unauthorized'],
    [404, 'unauthorized', 'unauthorized'],
    [408, 'retry', 'retry'],
    [413, 'rejected', 'singly'],
    [422, 'rejected', 'singly'],
    [425, 'retry', 'retry'],
    [429, 'retry', 'retry'],
    [500, 'retry', 'retry'],
    [504, 'retry', 'retry'],
  ])('%i: alone %s, among several %s', (status, alone, among) => {
    expect(verdictFromStatus(exampleAnswer(status), 1)?.outcome).toBe(alone)
    expect(verdictFromStatus(exampleAnswer(status), 2)?.outcome).toBe(among)
  })

  it('takes the platform’s own code and words', () => {
    expect(verdictFromStatus(exampleAnswer(400), 1, { code: '4196', message: 'unknown key' })).toEqual({
      outcome: 'rejected',
      code: '4196',
      message: 'unknown key',
    })
  })

  it('tells what happened where no answer came', () => {
    expect(verdictFromStatus({ status: 0, headers: {}, body: '', problem: 'timed out' }, 3)).toEqual({
      outcome: 'retry',
      code: 'no_answer',
      message: 'timed out',
    })
  })

  it('obeys the quota’s reset on 429 only, and Retry-After before it', () => {
    const reset = { 'x-ratelimit-reset': '30' }
    expect(verdictFromStatus(exampleAnswer(429, '', reset), 1)).toMatchObject({ after: 30_000 })
    expect(verdictFromStatus(exampleAnswer(429, '', { ...reset, 'retry-after': '5' }), 1)).toMatchObject({
      after: 5000,
    })
    expect(verdictFromStatus(exampleAnswer(503, '', reset), 1)).not.toHaveProperty('after')
  })
})

it('keeps 500 characters of what a platform says, and nothing of nothing', () => {
  expect(said('x'.repeat(2000))).toHaveLength(500)
  expect(said('  ')).toBeUndefined()
  expect(said(null)).toBeUndefined()
})
