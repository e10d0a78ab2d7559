import { readFileSync } from 'node:fs'
import { SECOND } from '../../lib/duration.ts'
import { isObject, textAt } from '../../lib/json.ts'
import { type Answer, type Failing, json, type Platform, type PlatformRequest } from '../platform.ts'
import {
  type Account,
  CALLS_PER_MINUTE,
  createBudget,
  DEFAULT_ACCOUNT,
  RATE_WINDOW,
  rateHeaders,
  TEST_CALLS_PER_SECOND,
} from './accounts.ts'
import { adsManager } from './ads.ts'
import { type Conversion, createConversions } from './conversions.ts'
import {
  isEventsPath,
  type Partial,
  problem,
  type Reading,
  type Refusal,
  readEvents,
  refuseEveryEvent,
} from './endpoint.ts'
import { createPeople } from './people.ts'
import { readHit, tagAnswer, tagSighting } from './tag.ts'

export interface PinterestOptions {
  readonly accounts?: readonly Account[]
  /** Calls a minute and ad account before 429; 5,000 unless told. */
  readonly callsPerMinute?: number
  /** How many conversions are kept before the oldest are forgotten; 200,000 unless told. */
  readonly remember?: number
}

/** A request to the events endpoint as the query API tells it. */
export interface SeenRequest {
  readonly at: string
  readonly account: string
  readonly test: boolean
  readonly status: number
  readonly body: string
  readonly answer: string
}

/** A conversion with the identifiers that belong to somebody Pinterest knows. */
export interface MatchedConversion extends Conversion {
  readonly matched: readonly string[]
}

export interface Pinterest extends Platform {
  conversions(account?: string): readonly MatchedConversion[]
  requests(account?: string): readonly SeenRequest[]
}

/** Of the raw requests the newest are kept, at most so many characters in all. */
const KEPT_REQUESTS = 64 * 1024 * 1024
const KEPT_NOTES = 200

const MESSAGES: Readonly<Record<Failing, readonly [code: number, message: string]>> = {
  401: [2, 'Authentication failed.'],
  403: [29, 'You are not permitted to access that resource.'],
  413: [4196, 'Invalid request: the body is too large.'],
  429: [8, 'You have exceeded your rate limit. Try again later.'],
  500: [0, 'Something went wrong on our end. Sorry about that.'],
  503: [4197, 'This endpoint is temporarily not available.'],
}

const TAG_SCRIPT = readFileSync(new URL('./core.js', import.meta.url))

/** Pinterest: the Conversions API's events endpoint, the browser tag and what Ads Manager makes of both. */
export const createPinterest = (options: PinterestOptions = {}): Pinterest => {
  let accounts: readonly Account[] = options.accounts ?? [DEFAULT_ACCOUNT]
  let partial: Partial = '200'
  const conversions = createConversions(options.remember ?? 200_000)
  const people = createPeople()
  const calls = createBudget(options.callsPerMinute ?? CALLS_PER_MINUTE, RATE_WINDOW)
  const testCalls = createBudget(TEST_CALLS_PER_SECOND, SECOND)
  const requests: SeenRequest[] = []
  let keptCharacters = 0
  const refusals: Refusal[] = []
  const tested: { at: string; account: string; name: string; eventId: string; problem: string }[] = []
  let unknownTags = 0

  const failing = (status: Failing): Answer => problem(status, ...MESSAGES[status])

  const remember = (request: PlatformRequest, reading: Reading, answer: Answer): void => {
    const at = new Date(request.now).toISOString()
    const seen = {
      at,
      account: reading.account,
      test: reading.test,
      status: answer.status,
      body: request.body,
      answer: String(answer.body),
    }
    requests.push(seen)
    keptCharacters += seen.body.length + seen.answer.length
    while (keptCharacters > KEPT_REQUESTS && requests.length > 1) {
      const oldest = requests.shift()
      keptCharacters -= oldest ? oldest.body.length + oldest.answer.length : 0
    }
    for (const one of reading.tested) tested.push({ at, account: reading.account, ...one })
    refusals.push(...reading.refusals)
    tested.splice(0, tested.length - KEPT_NOTES)
    refusals.splice(0, refusals.length - KEPT_NOTES)
  }

  const events = (request: PlatformRequest): Answer => {
    const reading = readEvents(request, accounts, { partial })
    // The budget belongs to the account, so only a request that may speak for one spends it.
    const known = ![401, 403, 404].includes(reading.answer.status)
    const budget = known ? calls.spend(reading.account, request.now) : undefined
    const overTest = known && reading.test && testCalls.spend(reading.account, request.now).over
    const over = budget?.over === true || overTest
    const decided = over ? failing(429) : reading.answer
    const answer = { ...decided, headers: { ...decided.headers, ...(budget ? rateHeaders(budget) : {}) } }
    remember(request, over ? { ...reading, tested: [], refusals: [] } : reading, answer)
    if (!over) for (const sighting of reading.sightings) conversions.record(sighting)
    return answer
  }

  const tag = (request: PlatformRequest): Answer => {
    const hit = readHit(request)
    const owner = hit && accounts.find((account) => account.tagId === hit.tagId)
    if (hit && !owner) unknownTags++
    const sighting = hit && owner ? tagSighting(hit, owner.id, request) : undefined
    if (sighting) conversions.record(sighting)
    return tagAnswer()
  }

  const matched = (account?: string): readonly MatchedConversion[] =>
    conversions.of(account).map((conversion) => ({ ...conversion, matched: people.matches(conversion) }))

  const requestsOf = (account?: string) =>
    requests.filter((request) => account === undefined || request.account === account)

  const register = (body: unknown): string | undefined => {
    const id = textAt(body, 'id')
    const token = textAt(body, 'token')
    const tagId = textAt(body, 'tagId')
    if (!id || !/^\d{1,18}$/.test(id)) return 'id must be 1 to 18 digits'
    if (!token?.startsWith('pina_')) return 'token must begin with pina_'
    const known = accounts.find((account) => account.id === id)
    const account = {
      id,
      tokens: [...new Set([...(known?.tokens ?? []), token])],
      tagId: tagId ?? known?.tagId ?? `26${id}`,
    }
    accounts = [...accounts.filter((one) => one.id !== id), account]
    return undefined
  }

  const queries: Readonly<Record<string, (account: string | undefined) => unknown>> = {
    events: matched,
    requests: requestsOf,
    'test-events': (account) => tested.filter((one) => account === undefined || one.account === account),
    refusals: (account) => refusals.filter((one) => account === undefined || one.account === account),
    accounts: () => accounts.map(({ id, tagId }) => ({ id, tagId })),
  }

  return {
    slug: 'pinterest',
    name: 'Pinterest',
    hosts: ['api.pinterest.com', 'ct.pinterest.com', 's.pinimg.com'],
    // None documented; 1,000 events with all their identifiers stay below it.
    largestBody: 4 * 1024 * 1024,
    answer: (request) => {
      if (request.host === 'api.pinterest.com' && isEventsPath(request.path)) return events(request)
      if (request.host === 'ct.pinterest.com' && /^\/v3\/?$/.test(request.path)) return tag(request)
      if (request.host === 's.pinimg.com' && request.path === '/ct/core.js')
        return { status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' }, body: TAG_SCRIPT }
      return json(404, { code: 4190, message: 'Resource not found.' })
    },
    refuseAll: (request) => refuseEveryEvent(request.body),
    failing,
    query: (name, params) => queries[name]?.(params.get('account') ?? undefined),
    tell: (name, body) => {
      if (name === 'people') return people.add(body)
      if (name === 'accounts') return register(body)
      if (name !== 'settings') return 'known names: people, accounts, settings'
      const choice = isObject(body) ? body.partial : undefined
      if (choice !== '200' && choice !== '422') return 'partial must be "200" or "422"'
      partial = choice
      return undefined
    },
    adsManager: (now) =>
      adsManager({ accounts, conversions: matched(), tested, refusals, unknownTags, people: people.size, now }),
    conversions: matched,
    requests: requestsOf,
    reset: () => {
      conversions.reset()
      people.clear()
      calls.clear()
      testCalls.clear()
      requests.length = 0
      keptCharacters = 0
      refusals.length = 0
      tested.length = 0
      unknownTags = 0
      partial = '200'
      accounts = options.accounts ?? [DEFAULT_ACCOUNT]
    },
  }
}
