import { MINUTE } from '../../lib/duration.ts'
import type { HttpResponse } from '../../lib/http.ts'
import { compact, numberAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import type { QuotaTold } from '../quota.ts'
import { retryAfter } from '../retry-after.ts'
import { said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

/** TikTok answers nearly everything with HTTP 200: the code in the body decides, and goes before the status. */
interface Answer {
  readonly code: number | undefined
  readonly words: string | undefined
}

const answerOf = (response: HttpResponse): Answer => {
  const body = answerBody(response)
  return { code: numberAt(body, 'code'), words: said(textAt(body, 'message')) }
}

/** What a code is about. */
type About = 'taken' | 'moment' | 'connection' | 'events'

const PARTLY_TAKEN = 20001

/** Quotas of the app (40100, and 40016 before it), the advertiser (40133), one value such as a pixel code (40132), and two that TikTok does not explain. */
const QUOTA: ReadonlySet<number> = new Set([40016, 40100, 40132, 40133, 51021, 61000])
/** Quotas, and two writers at once (40202). */
const MOMENT: ReadonlySet<number> = new Set([...QUOTA, 40202])

/**
 * A quota of the second is free again with the next one, one of the minute after a pause of five, one of the day at
 * midnight. No code tells which of them is used up: only words can. Where they do not, growing waits suit each.
 */
const OF_A_MINUTE = /\bQPM\b|\bper[ -]minute\b/i
const AFTER_MINUTES_QUOTA = 5 * MINUTE

/** No permission for the pixel; a server in a country that TikTok does not serve. */
const CONNECTION: ReadonlySet<number> = new Set([40001, 41000])

/** Undefined for a number that is in none of TikTok's families. Unlisted members of a family are taken for the others. */
const aboutOf = (code: number): About | undefined => {
  if (code === 0 || code === PARTLY_TAKEN) return 'taken'
  // 5xxxx are faults of TikTok's servers, 60001 its maintenance, 61000 one more quota.
  if (MOMENT.has(code) || (code >= 50_000 && code < 70_000)) return 'moment'
  // 401xx is about tokens, apps and their permissions.
  if (CONNECTION.has(code) || (code > 40_100 && code < 40_200)) return 'connection'
  return code >= 40_000 && code < 50_000 ? 'events' : undefined
}

/**
 * `Batch.3.properties...`, as the older interface writes it; how /event/track/ does is not known, so its own words for
 * the list are read as well. Not just any number: in `properties.contents.0` it is a line's.
 */
const NAMED = /\b(?:batch|data|events?)[.[](\d{1,4})[.\]]/i

/** Which item of the request a refusal names. */
const namedIn = (words: string | undefined, items: number): number | undefined => {
  const found = NAMED.exec(words ?? '')?.[1]
  const place = found === undefined ? undefined : Number(found)
  return place !== undefined && place < items ? place : undefined
}

/** Nothing of a refused request was stored: the event to blame ends, the others are sent again, each alone. */
const refusals = (code: string, words: string | undefined, items: readonly unknown[]): readonly Verdict[] => {
  const named = items.length === 1 ? 0 : namedIn(words, items.length)
  return items.map((_, place) =>
    place === named
      ? { outcome: 'rejected', code, message: words ?? 'TikTok gave no reason.' }
      : compact<Verdict>({ outcome: 'singly', code, message: words }),
  )
}

/** A used-up quota is told by a code, with HTTP 200. */
export const readQuota = (response: HttpResponse): QuotaTold | undefined =>
  QUOTA.has(answerOf(response).code ?? 0) ? { usedUp: true } : undefined

/** One verdict per item. TikTok takes or refuses a request as a whole and tells why in words only. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const { code, words } = answerOf(response)
  const all = (verdict: Verdict): readonly Verdict[] => items.map(() => verdict)
  const about = code === undefined ? undefined : aboutOf(code)
  const ok = response.status >= 200 && response.status < 300
  if (code === undefined || about === undefined || (about === 'taken' && !ok))
    return all(
      verdictFromStatus(response, items.length, { message: words }) ??
        unreadable('TikTok’s answer could not be read, so it is not known what it took.'),
    )
  switch (about) {
    case 'taken':
      // Which part was not taken, TikTok does not say. Sending all of it again would count twice after two days.
      if (code === PARTLY_TAKEN)
        return all({ outcome: 'accepted', note: quoting('TikTok took the request in part only.', 'TikTok', words) })
      return all({ outcome: 'accepted' })
    case 'moment':
      return all(
        compact<Verdict>({
          outcome: 'retry',
          code: `${code}`,
          message: words,
          after: retryAfter(response) ?? (OF_A_MINUTE.test(words ?? '') ? AFTER_MINUTES_QUOTA : undefined),
        }),
      )
    case 'connection':
      return all({ outcome: 'unauthorized', code: `${code}`, message: words ?? 'TikTok gave no reason.' })
    case 'events':
      return refusals(`${code}`, words, items)
  }
}

const BAD_TOKEN =
  'TikTok does not accept the access token. Generate a new one in Events Manager (your pixel, Settings, Events API) and paste it whole.'

const FAILED: ReadonlyMap<number, string> = new Map([
  [
    40001,
    'The access token is not allowed to send to this pixel. Check the pixel code, or generate the token as an admin or operator of the account that owns the pixel.',
  ],
  [40102, 'The access token has expired. Generate a new one in Events Manager and paste it whole.'],
  [40104, BAD_TOKEN],
  [40105, BAD_TOKEN],
  [41000, 'TikTok does not serve the country in which this server stands.'],
])

const failed = (message: string, words: string | undefined): Verified => ({
  outcome: 'failed',
  message: quoting(message, 'TikTok', words),
})

/** What the answer says about the credentials: to a test event where a test code is set, else to an event without a name. */
export const readVerify = ([response]: Answers): Verified => {
  const { code, words } = answerOf(response)
  if (response.status === 401 || response.status === 403 || (code !== undefined && aboutOf(code) === 'connection'))
    return failed(
      FAILED.get(code ?? 0) ??
        'TikTok refuses the access token or what it may do. Generate a new one in Events Manager.',
      words,
    )
  if (response.status < 200 || response.status >= 300) return uncertain('TikTok', response, words)
  switch (code) {
    case 0:
      return {
        outcome: 'ok',
        message:
          'TikTok accepts the access token and the pixel code. If you set a test event code, look for a page view under Test Events.',
      }
    // Seen live: a call without a token is refused for that before its body is looked at. Whether a bad token and the
    // right to the pixel are looked at before the body too is not documented, so this proves neither.
    case 40002:
      return {
        outcome: 'unknown',
        message:
          'TikTok read the request, which does not prove that the token may send to this pixel: set a test event code and check again, or watch the first event.',
      }
  }
  if (code === undefined) return uncertain('TikTok', response, words)
  return {
    outcome: 'unknown',
    message: quoting(
      aboutOf(code) === 'moment'
        ? 'TikTok is busy or limits requests at the moment. Try again in a few minutes.'
        : `TikTok answered with code ${code}, which tells nothing about the credentials. Try again later.`,
      'TikTok',
      words,
    ),
  }
}
