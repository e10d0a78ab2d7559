import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, numberAt, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { type Explanation, said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

/** Every request has the token in its address, so an answer that quotes the address has it too. */
const ADDRESS_TOKEN = /access_token=[^\s&"'<>]*/gi

const inWords = (texts: readonly unknown[]): string | undefined =>
  said(
    texts
      .flatMap((text) => said(text) ?? [])
      .join(' ')
      .replace(ADDRESS_TOKEN, 'access_token=…'),
  )

/** The text of an answer that is no JSON, which is all that some refusals say; a gateway's page says nothing. */
const plainText = ({ status, body }: HttpResponse, answer: unknown): string | undefined =>
  answer === undefined && status >= 400 && !/^\s*</.test(body) ? inWords([body]) : undefined

/** Why an answer, or one event in it, is INVALID. */
const explanationOf = (refusal: unknown): Explanation => {
  const errors = objectAt(refusal, 'errors')
  return {
    code: said(arrayAt(errors, 'codes')[0]),
    message: inWords(arrayAt(errors, 'error_msgs')) ?? inWords([textAt(refusal, 'reason')]),
  }
}

/**
 * What Snapchat answers to a bad token is not published, and INVALID comes with any status. An answer that speaks of
 * the token, in any form, must not end events one after the other; one that names an event speaks of that event.
 */
const CREDENTIALS = /access[ _]?token|unauthori[sz]ed|not authori[sz]ed|authentication/i

const NOT_COUNTED = 'Checked by Snapchat in test mode and not counted.'

const FAILURE = /invalid|fail|error|reject|refus/i

interface Log {
  readonly refusal?: Explanation
  readonly note: string
}

/** What the validating endpoint says of single events, by their place in the request; the live endpoint has no such list. */
const logsOf = (answer: unknown): ReadonlyMap<number, Log> => {
  const logs = new Map<number, Log>()
  for (const log of arrayAt(answer, 'event_logs')) {
    const place = numberAt(log, 'event')
    if (place === undefined) continue
    const refusal = explanationOf(log)
    // The words for an event's status are not published; an error is one under any of them, and so is a status that
    // speaks of failure without an error beside it.
    const refused =
      refusal.code !== undefined || refusal.message !== undefined || FAILURE.test(textAt(log, 'status') ?? '')
    const note = inWords([NOT_COUNTED, ...arrayAt(log, 'warnings')]) ?? NOT_COUNTED
    logs.set(place, refused ? { refusal, note } : { note })
  }
  return logs
}

const rejected = ({ code, message }: Explanation): Verdict => ({
  outcome: 'rejected',
  code: code ?? 'invalid_event',
  message: message ?? 'Snapchat gave no reason.',
})

const taken = (answer: unknown, items: readonly unknown[]): readonly Verdict[] => {
  const logs = logsOf(answer)
  return items.map((_, place): Verdict => {
    const log = logs.get(place)
    if (log === undefined) return { outcome: 'accepted' }
    return log.refusal === undefined ? { outcome: 'accepted', note: log.note } : rejected(log.refusal)
  })
}

/** Nothing of an INVALID request is known to have been taken: who is named ends, and the others are sent again. */
const refused = (answer: unknown, items: readonly unknown[]): readonly Verdict[] => {
  const whole = explanationOf(answer)
  const logs = logsOf(answer)
  const named = numberAt(answer, 'event')
  const others: Verdict = { outcome: 'singly', code: whole.code ?? 'invalid_request' }
  return items.map((_, place): Verdict => {
    const refusal = logs.get(place)?.refusal
    if (refusal !== undefined) return rejected(refusal)
    return place === named || items.length === 1 ? rejected(whole) : others
  })
}

/** One verdict per item. INVALID counts whatever the status is: Snapchat's SDK meets it inside 200 as well. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  const { code: itsCode, message: itsWords } = explanationOf(answer)
  const explanation = { code: itsCode, message: itsWords ?? plainText(response, answer) }
  const byStatus = verdictFromStatus(response, items.length, explanation)
  const status = textAt(answer, 'status')
  if (byStatus === undefined && status === 'VALID') return taken(answer, items)
  const isRefusal =
    byStatus === undefined ? status === 'INVALID' : byStatus.outcome === 'rejected' || byStatus.outcome === 'singly'
  const named = numberAt(answer, 'event')
  const namesAnEvent = named !== undefined && named >= 0 && named < items.length
  if (isRefusal && !namesAnEvent && CREDENTIALS.test(response.body)) {
    const { code = 'bad_credentials', message = 'Snapchat refused the token.' } = explanation
    return items.map(() => ({ outcome: 'unauthorized', code, message }))
  }
  if (isRefusal && status === 'INVALID') return refused(answer, items)
  const verdict = byStatus ?? unreadable('Snapchat’s answer could not be read, so it is not known what it took.')
  return items.map(() => verdict)
}

/** What the answer to the validated event says about the credentials. */
export const readVerify = ([response]: Answers): Verified => {
  const answer = answerBody(response)
  const words = explanationOf(answer).message
  const status = textAt(answer, 'status')
  const badToken: Verified = {
    outcome: 'failed',
    message: quoting(
      'Snapchat does not accept the token for this pixel. Both must be of one organisation, and a new token may need up to a day before it works.',
      'Snapchat',
      words,
    ),
  }
  if (response.status === 401 || response.status === 403) return badToken
  if (response.status === 404)
    return { outcome: 'failed', message: 'Snapchat knows no pixel with this ID. Copy it from Events Manager.' }
  if (response.status === 200 && status === 'VALID')
    return { outcome: 'ok', message: 'Snapchat accepts the token and knows the pixel.' }
  if (status !== 'INVALID' || response.status === 429 || response.status >= 500)
    return uncertain('Snapchat', response, words)
  if (CREDENTIALS.test(response.body)) return badToken
  return {
    outcome: 'unknown',
    message: quoting(
      'Snapchat refused the test event, which tells too little about the token. Check the pixel ID and try again.',
      'Snapchat',
      words,
    ),
  }
}
