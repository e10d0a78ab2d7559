import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../lib/duration.ts'
import { ask } from '../kit/asking.ts'
import { bearer, DATASET, data, EM, event, meta, NOW, OTHER, SECONDS, send, tagHit } from './sending.ts'

describe('the pixel’s image', () => {
  const purchase = {
    ev: 'Purchase',
    eid: 'pur_1',
    'cd[value]': '129.90',
    'cd[currency]': 'USD',
    'cd[order_id]': '1',
    'cd[content_ids]': '["44112233445566"]',
    'ud[em]': EM,
    fbp: 'fb.1.1795255200000.1098115397',
    dpo: 'LDU',
  }

  it('tells name, event id, data and who it was', () => {
    const sandbox = meta()
    expect(tagHit(sandbox, purchase).headers['content-type']).toBe('image/gif')
    expect(sandbox.conversions()).toMatchObject([
      {
        account: DATASET,
        name: 'Purchase',
        eventId: 'pur_1',
        orderId: '1',
        value: '129.90',
        currency: 'USD',
        contentIds: ['44112233445566'],
        sources: { tag: 1, server: 0 },
        limited: true,
        identifiers: {
          em: [EM],
          fbp: ['fb.1.1795255200000.1098115397'],
          client_ip_address: ['203.0.113.9'],
          client_user_agent: ['Mozilla/5.0'],
        },
      },
    ])
  })

  it('may be posted, and counts for nobody when nobody has the pixel', () => {
    const sandbox = meta()
    const form = new URLSearchParams({ id: DATASET, ev: 'PageView', eid: 'pv_1' })
    ask(sandbox, { url: 'https://www.facebook.com/tr/', body: form.toString(), at: NOW })
    tagHit(sandbox, { ...purchase, id: '99' })
    expect(sandbox.conversions()).toMatchObject([{ name: 'PageView', eventId: 'pv_1' }])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })
})

describe('deduplication of tag and server', () => {
  const bought = (over: Readonly<Record<string, unknown>> = {}) =>
    event({ event_name: 'Purchase', event_id: 'pur_1', custom_data: { value: 120, currency: 'USD' }, ...over })
  const hit = { ev: 'Purchase', eid: 'pur_1', 'cd[value]': '129.90', 'cd[currency]': 'USD' }

  it('merges one name and event id and knows what both told; the first copy’s value stays', () => {
    const sandbox = meta()
    tagHit(sandbox, hit, NOW - 47 * HOUR)
    send(sandbox, { body: data(bought()) })
    expect(sandbox.conversions()).toMatchObject([
      {
        sources: { tag: 1, server: 1 },
        merged: true,
        value: '129.90',
        identifiers: { em: [EM], client_ip_address: ['203.0.113.9'] },
      },
    ])
  })

  it.each([
    ['within five minutes the browser’s copy is favoured', 5 * MINUTE, '129.90'],
    ['later the server’s copy stays', 5 * MINUTE + 1, '120'],
  ])('server first: %s', (_, later, value) => {
    const sandbox = meta()
    send(sandbox, { body: data(bought()) })
    tagHit(sandbox, hit, NOW + later)
    expect(sandbox.conversions()).toMatchObject([{ merged: true, value }])
  })

  it('merges a repeat of the server', () => {
    const sandbox = meta()
    send(sandbox, { body: data(bought()) })
    send(sandbox, { body: data(bought()) })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, merged: false }])
  })

  it.each<[string, object, number]>([
    ['another event id', bought({ event_id: 'pur_2' }), NOW],
    ['another name', bought({ event_name: 'Lead' }), NOW],
    ['no event id', bought({ event_id: undefined }), NOW],
    ['more than 48 hours apart', bought({ event_time: SECONDS }), NOW + 48 * HOUR + 1],
  ])('counts twice: %s', (_, second, at) => {
    const sandbox = meta()
    tagHit(sandbox, hit)
    expect(send(sandbox, { body: data(second), at }).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges what another dataset received', () => {
    const sandbox = meta()
    send(sandbox, { body: data(bought()) })
    const headers = bearer('EAAother')
    send(sandbox, { body: data(bought()), path: `/v26.0/${OTHER}/events`, headers })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})
