import type { HttpResponse } from '../../lib/http.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { verdictFromStatus } from '../verdict-from-status.ts'
import { uncertain } from '../verified.ts'

/** What a merchant is told where it is neither the event nor the moment. Criteo's answers say nothing by themselves. */
const trouble = (status: number): string | undefined => {
  // Followed are 307 and 308 to Criteo's own hosts, five at most; this one is of another kind, or leads around.
  if (status >= 300 && status < 400)
    return `Criteo led the request elsewhere (status ${status}), to a place that is not followed: not a host of Criteo’s, not by 307 or 308, or the sixth in a row. Ask your contact at Criteo which address your account uses.`
  if (status === 401 || status === 403)
    return `Criteo answered ${status} although it asks for no credentials: your account or this server’s address seems to be blocked. Ask your contact at Criteo.`
  if (status === 404 || status === 405 || status === 410)
    return `Criteo answered ${status}: its interface for servers is not where it was. Ask your contact at Criteo whether it is still open to your account.`
  return undefined
}

/** One verdict per item, by the status alone: bodies are not documented, and a 2xx proves no more than that it was read. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const { status } = response
  const message = trouble(status)
  const verdict: Verdict =
    status >= 300 && status < 400 && message !== undefined
      ? { outcome: 'unauthorized', code: `http_${status}`, message }
      : (verdictFromStatus(response, items.length, { message }) ?? { outcome: 'accepted' })
  return items.map(() => verdict)
}

/** What the answer to the test event says: that Criteo can be reached, never that the two numbers are right. */
export const readVerify = ([response]: Answers): Verified => {
  const { status, body } = response
  if (status >= 200 && status < 300) {
    if (body.trimStart().startsWith('<')) return uncertain('Criteo', response)
    return {
      outcome: 'ok',
      message:
        'Criteo can be reached and took a test event (viewHome). It says so to any partner ID and caller ID: ask your contact at Criteo to confirm that the event arrived.',
    }
  }
  const message = trouble(status)
  if (message !== undefined) return { outcome: 'failed', message }
  return verdictFromStatus(response, 1)?.outcome === 'rejected'
    ? {
        outcome: 'failed',
        message: `Criteo refused the test event (status ${status}) and does not say why. Check the partner ID and the caller ID with your contact at Criteo.`,
      }
    : uncertain('Criteo', response)
}
