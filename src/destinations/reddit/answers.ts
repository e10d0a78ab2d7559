import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Answers, Verdict, Verified } from '../destination.ts'
import { said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'

/** What is wrong with one field of the request. */
interface Fault {
  /** The event's place in the request; undefined where the field's name does not tell. */
  readonly place: number | undefined
  readonly words: string
}

/** How the places of events are written is not documented: "events[3].user", "data.events.3.user" and alike are read. */
const PLACE = /\bevents[[./](\d{1,4})\b/

const faultsOf = (answer: unknown): readonly Fault[] =>
  arrayAt(objectAt(answer, 'error'), 'fields').flatMap((fault) => {
    const field = textAt(fault, 'field')
    const message = textAt(fault, 'message')
    if (field === undefined && message === undefined) return []
    const place = PLACE.exec(field ?? '')?.[1]
    return {
      place: place === undefined ? undefined : Number(place),
      words: [field, message].filter((part) => part !== undefined).join(': '),
    }
  })

/** Reddit's own words. Its `code` is left out: it repeats the status. */
const wordsOf = (answer: unknown): string | undefined => {
  const message = textAt(objectAt(answer, 'error'), 'message')
  return said([message, ...faultsOf(answer).map(({ words }) => words)].filter((part) => part !== undefined).join(' '))
}

/** "Successfully processed 3 conversion events." */
const PROCESSED = /\bprocessed (\d+)\b/

/** One verdict per item. A request is taken or refused as a whole: one bad event and none is processed. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  const verdict = verdictFromStatus(response, items.length, { message: wordsOf(answer) })
  if (verdict === undefined) {
    const taken = takenFrom(answer, items.length)
    return items.map(() => taken)
  }
  const faults = new Map(faultsOf(answer).map(({ place, words }) => [place, words]))
  if (verdict.outcome !== 'singly' || !items.some((_, place) => faults.has(place))) return items.map(() => verdict)
  return items.map((_, place) => {
    const words = faults.get(place)
    return words === undefined ? verdict : { outcome: 'rejected', code: verdict.code, message: words }
  })
}

const takenFrom = (answer: unknown, items: number): Verdict => {
  const message = said(textAt(objectAt(answer, 'data'), 'message'))
  if (message === undefined) return unreadable('Reddit’s answer could not be read, so it is not known what it took.')
  const processed = PROCESSED.exec(message)?.[1]
  const count = processed === undefined ? items : Number(processed)
  if (count === items) return { outcome: 'accepted' }
  if (count > items) return { outcome: 'accepted', note: message }
  // No page says that Reddit takes a part of a request. Should it ever, each is sent again alone: what was taken is
  // merged by its conversion id.
  return items > 1
    ? { outcome: 'singly', code: 'processed', message }
    : { outcome: 'rejected', code: 'processed', message }
}

/** What the answer to the test event says about the credentials. */
export const readVerify = ([response]: Answers): Verified => {
  const answer = answerBody(response)
  const words = wordsOf(answer)
  switch (response.status) {
    case 200:
      return takenFrom(answer, 1).outcome === 'accepted'
        ? { outcome: 'ok', message: 'Reddit accepts the token for this pixel.' }
        : uncertain('Reddit', response)
    case 401:
      return {
        outcome: 'failed',
        message: quoting(
          'Reddit does not accept the access token. Generate a new one in Events Manager and paste it whole.',
          'Reddit',
          words,
        ),
      }
    case 403:
      return {
        outcome: 'failed',
        message: quoting(
          'The access token is not allowed to send events to this pixel. Check the pixel ID, and that the token is of the same business.',
          'Reddit',
          words,
        ),
      }
    case 404:
      return { outcome: 'failed', message: 'Reddit knows no pixel with this ID. Copy it from Events Manager.' }
    case 400:
      return {
        outcome: 'unknown',
        message: quoting(
          'Reddit refused the test event, which tells too little about the token. If you entered a test ID, copy it again.',
          'Reddit',
          words,
        ),
      }
    default:
      return uncertain('Reddit', response, words)
  }
}
