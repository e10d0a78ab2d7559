import { MINUTE, SECOND } from '../../lib/duration.ts'
import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, compact, isObject, numberAt, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import type { QuotaTold } from '../quota.ts'
import { retryAfter } from '../retry-after.ts'
import { type Explanation, said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

/** What Meta calls an error. Its texts change, so nothing is decided by them. */
interface MetaError extends Explanation {
  readonly number: number | undefined
  readonly subcode: number | undefined
  readonly transient: boolean
  /** The number and, where there is one, the sub-code: "100/2804003". */
  readonly code: string
  readonly message: string
}

/** Whose matter an error is: the connection's, the moment's or the events'. */
type Blame = 'connection' | 'moment' | 'events'

/**
 * Permission (3, 10 and 200 to 299), a session or token that ended (102, 190), a wrong proof of the app's secret (104), an
 * account blocked for policy (368) and a path or id that does not exist (2500). All wait for a person.
 */
const CONNECTION = new Set([3, 10, 102, 104, 190, 368, 2500])
/** This version of the interface has ended. Not in the documentation's table; many reports of users of the SDKs have it. */
const ENDED = 2635
/** Limits on calls; those of one business beside them. */
const LIMITS = new Set([4, 17, 32, 341, 613])
/** A fault of Meta's (1, 2), limits on calls and a dataset that is not ready yet (21009). */
const MOMENT = new Set([1, 2, ...LIMITS, 21009])
/** Limits on the calls of one business: 80000, 80003, 80004 and 80014 are known, and what lies between is of their kind. */
const isBusinessLimit = (number: number): boolean => number >= 80000 && number <= 80014
/** An invalid parameter, and an error that is called unknown and does not pass. */
const EVENTS = new Set([100, 5000])
/** With 100: the object is not there, or the token has no permission on it. */
const NO_SUCH_OBJECT = 33
/** With 100: the dataset wants its events marked for limited use, which no event can mend. */
const WANTS_LIMITED_USE = 2804030

const blameFor = ({ number, subcode, transient }: MetaError): Blame | undefined => {
  if (number === undefined) return transient ? 'moment' : undefined
  if (CONNECTION.has(number) || number === ENDED || (number >= 200 && number <= 299)) return 'connection'
  if (number === 100 && (subcode === NO_SUCH_OBJECT || subcode === WANTS_LIMITED_USE)) return 'connection'
  if (transient || MOMENT.has(number) || isBusinessLimit(number)) return 'moment'
  return EVENTS.has(number) ? 'events' : undefined
}

/**
 * Meta echoes the token it was given ("Malformed access token EAAB…"). What looks like one, an address or a hash is cut:
 * tokens begin with EAA or are "<app>|<secret>", and no word of a sentence is that long with digits in it.
 */
const TELLTALE = /https?:\/\/\S+|\bEAA[\w-]*|\b\d+\|[\w|-]+|(?<![\w|%=+/-])(?=[\w|%=+/-]*\d)[\w|%=+/-]{20,}/g
const MALFORMED = /(malformed access token).*/is

const withoutSecrets = (text: string | undefined): string | undefined =>
  said(text?.replace(MALFORMED, '$1').replace(TELLTALE, '…'))

const errorOf = (answer: unknown): MetaError | undefined => {
  const error = objectAt(answer, 'error')
  const number = numberAt(error, 'code')
  const subcode = numberAt(error, 'error_subcode')
  const title = withoutSecrets(textAt(error, 'error_user_title'))
  const text =
    withoutSecrets(textAt(error, 'error_user_msg')) ?? (title ? undefined : withoutSecrets(textAt(error, 'message')))
  if (number === undefined && textAt(error, 'message') === undefined) return undefined
  return {
    number,
    subcode,
    transient: error.is_transient === true,
    code: [number ?? 'error', ...(subcode === undefined ? [] : [subcode])].join('/'),
    message: [title, text].filter((part) => part !== undefined).join(': ') || 'Meta gave no reason.',
  }
}

/**
 * Meta takes a request as a whole or not at all and never says which event is to blame, so one verdict holds for all.
 * A count below what was sent is not documented; then each event is asked for alone.
 */
const verdictOn = (response: HttpResponse, items: number): Verdict => {
  const answer = answerBody(response)
  const error = errorOf(answer)
  if (error !== undefined) return verdictOnError(response, error, items)
  const received = numberAt(answer, 'events_received')
  const refusal = verdictFromStatus(response, items)
  if (refusal === undefined) {
    if (received === undefined) return unreadable('Meta’s answer could not be read, so it is not known what it took.')
    const note = noteOf(response, answer)
    if (received >= items) return compact<Verdict>({ outcome: 'accepted', note })
    return refusedIn(items, 'events_received', note ?? 'Meta counted fewer events than were sent.')
  }
  // A gateway's page says nothing about events or credentials, whatever its status.
  return /^\s*</.test(response.body) && refusal.outcome !== 'retry'
    ? unreadable('Something answered in place of Meta, with a page.')
    : refusal
}

const noteOf = ({ headers }: HttpResponse, answer: unknown): string | undefined => {
  const messages = arrayAt(answer, 'messages').map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
  // Announces that Meta reads the request as one of a newer version.
  const warning = headers['x-ad-api-version-warning'] ?? ''
  return withoutSecrets([...messages, warning].join(' '))
}

const refusedIn = (items: number, code: string, message: string): Verdict =>
  items > 1 ? { outcome: 'singly', code, message } : { outcome: 'rejected', code, message }

const verdictOnError = (response: HttpResponse, error: MetaError, items: number): Verdict => {
  const { code, message } = error
  switch (blameFor(error)) {
    case 'connection':
      return { outcome: 'unauthorized', code, message }
    case 'moment':
      return compact<Verdict>({
        outcome: 'retry',
        code,
        message,
        after: retryAfter(response) ?? readQuota(response)?.pause,
      })
    case 'events':
      return refusedIn(items, code, message)
    default:
      return verdictFromStatus(response, items, error) ?? unreadable(message)
  }
}

export const isRetired = (response: HttpResponse): boolean => errorOf(answerBody(response))?.number === ENDED

const headerObject = ({ headers }: HttpResponse, name: string): object | undefined => {
  const value = answerBody({ body: headers[name] ?? '' })
  return isObject(value) ? value : undefined
}

/**
 * How much is used of the quotas of the app, the account and each kind of call of a business, in per cent; and how long
 * until calls are let through again, in minutes for a business and in seconds for an account.
 */
export const readQuota = (response: HttpResponse): QuotaTold | undefined => {
  const { number } = errorOf(answerBody(response)) ?? {}
  const isLimit = number !== undefined && (LIMITS.has(number) || isBusinessLimit(number))
  const account = headerObject(response, 'x-ad-account-usage')
  const business = headerObject(response, 'x-business-use-case-usage') ?? {}
  const calls = Object.keys(business).flatMap((id) => arrayAt(business, id))
  const percents = [
    numberAt(account, 'acc_id_util_pct'),
    ...[headerObject(response, 'x-app-usage'), ...calls].flatMap((of) =>
      ['call_count', 'total_cputime', 'total_time'].map((what) => numberAt(of, what)),
    ),
  ].filter((percent) => percent !== undefined)
  const used = percents.length === 0 ? undefined : Math.max(...percents) / 100
  const accountWaits = (numberAt(account, 'acc_id_util_pct') ?? 0) >= 100
  const pause = Math.max(
    ...calls.map((call) => (numberAt(call, 'estimated_time_to_regain_access') ?? 0) * MINUTE),
    accountWaits ? (numberAt(account, 'reset_time_duration') ?? 0) * SECOND : 0,
  )
  if (!isLimit && used === undefined) return undefined
  return compact<QuotaTold>({
    usedUp: isLimit ? true : undefined,
    used,
    pause: pause > 0 ? Math.round(pause) : undefined,
  })
}

/** One verdict per item. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const verdict = verdictOn(response, items.length)
  return items.map(() => verdict)
}

/** What the answer about the dataset's quality says of the credentials. */
export const readVerify = ([response]: Answers): Verified => {
  const answer = answerBody(response)
  const error = errorOf(answer)
  const says = (message: string) => quoting(message, 'Meta', error?.message)
  if (error === undefined)
    return response.status === 200 && isObject(answer)
      ? { outcome: 'ok', message: 'Meta accepts the token and knows the dataset.' }
      : uncertain('Meta', response)
  const { number, subcode } = error
  if (number === 190 || number === 102)
    return {
      outcome: 'failed',
      message: says('Meta does not accept the access token. Generate a new one in Events Manager and paste it whole.'),
    }
  if (number === 104)
    return {
      outcome: 'failed',
      message: says(
        'The token’s app wants its secret proved with each call, which Converlay cannot do. Generate the token in Events Manager, or switch “Require app secret” off.',
      ),
    }
  if (number === 2500 || (number === 100 && subcode === NO_SUCH_OBJECT))
    return {
      outcome: 'failed',
      message: says(
        'Meta knows no dataset with this ID, or the token belongs to another. Copy the ID from Events Manager and generate the token there.',
      ),
    }
  // A token with fewer rights may send events and yet not read how they fare.
  if (blameFor(error) === 'connection')
    return {
      outcome: 'unknown',
      message: says(
        'Meta does not let this token read about the dataset, so it cannot be told whether it may send events to it. A token generated in Events Manager can do both.',
      ),
    }
  return uncertain('Meta', response, error.message)
}
