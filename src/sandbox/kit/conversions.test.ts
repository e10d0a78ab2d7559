import { describe, expect, it } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { byEventId, byOrderId, createConversions, identifiersIn, type MergeRule, type Sighting } from './conversions.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')

const seen = (over: Partial<Sighting> = {}): Sighting => ({
  source: 'server',
  account: 'a',
  name: 'purchase',
  eventId: 'pur_1',
  orderId: '1',
  value: '10.00',
  currency: 'EUR',
  occurredAt: NOW,
  receivedAt: NOW,
  identifiers: { em: ['h1'] },
  ...over,
})

const counted = (rule: MergeRule, ...sightings: readonly Sighting[]) => {
  const conversions = createConversions(rule, 100)
  for (const sighting of sightings) conversions.record(sighting)
  return conversions.of()
}

describe('a merge rule', () => {
  it('by event id merges the same name and id within the window, measured from the first arrival', () => {
    const rule = { key: byEventId, window: HOUR }
    expect(
      counted(
        rule,
        seen({ source: 'tag', identifiers: { click: ['c'] } }),
        seen({ receivedAt: NOW + HOUR, value: '12.00', identifiers: { em: ['h1', 'h2'] } }),
        seen({ receivedAt: NOW + HOUR, identifiers: { em: ['h2'] } }),
        seen({ receivedAt: NOW + HOUR + 1 }),
      ),
    ).toMatchObject([
      {
        sources: { tag: 1, server: 2 },
        count: 3,
        merged: true,
        value: '10.00',
        receivedAt: '2026-11-22T12:00:00.000Z',
        identifiers: { click: ['c'], em: ['h1', 'h2'] },
      },
      { sources: { tag: 0, server: 1 }, count: 1, merged: false },
    ])
  })

  it.each<[string, Partial<Sighting>]>([
    ['another name', { name: 'lead' }],
    ['another event id', { eventId: 'pur_2' }],
    ['another account', { account: 'b' }],
    ['no event id', { eventId: undefined }],
  ])('by event id keeps apart: %s', (_, over) => {
    expect(counted({ key: byEventId }, seen(), seen(over), seen(over))).toHaveLength(
      over.eventId === undefined && 'eventId' in over ? 3 : 2,
    )
  })

  it('by order id merges for ever and lets the newest value count where the platform restates', () => {
    const rule: MergeRule = { key: byOrderId, replaces: (_, later) => later.source === 'server' }
    const year = NOW + 365 * 24 * HOUR
    expect(
      counted(
        rule,
        seen({ eventId: 'x' }),
        seen({ eventId: 'y', value: '4.00', receivedAt: year }),
        seen({ source: 'tag', value: '9.00', receivedAt: year }),
      ),
    ).toMatchObject([{ value: '4.00', count: 3, merged: true, eventId: 'x' }])
  })

  it('without a key counts every repeat', () => {
    expect(counted({ key: () => undefined }, seen(), seen(), seen())).toHaveLength(3)
  })
})

it('joins marks, warnings and the limited use of all sightings', () => {
  expect(
    counted(
      { key: byEventId },
      seen({ marks: ['late'], warnings: ['w1'] }),
      seen({ marks: ['late', 'opt-out'], warnings: ['w2'], limited: true }),
    ),
  ).toMatchObject([{ marks: ['late', 'opt-out'], warnings: ['w1', 'w2'], limited: true }])
})

it('forgets the oldest, which then merges with nothing', () => {
  const conversions = createConversions({ key: byEventId }, 1)
  conversions.record(seen())
  conversions.record(seen({ eventId: 'pur_2' }))
  conversions.record(seen())
  expect(conversions.of()).toMatchObject([{ eventId: 'pur_1', count: 1 }])
  conversions.reset()
  expect(conversions.of()).toEqual([])
})

it('identifiers are read from lists and single values alike, what is empty is none', () => {
  const fields = { em: ['h1', ''], ip: '203.0.113.1', lead: 7, ph: [], ua: '', id: null, other: 'x' }
  expect(identifiersIn(fields, ['em', 'ip', 'lead', 'ph', 'ua', 'id', 'absent'])).toEqual({
    em: ['h1'],
    ip: ['203.0.113.1'],
    lead: ['7'],
  })
})
