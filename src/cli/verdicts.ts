import type { Verdict } from '../destinations/destination.ts'
import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import { isObject, type Json, numberAt } from '../lib/json.ts'
import { destinationNamed } from './destination-named.ts'
import { readDocuments } from './read-lines.ts'
import { type CommandResult, wrongUsage } from './result.ts'

export interface VerdictsOptions {
  readonly destination: string
  /** How many items the answered request carried. */
  readonly events: number
  /** The answers are those of a later poll. */
  readonly poll?: boolean
  /** When the answers came: a `Retry-After` that is a date is read against it where the answer has no `Date`. */
  readonly now: Date
}

const MOST_EVENTS = 100_000

/** `converlay verdicts`: a platform's answers in, what each says about every item of its request out. */
export const verdictsCommand = (options: VerdictsOptions, input: string): CommandResult => {
  const destination = destinationNamed(options.destination)
  if (typeof destination === 'string') return wrongUsage(destination)
  if (!Number.isInteger(options.events) || options.events < 1 || options.events > MOST_EVENTS)
    return wrongUsage(`--events must be a whole number from 1 to ${MOST_EVENTS}: the items of the answered request.`)
  const { poll } = destination
  if (options.poll && poll === undefined)
    return wrongUsage(`${destination.name} answers at once; there is nothing to poll.`)

  const read = (response: HttpResponse): readonly object[] => {
    if (!options.poll || poll === undefined) return destination.readResponse(response, items).map(wire)
    const told = poll.read(response, options.events)
    return items.map((_, index) => {
      if (told === 'pending') return { outcome: 'retry', code: 'processing', after: poll.first / SECOND }
      const verdict = told[index]
      return verdict === undefined ? { outcome: 'accepted', note: NOT_TOLD } : wire(verdict)
    })
  }
  const items = new Array<undefined>(options.events).fill(undefined)
  const lines: string[] = []
  let refused = false
  for (const one of readDocuments(input)) {
    const { document } = one
    const response = 'error' in one ? one.error : responseFrom(one.value, options.now)
    if (typeof response === 'string') {
      refused = true
      lines.push(JSON.stringify({ document, error: response }))
      continue
    }
    for (const [index, verdict] of read(response).entries()) lines.push(JSON.stringify({ document, index, ...verdict }))
  }
  return { lines, status: refused ? 1 : 0 }
}

const NOT_TOLD = 'The platform does not say what became of this one.'

/** A verdict as it is printed: waits are in seconds. */
const wire = (verdict: Verdict): object =>
  verdict.outcome === 'retry' && verdict.after !== undefined ? { ...verdict, after: verdict.after / SECOND } : verdict

/** An answer as our sender would hand it over, or what is wrong with the document. */
const responseFrom = (document: Json, now: Date): HttpResponse | string => {
  const status = numberAt(document, 'status')
  if (!isObject(document) || status === undefined || !Number.isInteger(status) || status < 0 || status > 599)
    return 'not an answer: status must be a number from 100 to 599, or 0 where no answer came'
  const headers: Record<string, string> = { date: now.toUTCString() }
  if (isObject(document.headers))
    for (const [name, value] of Object.entries(document.headers))
      if (typeof value === 'string' || typeof value === 'number') headers[name.toLowerCase()] = String(value)
  const { body } = document
  return {
    status,
    headers,
    body: typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
  }
}
