import { expect, it } from 'vitest'
import { jsonLog, whatFailed } from './log.ts'

const logged = (work: (log: ReturnType<typeof jsonLog>) => void): string => {
  let text = ''
  work(
    jsonLog('debug', {
      write(line: string) {
        text += line
      },
    }),
  )
  return text
}

it('a happening is one line of JSON with its fields', () => {
  const line = logged((log) => log.warn('dropped', { shop: 'demo.myshopify.com', dropped: 3 }))
  expect(JSON.parse(line)).toMatchObject({ level: 40, msg: 'dropped', shop: 'demo.myshopify.com', dropped: 3 })
  expect(line.endsWith('}\n')).toBe(true)
})

it('a field that is filled from outside is cut, and what has the form of something personal is taken out', () => {
  const topic = `maya@example.com +4915112345678 203.0.113.77 ${'ab'.repeat(32)} orders/create ${'x'.repeat(500)}`
  const { topic: kept } = JSON.parse(logged((log) => log.info('came', { topic }))) as { topic: string }
  expect(kept).toMatch(/^… … … … orders\/create x+$/)
  expect(kept.length).toBeLessThanOrEqual(200)
})

const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (fault) {
    return fault
  }
}

it('a fault is told by its name and place, never by its message: one of JSON quotes the text', () => {
  const fault = thrown(() => JSON.parse('Maya Lindqvist'))
  expect(String(fault)).toContain('Maya')
  expect(whatFailed(fault)).toMatch(/^SyntaxError at src\/lib\/log\.test\.ts:\d+$/)
  expect(whatFailed(Object.assign(new Error('duplicate key (maya@example.com)'), { code: '23505' }))).toMatch(
    /^Error 23505 at src\//,
  )
  expect(whatFailed('maya@example.com')).toBe('unknown')
})
