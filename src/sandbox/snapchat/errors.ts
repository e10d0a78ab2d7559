import { type Reading, refuse } from '../kit/reading.ts'
import { type Answer, type Failing, json } from '../platform.ts'

/** What is wrong. Snap does not publish its codes: these are the sandbox's, named after the documented reasons. */
export interface Fault {
  readonly code:
    | 'INVALID_REQUEST'
    | 'MISSING_PARAMETER'
    | 'INVALID_TIMESTAMP'
    | 'UNHASHED_PII'
    | 'INVALID_HASHED_IP'
    | 'NOT_ENOUGH_PII'
    | 'UNAUTHORIZED'
    | 'FORBIDDEN'
    | 'NOT_FOUND'
    | 'METHOD_NOT_ALLOWED'
    | 'TOO_LARGE'
    | 'RATE_LIMITED'
    | 'SERVER_ERROR'
  readonly message: string
}

/** The schema `EventResponse`, the only one that is published for failures; `index` is that of the guilty event. */
export const answerOf = (status: number, { code, message }: Fault, index?: number): Answer =>
  json(status, {
    status: 'INVALID',
    ...(index === undefined ? {} : { event: index }),
    reason: message,
    errors: { codes: [code], error_msgs: [message] },
  })

/** The whole request refused before its events were looked at. */
export const refuseWhole = (status: number, fault: Fault, account: string): Reading =>
  refuse(answerOf(status, fault), account, fault)

/** How a field is named in messages, e.g. Param data['user_data']['em']. */
export const param = (...keys: readonly string[]): string => `Param data${keys.map((key) => `['${key}']`).join('')}`

// Status and body of refused tokens are not published; those that the rest of the world uses are assumed.

export const UNAUTHORIZED: Fault = { code: 'UNAUTHORIZED', message: 'The access token is missing or invalid.' }
export const FORBIDDEN: Fault = {
  code: 'FORBIDDEN',
  message: 'The access token belongs to another organization than the pixel.',
}
export const NOT_FOUND: Fault = { code: 'NOT_FOUND', message: 'No such pixel or path.' }
export const WRONG_METHOD: Fault = { code: 'METHOD_NOT_ALLOWED', message: 'Method not allowed.' }
export const TOO_LARGE: Fault = { code: 'TOO_LARGE', message: 'The request is too large.' }

const FAULTS: Readonly<Record<Exclude<Failing, 503>, Fault>> = {
  401: UNAUTHORIZED,
  403: FORBIDDEN,
  413: TOO_LARGE,
  429: { code: 'RATE_LIMITED', message: 'Too many requests.' },
  500: { code: 'SERVER_ERROR', message: 'Internal error.' },
}

export const failing = (status: Failing): Answer =>
  status === 503
    ? { status, headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' }
    : answerOf(status, FAULTS[status])
