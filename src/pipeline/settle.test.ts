import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { LAG_BOUNDS, quarterHour } from '../store/rollup.ts'
import { NOW, order, seenByPixel } from './double.ts'
import { bytesOf, type Result, settle } from './settle.ts'

const result = (seq: number, outcome: Result['outcome'], more: Partial<Result> = {}): Result => ({
  seq,
  name: 'order_placed',
  receivedAt: NOW,
  event: order(),
  outcome,
  ...more,
})
const settled = (results: readonly Result[], now = NOW) => settle(results, [], [], now, 'pinterest')
const hold = { kind: 'hold', due: NOW + 30_000, tries: 0 } as const
const bucket = quarterHour(NOW)

describe('bytes', () => {
  it('are one per number of the stretch; 0 for one without a result and for one that had a byte before', () => {
    const results = [
      result(5, 'delivered'),
      result(6, 'no_consent'),
      result(7, 'delivered', { was: 'rejected' }),
      result(9, 'parked', { parked: hold }),
    ]
    expect([...bytesOf(results, 4, 10)]).toEqual([0, OUTCOMES.delivered, OUTCOMES.no_consent, 0, 0, OUTCOMES.parked, 0])
  })

  it('that were there before are overwritten when they change', () => {
    const { overwrite } = settled([
      result(2, 'delivered', { was: 'parked' }),
      result(3, 'rejected', { was: 'parked' }),
      result(4, 'parked', { was: 'parked', parked: hold }),
      result(5, 'delivered', { was: 'rejected' }),
    ])
    expect(overwrite).toEqual([
      { seq: 2, outcome: OUTCOMES.delivered },
      { seq: 3, outcome: OUTCOMES.rejected },
      { seq: 5, outcome: OUTCOMES.delivered },
    ])
  })
})

describe('parked rows', () => {
  it('tell why and until when', () => {
    const parked = { kind: 'retry', due: NOW + 5000, tries: 2, unsureSince: NOW - 1 } as const
    expect(settled([result(5, 'parked', { parked, code: 'http_500', message: 'm'.repeat(600) })]).park).toEqual([
      { seq: 5, ...parked, code: 'http_500', message: 'm'.repeat(500), parkedAt: NOW },
    ])
  })

  it.each(['rejected', 'mapper_crash', 'expired'] as const)(
    'an event that ends as %s leaves a dead letter with its copy',
    (outcome) => {
      const [dead] = settled([result(5, outcome, { code: '4196', message: 'too old' })]).park
      expect(dead).toEqual({
        seq: 5,
        kind: 'dead',
        due: 0,
        tries: 0,
        code: '4196',
        message: 'too old',
        copy: order(),
        parkedAt: NOW,
      })
    },
  )

  it('what was delivered or skipped leaves none', () => {
    expect(settled([result(5, 'delivered'), result(6, 'no_consent'), result(7, 'sent')]).park).toEqual([])
  })
})

describe('rollups', () => {
  it('count events and minor units per quarter hour of arrival, name and outcome', () => {
    const { rollups } = settled([
      result(1, 'no_consent'),
      result(2, 'no_consent'),
      result(3, 'no_consent', { name: 'page_viewed', event: seenByPixel() }),
      result(4, 'no_consent', { receivedAt: NOW + 900_000 }),
      result(5, 'no_consent', { event: order({ commerce: { value: '39653', currency: 'JPY' } }) }),
    ])
    const told = { outcome: OUTCOMES.no_consent }
    expect(rollups).toEqual([
      { bucket, name: 'order_placed', ...told, count: 3, value: 1250 + 1250 + 39_653 },
      { bucket, name: 'page_viewed', ...told, count: 1, value: 0 },
      { bucket: bucket + 900_000, name: 'order_placed', ...told, count: 1, value: 1250 },
    ])
  })

  it('move what ends from parked to its outcome', () => {
    const { rollups } = settled([result(1, 'delivered', { was: 'parked' })])
    expect(rollups).toMatchObject([
      { outcome: OUTCOMES.parked, count: -1, value: -1250 },
      { outcome: OUTCOMES.delivered, count: 1, value: 1250 },
    ])
  })

  it('do not change for what stays parked', () => {
    expect(settled([result(1, 'parked', { was: 'parked', parked: hold })]).rollups).toEqual([])
  })

  it('count an event whose body is gone, which has no value any more', () => {
    const { rollups, park } = settled([result(1, 'redacted', { event: undefined, was: 'parked' })])
    expect(rollups).toEqual([
      { bucket, name: 'order_placed', outcome: OUTCOMES.parked, count: -1, value: 0 },
      { bucket, name: 'order_placed', outcome: OUTCOMES.redacted, count: 1, value: 0 },
    ])
    expect(park[0]).not.toHaveProperty('copy')
  })

  it.each([
    [-1000, 0],
    [0, 0],
    ...LAG_BOUNDS.flatMap((bound, index) => [
      [bound, index],
      [bound + 1, index + 1],
    ]),
  ])('a delivery %i ms after the event is of lag class %i', (ms, place) => {
    const { lag } = settled([result(1, 'delivered')], NOW + ms).rollups[0] ?? {}
    expect(lag).toEqual([...LAG_BOUNDS, Number.POSITIVE_INFINITY].map((_, index) => (index === place ? 1 : 0)))
  })

  it('count what the platform remarked on events that it took', () => {
    const note = 'Missing recommended fields: click_id'
    const { rollups } = settled([
      result(1, 'delivered', { note }),
      result(2, 'delivered', { note }),
      result(3, 'delivered'),
    ])
    expect(rollups[0]?.notes).toEqual({ [note]: 2 })
  })

  it('tell which sent purchases the browser’s side did not tell itself, and take it back with the outcome', () => {
    const untold = order()
    const identity = { clientId: 'phone' }
    const seen = order({ identity })
    const tagged = order({ identity, flags: ['tag_fired:pinterest'] })
    const taggedElsewhere = order({ identity, flags: ['tag_fired:meta'] })
    const none = { count: 0, value: 0 }
    const recovered = (event: Event, more: Partial<Result> = {}) =>
      settled([result(1, 'delivered', { event, ...more })]).rollups.map((rollup) => rollup.recovered)
    const one = { count: 1, value: settled([result(1, 'delivered')]).rollups[0]?.value }
    expect(recovered(untold)).toEqual([{ noTag: one, noBrowser: one }])
    expect(recovered(seen)).toEqual([{ noTag: one, noBrowser: none }])
    expect(recovered(taggedElsewhere)).toEqual([{ noTag: one, noBrowser: none }])
    expect(recovered(tagged)).toEqual([undefined])
    const back = { count: -1, value: -Number(one.value) }
    expect(recovered(untold, { was: 'sent' })).toEqual([
      { noTag: back, noBrowser: back },
      { noTag: one, noBrowser: one },
    ])
    expect(settled([result(1, 'consent_unknown')]).rollups[0]).not.toHaveProperty('recovered')
  })

  it('count the identifiers that delivered items carried', () => {
    const { rollups } = settled([
      result(1, 'delivered', { carried: ['em', 'click_id'] }),
      result(2, 'delivered', { carried: ['em'] }),
      result(3, 'rejected', { carried: ['em'] }),
    ])
    expect(rollups[0]?.carried).toEqual({ em: 2, click_id: 1 })
    expect(rollups[1]).not.toHaveProperty('carried')
  })
})
