import { describe, expect, it } from 'vitest'
import { verdictsCommand } from './verdicts.ts'

const now = new Date('2026-11-22T10:00:00Z')
const run = (events: number, ...answers: unknown[]) => {
  const input = answers.map((answer) => (typeof answer === 'string' ? answer : JSON.stringify(answer))).join('\n')
  const { lines, status } = verdictsCommand({ destination: 'pinterest', events, now }, input)
  if (status === 2) return { printed: [], status }
  return { printed: lines.map((line) => JSON.parse(line)), status }
}

describe('converlay verdicts', () => {
  it('prints one verdict for every item of every answer', () => {
    const body = { events: [{ status: 'processed' }, { status: 'failed', error_message: 'too old' }] }
    expect(
      run(
        2,
        { status: 200, headers: {}, body: JSON.stringify(body) },
        { status: 422, body: { code: 953, details: body } },
      ),
    ).toEqual({
      printed: [
        { document: 0, index: 0, outcome: 'accepted' },
        { document: 0, index: 1, outcome: 'rejected', code: 'event_failed', message: 'too old' },
        { document: 1, index: 0, outcome: 'accepted' },
        { document: 1, index: 1, outcome: 'rejected', code: '953', message: 'too old' },
      ],
      status: 0,
    })
  })

  it.each([
    ['seconds', { 'Retry-After': '90' }, 90],
    ['a fraction', { 'retry-after': '0.5' }, 0.5],
    [
      'a date, against the answer’s own',
      { 'Retry-After': 'Sun, 22 Nov 2026 11:00:30 GMT', Date: 'Sun, 22 Nov 2026 11:00:00 GMT' },
      30,
    ],
    ['a date, against now', { 'Retry-After': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30],
    ['a header that is a number', { 'X-RateLimit-Reset': 12 }, 12],
  ])('prints waits in seconds: %s', (_, headers, after) => {
    expect(run(1, { status: 429, headers, body: { code: 8 } }).printed).toEqual([
      { document: 0, index: 0, outcome: 'retry', code: '8', after },
    ])
  })

  it('takes status 0 for no answer', () => {
    expect(run(1, { status: 0 }).printed).toEqual([{ document: 0, index: 0, outcome: 'retry', code: 'no_answer' }])
  })

  it('tells of a document that is no answer and goes on', () => {
    const { printed, status } = run(1, { body: 'x' }, '{"status":', { status: 503 })
    expect(status).toBe(1)
    expect(printed).toEqual([
      { document: 0, error: expect.stringContaining('status') },
      { document: 1, error: 'not JSON' },
      { document: 2, index: 0, outcome: 'retry', code: 'http_503' },
    ])
  })

  it('is used wrongly without a number of events, and with a poll where there is none', () => {
    expect(run(0, {}).status).toBe(2)
    expect(verdictsCommand({ destination: 'pinterest', events: 1, poll: true, now }, '').status).toBe(2)
  })
})
