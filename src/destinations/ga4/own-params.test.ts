import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { ga4 } from './ga4.ts'

const mapped = (event: Parameters<typeof ga4.toItems>[0]) => {
  const settings = ga4.settings.parse(examples.settings)
  const now = new Date('2026-11-22T10:00:00Z')
  const items = ga4.toItems(event, settings, { limited: false, backfill: false, test: false, now })
  return 'skip' in items ? [] : items
}

describe('an event of the theme’s own', () => {
  const said = (custom: object) => {
    const own = { name: 'size_guide_opened', ...custom }
    const [item] = mapped(exampleEvent({ id: 'cu-1', name: 'custom', identity: { customerId: '7' }, custom: own }))
    const { engagement_time_msec: _, ...params } =
      (item as { events: readonly { params: Readonly<Record<string, unknown>> }[] }).events[0]?.params ?? {}
    return params
  }

  it('tells its plain values, within Google’s limits', () => {
    expect(said({ size: 'M', tries: 2, fits: false, nothing: null, list: ['a'], empty: '' })).toEqual({
      size: 'M',
      tries: 2,
      fits: 'false',
    })
    expect(said({ long: 'x'.repeat(200) })).toEqual({ long: 'x'.repeat(100) })
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`field_${n}`, n]))
    expect(Object.keys(said({ ...many, value: 1, currency: 'USD' }))).toHaveLength(20)
  })

  it('tells money only as a pair that Google takes', () => {
    expect(said({ value: '5.00', currency: 'USD' })).toEqual({ value: 5, currency: 'USD' })
    for (const money of [
      { value: 5 },
      { currency: 'USD' },
      { value: 'much', currency: 'USD' },
      { value: 5, currency: '$' },
    ])
      expect(said(money)).toEqual({})
  })

  it('tells nothing that names people, and nothing under a name that Google gives a meaning', () => {
    expect(said({ note: 'ask jane@example.com', link: '/?mail=jane%40example.com', phone: '+16505550182' })).toEqual({})
    expect(said({ email: 'x', first_name: 'Jane', shipping_address: '1 Main St' })).toEqual({})
    expect(
      said({ session_id: 1, page_location: 'x', transaction_id: '1', items: 'x', user_id: '7', gclid: 'x' }),
    ).toEqual({})
    expect(said({ ga_x: 1, google_x: 1, firebase_x: 1, _x: 1, '1a': 1, 'a b': 1, ['a'.repeat(41)]: 1 })).toEqual({})
  })

  it('tells addresses without what tells of a click', () => {
    expect(said({ guide: 'https://shop.example.com/sizes?gclid=x&unit=cm' })).toEqual({
      guide: 'https://shop.example.com/sizes?unit=cm',
    })
  })
})
