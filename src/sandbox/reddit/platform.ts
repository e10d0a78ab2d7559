import { SECOND } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { createBudget } from '../kit/budget.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { sha256 } from '../kit/people.ts'
import type { Reading } from '../kit/reading.ts'
import { json, type Platform, type PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, readAccount } from './accounts.ts'
import { type Fields, type RedditReading, readConversions } from './endpoint.ts'
import { failing, problem } from './errors.ts'
import { MERGING } from './merging.ts'
import { readTag } from './tag.ts'

export interface RedditOptions {
  readonly accounts?: readonly Account[]
  /** Requests a second and pixel before throttling; 1,000 unless told. */
  readonly requestsPerSecond?: number
  /** Events a second and pixel before throttling; 10,000 unless told. */
  readonly eventsPerSecond?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

const TEST_EVENTS_PER_SECOND = 10

const FIELDS: readonly unknown[] = ['absent', 'plain', 'indexed'] satisfies readonly Fields[]
const isFields = (told: unknown): told is Fields => FIELDS.includes(told)

/** The local part up to the first plus sign and of that letters and digits alone, by Reddit's newer rule. */
const canonicalEmail = (email: string): string => {
  const [local = '', domain = ''] = email.trim().toLowerCase().split('@')
  return `${local.replace(/\+.*$/, '').replaceAll(/[^a-z0-9]/g, '')}@${domain}`
}

/** Reddit: the Conversions API v3's events endpoint and the pixel's image. */
export const createReddit = (options: RedditOptions = {}): Platform => {
  let fields: Fields = 'plain'
  let missingScope = false
  const requests = createBudget(options.requestsPerSecond ?? 1000, SECOND)
  const events = createBudget(options.eventsPerSecond ?? 10_000, SECOND)
  const tests = createBudget(TEST_EVENTS_PER_SECOND, SECOND)

  /** Budgets belong to the pixel, so only requests that may speak for one spend them, well formed or not. */
  const withinBudget = (reading: RedditReading, request: PlatformRequest): Reading => {
    const { answer, account, sighted = [], testEvents = 0 } = reading
    if (answer.status !== 200 && answer.status !== 400) return reading
    let over = requests.spend(account, request.now).over
    for (let n = 0; n < sighted.length; n++) over = events.spend(account, request.now).over || over
    for (let n = 0; n < testEvents; n++) over = tests.spend(account, request.now).over || over
    return over ? { answer: failing(429), account } : reading
  }

  return createPlatform({
    slug: 'reddit',
    name: 'Reddit',
    hosts: ['ads-api.reddit.com', 'alb.reddit.com', 'www.redditstatic.com'],
    browserPaths: ['alb.reddit.com/', 'www.redditstatic.com/'],
    // None documented; 1,000 events with all their identifiers stay below it.
    largestBody: 4 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    merging: MERGING,
    purchase: 'PURCHASE',
    identifiers: [
      ['click_id', 'Click id (rdt_cid)'],
      ['email', 'Email'],
      ['uuid', 'Browser id (_rdt_uuid)'],
      ['phone_number', 'Phone'],
      ['external_id', 'External id'],
      ['ip_address', 'IP address'],
      ['user_agent', 'User agent'],
      ['screen_dimensions', 'Screen'],
      ['idfa', 'IDFA'],
      ['aaid', 'AAID'],
    ],
    recognises: {
      email: ({ email }) => email && sha256(canonicalEmail(email)),
      phone_number: ({ phone }) => phone && sha256(`+${phone.replaceAll(/\D/g, '')}`),
    },
    server: (request, known) => {
      const reading = readConversions(request, known, { fields, missingScope })
      return reading && withinBudget(reading, request)
    },
    tag: readTag,
    notFound: problem(404, 'Not Found'),
    failing,
    refuseAll: () => json(200, { data: { message: 'Successfully processed 0 conversion events.' } }),
    settings: (body) => {
      const told = isObject(body) ? body : {}
      if (told.fields !== undefined && !isFields(told.fields)) return `fields must be one of ${FIELDS.join(', ')}`
      if (told.missingScope !== undefined && typeof told.missingScope !== 'boolean')
        return 'missingScope must be true or false'
      fields = told.fields ?? fields
      missingScope = told.missingScope ?? missingScope
      return undefined
    },
    reset: () => {
      fields = 'plain'
      missingScope = false
      for (const budget of [requests, events, tests]) budget.clear()
    },
    remember: options.remember,
  })
}
