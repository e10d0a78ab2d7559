import type { HttpResponse } from '../../lib/http.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { unreadable, verdictFromStatus } from '../verdict-from-status.ts'
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

/** Criteo documents no body at all, but a page comes from somebody in its place: what a proxy swallowed was not sent. */
const isPage = ({ body }: HttpResponse): boolean => body.trimStart().startsWith('<')

/** One verdict per item, by the status: a 2xx proves no more than that it was read, and a page not even that. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const { status } = response
  const message = trouble(status)
  const verdict: Verdict =
    status >= 300 && status < 400 && message !== undefined
      ? { outcome: 'unauthorized', code: `http_${status}`, message }
      : (verdictFromStatus(response, items.length, { message }) ?? (isPage(response) ? SWALLOWED : TAKEN))
  return items.map(() => verdict)
}

const TAKEN: Verdict = { outcome: 'accepted' }
const SWALLOWED = unreadable('A web page answered in place of Criteo. Check this server’s network.')

/** What the answer to the test event says: that Criteo can be reached, never that the two numbers are right. */
export const readVerify = ([response]: Answers): Verified => {
  const { status } = response
  if (status >= 200 && status < 300) {
    if (isPage(response)) return uncertain('Criteo', response)
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
