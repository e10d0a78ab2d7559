import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../lib/duration.ts'
import {
  access,
  EMAIL,
  event,
  expectCode,
  NOW,
  OTHER,
  PHONE,
  PIXEL,
  request,
  SECONDS,
  send,
  tagHit,
  tiktok,
} from './sending.ts'

describe('the pixel’s hit', () => {
  it('tells name, event id, data and who it was', () => {
    const sandbox = tiktok()
    const answer = tagHit(sandbox)
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*'])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PIXEL,
        name: 'Purchase',
        eventId: 'pur_1',
        orderId: '1',
        value: '129.9',
        currency: 'USD',
        contentIds: ['44001112223334'],
        sources: { tag: 1, server: 0 },
        limited: false,
        identifiers: {
          email: [EMAIL],
          phone: [PHONE],
          ttp: ['2F7h37YkS1j57AYSKTI7IHhJPYH'],
          ttclid: ['E.C.P.ExampleClickId'],
          ip: ['203.0.113.9'],
          user_agent: ['Mozilla/5.0'],
        },
      },
    ])
  })

  it('may name products by content_ids and ask for limited use', () => {
    const sandbox = tiktok()
    tagHit(sandbox, { properties: { content_ids: ['7'] }, limited_data_use: true }, NOW, '/')
    expect(sandbox.conversions()).toMatchObject([{ contentIds: ['7'], limited: true }])
  })

  it('is no conversion where the pixel tells what it noticed by itself, or no event', () => {
    const sandbox = tiktok()
    tagHit(sandbox, { event: 'Click' }, NOW, '/act')
    tagHit(sandbox, { event: undefined, action: 'Pf' })
    tagHit(sandbox, { context: {} })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).not.toContain('named a tag that no account owns')
  })

  it('counts for nobody when nobody has the pixel', () => {
    const sandbox = tiktok()
    tagHit(sandbox, { context: { pixel: { code: 'C0000000000000000000' } } })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })
})

describe('deduplication of tag and server', () => {
  const bought = (over: Readonly<Record<string, unknown>> = {}) =>
    request(event({ event: 'Purchase', event_id: 'pur_1', properties: { value: 120, currency: 'USD' }, ...over }))

  it.each([
    ['at once', 0],
    ['after five minutes', 5 * MINUTE + 1],
    ['after 48 hours', 48 * HOUR],
  ])('tag first, the server %s: one conversion, the first value stays', (_, later) => {
    const sandbox = tiktok()
    tagHit(sandbox)
    send(sandbox, { body: bought(), at: NOW + later })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 1, server: 1 }, merged: true, value: '129.9' }])
  })

  it('server first: one conversion, its value stays, and the tag enriches it', () => {
    const sandbox = tiktok()
    send(sandbox, { body: bought() })
    tagHit(sandbox, {}, NOW + 4 * MINUTE)
    expect(sandbox.conversions()).toMatchObject([{ merged: true, value: '120', identifiers: { phone: [PHONE] } }])
  })

  it('merges a repeat of the server', () => {
    const sandbox = tiktok()
    send(sandbox, { body: bought() })
    send(sandbox, { body: bought() })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, merged: false }])
  })

  it.each<[string, unknown, number]>([
    ['another event id', bought({ event_id: 'pur_2' }), NOW],
    ['another name', bought({ event: 'Lead' }), NOW],
    ['the old name of a purchase', bought({ event: 'CompletePayment' }), NOW],
    ['no event id', bought({ event_id: undefined }), NOW],
    ['more than 48 hours apart', bought({ event_time: Math.floor(SECONDS) }), NOW + 48 * HOUR + 1],
  ])('counts twice: %s', (_, body, at) => {
    const sandbox = tiktok()
    tagHit(sandbox)
    expectCode(send(sandbox, { body, at }), 0, 'OK')
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('counts a page view of both sides twice, because the tag’s has no event id', () => {
    const sandbox = tiktok()
    tagHit(sandbox, { event: 'Pageview', event_id: '' })
    send(sandbox, { body: request(event({ event: 'Pageview', event_id: 'pv_1' })) })
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges what another pixel received', () => {
    const sandbox = tiktok()
    send(sandbox, { body: bought() })
    send(sandbox, { body: { ...bought(), event_source_id: OTHER }, headers: access('other_token') })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})
