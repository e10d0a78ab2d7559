import { randomUUID } from 'node:crypto'
import { type Reading, refuse } from '../kit/reading.ts'
import { type Answer, type Failing, json } from '../platform.ts'

/** What Klaviyo says of a request that it refuses: one member of `errors`. */
export interface Problem {
  readonly status: number
  /** Only `invalid` is documented; the others are assumed. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** JSON pointer into the body. */
  readonly pointer?: string
  /** Name of a query parameter. */
  readonly parameter?: string
}

export const MEDIA_TYPE = 'application/vnd.api+json'

/** An answer of JSON:API. */
export const answered = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  json(status, body, { 'content-type': MEDIA_TYPE, ...headers })

/** 202, validated and queued: the body is empty. */
export const accepted = (): Answer => ({ status: 202, headers: {}, body: '' })

/** The status of the answer is that of its first problem. */
export const answerOf = (problems: readonly [Problem, ...Problem[]]): Answer =>
  answered(problems[0].status, {
    errors: problems.map(({ status, code, title, detail, pointer, parameter }) => ({
      id: randomUUID(),
      status,
      code,
      title,
      detail,
      source: {
        ...(pointer === undefined ? {} : { pointer }),
        ...(parameter === undefined ? {} : { parameter }),
      },
      links: {},
      meta: {},
    })),
  })

/** Detail and pointer, as the sandbox’s own list tells them. */
export const worded = ({ detail, pointer }: Problem): string => (pointer ? `${detail} (${pointer})` : detail)

export const refuseWhole = (problem: Problem, account: string): Reading =>
  refuse(answerOf([problem]), account, { code: problem.code, message: worded(problem) })

export const invalid = (detail: string, pointer?: string): Problem => ({
  status: 400,
  code: 'invalid',
  title: 'Invalid input.',
  detail,
  ...(pointer === undefined ? {} : { pointer }),
})

export const invalidParameter = (detail: string, parameter: string): Problem => ({ ...invalid(detail), parameter })

export const NOT_FOUND: Problem = {
  status: 404,
  code: 'not_found',
  title: 'Not found.',
  detail: 'The path does not exist.',
}

export const notAllowed = (method: string): Problem => ({
  status: 405,
  code: 'method_not_allowed',
  title: 'Method not allowed.',
  detail: `Method "${method}" not allowed.`,
})

export const NO_KEY: Problem = {
  status: 401,
  code: 'not_authenticated',
  title: 'Authentication credentials were not provided.',
  detail: 'Missing or wrongly written API key: Authorization: Klaviyo-API-Key your-private-api-key.',
}

/** The overview of the documentation says 400, the table of status codes 401. */
export const badKey = (status: 400 | 401): Problem => ({
  status,
  code: 'authentication_failed',
  title: 'Incorrect authentication credentials.',
  detail: 'Incorrect authentication credentials: the API key is not known.',
})

export const noScope = (scope: string): Problem => ({
  status: 403,
  code: 'permission_denied',
  title: 'You do not have permission to perform this action.',
  detail: `The API key is missing the scope ${scope}.`,
})

export const UNKNOWN_REVISION: Problem = {
  status: 410,
  code: 'gone',
  title: 'Revision not supported.',
  detail: 'The revision is retired or unknown.',
}

export const WRONG_ACCEPT: Problem = {
  status: 406,
  code: 'not_acceptable',
  title: 'Not acceptable.',
  detail: `The Accept header must be ${MEDIA_TYPE}.`,
}

export const WRONG_MEDIA_TYPE: Problem = {
  status: 415,
  code: 'unsupported_media_type',
  title: 'Unsupported media type.',
  detail: `The Content-Type header must be ${MEDIA_TYPE}.`,
}

/** Status and code of it were not seen by anybody; the schema says that the request fails and nothing is processed. */
export const repeated = (pointer: string): Problem => ({
  status: 400,
  code: 'duplicate',
  title: 'Duplicate unique_id.',
  detail: 'The unique_id was used before for this profile and metric.',
  pointer,
})

const FAILING: Readonly<Record<Exclude<Failing, 401>, Problem>> = {
  403: noScope('events:write'),
  413: { status: 413, code: 'too_large', title: 'Payload too large.', detail: 'The body is larger than 5 MB.' },
  429: { status: 429, code: 'throttled', title: 'Request was throttled.', detail: 'Too many requests.' },
  500: { status: 500, code: 'error', title: 'A server error occurred.', detail: 'Something went wrong on our side.' },
  503: { status: 503, code: 'unavailable', title: 'Service unavailable.', detail: 'Please try again later.' },
}

export const failing = (status: Failing): Answer => answerOf([status === 401 ? badKey(401) : FAILING[status]])
