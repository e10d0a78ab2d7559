import { describe, expect, it } from 'vitest'
import { exampleAnswer } from '../examples.ts'
import { readResponse, readTested } from './answers.ts'
import { readIngestVerify } from './verification.ts'

interface Violation {
  readonly field?: string
  readonly description?: string
  readonly reason?: string
}

/** A refusal as Google writes it. */
const refusal = (status: number, state: string, reason: string, fieldViolations: readonly Violation[] = []) =>
  exampleAnswer(status, {
    error: {
      code: status,
      status: state,
      message: 'There was a problem with the request.',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason,
          domain: 'datamanager.googleapis.com',
          metadata: {},
        },
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req-1' },
      ],
    },
  })
const invalid = (...violations: readonly Violation[]) =>
  refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', violations)
const about = (index: number, reason: string): Violation => ({
  field: `events.events[${index}].user_data.user_identifiers[0].email_address`,
  description: 'The value is not valid.',
  reason,
})
const read = (response: Parameters<typeof readResponse>[0], items: number) =>
  readResponse(response, new Array(items).fill(undefined))
const outcomes = (response: Parameters<typeof readResponse>[0], items: number) =>
  read(response, items).map(({ outcome }) => outcome)

describe('an accepting answer', () => {
  it('leads to the question what became of the events', () => {
    expect(read(exampleAnswer(200, { requestId: 'req-1' }), 2)).toEqual([
      { outcome: 'accepted', poll: 'req-1' },
      { outcome: 'accepted', poll: 'req-1' },
    ])
  })

  it('may warn of one event or of all', () => {
    const fieldWarnings = [
      {
        reason: 'INVALID_FORMAT',
        description: 'The label was dropped.',
        field: 'events.events[1].cart_data.merchant_feed_label',
      },
      { reason: 'UNUSED_FIELD', description: 'Not used here.', field: 'consent' },
    ]
    expect(read(exampleAnswer(200, { requestId: 'req-1', fieldWarnings }), 2)).toEqual([
      { outcome: 'accepted', poll: 'req-1', note: 'consent: Not used here. (UNUSED_FIELD)' },
      {
        outcome: 'accepted',
        poll: 'req-1',
        note: 'cart_data.merchant_feed_label: The label was dropped. (INVALID_FORMAT); consent: Not used here. (UNUSED_FIELD)',
      },
    ])
  })

  it('without a request id proves nothing', () => {
    expect(read(exampleAnswer(200, {}), 1)).toMatchObject([{ outcome: 'retry', code: 'unreadable_answer' }])
  })
})

describe('one bad event refuses the whole request', () => {
  it('and is named, so the others go again', () => {
    expect(read(invalid(about(3, 'INVALID_HEX_ENCODING')), 5)).toEqual([
      { outcome: 'singly', code: 'refused_with_another' },
      { outcome: 'singly', code: 'refused_with_another' },
      { outcome: 'singly', code: 'refused_with_another' },
      {
        outcome: 'rejected',
        code: 'INVALID_HEX_ENCODING',
        message: 'user_data.user_identifiers[0].email_address: The value is not valid. (INVALID_HEX_ENCODING)',
      },
      { outcome: 'singly', code: 'refused_with_another' },
    ])
  })

  it('by either form of its path, several of them at once', () => {
    const answer = invalid(
      { field: 'events[0].event_source', description: 'Missing.', reason: 'REQUIRED_FIELD_MISSING' },
      about(2, 'INVALID_SHA256_FORMAT'),
    )
    expect(outcomes(answer, 3)).toEqual(['rejected', 'singly', 'rejected'])
  })

  it('and when nobody is named each is tried alone', () => {
    expect(outcomes(invalid({ description: 'Bad.' }), 3)).toEqual(['singly', 'singly', 'singly'])
    expect(outcomes(invalid(about(9, 'INVALID_FORMAT')), 2)).toEqual(['singly', 'singly'])
    expect(outcomes(refusal(400, 'INVALID_ARGUMENT', 'TOO_MANY_EVENTS'), 2)).toEqual(['singly', 'singly'])
    expect(outcomes(invalid({ description: 'Bad.' }), 1)).toEqual(['rejected'])
  })

  it.each([
    'REQUIRED_FIELD_MISSING',
    'INVALID_FORMAT',
    'INVALID_HEX_ENCODING',
    'INVALID_BASE64_ENCODING',
    'INVALID_SHA256_FORMAT',
    'NO_IDENTIFIERS_PROVIDED',
    'EVENT_TIME_INVALID',
    'INVALID_EVENT_NAME',
    'RESERVED_NAME_USED',
    'INVALID_CURRENCY_CODE',
    'INVALID_REGION_CODE',
    'INVALID_POSTAL_CODE',
    'FIELD_VALUE_TOO_LONG',
    'FIELD_VALUE_TOO_SHORT',
    'TOO_MANY_USER_IDENTIFIERS',
    'CUSTOM_VARIABLE_NOT_FOUND',
    'CUSTOM_VARIABLE_NOT_ENABLED',
    'INVALID_MERCHANT_ID',
  ])('%s ends the event', (reason) => {
    expect(read(invalid(about(0, reason)), 2)).toMatchObject([
      { outcome: 'rejected', code: reason },
      { outcome: 'singly' },
    ])
  })
})

describe('what is not the events’ fault', () => {
  it.each([
    [403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED'],
    [403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'],
    [403, 'PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'],
    [401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'],
    [400, 'INVALID_ARGUMENT', 'OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH'],
    [400, 'INVALID_ARGUMENT', 'NOT_ALLOWLISTED'],
    [400, 'INVALID_ARGUMENT', 'DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED'],
    [400, 'FAILED_PRECONDITION', 'DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS'],
    [400, 'INVALID_ARGUMENT', 'INVALID_CONVERSION_ACTION_ID'],
    [400, 'INVALID_ARGUMENT', 'INVALID_CONVERSION_ACTION_TYPE'],
    [400, 'INVALID_ARGUMENT', 'INVALID_DESTINATION'],
    [400, 'INVALID_ARGUMENT', 'DESTINATION_ACCOUNT_TYPE_MISMATCH'],
    [400, 'INVALID_ARGUMENT', 'EVENT_SOURCE_AND_DESTINATION_MISMATCH'],
    [400, 'INVALID_ARGUMENT', 'INVALID_PROPERTY_TYPE'],
    [400, 'INVALID_ARGUMENT', 'INVALID_STREAM_TYPE'],
    [400, 'INVALID_ARGUMENT', 'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED'],
  ])('is the connection’s matter: %i %s %s', (status, state, reason) => {
    for (const items of [1, 3])
      for (const verdict of read(refusal(status, state, reason), items))
        expect(verdict).toMatchObject({ outcome: 'unauthorized', code: reason, message: expect.stringMatching(/\.$/) })
  })

  it('is the connection’s matter too where only a violation says so', () => {
    const answer = invalid({
      field: 'destinations[0].product_destination_id',
      description: 'Not a number.',
      reason: 'INVALID_FORMAT',
    })
    expect(read(answer, 2)).toMatchObject([{ outcome: 'unauthorized' }, { outcome: 'unauthorized' }])
    const inEvent = invalid({ ...about(0, 'INVALID_CONVERSION_ACTION_TYPE'), field: 'events.events[0]' })
    expect(outcomes(inEvent, 2)).toEqual(['unauthorized', 'unauthorized'])
  })

  it.each([
    [429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'],
    [500, 'INTERNAL', 'INTERNAL_ERROR'],
    [503, 'UNAVAILABLE', 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    [400, 'INTERNAL', 'INTERNAL_ERROR'],
    [409, 'ABORTED', 'ABORTED'],
    [499, 'CANCELLED', 'CANCELLED'],
  ])('is the moment’s: %i %s %s', (status, state, reason) => {
    expect(outcomes(refusal(status, state, reason), 3)).toEqual(['retry', 'retry', 'retry'])
  })

  it('is told without the addresses that Google adds', () => {
    const answer = exampleAnswer(403, {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: 'Visit https://console.example.com/?project=42 first.',
      },
    })
    expect(JSON.stringify(read(answer, 1))).not.toContain('https')
  })
})

describe('a verification', () => {
  const takes = 'Google takes events for this account.'
  const verified = (response: Parameters<typeof readResponse>[0]) => readIngestVerify([response], takes)

  it('is good with or without a request id', () => {
    expect(verified(exampleAnswer(200, {}))).toEqual({ outcome: 'ok', message: takes })
    expect(verified(exampleAnswer(200, { requestId: 'req-1' }))).toEqual({ outcome: 'ok', message: takes })
  })

  it('fails with what there is to do', () => {
    const message = (response: Parameters<typeof readResponse>[0]) => {
      const read = verified(response)
      expect(read.outcome).toBe('failed')
      return read.message
    }
    expect(message(refusal(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'))).toContain('Switch it on')
    expect(message(refusal(403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED'))).toContain(
      'Invite their e-mail address',
    )
    expect(message(refusal(400, 'INVALID_ARGUMENT', 'INVALID_CONVERSION_ACTION_ID'))).toContain('Copy its number')
    expect(message(refusal(401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'))).toContain('Enter the credentials again')
  })

  it('is left open where the moment or the test event is to blame', () => {
    const open = [
      invalid(about(0, 'INVALID_FORMAT')),
      exampleAnswer(400, '<html></html>'),
      exampleAnswer(0),
      exampleAnswer(200, '<html></html>'),
      exampleAnswer(429),
      refusal(500, 'INTERNAL', 'INTERNAL_ERROR'),
    ]
    for (const response of open) expect(verified(response).outcome).toBe('unknown')
  })
})

describe('an answer to a request that asked to validate only', () => {
  const tested = (response: Parameters<typeof readTested>[0], items: number) =>
    readTested(response, new Array(items).fill(undefined))

  it('without complaints takes every event, with or without an id, and gives no job to be asked about', () => {
    const taken = [{ outcome: 'accepted' }, { outcome: 'accepted' }]
    expect(tested(exampleAnswer(200, {}), 2)).toEqual(taken)
    expect(tested(exampleAnswer(200, { requestId: 'req-1' }), 2)).toEqual(taken)
  })

  it('blames as a real one does', () => {
    expect(tested(invalid(about(1, 'INVALID_HEX_ENCODING')), 2).map(({ outcome }) => outcome)).toEqual([
      'singly',
      'rejected',
    ])
    expect(tested(exampleAnswer(503, ''), 1)).toMatchObject([{ outcome: 'retry' }])
  })
})
