import { describe, expect, it } from 'vitest'
import type { Verdict } from './destination.ts'
import { exampleEvent } from './examples.ts'
import { pinterest } from './pinterest/pinterest.ts'
import { mapEvent, planRequests, together, verdictsByEntry } from './plan.ts'

const settings = pinterest.settings.parse({ adAccountId: '549755885175', conversionToken: 'pina_EXAMPLE_TOKEN' })
const how = { limited: false, backfill: false, test: false, now: new Date('2026-11-22T10:00:00Z') }
const now = new Date('2026-11-22T10:00:00Z')
const live = { singly: false, test: false, now }

const entry = (index: number, title = 'x') => {
  const event = exampleEvent({
    id: `view-${index}`,
    name: 'product_viewed',
    identity: { email: 'jane@example.com' },
    commerce: { items: [{ productId: '1', variantId: '2', title }] },
  })
  const mapped = mapEvent(pinterest, settings, event, how)
  return { index, items: 'items' in mapped ? mapped.items : [] }
}

describe('requests of many events', () => {
  it('are filled to the number that one may carry', () => {
    const requests = planRequests(
      pinterest,
      settings,
      Array.from({ length: 2500 }, (_, n) => entry(n)),
      live,
    )
    expect(requests.map(({ items }) => items.length)).toEqual([1000, 1000, 500])
    expect(requests[1]?.entries[0]?.index).toBe(1000)
  })

  it('are cut where their bytes would be too many', () => {
    const requests = planRequests(
      pinterest,
      settings,
      Array.from({ length: 600 }, (_, n) => entry(n, 'ü'.repeat(2000))),
      live,
    )
    expect(requests.length).toBeGreaterThan(1)
    for (const { request } of requests) expect(Buffer.byteLength(request.body ?? '')).toBeLessThanOrEqual(1024 * 1024)
    expect(requests.flatMap(({ entries }) => entries.map(({ index }) => index))).toEqual([...Array(600).keys()])
  })

  it('carry one item each when sent singly, and 20 at most in test mode', () => {
    const entries = Array.from({ length: 25 }, (_, n) => entry(n))
    expect(planRequests(pinterest, settings, entries, { singly: true, test: false, now })).toHaveLength(25)
    const tests = planRequests(pinterest, settings, entries, { singly: false, test: true, now })
    expect(tests.map(({ items }) => items.length)).toEqual([20, 5])
    expect(tests[0]?.request.url).toMatch(/\?test=true$/)
  })

  it('are none for no events', () => {
    expect(planRequests(pinterest, settings, [], live)).toEqual([])
  })
})

describe('an event with several items', () => {
  const one = entry(1)
  const two = { index: 7, items: [...entry(7).items, ...entry(8).items] }
  const [planned] = planRequests(pinterest, settings, [one, two], live)
  const accepted: Verdict = { outcome: 'accepted' }
  const rejected: Verdict = { outcome: 'rejected', code: 'x', message: 'no' }

  it('is named once and delivered when all its items are', () => {
    if (planned === undefined) throw new Error('nothing was planned')
    expect(planned.entries).toEqual([one, two])
    const all = verdictsByEntry(planned, [accepted, accepted, accepted])
    expect([...all.values()]).toEqual([accepted, accepted])
    const mixed = verdictsByEntry(planned, [accepted, accepted, rejected])
    expect(mixed.get(one)).toEqual(accepted)
    expect(mixed.get(two)).toEqual(rejected)
  })

  it('refuses a destination that gave another number of verdicts', () => {
    if (planned === undefined) throw new Error('nothing was planned')
    expect(() => verdictsByEntry(planned, [accepted])).toThrow('number of verdicts')
  })

  it('is tried again while one item is open, after the longer wait', () => {
    const soon: Verdict = { outcome: 'retry', code: 'a', after: 1000 }
    const later: Verdict = { outcome: 'retry', code: 'b', after: 9000 }
    expect(together(rejected, soon)).toBe(soon)
    expect(together(soon, accepted)).toBe(soon)
    expect(together(later, soon)).toBe(later)
    expect(together(accepted, { outcome: 'accepted', note: 'a warning' })).toEqual({
      outcome: 'accepted',
      note: 'a warning',
    })
  })
})
