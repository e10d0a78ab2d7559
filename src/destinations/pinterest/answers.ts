import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, isObject, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { type Explanation, said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

const explanationOf = (answer: unknown): Explanation => ({
  code: textAt(answer, 'code'),
  message: said(textAt(answer, 'message')),
})

/** The verdicts of an answer that speaks of every event, at its root or under `details`; undefined for another number. */
const verdictsOf = (answer: unknown, code: string, items: number): readonly Verdict[] | undefined => {
  const atRoot = arrayAt(answer, 'events')
  const events = atRoot.length > 0 ? atRoot : arrayAt(objectAt(answer, 'details'), 'events')
  if (events.length !== items) return undefined
  return events.map((event): Verdict => {
    const status = textAt(event, 'status')
    const note = said(textAt(event, 'warning_message'))
    if (status === 'processed') return note === undefined ? { outcome: 'accepted' } : { outcome: 'accepted', note }
    if (status !== 'failed') return unreadable('Pinterest gave an event a status that is not documented.')
    return {
      outcome: 'rejected',
      code,
      message: said(textAt(event, 'error_message')) ?? note ?? 'Pinterest gave no reason.',
    }
  })
}

/** One verdict per item: Pinterest names each event's fate in the order of the request. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  const explanation = explanationOf(answer)
  // A batch of good and bad events is answered with 200 or with 422; either way each event has its own status.
  if (response.status === 200 || response.status === 422) {
    const verdicts = verdictsOf(answer, explanation.code ?? 'event_failed', items.length)
    if (verdicts !== undefined) return verdicts
  }
  const verdict =
    verdictFromStatus(response, items.length, explanation) ??
    unreadable('Pinterest’s answer could not be read, so it is not known what it took.')
  return items.map(() => verdict)
}

/** What the answer to the test event says about the credentials. */
export const readVerify = ([response]: Answers): Verified => {
  const answer = answerBody(response)
  const words = explanationOf(answer).message
  switch (response.status) {
    case 200:
      return isObject(answer)
        ? { outcome: 'ok', message: 'Pinterest accepts the token and knows the ad account.' }
        : uncertain('Pinterest', response)
    case 401:
      return {
        outcome: 'failed',
        message: quoting(
          'Pinterest does not accept the access token. Generate a new one in Ads Manager and paste it whole.',
          'Pinterest',
          words,
        ),
      }
    case 403:
      return {
        outcome: 'failed',
        message: quoting(
          'The access token is not allowed to write to this ad account. Check the ad account ID, or generate the token as a user with the role Admin, Analyst, Audience or Campaign.',
          'Pinterest',
          words,
        ),
      }
    case 404:
      return { outcome: 'failed', message: 'Pinterest knows no ad account with this ID. Copy it from Ads Manager.' }
    case 422:
      return {
        outcome: 'ok',
        message:
          'Pinterest accepts the token and knows the ad account. It disliked the test event, which does no harm.',
      }
    default:
      return uncertain('Pinterest', response, words)
  }
}
