import { describe, expect, it } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { ask } from '../kit/asking.ts'
import { data, EM, event, expectTaken, NOW, OTHER, PH, PIXEL, SECONDS, send, snapchat, tagHit } from './sending.ts'

describe('the pixel', () => {
  it('asks for an image and tells name, dedup id, data and who it was', () => {
    const sandbox = snapchat()
    expect(tagHit(sandbox).headers['content-type']).toBe('image/gif')
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PIXEL,
        name: 'PURCHASE',
        eventId: 'pur_1',
        orderId: '1',
        value: '129.90',
        currency: 'USD',
        contentIds: ['44001112223334', '44001112223335'],
        sources: { tag: 1, server: 0 },
        identifiers: {
          em: [EM],
          sc_click_id: ['AbC-1'],
          sc_cookie1: ['7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6'],
          client_ip_address: ['203.0.113.9'],
          client_user_agent: ['Mozilla/5.0'],
        },
      },
    ])
  })

  const own = { price: 5, currency: 'USD', transaction_id: '7', item_ids: ['1', '2'], client_dedup_id: 'pur_7' }
  it.each<[string, string, unknown]>([
    [
      'a list of messages at its other host',
      'https://tr6.snapchat.com/p',
      { ctx: {}, req: [{ i: { pids: [PIXEL] } }, { t: { pid: PIXEL, ev: 'PURCHASE', ...own } }, { log: {} }] },
    ],
    ['one message', 'https://tr.snapchat.com/p', { pid: PIXEL, ev: 'PURCHASE', ...own }],
    [
      'a form',
      'https://tr.snapchat.com/p',
      `pid=${PIXEL}&ev=PURCHASE&price=5&currency=USD&transaction_id=7&item_ids=1,2&client_dedup_id=pur_7`,
    ],
  ])('may post %s', (_, url, body) => {
    const sandbox = snapchat()
    expect(ask(sandbox, { url, body, at: NOW }).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([
      { name: 'PURCHASE', eventId: 'pur_7', orderId: '7', value: '5', currency: 'USD', contentIds: ['1', '2'] },
    ])
  })

  it('writes `undefined` where it knows nothing', () => {
    const sandbox = snapchat()
    tagHit(sandbox, { ev: 'ADD_CART', e_cur: 'undefined', cdid: 'undefined' })
    expect(sandbox.conversions()).toMatchObject([{ currency: undefined, eventId: undefined }])
  })

  it.each<[string, unknown]>([
    ['no event', { pid: PIXEL }],
    ['no pixel', { ev: 'PURCHASE' }],
    ['a list', []],
    ['messages of another kind', { req: [null, { log: { name: 'ERR' } }, { t: { pid: PIXEL } }] }],
  ])('is no conversion with %s', (_, body) => {
    const sandbox = snapchat()
    expect(ask(sandbox, { url: 'https://tr.snapchat.com/p', body, at: NOW }).status).toBe(200)
    expect(sandbox.conversions()).toEqual([])
  })

  it('counts for nobody when nobody has it', () => {
    const sandbox = snapchat()
    tagHit(sandbox, { pid: '3ff2a6f1-9999-4000-8000-000000000009' })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })

  it('has no page elsewhere', () => {
    expect(ask(snapchat(), { url: 'https://tr.snapchat.com/ping', at: NOW }).status).toBe(404)
  })
})

describe('deduplication of pixel and server', () => {
  const bought = (over: Readonly<Record<string, unknown>> = {}, order_id = '1') =>
    data(
      event({
        event_name: 'PURCHASE',
        event_id: 'pur_1',
        user_data: { ph: [PH] },
        custom_data: { value: 120, currency: 'USD', order_id },
        ...over,
      }),
    )
  const noId = { event_id: undefined }

  it.each([0, 48 * HOUR])('merges one name and event id after %i ms; the first copy’s value stays', (later) => {
    const sandbox = snapchat()
    tagHit(sandbox)
    const body = bought({ event_time: SECONDS })
    expectTaken(send(sandbox, { body, at: NOW + later }))
    expect(sandbox.conversions()).toMatchObject([
      { sources: { tag: 1, server: 1 }, merged: true, value: '129.90', identifiers: { em: [EM], ph: [PH] } },
    ])
  })

  it('server first: its value stays', () => {
    const sandbox = snapchat()
    send(sandbox, { body: bought() })
    tagHit(sandbox)
    expect(sandbox.conversions()).toMatchObject([{ merged: true, value: '120' }])
  })

  it('merges purchases of one order where neither has an event id', () => {
    const sandbox = snapchat()
    tagHit(sandbox, { cdid: '' })
    send(sandbox, { body: bought(noId) })
    expect(sandbox.conversions()).toMatchObject([{ merged: true }])
  })

  it('merges a repeat of the server', () => {
    const sandbox = snapchat()
    send(sandbox, { body: bought() })
    send(sandbox, { body: bought() })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, merged: false }])
  })

  it.each<[string, Readonly<Record<string, string>>, unknown, number]>([
    ['another event id of the same order', {}, bought({ event_id: 'pur_2' }), NOW],
    ['another name', {}, bought({ event_name: 'SIGN_UP' }), NOW],
    ['an event id on one side only', {}, bought(noId), NOW],
    ['another order without event ids', { cdid: '' }, bought(noId, '2'), NOW],
    [
      'one order without event ids, no purchase',
      { cdid: '', ev: 'SIGN_UP' },
      bought({ ...noId, event_name: 'SIGN_UP' }),
      NOW,
    ],
    ['more than 48 hours apart', {}, bought({ event_time: SECONDS }), NOW + 48 * HOUR + 1],
  ])('counts twice: %s', (_, hit, body, at) => {
    const sandbox = snapchat()
    tagHit(sandbox, hit)
    expectTaken(send(sandbox, { body, at }))
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges what another pixel received', () => {
    const sandbox = snapchat()
    send(sandbox, { body: bought() })
    send(sandbox, { body: bought(), pixel: OTHER, token: 'other_token' })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})
