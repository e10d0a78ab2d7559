import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, booleanAt, type Json, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { retryAfter } from '../retry-after.ts'
import { type Explanation, said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

/** One of the errors of an answer. `pointer`: where in the request the fault is. */
interface Problem extends Explanation {
  readonly pointer: string
}

const problemsOf = (response: HttpResponse): readonly Problem[] =>
  arrayAt(answerBody(response), 'errors').map((error) => {
    const pointer = textAt(objectAt(error, 'source'), 'pointer') ?? ''
    const detail = textAt(error, 'detail') ?? textAt(error, 'title')
    return {
      code: textAt(error, 'code'),
      message: said(detail === undefined || pointer === '' ? detail : `${detail} (${pointer})`),
      pointer,
    }
  })

/** One verdict per item: 202 is for the whole request, and one bad event gets the whole request refused. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  if (response.status === 202) return items.map(() => ({ outcome: 'accepted' }))
  const problems = problemsOf(response)
  const verdict = verdictOf(response, items.length, problems)
  if (verdict.outcome !== 'singly') return items.map(() => verdict)
  const named = blamed(problems, items.length)
  if (named.size === 0) return items.map(() => verdict)
  return items.map((_, place): Verdict => {
    const problem = named.get(place)
    if (problem === undefined)
      return { outcome: 'singly', code: 'refused_together', message: 'Klaviyo refused another event of the request.' }
    const { code = 'invalid', message = 'Klaviyo gave no reason.' } = problem
    return { outcome: 'rejected', code, message }
  })
}

const verdictOf = (response: HttpResponse, items: number, problems: readonly Problem[]): Verdict => {
  const [first] = problems
  if (isChallenge(response)) return { outcome: 'retry', code: 'challenge', message: CHALLENGED, ...after(response) }
  // Ours to mend, and no event's fault; an overview page gives 400 for a bad key, the table of statuses 401.
  if (response.status === 406 || response.status === 415 || (response.status === 400 && problems.some(isAboutKey)))
    return {
      outcome: 'unauthorized',
      code: first?.code ?? `http_${response.status}`,
      message: first?.message ?? `Klaviyo answered ${response.status}.`,
    }
  return (
    verdictFromStatus(response, items, first) ??
    unreadable('Something answered in place of Klaviyo, so it is not known what it took.')
  )
}

/** A guard in front of Klaviyo that asks for a browser, now and then: 403 as for a missing scope, but it passes. */
const isChallenge = ({ headers }: HttpResponse): boolean => headers['cf-mitigated'] !== undefined
const CHALLENGED = 'A guard in front of Klaviyo held the request back.'

const after = (response: HttpResponse): { readonly after?: number } => {
  const wait = retryAfter(response)
  return wait === undefined ? {} : { after: wait }
}

/** A fault inside an event points into it; what a shopper entered may be quoted there, so its words say nothing. */
const isAboutKey = ({ code, message, pointer }: Problem): boolean =>
  !pointer.startsWith('/data/attributes') && /authenticat|api[ _-]?key|private key/i.test(`${code} ${message}`)

const PLACE = /^\/data\/attributes\/events-bulk-create\/data\/(\d{1,4})(?:\/|$)/

/**
 * The items to blame, by their place in the request. Not those whose unique_id is repeated: such an event is at
 * Klaviyo already (an earlier request was taken, its answer lost), and the single interface takes it as what it is.
 */
const blamed = (problems: readonly Problem[], items: number): ReadonlyMap<number, Problem> => {
  const named = new Map<number, Problem>()
  for (const problem of problems) {
    const place = Number(PLACE.exec(problem.pointer)?.[1] ?? Number.NaN)
    if (place < items && !named.has(place) && !isRepeat(problem)) named.set(place, problem)
  }
  return named
}

const isRepeat = ({ code, message }: Problem): boolean => /unique_id|duplicate/i.test(`${code} ${message}`)

const BAD_KEY = 'Klaviyo does not accept the API key. Create a private key in Klaviyo’s settings and paste it whole.'
const MAY_NOT_WRITE =
  'The API key is not allowed to write events. Create a private key with full access to events, and read access to accounts and metrics.'
const MAY_NOT_READ = 'The API key is not allowed to read the account, and whether it may write events is not known.'

/**
 * What the account, its metrics and the refusal of an incomplete event say about the key. Klaviyo can try nothing out
 * without recording it; that it looks at the key's scopes before it looks at the event is our reading.
 */
export const readVerify = ([account, metrics, incomplete]: Answers): Verified => {
  const answers = incomplete === undefined ? [account] : [account, incomplete]
  const refused = answers.find((response) => isBadKey(response))
  if (refused !== undefined) return failed(BAD_KEY, refused)
  if (incomplete !== undefined && isForbidden(incomplete)) return failed(MAY_NOT_WRITE, incomplete)
  const mayWrite = incomplete?.status === 400 && problemsOf(incomplete).length > 0
  if (isForbidden(account) && !mayWrite) return failed(MAY_NOT_READ, account)
  const found = accountOf(account)
  if (found === undefined && !isForbidden(account))
    return uncertain('Klaviyo', account, problemsOf(account)[0]?.message)
  const native = metrics?.status === 200 && arrayAt(answerBody(metrics), 'data').some(isShopifys)
  const message = [aboutAccount(found), aboutWriting(mayWrite), aboutMetrics(metrics, native)].join(' ')
  return native ? { outcome: 'ok', message, suggests: { nativeIntegration: true } } : { outcome: 'ok', message }
}

const failed = (message: string, response: HttpResponse): Verified => ({
  outcome: 'failed',
  message: quoting(message, 'Klaviyo', problemsOf(response)[0]?.message),
})

/** An incomplete event is refused with 400 as well; only words about the key make that the key's fault. */
const isBadKey = (response: HttpResponse): boolean =>
  response.status === 401 || (response.status === 400 && problemsOf(response).some(isAboutKey))

const isForbidden = (response: HttpResponse): boolean => response.status === 403 && !isChallenge(response)

const accountOf = (response: HttpResponse): Json | undefined =>
  response.status === 200 ? arrayAt(answerBody(response), 'data')[0] : undefined

const aboutAccount = (account: Json | undefined): string => {
  const attributes = objectAt(account, 'attributes')
  const name = textAt(objectAt(attributes, 'contact_information'), 'organization_name')
  const whose =
    said(name) === undefined ? 'Klaviyo accepts the API key' : `Klaviyo accepts the API key of “${said(name)}”`
  return booleanAt(attributes, 'test_account') ? `${whose}, a test account.` : `${whose}.`
}

const aboutWriting = (mayWrite: boolean): string =>
  mayWrite
    ? 'The key seems to be allowed to write events: an incomplete one, which is recorded nowhere, was refused for what it lacks.'
    : 'Whether the key is allowed to write events could not be seen; the first event will tell.'

const aboutMetrics = (metrics: HttpResponse | undefined, native: boolean): string => {
  if (native)
    return 'The account has metrics of Klaviyo’s own Shopify integration, so what that integration sends is left out unless you choose otherwise.'
  if (metrics?.status === 200) return 'It has no metrics of Klaviyo’s own Shopify integration.'
  return metrics !== undefined && isForbidden(metrics)
    ? 'It is not allowed to read metrics, so say yourself whether Klaviyo’s own Shopify integration is on.'
    : 'Whether Klaviyo’s own Shopify integration is on could not be seen; say so yourself.'
}

/** A metric belongs to the integration that sends it; ours belong to "API". */
const isShopifys = (metric: Json): boolean =>
  textAt(objectAt(objectAt(metric, 'attributes'), 'integration'), 'name')?.toLowerCase() === 'shopify'
