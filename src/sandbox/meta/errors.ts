import { randomBytes } from 'node:crypto'
import { type Reading, type Refused, refuse } from '../kit/reading.ts'
import { type Answer, type Failing, json } from '../platform.ts'

/** What the Graph API says of a request that it refuses. Clients are to decide on code, subcode and transient alone. */
export interface Fault {
  readonly status: number
  readonly code: number
  readonly subcode?: number
  readonly type?: 'OAuthException' | 'GraphMethodException'
  readonly message: string
  readonly transient?: boolean
  /** For people; only faults of the payload have them. */
  readonly title?: string
  readonly explanation?: string
}

/** The newest version that the sheet knows; answers name the version they were given in. */
export const NEWEST = 'v26.0'

export const traceId = (): string => `A${randomBytes(15).toString('base64url')}`

export const answerOf = (fault: Fault, headers: Readonly<Record<string, string>> = {}): Answer =>
  json(
    fault.status,
    {
      error: {
        message: fault.message,
        type: fault.type ?? 'OAuthException',
        code: fault.code,
        ...(fault.subcode === undefined ? {} : { error_subcode: fault.subcode }),
        is_transient: fault.transient ?? false,
        ...(fault.title === undefined ? {} : { error_user_title: fault.title }),
        ...(fault.explanation === undefined ? {} : { error_user_msg: fault.explanation }),
        fbtrace_id: traceId(),
      },
    },
    { 'facebook-api-version': NEWEST, ...headers },
  )

/** Code and subcode as the documentation writes them, e.g. 100/2804003. */
export const codeOf = ({ code, subcode }: Fault): string =>
  subcode === undefined ? String(code) : `${code}/${subcode}`

/** The whole request refused for one fault; who is to blame is told to nobody but the sandbox's own list. */
export const refuseWhole = (fault: Fault, account: string, guilty: Partial<Refused> = {}): Reading =>
  refuse(answerOf(fault), account, { code: codeOf(fault), message: fault.explanation ?? fault.message, ...guilty })

// Statuses: 400 for 100 and 401 for 190 are measured (v26.0, 2026-09-05); the others are assumed.

export const NO_TOKEN: Fault = {
  status: 400,
  code: 104,
  message: 'An access token is required to request this resource.',
}

/** Of a token in another form the text repeats the token itself, which must not end in logs. */
export const badToken = (token: string): Fault => ({
  status: 401,
  code: 190,
  message: token.startsWith('EAA')
    ? 'Invalid OAuth access token - Cannot parse access token'
    : `Malformed access token ${token}`,
})

export const unknownPath = (path: string): Fault => ({
  status: 400,
  code: 2500,
  message: `Unknown path components: ${path}`,
})

export const noSuchObject = (method: string, id: string): Fault => ({
  status: 400,
  code: 100,
  subcode: 33,
  type: 'GraphMethodException',
  message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
})

/** 100 without a subcode: a parameter is wrong and the text says how. */
export const invalid = (explanation: string): Fault => ({
  status: 400,
  code: 100,
  message: 'Invalid parameter',
  title: 'Invalid parameter',
  explanation,
})

/** The codes of throttling with a subcode each that is seen with them, where one is. */
export const RATE_LIMITS: ReadonlyMap<number, number | undefined> = new Map([
  [4, 1504022],
  [17, 2446079],
  [32, undefined],
  [341, undefined],
  [613, 1487742],
  [80000, undefined],
  [80003, undefined],
  [80004, undefined],
  [80014, undefined],
])

/** Throttling comes as 400: whoever reads the status alone would take it for a faulty payload. */
const throttled = (code: number): Answer => {
  const subcode = RATE_LIMITS.get(code)
  const usage = { call_count: 100, total_cputime: 25, total_time: 25 }
  return answerOf(
    {
      status: 400,
      code,
      ...(subcode === undefined ? {} : { subcode }),
      message: `(#${code}) Application request limit reached`,
      transient: code === 4,
    },
    code >= 80000
      ? {
          'x-business-use-case-usage': JSON.stringify({
            '1234567890': [{ type: 'ads_management', ...usage, estimated_time_to_regain_access: 1 }],
          }),
        }
      : { 'x-app-usage': JSON.stringify(usage) },
  )
}

const FAILING: Readonly<Record<Exclude<Failing, 429>, Fault>> = {
  401: {
    status: 401,
    code: 190,
    subcode: 463,
    message: 'Error validating access token: Session has expired. Generate a new token.',
  },
  403: { status: 403, code: 10, message: '(#10) Application does not have permission for this action' },
  413: { ...invalid('The request is too large.'), status: 413 },
  500: { status: 500, code: 1, message: 'An unknown error has occurred.', transient: true },
  503: {
    status: 503,
    code: 2,
    message: 'An unexpected error has occurred. Please retry your request later.',
    transient: true,
  },
}

export const failing = (status: Failing, rateLimit: number): Answer =>
  status === 429 ? throttled(rateLimit) : answerOf(FAILING[status])
