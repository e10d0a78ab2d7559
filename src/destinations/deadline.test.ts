import { describe, expect, it } from 'vitest'
import { tagFired } from '../event/tag-flags.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import { criteo } from './criteo/criteo.ts'
import { maxAgeOf, twinMergedUntil } from './deadline.ts'
import { exampleEvent } from './examples.ts'
import { klaviyo } from './klaviyo/klaviyo.ts'
import { meta } from './meta/meta.ts'
import { pinterest } from './pinterest/pinterest.ts'

const at = Date.parse('2026-11-22T10:00:00Z')
const told = (name: 'order_placed' | 'page_viewed', more: object = {}) =>
  exampleEvent({ id: 'pur_1', name, occurredAt: new Date(at).toISOString(), ...more })

describe('how old an event may be', () => {
  it.each([
    ['Meta, on the web', meta, told('order_placed'), 7 * DAY - MINUTE],
    ['Meta, at a till', meta, told('order_placed', { commerce: { channel: 'pos' } }), 62 * DAY - MINUTE],
    ['Criteo, a purchase', criteo, told('order_placed'), DAY],
    ['Criteo, a visit', criteo, told('page_viewed'), 10 * MINUTE],
  ])('%s', (_, destination, event, age) => {
    expect(maxAgeOf(destination, event)).toBe(age)
  })
})

describe('an event that the tag told as well goes until', () => {
  const mergedFor = (destination: typeof meta, name: 'order_placed' | 'page_viewed' = 'order_placed') => {
    const until = twinMergedUntil(destination, told(name, { flags: [tagFired(destination.slug)] }))
    return until === undefined ? undefined : until - at
  }

  it.each([
    ['an hour before the end of a long window', meta, 47 * HOUR],
    ['a quarter of a short window before its end', pinterest, 45 * MINUTE],
    ['not at all where a tag’s event is never merged', klaviyo, 0],
    ['not at all where nothing is merged', criteo, 0],
  ])('%s', (_, destination, ms) => {
    expect(mergedFor(destination)).toBe(ms)
  })

  it('its age ends it, where no tag or another platform’s tag fired', () => {
    expect(twinMergedUntil(meta, told('order_placed'))).toBeUndefined()
    expect(twinMergedUntil(meta, told('order_placed', { flags: [tagFired('pinterest')] }))).toBeUndefined()
  })
})
