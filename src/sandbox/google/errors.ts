import { randomBytes } from 'node:crypto'
import { type Reading, refuse } from '../kit/reading.ts'
import { type Answer, type Failing, json } from '../platform.ts'

/** What is wrong with one field. */
export interface Violation {
  /** Which event is at fault; absent: the request. */
  readonly index?: number
  /** Snake case, as the service names its fields. */
  readonly field: string
  /** Absent where the JSON does not fit the message at all: that is found out before the service’s own rules. */
  readonly reason?: string
  readonly description: string
}

/** An opaque id of a request. */
export const requestIdBy = (): string => randomBytes(16).toString('base64url')

const SERVICE = 'datamanager.googleapis.com'

const errorInfo = (reason: string, metadata: Readonly<Record<string, string>> = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: reason === 'INVALID_ARGUMENT' ? SERVICE : 'googleapis.com',
  metadata,
})

/** An error as a google.rpc.Status in JSON. */
export const statusAnswer = (code: number, status: string, message: string, details: readonly unknown[] = []): Answer =>
  json(code, {
    error: {
      code,
      status,
      message,
      details: [...details, { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: requestIdBy() }],
    },
  })

/** 400 with every field that is wrong; nothing of the request was taken. */
export const invalidArgument = (violations: readonly Violation[]): Answer =>
  statusAnswer(400, 'INVALID_ARGUMENT', violations[0]?.description ?? 'Request contains an invalid argument.', [
    errorInfo('INVALID_ARGUMENT'),
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: violations.map(({ field, description, reason }) => ({
        field,
        description,
        ...(reason === undefined ? {} : { reason }),
      })),
    },
  ])

/** 401; the reasons are Google’s usual ones, the sheet names only the status. */
export const unauthenticated = (reason: 'CREDENTIALS_MISSING' | 'ACCESS_TOKEN_EXPIRED' | 'ACCESS_TOKEN_UNKNOWN') =>
  statusAnswer(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', [
    errorInfo(reason, { service: SERVICE }),
  ])

export const permissionDenied = (reason: string, message: string): Answer =>
  statusAnswer(403, 'PERMISSION_DENIED', message, [errorInfo(reason, { service: SERVICE })])

export const exhausted = (quotaLimit: string): Answer =>
  statusAnswer(429, 'RESOURCE_EXHAUSTED', `Quota exceeded for the limit '${quotaLimit}'.`, [
    errorInfo('RATE_LIMIT_EXCEEDED', { service: SERVICE, quota_limit: quotaLimit }),
  ])

/** A request refused as a whole, for one reason that no event is guilty of. */
export const refuseWhole = (answer: Answer, account: string, code: string): Reading =>
  refuse(answer, account, { code, message: JSON.parse(String(answer.body)).error.message })

export const failing = (status: Failing): Answer => {
  switch (status) {
    case 401:
      return unauthenticated('ACCESS_TOKEN_EXPIRED')
    case 403:
      return permissionDenied('USER_PERMISSION_DENIED', 'The caller does not have permission.')
    case 413:
      return statusAnswer(413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit.')
    case 429:
      return exhausted('IngestionRequestsPerMinutePerProject')
    case 500:
      return statusAnswer(500, 'INTERNAL', 'Internal error encountered.', [errorInfo('INTERNAL_ERROR')])
    case 503:
      return statusAnswer(503, 'UNAVAILABLE', 'The service is currently unavailable.')
  }
}
