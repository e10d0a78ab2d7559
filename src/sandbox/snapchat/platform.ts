import { HOUR, SECOND } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import type { Account } from '../kit/accounts.ts'
import { createBudget } from '../kit/budget.ts'
import { byEventId, byOrderId, type Sighting } from '../kit/conversions.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { createNewest } from '../kit/newest.ts'
import { sha256 } from '../kit/people.ts'
import type { Known, Reading } from '../kit/reading.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, readAccount } from './accounts.ts'
import { isEventsPath, type Looked, type Rules, readEvents, tokenOf } from './endpoint.ts'
import { answerOf, failing, NOT_FOUND } from './errors.ts'
import { readTag } from './tag.ts'

export interface SnapchatOptions {
  readonly accounts?: readonly Account[]
  /**
   * Calls a second and token before 429. 1,000 unless told: the ceiling for Conversions API tokens; 10 is that of all
   * other tokens.
   */
  readonly callsPerSecond?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

/** The pixel asks it as well, at another path. */
const API = 'tr.snapchat.com'

const CALLS_PER_SECOND = 1000

type Choices = Pick<Rules, 'uncertain' | 'invalid'>

const USUAL: Choices = { uncertain: 'accept', invalid: 400 }

/**
 * Event id where there is one; a purchase without one by its order id, which the tag calls transaction_id. The real
 * platform may find a purchase by either, and by the order for 30 days: nobody may count on it.
 */
const keyOf = (sighting: Sighting): string | undefined =>
  byEventId(sighting) ?? (sighting.name === 'PURCHASE' && sighting.orderId ? `order ${byOrderId(sighting)}` : undefined)

/** Snapchat: the Conversions API v3 with its validation, and the pixel. */
export const createSnapchat = (options: SnapchatOptions = {}): Platform => {
  let choices = USUAL
  const calls = createBudget(options.callsPerSecond ?? CALLS_PER_SECOND, SECOND)
  const looked = createNewest<Looked>(1000)

  const withinBudget = (read: () => Reading, request: PlatformRequest, { accounts }: Known<Account>): Reading => {
    const token = tokenOf(request)
    if (token === undefined || !accounts.some(({ tokens }) => tokens.includes(token))) return read()
    return calls.spend(token, request.now).over
      ? { answer: failing(429), account: request.path.split('/')[2] ?? '' }
      : read()
  }

  return createPlatform({
    slug: 'snapchat',
    name: 'Snapchat',
    hosts: [API, 'tr6.snapchat.com', 'sc-static.net'],
    browserPaths: ['tr.snapchat.com/p', 'tr6.snapchat.com/p', 'sc-static.net/'],
    // None documented; 2,000 events with all their identifiers stay below it.
    largestBody: 16 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    merging: { key: keyOf, window: 48 * HOUR },
    purchase: 'PURCHASE',
    identifiers: [
      ['em', 'Email'],
      ['ph', 'Phone'],
      ['sc_click_id', 'Click id (ScCid)'],
      ['sc_cookie1', 'Browser id (_scid)'],
      ['external_id', 'External id'],
      ['client_ip_address', 'IP address'],
      ['client_user_agent', 'User agent'],
      ['fn', 'First name'],
      ['ln', 'Last name'],
      ['ct', 'City'],
      ['zp', 'Post code'],
    ],
    recognises: {
      em: ({ email }) => email && sha256(email.trim().toLowerCase()),
      ph: ({ phone }) => phone && sha256(phone.replaceAll(/\D/g, '')),
    },
    server: (request, known) =>
      request.host === API && isEventsPath(request.path)
        ? withinBudget(() => readEvents(request, known, { ...choices, looked }), request, known)
        : undefined,
    tag: readTag,
    notFound: answerOf(404, NOT_FOUND),
    failing,
    refuseAll: () =>
      answerOf(200, { code: 'INVALID_REQUEST', message: 'The sandbox refuses these events as it was told to.' }),
    settings: (body) => {
      const { uncertain, invalid } = isObject(body) ? body : {}
      if (uncertain !== undefined && uncertain !== 'accept' && uncertain !== 'refuse')
        return 'uncertain must be "accept" or "refuse"'
      if (invalid !== undefined && invalid !== 200 && invalid !== 400) return 'invalid must be 200 or 400'
      choices = { uncertain: uncertain ?? choices.uncertain, invalid: invalid ?? choices.invalid }
      return undefined
    },
    reset: () => {
      choices = USUAL
      calls.clear()
      looked.clear()
    },
    remember: options.remember,
  })
}
