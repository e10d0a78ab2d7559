import { describe, expect, it } from 'vitest'
import type { Platform } from '../platform.ts'
import { collect, event, events, ga4, NOW, OTHER, purchase, refusals, STREAM, tagHit } from './sending.ts'

const BOUGHT = {
  en: 'purchase',
  'ep.transaction_id': 'SHOP-1',
  'epn.value': '89.90',
  cu: 'EUR',
  pr1: 'id222~nmLinen shirt~pr45~qt2',
}

describe('gtag’s hits', () => {
  it('tell event, transaction, value, items, client and session', () => {
    const sandbox = ga4()
    expect(tagHit(sandbox, BOUGHT)).toMatchObject({ status: 204, body: '' })
    expect(sandbox.conversions()).toMatchObject([
      {
        account: STREAM,
        name: 'purchase',
        orderId: 'SHOP-1',
        value: '89.90',
        currency: 'EUR',
        contentIds: ['222'],
        sources: { tag: 1, server: 0 },
        identifiers: {
          client_id: ['1234567890.1763800000'],
          session_id: ['1763812345'],
          ip_override: ['203.0.113.9'],
        },
      },
    ])
    // They are no server’s requests.
    expect(sandbox.requests()).toEqual([])
  })

  it('come as lines of a body that share the query', () => {
    const sandbox = ga4()
    tagHit(sandbox, {}, { body: 'en=page_view\r\nen=scroll&epn.percent_scrolled=90' })
    expect(sandbox.conversions().map(({ name }) => name)).toEqual(['page_view', 'scroll'])
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without an event', {}],
    ['of another version', { ...BOUGHT, v: '1' }],
    ['without a client id', { ...BOUGHT, cid: '' }],
  ])('are no conversion %s', (_, fields) => {
    const sandbox = ga4()
    tagHit(sandbox, fields)
    expect(sandbox.conversions()).toEqual([])
  })

  it('count for nobody when nobody has the stream', () => {
    const sandbox = ga4()
    tagHit(sandbox, { ...BOUGHT, tid: 'G-NOBODY' })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })
})

describe('deduplication', () => {
  const server = (sandbox: Platform, ...list: readonly unknown[]) => collect(sandbox, { body: events(...list) })

  it('merges purchases of one transaction, the first value stays', () => {
    const sandbox = ga4()
    tagHit(sandbox, BOUGHT)
    server(sandbox, purchase())
    server(sandbox, purchase())
    expect(sandbox.conversions()).toMatchObject([
      { merged: true, count: 3, sources: { tag: 1, server: 2 }, value: '89.90' },
    ])
  })

  it('merges in the other order', () => {
    const sandbox = ga4()
    server(sandbox, purchase())
    tagHit(sandbox, BOUGHT)
    expect(sandbox.conversions()).toMatchObject([{ merged: true, value: '84.9' }])
  })

  it('takes an empty transaction id of the tag for an id like any other', () => {
    const sandbox = ga4()
    tagHit(sandbox, { ...BOUGHT, 'ep.transaction_id': '' })
    tagHit(sandbox, { ...BOUGHT, 'ep.transaction_id': '', cid: '2.2' })
    expect(sandbox.conversions()).toHaveLength(1)
  })

  it('counts purchases of different transactions', () => {
    const sandbox = ga4()
    server(sandbox, purchase(), purchase({ transaction_id: 'SHOP-2' }))
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('counts a purchase of the tag without a transaction', () => {
    const sandbox = ga4()
    const { 'ep.transaction_id': _, ...without } = BOUGHT
    tagHit(sandbox, without)
    tagHit(sandbox, without)
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('counts everything else as often as it comes', () => {
    const sandbox = ga4()
    const refund = event('refund', { transaction_id: 'SHOP-1', value: 10, currency: 'EUR' })
    server(sandbox, event('page_view'), refund)
    server(sandbox, event('page_view'), refund)
    tagHit(sandbox, { en: 'page_view' })
    expect(sandbox.conversions().map(({ name, merged }) => [name, merged])).toEqual([
      ['page_view', false],
      ['refund', false],
      ['page_view', false],
      ['refund', false],
      ['page_view', false],
    ])
  })

  it('never merges what another stream received', () => {
    const sandbox = ga4()
    server(sandbox, purchase())
    tagHit(sandbox, { ...BOUGHT, tid: OTHER })
    expect(sandbox.conversions()).toHaveLength(2)
  })
})

describe('refunds', () => {
  const refund = (value: number) => event('refund', { transaction_id: 'SHOP-1', value, currency: 'EUR' })
  const revenue = (sandbox: Platform, account = STREAM) => sandbox.query('revenue', new URLSearchParams({ account }))

  it('are shown and taken off the revenue of their transaction', () => {
    const sandbox = ga4()
    expect(sandbox.adsManager(NOW)).toContain('No purchase and no refund yet.')
    tagHit(sandbox, BOUGHT)
    collect(sandbox, { body: events(purchase(), refund(40), refund(9.9)) })
    expect(refusals(sandbox)).toEqual([])
    expect(revenue(sandbox)).toEqual([
      {
        account: STREAM,
        transactionId: 'SHOP-1',
        currency: 'EUR',
        purchased: '89.90',
        refunded: '49.90',
        revenue: '40.00',
      },
    ])
    expect(revenue(sandbox, OTHER)).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('40.00 after refunds of 49.90')
  })

  it('that came twice count twice', () => {
    const sandbox = ga4()
    collect(sandbox, { body: events(purchase(), refund(40)) })
    collect(sandbox, { body: events(refund(40)) })
    expect(revenue(sandbox)).toMatchObject([{ refunded: '80.00', revenue: '4.90' }])
  })
})
