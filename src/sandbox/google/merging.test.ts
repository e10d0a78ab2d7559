import { describe, expect, it } from 'vitest'
import type { Platform } from '../platform.ts'
import {
  adsDestination,
  CUSTOMER,
  conversion,
  EMAIL,
  google,
  ingest,
  NOW,
  tagHit,
  toAds,
  toProperty,
  visit,
} from './sending.ts'

const BOUGHT = {
  label: 'sandbox_purchase',
  value: '89.90',
  currency_code: 'EUR',
  oid: 'SHOP-1',
  gclaw: 'Cj0KCQiA_TEST_gclid-123',
}
const send = (sandbox: Platform, over: object = {}) => expect(ingest(sandbox, toAds(conversion(over))).status).toBe(200)

describe('the tag', () => {
  it('tells action, transaction, value and click', () => {
    const sandbox = google()
    expect(tagHit(sandbox, BOUGHT).headers['content-type']).toBe('image/gif')
    expect(sandbox.conversions()).toMatchObject([
      {
        account: CUSTOMER,
        name: 'purchase',
        orderId: 'SHOP-1',
        value: '89.90',
        currency: 'EUR',
        sources: { tag: 1, server: 0 },
        identifiers: { gclid: ['Cj0KCQiA_TEST_gclid-123'], ipAddress: ['203.0.113.9'], userAgent: ['Mozilla/5.0'] },
      },
    ])
  })

  it('counts nothing for a label that the account does not have', () => {
    const sandbox = google()
    tagHit(sandbox, { ...BOUGHT, label: 'x' })
    expect(sandbox.conversions()).toEqual([])
  })

  it('counts nothing for a tag that nobody has', () => {
    const sandbox = google()
    tagHit(sandbox, BOUGHT, NOW, '1')
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })
})

describe('one transaction of one action', () => {
  it('is one conversion of tag and API, which enriches and restates it', () => {
    const sandbox = google()
    tagHit(sandbox, BOUGHT)
    send(sandbox)
    expect(sandbox.conversions()).toMatchObject([
      {
        merged: true,
        value: '84.9',
        identifiers: { emailAddress: [EMAIL], gclid: ['Cj0KCQiA_TEST_gclid-123'] },
      },
    ])
  })

  it('keeps what the API told when the tag comes later', () => {
    const sandbox = google()
    send(sandbox)
    tagHit(sandbox, BOUGHT)
    expect(sandbox.conversions()).toMatchObject([{ merged: true, value: '84.9' }])
  })

  it('is restated as often as it comes again, to nothing too, and in another currency', () => {
    const sandbox = google()
    send(sandbox)
    send(sandbox, { conversionValue: 44.9 })
    expect(sandbox.conversions()).toMatchObject([{ value: '44.9', count: 2, sources: { server: 2 } }])
    send(sandbox, { conversionValue: 0, currency: 'USD' })
    expect(sandbox.conversions()).toMatchObject([{ value: '0', currency: 'USD', count: 3 }])
    expect(sandbox.adsManager(NOW)).toContain('USD 0.00')
  })

  it('is restated wrongly by a repeat that comes after the refund', () => {
    const sandbox = google()
    send(sandbox)
    send(sandbox, { conversionValue: 44.9 })
    send(sandbox)
    expect(sandbox.conversions()).toMatchObject([{ value: '84.9' }])
  })

  it('keeps its value when it comes again without one', () => {
    const sandbox = google()
    send(sandbox)
    send(sandbox, { conversionValue: undefined, currency: undefined })
    expect(sandbox.conversions()).toMatchObject([{ value: '84.9', currency: 'EUR' }])
  })
})

describe('counts twice', () => {
  it('another transaction', () => {
    const sandbox = google()
    send(sandbox)
    send(sandbox, { transactionId: 'SHOP-2' })
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('another action', () => {
    const sandbox = google()
    send(sandbox)
    const destinations = [adsDestination({ productDestinationId: '7001002004' })]
    ingest(sandbox, { ...toAds(conversion()), destinations })
    expect(sandbox.conversions().map(({ name }) => name)).toEqual(['purchase', 'others'])
  })

  it('a tag’s conversion without a transaction', () => {
    const sandbox = google()
    const { oid: _, ...without } = BOUGHT
    tagHit(sandbox, without)
    tagHit(sandbox, without)
    expect(sandbox.conversions()).toHaveLength(2)
  })
})

describe('for Google Analytics', () => {
  const bought = (conversionValue: number) =>
    visit({
      eventName: 'purchase',
      transactionId: 'SHOP-1',
      currency: 'EUR',
      conversionValue,
      cartData: { items: [{ itemId: '222' }] },
    })

  it('purchases of one transaction are one, and the first value stays', () => {
    const sandbox = google()
    ingest(sandbox, toProperty(bought(84.9)))
    ingest(sandbox, toProperty(bought(44.9)))
    expect(sandbox.conversions()).toMatchObject([{ value: '84.9', count: 2 }])
  })

  it('everything else counts as often as it comes', () => {
    const sandbox = google()
    const refund = visit({ eventName: 'refund', transactionId: 'SHOP-1', currency: 'EUR', conversionValue: 40 })
    ingest(sandbox, toProperty(visit(), refund))
    ingest(sandbox, toProperty(visit(), refund))
    expect(sandbox.conversions()).toHaveLength(4)
  })

  it('a purchase is never one with that of an Ads account', () => {
    const sandbox = google()
    send(sandbox)
    ingest(sandbox, toProperty(bought(84.9)))
    expect(sandbox.conversions().map(({ account }) => account)).toEqual(['1234567890', '345678901'])
  })
})
