import type { HttpResponse } from '../../lib/http.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { unreadable, verdictFromStatus } from '../verdict-from-status.ts'

/** What an answer other than 2xx means, for the merchant whose server gave it. */
const meaning = ({ status, problem }: HttpResponse): string => {
  if (status === 0) return `No answer came: ${problem ?? 'the connection broke'}.`
  if (status === 410) return 'Your server wants no more events.'
  if (status >= 300 && status < 400) return 'Your server redirects, which is not followed. Enter the final address.'
  return `Your server answered with status ${status}. Check the address and the secret.`
}

/** A 2xx may say anything, but a page comes from whoever stands in for the receiver: a proxy, a parked domain. */
const verdictOf = (response: HttpResponse, items: number): Verdict => {
  const told = verdictFromStatus(response, items, { message: meaning(response) })
  // The specification tries whatever is not 2xx again. Final is what is wrong with the body: it would be the same.
  if (told?.outcome === 'rejected' && ![400, 413, 422].includes(response.status)) return { ...told, outcome: 'retry' }
  if (told !== undefined || !response.body.trimStart().startsWith('<')) return told ?? { outcome: 'accepted' }
  return unreadable('A web page answered in place of your server. Check the address.')
}

export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] =>
  items.map(() => verdictOf(response, items.length))

export const readVerify = ([response]: Answers): Verified => {
  const verdict = verdictOf(response, 1)
  if (verdict.outcome === 'accepted') return { outcome: 'ok', message: 'Your server took a signed test event.' }
  return { outcome: verdict.outcome === 'retry' ? 'unknown' : 'failed', message: verdict.message ?? meaning(response) }
}
