import { SECOND } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { createBudget } from '../kit/budget.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { sha256 } from '../kit/people.ts'
import type { Reading } from '../kit/reading.ts'
import { type Answer, type Failing, json, type Platform, type PlatformRequest } from '../platform.ts'
import {
  CALLS_PER_MINUTE,
  DEFAULT_ACCOUNT,
  RATE_WINDOW,
  rateHeaders,
  readAccount,
  TEST_CALLS_PER_SECOND,
} from './accounts.ts'
import { isEventsPath, isTest, type Partial, problem, readEvents, refuseEveryEvent } from './endpoint.ts'
import { MERGING } from './merging.ts'
import { readTag } from './tag.ts'

export interface PinterestOptions {
  readonly accounts?: readonly Account[]
  /** Calls a minute and ad account before 429; 5,000 unless told. */
  readonly callsPerMinute?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

const MESSAGES: Readonly<Record<Failing, readonly [code: number, message: string]>> = {
  401: [2, 'Authentication failed.'],
  403: [29, 'You are not permitted to access that resource.'],
  413: [4196, 'Invalid request: the body is too large.'],
  429: [8, 'You have exceeded your rate limit. Try again later.'],
  500: [0, 'Something went wrong on our end. Sorry about that.'],
  503: [4197, 'This endpoint is temporarily not available.'],
}

const failing = (status: Failing): Answer => problem(status, ...MESSAGES[status])

/** Pinterest: the Conversions API's events endpoint, the browser tag and what Ads Manager makes of both. */
export const createPinterest = (options: PinterestOptions = {}): Platform => {
  let partial: Partial = '200'
  const calls = createBudget(options.callsPerMinute ?? CALLS_PER_MINUTE, RATE_WINDOW)
  const testCalls = createBudget(TEST_CALLS_PER_SECOND, SECOND)

  /** The budget belongs to the account, so only a request that may speak for one spends it. */
  const withinBudget = (reading: Reading, request: PlatformRequest): Reading => {
    const { account, answer } = reading
    if ([401, 403, 404].includes(answer.status)) return reading
    const budget = calls.spend(account, request.now)
    const overTest = isTest(request) && testCalls.spend(account, request.now).over
    const told = budget.over || overTest ? { answer: failing(429), account } : reading
    return { ...told, answer: { ...told.answer, headers: { ...told.answer.headers, ...rateHeaders(budget) } } }
  }

  return createPlatform({
    slug: 'pinterest',
    name: 'Pinterest',
    hosts: ['api.pinterest.com', 'ct.pinterest.com', 's.pinimg.com'],
    browserPaths: ['ct.pinterest.com/', 's.pinimg.com/'],
    // None documented; 1,000 events with all their identifiers stay below it.
    largestBody: 4 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    merging: MERGING,
    purchase: 'checkout',
    identifiers: [
      ['em', 'Email'],
      ['ph', 'Phone'],
      ['click_id', 'Click id (epik)'],
      ['external_id', 'External id'],
      ['client_ip_address', 'IP address'],
      ['client_user_agent', 'User agent'],
      ['fn', 'First name'],
      ['ln', 'Last name'],
      ['ct', 'City'],
      ['zp', 'Post code'],
    ],
    recognises: {
      em: ({ email }) => email && sha256(email.toLowerCase()),
      ph: ({ phone }) => phone && sha256(phone.replaceAll(/\D/g, '').replace(/^0+/, '')),
    },
    server: (request, { accounts }) =>
      isEventsPath(request.path) ? withinBudget(readEvents(request, accounts, partial), request) : undefined,
    tag: readTag,
    notFound: json(404, { code: 4190, message: 'Resource not found.' }),
    failing,
    refuseAll: ({ body }) => refuseEveryEvent(body),
    settings: (body) => {
      const choice = isObject(body) ? body.partial : undefined
      if (choice !== '200' && choice !== '422') return 'partial must be "200" or "422"'
      partial = choice
      return undefined
    },
    reset: () => {
      calls.clear()
      testCalls.clear()
      partial = '200'
    },
    remember: options.remember,
  })
}
