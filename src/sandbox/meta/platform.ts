import { HOUR, MINUTE } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { createBudget } from '../kit/budget.ts'
import { byEventId } from '../kit/conversions.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { sha256 } from '../kit/people.ts'
import type { Reading } from '../kit/reading.ts'
import { json, type Platform, type PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, readAccount } from './accounts.ts'
import { readGraph } from './endpoint.ts'
import { answerOf, failing, RATE_LIMITS, traceId, unknownPath } from './errors.ts'
import { readTag } from './tag.ts'

export interface MetaOptions {
  readonly accounts?: readonly Account[]
  /** Calls a minute and dataset before throttling. None is documented, so there is no bound unless told. */
  readonly callsPerMinute?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

/** The application's limit, the code met first. */
const USUAL_RATE_LIMIT = 4

/** Of two copies within this time that of the browser is favoured. */
const BROWSER_FIRST = 5 * MINUTE

/** Meta: the Conversions API's events endpoint, the dataset's quality, the pixel's image. */
export const createMeta = (options: MetaOptions = {}): Platform => {
  let rateLimit = USUAL_RATE_LIMIT
  let needsProcessingOptions = false
  const calls = createBudget(options.callsPerMinute ?? Number.POSITIVE_INFINITY, MINUTE)

  const withinBudget = (reading: Reading, request: PlatformRequest): Reading =>
    calls.spend(reading.account, request.now).over
      ? { answer: failing(429, rateLimit), account: reading.account }
      : reading

  return createPlatform({
    slug: 'meta',
    name: 'Meta',
    hosts: ['graph.facebook.com', 'www.facebook.com', 'connect.facebook.net'],
    browserPaths: ['www.facebook.com/', 'connect.facebook.net/'],
    // None documented; 1,000 events with all their identifiers stay below it.
    largestBody: 8 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    // The fallback by name and fbp or external id is left out: it works only when the browser came first, so nobody
    // may count on it. Merging by order id is for selected partners.
    merging: {
      key: byEventId,
      window: 48 * HOUR,
      replaces: (kept, later) =>
        later.source === 'tag' &&
        kept.sources.tag === 0 &&
        later.receivedAt - Date.parse(kept.receivedAt) <= BROWSER_FIRST,
    },
    purchase: 'Purchase',
    identifiers: [
      ['em', 'Email'],
      ['ph', 'Phone'],
      ['fbc', 'Click id (fbc)'],
      ['fbp', 'Browser id (fbp)'],
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
    server: (request, known) => withinBudget(readGraph(request, known, { needsProcessingOptions }), request),
    tag: readTag,
    notFound: answerOf(unknownPath('')),
    failing: (status) => failing(status, rateLimit),
    refuseAll: () =>
      json(200, {
        events_received: 0,
        messages: ['The sandbox refuses these events as it was told to'],
        fbtrace_id: traceId(),
      }),
    settings: (body) => {
      const told = isObject(body) ? body : {}
      if (told.rateLimit !== undefined && !(typeof told.rateLimit === 'number' && RATE_LIMITS.has(told.rateLimit)))
        return `rateLimit must be one of ${[...RATE_LIMITS.keys()].join(', ')}`
      if (told.needsProcessingOptions !== undefined && typeof told.needsProcessingOptions !== 'boolean')
        return 'needsProcessingOptions must be true or false'
      rateLimit = told.rateLimit ?? rateLimit
      needsProcessingOptions = told.needsProcessingOptions ?? needsProcessingOptions
      return undefined
    },
    reset: () => {
      rateLimit = USUAL_RATE_LIMIT
      needsProcessingOptions = false
      calls.clear()
    },
    remember: options.remember,
  })
}
