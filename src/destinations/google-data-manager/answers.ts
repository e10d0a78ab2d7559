import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Verdict } from '../destination.ts'
import { said, unreadable, verdictFromStatus } from '../verdict-from-status.ts'
import { quoting } from '../verified.ts'
import { adviceOn, meaningOf, plainReason } from './reasons.ts'

/** One thing that Google says about a request or about one of its events. */
interface Remark {
  readonly reason?: string | undefined
  readonly field?: string | undefined
  readonly description?: string | undefined
}

/** A refusal as Google writes it: google.rpc.Status. */
export interface Refusal {
  /** The most telling of its codes. */
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly violations: readonly Remark[]
}

/** `events.events[3].user_data…`, or without the first word. */
const EVENT_FIELD = /^(?:events\.)?events\[(\d{1,4})\]\.?/
const DESTINATION_FIELD = /^(?:events\.)?destinations?\b/
const ADDRESS = /https?:\/\/\S+/g

/** Google's words, without the addresses that it likes to add: they name projects. */
const wordsAt = (value: Json, key: string): string | undefined => said(textAt(value, key)?.replace(ADDRESS, '…'))

const remarkFrom = (value: Json): Remark => ({
  reason: textAt(value, 'reason'),
  field: textAt(value, 'field'),
  description: wordsAt(value, 'description'),
})

const indexOf = ({ field }: Remark): number | undefined => {
  const found = field === undefined ? null : EVENT_FIELD.exec(field)
  return found === null ? undefined : Number(found[1])
}

/** "user_data.user_identifiers[0].email_address: not 64 digits (INVALID_HEX_ENCODING)". */
const inWords = ({ field, description, reason }: Remark): string => {
  const path = field?.replace(EVENT_FIELD, '')
  const text = description ?? 'refused without a reason'
  return `${path ? `${path}: ` : ''}${text}${reason === undefined || description === undefined ? '' : ` (${reason})`}`
}

export const refusalOf = (answer: unknown): Refusal => {
  const error = objectAt(answer, 'error')
  const details = arrayAt(error, 'details')
  const violations = details.flatMap((detail) => arrayAt(detail, 'fieldViolations')).map(remarkFrom)
  const reasons = [...details.map((detail) => textAt(detail, 'reason')), ...violations.map(({ reason }) => reason)].map(
    (reason) => reason && plainReason(reason),
  )
  const status = textAt(error, 'status')
  // What is the connection's matter says most; the general code repeats the status.
  const code =
    reasons.find((reason) => reason !== undefined && meaningOf(reason) === 'connection') ??
    reasons.find((reason) => reason !== undefined && reason !== status) ??
    status
  return { code, message: wordsAt(error, 'message'), violations }
}

/** What a refusal says that is the connection's matter, in words for a merchant; undefined for any other. */
export const connectionFault = ({ code, message, violations }: Refusal): string | undefined => {
  const [violation] = violations
  // Which of several conversion actions it is stands in the violation alone.
  const words = violation === undefined ? undefined : inWords(violation)
  const advice = code === undefined ? undefined : adviceOn(code)
  if (advice !== undefined) return quoting(advice, 'Google', words)
  if (violations.some(({ field }) => field !== undefined && DESTINATION_FIELD.test(field)))
    return quoting('Google refuses the account, or the place in it where events go.', 'Google', words)
  if (code === undefined || meaningOf(code) !== 'connection') return undefined
  return quoting(`Google refuses the connection’s settings (${code}).`, 'Google', words ?? message)
}

/**
 * One bad event refuses the whole request and nothing of it is taken: those that the violations name are to blame, the
 * others can be sent again. Undefined where no event of the request is named.
 */
const verdictsByIndex = ({ code, violations }: Refusal, items: number): readonly Verdict[] | undefined => {
  const blamed = new Map<number, Remark>()
  for (const violation of violations) {
    const index = indexOf(violation)
    if (index !== undefined && index < items && !blamed.has(index)) blamed.set(index, violation)
  }
  if (blamed.size === 0) return undefined
  return Array.from({ length: items }, (_, index): Verdict => {
    const violation = blamed.get(index)
    if (violation === undefined) return { outcome: 'singly', code: 'refused_with_another' }
    return {
      outcome: 'rejected',
      code: plainReason(violation.reason ?? code ?? 'INVALID_ARGUMENT'),
      message: said(inWords(violation)) ?? 'Google gave no reason.',
    }
  })
}

const refused = (response: HttpResponse, answer: unknown, items: number): readonly Verdict[] => {
  const refusal = refusalOf(answer)
  const { code, message } = refusal
  const all = (verdict: Verdict) => Array.from({ length: items }, () => verdict)
  if (response.status >= 400 && response.status < 500) {
    const fault = connectionFault(refusal)
    if (fault !== undefined)
      return all({ outcome: 'unauthorized', code: code ?? `http_${response.status}`, message: fault })
    if (code !== undefined && meaningOf(code) === 'moment' && response.status !== 429)
      return all(message === undefined ? { outcome: 'retry', code } : { outcome: 'retry', code, message })
  }
  if (response.status === 400) {
    const verdicts = verdictsByIndex(refusal, items)
    if (verdicts !== undefined) return verdicts
  }
  const [violation] = refusal.violations
  const explanation = { code, message: violation === undefined ? message : said(inWords(violation)) }
  return all(
    verdictFromStatus(response, items, explanation) ??
      unreadable('Google’s answer could not be read, so it is not known what it took.'),
  )
}

/** What an accepting answer warns of, by event; a warning that names no event is about each of them. */
const notesOf = (answer: unknown, items: number): readonly (string | undefined)[] => {
  const warnings = arrayAt(answer, 'fieldWarnings').map(remarkFrom)
  if (warnings.length === 0) return []
  return Array.from({ length: items }, (_, index) => {
    const own = warnings.filter((warning) => (indexOf(warning) ?? index) === index)
    return said(own.map(inWords).join('; '))
  })
}

/** The same of a request that asked to validate only: an answer without complaints has no job to ask about. */
export const readTested = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  if (response.status !== 200 || !isObject(answer) || 'error' in answer) return refused(response, answer, items.length)
  const notes = notesOf(answer, items.length)
  return items.map((_, index): Verdict => {
    const note = notes[index]
    return note === undefined ? { outcome: 'accepted' } : { outcome: 'accepted', note }
  })
}

/** One verdict per item. 200 means that Google will look at the events; what became of them is asked later. */
export const readResponse = (response: HttpResponse, items: readonly unknown[]): readonly Verdict[] => {
  const answer = answerBody(response)
  const poll = response.status === 200 && isObject(answer) ? textAt(answer, 'requestId') : undefined
  if (poll === undefined) return refused(response, answer, items.length)
  const notes = notesOf(answer, items.length)
  return Array.from({ length: items.length }, (_, index): Verdict => {
    const note = notes[index]
    return note === undefined ? { outcome: 'accepted', poll } : { outcome: 'accepted', note, poll }
  })
}
