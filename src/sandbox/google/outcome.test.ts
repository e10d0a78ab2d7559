import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../lib/duration.ts'
import { told } from '../kit/asking.ts'
import type { Answer, Platform } from '../platform.ts'
import {
  adsDestination,
  conversion,
  google,
  ingest,
  NOW,
  REFRESH,
  reasonOf,
  refusals,
  status,
  toAds,
  toProperty,
  violations,
  visit,
} from './sending.ts'

const iso = (at: number): string => new Date(at).toISOString()
const idOf = (answer: Answer): string => told(answer).requestId
const perDestination = (sandbox: Platform, id: string, at = NOW) =>
  told(status(sandbox, id, at)).requestStatusPerDestination

describe('the status of a request', () => {
  it('is PROCESSING for 30 minutes, then tells how many records there were', () => {
    const sandbox = google()
    const id = idOf(ingest(sandbox, toAds(conversion(), conversion({ transactionId: 'SHOP-2' }))))
    const destination = adsDestination()
    expect(perDestination(sandbox, id, NOW + 30 * MINUTE - 1)).toEqual([{ destination, requestStatus: 'PROCESSING' }])
    expect(perDestination(sandbox, id, NOW + 30 * MINUTE)).toEqual([
      {
        destination,
        requestStatus: 'SUCCESS',
        errorInfo: { errorCounts: [] },
        warningInfo: { warningCounts: [] },
        eventsIngestionStatus: { recordCount: '2' },
      },
    ])
  })

  it('is told per destination, with the places of events in their request', () => {
    const sandbox = google()
    sandbox.tell('settings', { finish: 'now' })
    const purchases = adsDestination({ reference: 'purchases' })
    const others = adsDestination({ reference: 'others', productDestinationId: '7001002004' })
    const old = conversion({
      transactionId: 'SHOP-2',
      destinationReferences: ['others'],
      eventTimestamp: iso(NOW - 90 * DAY),
    })
    const id = idOf(ingest(sandbox, { ...toAds(conversion(), old), destinations: [purchases, others] }))
    expect(perDestination(sandbox, id)).toMatchObject([
      { destination: purchases, requestStatus: 'SUCCESS', eventsIngestionStatus: { recordCount: '1' } },
      {
        destination: others,
        requestStatus: 'PARTIAL_SUCCESS',
        errorInfo: {
          errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_EVENT_TOO_OLD', recordCount: '1', recordIndices: [1] }],
        },
        eventsIngestionStatus: { recordCount: '2' },
      },
    ])
  })

  const three = toAds(conversion(), conversion({ transactionId: 'SHOP-2' }), conversion({ transactionId: 'SHOP-3' }))
  it.each([
    ['now', 'SUCCESS', []],
    [
      'partial',
      'PARTIAL_SUCCESS',
      [{ reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR', recordCount: '1', recordIndices: [0] }],
    ],
    [
      'failed',
      'FAILED',
      [{ reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR', recordCount: '3', recordIndices: [0, 1, 2] }],
    ],
  ])('comes at once when told %s: %s', (finish, requestStatus, errorCounts) => {
    const sandbox = google()
    expect(sandbox.tell('settings', { finish })).toBeUndefined()
    const id = idOf(ingest(sandbox, three))
    expect(perDestination(sandbox, id)).toMatchObject([{ requestStatus, errorInfo: { errorCounts } }])
    sandbox.tell('settings', { finish: 'later' })
    expect(perDestination(sandbox, id)).toMatchObject([{ requestStatus: 'PROCESSING' }])
  })

  it('fails for the reason that is told', () => {
    const sandbox = google()
    const reason = 'PROCESSING_ERROR_REASON_DUPLICATE_TRANSACTION_ID'
    expect(sandbox.tell('settings', { finish: 'failed', reason })).toBeUndefined()
    expect(perDestination(sandbox, idOf(ingest(sandbox, toAds(conversion()))))).toMatchObject([
      { requestStatus: 'FAILED', errorInfo: { errorCounts: [{ reason }] } },
    ])
  })

  it('is unknown for an id that was never given', () => {
    const answer = status(google(), 'x')
    expect(violations(answer)).toMatchObject([{ field: 'request_id', reason: 'INVALID_REQUEST_ID' }])
  })

  it('is denied to whoever has no access to all accounts', () => {
    const sandbox = google()
    const id = idOf(ingest(sandbox, toAds(conversion())))
    const stranger = {
      ...REFRESH,
      client_id: 'other-client',
      client_secret: 'other-secret',
      refresh_token: 'somebody-else',
    }
    expect(reasonOf(status(sandbox, id, NOW, stranger))).toEqual([403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED'])
  })

  it('is forgotten at a reset, with what was told', () => {
    const sandbox = google()
    sandbox.tell('settings', { finish: 'now', serviceDisabled: true })
    sandbox.reset()
    const id = idOf(ingest(sandbox, toAds(conversion())))
    expect(perDestination(sandbox, id)).toMatchObject([{ requestStatus: 'PROCESSING' }])
    sandbox.reset()
    expect(status(sandbox, id).status).toBe(400)
  })

  it.each([
    [{ finish: 'soon' }, 'finish must be one of later, now, partial, failed'],
    [{ finish: 'failed', reason: 'INTERNAL' }, 'reason must be PROCESSING_ERROR_REASON_'],
    [{ revoked: 'yes' }, 'revoked must be true or false'],
    [{ serviceDisabled: 1 }, 'serviceDisabled must be true or false'],
  ])('cannot be told %j', (settings, words) => {
    expect(google().tell('settings', settings)).toContain(words)
  })
})

describe('accepted, and found later not to count', () => {
  const clicked = (adIdentifiers: object) => toAds(conversion({ adIdentifiers }))
  const denied = { adUserData: 'CONSENT_DENIED', adPersonalization: 'CONSENT_DENIED' }

  it.each<[string, unknown, string]>([
    ['older than 89 days', toAds(conversion({ eventTimestamp: iso(NOW - 89 * DAY - 1) })), 'EVENT_TOO_OLD'],
    [
      'for Analytics, older than 72 hours',
      toProperty(visit({ eventTimestamp: iso(NOW - 72 * HOUR - 1) })),
      'EVENT_TOO_OLD',
    ],
    ['against consent', toAds(conversion({ consent: denied })), 'DENIED_CONSENT'],
    [
      'against the consent of its request',
      { ...toAds(conversion({ consent: undefined })), consent: denied },
      'DENIED_CONSENT',
    ],
    ['a cookie’s whole value as gclid', clicked({ gclid: 'GCL.1763812000.Cj0KCQiA_TEST_gclid-123' }), 'INVALID_GCLID'],
    ['a gbraid that is none', clicked({ gbraid: '2.1.kXYZ$i1763812000' }), 'INVALID_GBRAID'],
    ['a wbraid that is none', clicked({ wbraid: 'x' }), 'INVALID_WBRAID'],
  ])('%s', (_, body, word) => {
    const sandbox = google()
    const answer = ingest(sandbox, body)
    expect(answer.status).toBe(200)
    expect(sandbox.conversions()).toEqual([])
    const reason = `PROCESSING_ERROR_REASON_${word}`
    expect(refusals(sandbox)).toMatchObject([{ status: 200, code: reason }])
    expect(perDestination(sandbox, idOf(answer), NOW + HOUR)).toMatchObject([
      { requestStatus: 'FAILED', errorInfo: { errorCounts: [{ reason, recordCount: '1', recordIndices: [0] }] } },
    ])
  })

  it.each<[string, unknown]>([
    ['89 days old', toAds(conversion({ eventTimestamp: iso(NOW - 89 * DAY) }))],
    ['for Analytics, 72 hours old', toProperty(visit({ eventTimestamp: iso(NOW - 72 * HOUR) }))],
    ['for Analytics, without consent for ads', toProperty(visit({ consent: denied }))],
  ])('not so: %s', (_, body) => {
    const sandbox = google()
    expect(ingest(sandbox, body).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(1)
    expect(refusals(sandbox)).toEqual([])
  })
})

it('a 200 in which every event is refused is one whose status says so', () => {
  const sandbox = google()
  const answer = sandbox.refuseAll({
    method: 'POST',
    host: 'datamanager.googleapis.com',
    path: '/v1/events:ingest',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toAds(conversion())),
    ip: '127.0.0.1',
    now: NOW,
  })
  expect(answer.status).toBe(200)
  expect(sandbox.conversions()).toEqual([])
  expect(perDestination(sandbox, idOf(answer), NOW + HOUR)).toMatchObject([{ requestStatus: 'FAILED' }])
})
