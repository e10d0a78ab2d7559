import { HOUR, SECOND } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { createBudget } from '../kit/budget.ts'
import { byEventId } from '../kit/conversions.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { sha256 } from '../kit/people.ts'
import type { Known, Reading } from '../kit/reading.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, readAccount } from './accounts.ts'
import { readTrack, TRACK, tokenOf, type Uncertain } from './endpoint.ts'
import { answerOf, failing, INVALID, NOT_FOUND, RATE_LIMITS } from './errors.ts'
import { readTag } from './tag.ts'

export interface TiktokOptions {
  readonly accounts?: readonly Account[]
  /** Calls a second and token before throttling; 1,000 unless told. Those a minute and a day are wider than that. */
  readonly callsPerSecond?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

const CALLS_PER_SECOND = 1000

/** The limit of the developer's app, the code met first. */
const USUAL_RATE_LIMIT = 40100

/** TikTok: the Events API (2.0, /event/track/) and the pixel. */
export const createTiktok = (options: TiktokOptions = {}): Platform => {
  let rateLimit = USUAL_RATE_LIMIT
  let uncertain: Uncertain = 'accept'
  const calls = createBudget(options.callsPerSecond ?? CALLS_PER_SECOND, SECOND)

  /** The real budget is the app's; the sandbox has no apps, so it is the token's. */
  const withinBudget = (reading: Reading, request: PlatformRequest, { accounts }: Known<Account>): Reading => {
    const token = tokenOf(request)
    if (token === undefined || !accounts.some(({ tokens }) => tokens.includes(token))) return reading
    return calls.spend(token, request.now).over
      ? { answer: failing(429, rateLimit), account: reading.account }
      : reading
  }

  return createPlatform({
    slug: 'tiktok',
    name: 'TikTok',
    hosts: ['business-api.tiktok.com', 'analytics.tiktok.com'],
    browserPaths: ['analytics.tiktok.com/'],
    // None documented; 1,000 events with all their identifiers stay below it.
    largestBody: 8 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    // 48 hours between any two copies, the first stays. Between tag and server the second enriches the first only
    // within five minutes and is thrown away later; here it always enriches, the count is the same.
    merging: { key: byEventId, window: 48 * HOUR },
    purchase: 'Purchase',
    identifiers: [
      ['email', 'Email'],
      ['phone', 'Phone'],
      ['ttclid', 'Click id (ttclid)'],
      ['ttp', 'Browser id (ttp)'],
      ['external_id', 'External id'],
      ['ip', 'IP address'],
      ['user_agent', 'User agent'],
      ['first_name', 'First name'],
      ['last_name', 'Last name'],
      ['city', 'City'],
      ['zip_code', 'Post code'],
    ],
    recognises: {
      email: ({ email }) => email && sha256(email.trim().toLowerCase()),
      phone: ({ phone }) => phone && sha256(`+${phone.replaceAll(/\D/g, '')}`),
    },
    server: (request, known) =>
      request.path === TRACK ? withinBudget(readTrack(request, known, uncertain), request, known) : undefined,
    tag: readTag,
    notFound: NOT_FOUND,
    failing: (status) => failing(status, rateLimit),
    refuseAll: () => answerOf(INVALID, 'The sandbox refuses these events as it was told to'),
    settings: (body) => {
      const told = isObject(body) ? body : {}
      if (told.rateLimit !== undefined && !(typeof told.rateLimit === 'number' && RATE_LIMITS.has(told.rateLimit)))
        return `rateLimit must be one of ${[...RATE_LIMITS].join(', ')}`
      if (told.uncertain !== undefined && told.uncertain !== 'accept' && told.uncertain !== 'refuse')
        return 'uncertain must be "accept" or "refuse"'
      rateLimit = told.rateLimit ?? rateLimit
      uncertain = told.uncertain ?? uncertain
      return undefined
    },
    reset: () => {
      rateLimit = USUAL_RATE_LIMIT
      uncertain = 'accept'
      calls.clear()
    },
    remember: options.remember,
  })
}
