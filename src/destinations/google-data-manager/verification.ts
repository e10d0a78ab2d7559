import { isObject } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verified } from '../destination.ts'
import { quoting, uncertain } from '../verified.ts'
import { connectionFault, refusalOf } from './answers.ts'

/**
 * What the answer to a request with `validateOnly` says about credentials and settings. `takes` is what is known after
 * it succeeded. It does not try every rule: terms that are not accepted are told only when real events were looked at.
 */
export const readIngestVerify = ([response]: Answers, takes: string): Verified => {
  const answer = answerBody(response)
  const { status } = response
  if (status === 200) return isObject(answer) ? { outcome: 'ok', message: takes } : uncertain('Google', response)
  const refusal = refusalOf(answer)
  const fault = status >= 400 && status < 500 ? connectionFault(refusal) : undefined
  if (fault !== undefined) return { outcome: 'failed', message: fault }
  switch (status) {
    case 400:
      return refusal.code === undefined
        ? uncertain('Google', response)
        : {
            outcome: 'unknown',
            message: quoting(
              'Google accepts the sign-in and disliked the test event, so the account could not be checked.',
              'Google',
              refusal.message,
            ),
          }
    case 401:
      return {
        outcome: 'failed',
        message: quoting('Google does not accept the sign-in. Enter the credentials again.', 'Google', refusal.message),
      }
    case 403:
      return {
        outcome: 'failed',
        message: quoting(
          'The credentials may not write to this account. Invite their e-mail address as a user of it.',
          'Google',
          refusal.message,
        ),
      }
    default:
      return uncertain('Google', response, refusal.message)
  }
}
