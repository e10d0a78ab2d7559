import { describe, expect, it } from 'vitest'
import { type IngestDestination, ingestRequests } from './ingest.ts'

const destination: IngestDestination = {
  reference: '7001002003',
  operatingAccount: { accountType: 'GOOGLE_ADS', accountId: '1234567890' },
  loginAccount: { accountType: 'GOOGLE_ADS', accountId: '9876543210' },
  productDestinationId: '7001002003',
}
const live = { singly: false, test: false }
const event = (n: number) => ({ transactionId: `order-${n}`, eventTimestamp: '2026-11-20T14:03:22Z' })
const hashed = { ...event(0), userData: { userIdentifiers: [] } }

describe('a request to ingest events', () => {
  it('names the destinations once, and its token is put in when it is sent', () => {
    const [planned, ...others] = ingestRequests([event(1), event(2)], [destination], live)
    expect(others).toEqual([])
    expect(planned?.items).toEqual([event(1), event(2)])
    expect(planned?.request).toMatchObject({
      method: 'POST',
      url: 'https://datamanager.googleapis.com/v1/events:ingest',
      headers: { authorization: 'Bearer <access token>', 'content-type': 'application/json' },
    })
    expect(JSON.parse(planned?.request.body ?? '')).toEqual({
      destinations: [destination],
      events: [event(1), event(2)],
    })
  })

  it('says how hashes are written as soon as one event has any', () => {
    const [planned] = ingestRequests([event(1), hashed], [destination], live)
    expect(JSON.parse(planned?.request.body ?? '')).toMatchObject({ encoding: 'HEX', events: [event(1), hashed] })
  })

  it('is only tried where it is a test', () => {
    const [planned] = ingestRequests([event(1)], [destination], { singly: true, test: true })
    expect(JSON.parse(planned?.request.body ?? '')).toMatchObject({ validateOnly: true })
  })

  it('has at most 2,000 events, and one where each goes alone', () => {
    const many = Array.from({ length: 4001 }, (_, n) => event(n))
    expect(ingestRequests(many, [destination], live).map(({ items }) => items.length)).toEqual([2000, 2000, 1])
    expect(ingestRequests(many.slice(0, 3), [destination], { ...live, singly: true })).toHaveLength(3)
  })
})
