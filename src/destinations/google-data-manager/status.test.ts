import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../lib/duration.ts'
import { exampleAnswer } from '../examples.ts'
import { requestStatus } from './status.ts'

interface Count {
  readonly reason: string
  readonly recordCount?: string
  readonly recordIndices?: readonly (string | number)[]
}
const at = (status: string, errorCounts: readonly Count[] = [], warningCounts: readonly Count[] = []) => ({
  destination: { productDestinationId: '7001002003' },
  requestStatus: status,
  ...(errorCounts.length === 0 ? {} : { errorInfo: { errorCounts } }),
  ...(warningCounts.length === 0 ? {} : { warningInfo: { warningCounts } }),
  eventsIngestionStatus: { recordCount: '3' },
})
const read = (...destinations: readonly object[]) =>
  requestStatus.read(exampleAnswer(200, { requestStatusPerDestination: destinations }), 3)
const ERROR = 'PROCESSING_ERROR_REASON_'

const accepted = { outcome: 'accepted' }
const tooOld = { outcome: 'rejected', code: 'EVENT_TOO_OLD' }
const badClick = { outcome: 'rejected', code: 'INVALID_GCLID' }

describe('what became of a request', () => {
  it('is asked after half an hour, then ever more slowly, and no longer than a day', () => {
    expect(requestStatus).toMatchObject({ first: 30 * MINUTE, factor: 1.3, longest: 60 * MINUTE, stop: 1440 * MINUTE })
    expect(requestStatus.request('req/1 2', {})).toEqual({
      method: 'GET',
      url: 'https://datamanager.googleapis.com/v1/requestStatus:retrieve?requestId=req%2F1%202',
      headers: { authorization: 'Bearer <access token>' },
    })
  })

  it('is open while Google works on it', () => {
    expect(read(at('PROCESSING'))).toBe('pending')
    expect(read(at('SUCCESS'), at('PROCESSING'))).toBe('pending')
    expect(read(at('REQUEST_STATUS_UNKNOWN'))).toBe('pending')
    expect(read()).toBe('pending')
  })

  it('is a success for every event, with what was left out of some', () => {
    expect(read(at('SUCCESS'))).toEqual([accepted, accepted, accepted])
    expect(
      read(
        at('SUCCESS', [], [{ reason: 'PROCESSING_WARNING_REASON_UNUSED_FIELD', recordCount: '1', recordIndices: [1] }]),
      ),
    ).toEqual([accepted, { outcome: 'accepted', note: 'Google left something out: UNUSED_FIELD.' }, accepted])
  })

  it('is told by row', () => {
    const answer = read(
      at('PARTIAL_SUCCESS', [
        { reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1', recordIndices: ['2'] },
        { reason: `${ERROR}INVALID_GCLID`, recordCount: '1', recordIndices: [0] },
      ]),
    )
    expect(answer).toMatchObject([badClick, accepted, tooOld])
  })

  it.each([
    ['DUPLICATE_TRANSACTION_ID', 'had this transaction already'],
    ['DUPLICATE_GCLID', 'already'],
    ['DENIED_CONSENT', 'consent'],
    ['NO_CONSENT', 'consent'],
    ['UNKNOWN_CONSENT', 'consent'],
  ])('%s is no loss: it is noted and nothing is sent again', (reason, words) => {
    const answer = read(at('PARTIAL_SUCCESS', [{ reason: ERROR + reason, recordCount: '1', recordIndices: [1] }]))
    expect(answer).toMatchObject([accepted, { outcome: 'accepted', note: expect.stringContaining(words) }, accepted])
  })

  it.each([
    'INVALID_GBRAID',
    'INVALID_WBRAID',
    'OPERATING_ACCOUNT_MISMATCH_FOR_AD_IDENTIFIER',
    'INVALID_EVENT',
    'DECRYPTION_ERROR',
    'KEK_PERMISSION_DENIED',
  ])('%s ends the event', (reason) => {
    // One of them comes without the second half of the prefix.
    for (const prefix of [ERROR, 'PROCESSING_ERROR_', ''])
      expect(read(at('FAILED', [{ reason: prefix + reason, recordCount: '3' }]))).toMatchObject([
        { outcome: 'rejected', code: reason },
        { outcome: 'rejected', code: reason },
        { outcome: 'rejected', code: reason },
      ])
  })

  it('is sent again where Google failed', () => {
    const answer = read(
      at('PARTIAL_SUCCESS', [{ reason: `${ERROR}INTERNAL_ERROR`, recordCount: '1', recordIndices: [0] }]),
    )
    expect(answer).toMatchObject([{ outcome: 'retry', code: 'INTERNAL_ERROR' }, accepted, accepted])
  })

  it('is the connection’s matter where terms are not accepted', () => {
    const answer = read(
      at('FAILED', [{ reason: `${ERROR}DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED`, recordCount: '3' }]),
    )
    expect(answer).toMatchObject([
      { outcome: 'unauthorized' },
      { outcome: 'unauthorized' },
      { outcome: 'unauthorized' },
    ])
  })

  it('stays unknown where only a number of failures is told, unless all of them failed', () => {
    const one = [{ reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1' }]
    expect(read(at('PARTIAL_SUCCESS', one))).toEqual([undefined, undefined, undefined])
    const all = [{ reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '3' }]
    expect(read(at('PARTIAL_SUCCESS', all))).toMatchObject([tooOld, tooOld, tooOld])
    expect(read(at('FAILURE', all))).toMatchObject([tooOld, tooOld, tooOld])
    expect(read(at('FAILED'))).toMatchObject([{ code: 'FAILED' }, { code: 'FAILED' }, { code: 'FAILED' }])
  })

  it('is a success where all that Google has to say is that it had some already, whichever they are', () => {
    const known = { reason: `${ERROR}DUPLICATE_TRANSACTION_ID`, recordCount: '2' }
    expect(read(at('PARTIAL_SUCCESS', [known]))).toEqual([accepted, accepted, accepted])
    expect(read(at('PARTIAL_SUCCESS', [{ reason: known.reason }]))).toEqual([accepted, accepted, accepted])
    const named = { reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1', recordIndices: [2] }
    expect(read(at('PARTIAL_SUCCESS', [known, named]))).toMatchObject([accepted, accepted, tooOld])
  })

  it('is unknown where failures have neither a number nor rows', () => {
    const uncounted = { reason: `${ERROR}EVENT_TOO_OLD` }
    expect(read(at('PARTIAL_SUCCESS', [uncounted]))).toEqual([undefined, undefined, undefined])
    const counted = { reason: `${ERROR}INVALID_GCLID`, recordIndices: [0] }
    expect(read(at('PARTIAL_SUCCESS', [uncounted, counted]))).toMatchObject([badClick, undefined, undefined])
    expect(read(at('PARTIAL_SUCCESS', [counted]))).toMatchObject([badClick, accepted, accepted])
    // All failed, so their number says nothing.
    expect(read(at('FAILED', [uncounted]))).toMatchObject([tooOld, tooOld, tooOld])
  })

  it('of which some rows are told and others are not is known for those alone', () => {
    const answer = read(
      at('PARTIAL_SUCCESS', [
        { reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1', recordIndices: [2] },
        { reason: `${ERROR}INVALID_GCLID`, recordCount: '1' },
      ]),
    )
    expect(answer).toMatchObject([undefined, undefined, tooOld])
  })

  it('all failed for reasons that end differently is unknown: nobody knows which had which', () => {
    const answer = read(
      at('FAILED', [
        { reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '2' },
        { reason: `${ERROR}DUPLICATE_TRANSACTION_ID`, recordCount: '1' },
      ]),
    )
    expect(answer).toEqual([undefined, undefined, undefined])
  })

  it('at several destinations is what the worst of them says', () => {
    const failed = at('PARTIAL_SUCCESS', [{ reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1', recordIndices: [2] }])
    expect(read(at('SUCCESS'), failed)).toMatchObject([accepted, accepted, tooOld])
    const silent = at('PARTIAL_SUCCESS', [{ reason: `${ERROR}EVENT_TOO_OLD`, recordCount: '1' }])
    expect(read(at('SUCCESS'), silent)).toEqual([undefined, undefined, undefined])
  })

  it('is never known of a request that Google does not know', () => {
    const unknown = exampleAnswer(400, {
      error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'INVALID_REQUEST_ID' }] },
    })
    expect(requestStatus.read(unknown, 2)).toEqual([undefined, undefined])
    expect(requestStatus.read(exampleAnswer(404), 2)).toEqual([undefined, undefined])
  })

  it('is asked again after any other answer', () => {
    for (const status of [0, 401, 403, 408, 429, 500, 503])
      expect(requestStatus.read(exampleAnswer(status), 2)).toBe('pending')
    expect(requestStatus.read(exampleAnswer(200, '<html></html>'), 2)).toBe('pending')
  })
})
