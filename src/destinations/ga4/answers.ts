import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, isObject, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { readResponse as readIngestResponse, readTested as readTestedIngest } from '../google-data-manager/answers.ts'
import { readIngestVerify } from '../google-data-manager/verification.ts'
import { said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting } from '../verified.ts'

/**
 * One verdict per item. The two ways are told apart by their answers: the Data Manager API always writes JSON, the
 * Measurement Protocol never writes anything. It answers 2xx to all that it was able to receive, wrong secrets and
 * broken events too, so what it accepts is sent and never known to have arrived. A page, or JSON cut off, is neither's.
 */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  if (isObject(answerBody(response))) return readIngestResponse(response, items)
  const verdict: Verdict =
    verdictFromStatus(response, items.length) ??
    (response.body === ''
      ? { outcome: 'accepted' }
      : unreadable('The answer was not Google’s, so it is not known whether Google took anything.'))
  return items.map(() => verdict)
}

/**
 * The same in test mode. The validation server complains of a request and does not say of which of its events, so one
 * at fault has to be found; it has nothing to say about secrets.
 */
export const readTested = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  if (response.status !== 200 || !isObject(answer) || !Array.isArray(answer.validationMessages))
    return readTestedIngest(response, items)
  const [complaint] = arrayAt(answer, 'validationMessages')
  if (complaint === undefined) return items.map(() => ({ outcome: 'accepted' }))
  const code = textAt(complaint, 'validationCode') ?? 'VALUE_INVALID'
  const message = said(textAt(complaint, 'description')) ?? 'Google gave no reason.'
  return items.map(() => ({ outcome: items.length === 1 ? 'rejected' : 'singly', code, message }))
}

/** What the validation server, or the Data Manager API asked to validate only, says about the connection. */
export const readVerify = (responses: Answers): Verified => {
  const [{ status, body }] = responses
  const answer = answerBody({ body })
  if (status !== 200 || !isObject(answer) || !Array.isArray(answer.validationMessages))
    return readIngestVerify(
      responses,
      'Google accepts the sign-in and would take events for this property and measurement ID.',
    )
  const [complaint] = arrayAt(answer, 'validationMessages')
  if (complaint !== undefined)
    return {
      outcome: 'failed',
      message: quoting('Google does not like the test event.', 'Google', said(textAt(complaint, 'description'))),
    }
  return {
    outcome: 'ok',
    message:
      'Google finds nothing wrong with a test event. It cannot check the API secret or the measurement ID, so look in Google Analytics under Realtime whether your events arrive.',
  }
}
