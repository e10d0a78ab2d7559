import { HOUR, MINUTE } from '../../lib/duration.ts'
import type { HttpResponse } from '../../lib/http.ts'
import { arrayAt, type Json, numberAt, objectAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { Polling, Verdict } from '../destination.ts'
import { together } from '../plan.ts'
import { refusalOf } from './answers.ts'
import { BEARER } from './ingest.ts'
import { adviceOn, informationOf, meaningOf, plainReason } from './reasons.ts'

const STATUS_URL = 'https://datamanager.googleapis.com/v1/requestStatus:retrieve'

/** What Google counts under one reason. The rows have been named since November 2026 only. */
interface Count {
  readonly reason: string
  /** Undefined where neither a number nor rows are told. */
  readonly records: number | undefined
  readonly rows: readonly number[]
}

type Verdicts = readonly (Verdict | undefined)[]

const countFrom = (value: Json): Count => {
  const rows = arrayAt(value, 'recordIndices').map(Number).filter(Number.isInteger)
  return {
    reason: plainReason(textAt(value, 'reason') ?? 'UNSPECIFIED'),
    records: numberAt(value, 'recordCount') ?? (rows.length === 0 ? undefined : rows.length),
    rows,
  }
}

const verdictFor = (reason: string): Verdict => {
  switch (meaningOf(reason)) {
    case 'informational':
      return { outcome: 'accepted', note: informationOf(reason) ?? reason }
    case 'moment':
      return {
        outcome: 'retry',
        code: reason,
        message: 'Google failed to process the event and may take it next time.',
      }
    case 'connection':
      return { outcome: 'unauthorized', code: reason, message: adviceOn(reason) ?? `Google refuses events: ${reason}.` }
    default:
      return { outcome: 'rejected', code: reason, message: `Google took the event and could not use it: ${reason}.` }
  }
}

const failedWithoutReason: Verdict = {
  outcome: 'rejected',
  code: 'FAILED',
  message: 'Google took the event and could not use it, without a reason.',
}

const warned = (rows: readonly Count[], index: number): Verdict => {
  const reasons = rows.filter((count) => count.rows.includes(index)).map(({ reason }) => reason)
  return reasons.length === 0
    ? { outcome: 'accepted' }
    : { outcome: 'accepted', note: `Google left something out: ${reasons.join(', ')}.` }
}

/**
 * Whether every record that failed is named: only then it is known of the others that they went well. Of those that
 * Google merely has something to say about it does not matter which they are.
 */
const namesFailures = (counts: readonly Count[]): boolean =>
  counts.every(
    ({ reason, records, rows }) =>
      meaningOf(reason) === 'informational' || (records !== undefined && rows.length >= records),
  )

/**
 * The verdict that all failed records share where their rows are not named; undefined where their reasons would end
 * differently, since nobody knows then which record had which.
 */
const shared = (counts: readonly Count[]): Verdict | undefined => {
  const [first, ...others] = counts.toSorted((a, b) => (b.records ?? 0) - (a.records ?? 0))
  if (first === undefined) return failedWithoutReason
  const verdict = verdictFor(first.reason)
  return others.every(({ reason }) => verdictFor(reason).outcome === verdict.outcome) ? verdict : undefined
}

/** What became of the events at one destination; undefined for those of which it does not say. */
const verdictsAt = (destination: Json, items: number): Verdicts | 'pending' => {
  const status = textAt(destination, 'requestStatus')
  const errors = arrayAt(objectAt(destination, 'errorInfo'), 'errorCounts').map(countFrom)
  const warnings = arrayAt(objectAt(destination, 'warningInfo'), 'warningCounts').map(countFrom)
  const each = (verdict: (index: number) => Verdict | undefined): Verdicts =>
    Array.from({ length: items }, (_, index) => verdict(index))
  const blamed = (index: number): Verdict | undefined => {
    const count = errors.find(({ rows }) => rows.includes(index))
    return count && verdictFor(count.reason)
  }
  switch (status) {
    case 'SUCCESS':
      return each((index) => warned(warnings, index))
    case 'PARTIAL_SUCCESS': {
      const failed = errors.reduce((sum, { records = 0 }) => sum + records, 0)
      const rest = errors.length > 0 && namesFailures(errors)
      // A "partial" success of nothing.
      const all = failed >= items ? shared(errors) : undefined
      return each((index) => blamed(index) ?? (rest ? warned(warnings, index) : all))
    }
    // The documentation has the one word, the interface's own description the other.
    case 'FAILED':
    case 'FAILURE':
      return each((index) => blamed(index) ?? shared(errors))
    default:
      return 'pending'
  }
}

/** An event that went to several destinations is judged by all of them; where one is silent, so are we. */
const merged = (a: Verdicts, b: Verdicts): Verdicts =>
  a.map((verdict, index) => {
    const other = b[index]
    return verdict && other && together(verdict, other)
  })

const read = (response: HttpResponse, items: number): Verdicts | 'pending' => {
  const answer = answerBody(response)
  // Google has no such request: it never existed or was forgotten. Asking again would not help.
  if (response.status === 404 || refusalOf(answer).code === 'INVALID_REQUEST_ID')
    return Array.from({ length: items }, () => undefined)
  if (response.status !== 200) return 'pending'
  let known: Verdicts | undefined
  for (const destination of arrayAt(answer, 'requestStatusPerDestination')) {
    const verdicts = verdictsAt(destination, items)
    if (verdicts === 'pending') return 'pending'
    known = known === undefined ? verdicts : merged(known, verdicts)
  }
  return known ?? 'pending'
}

/** Google's own advice: after half an hour, then ever more slowly, and no longer than a day. */
export const requestStatus: Polling<unknown> = {
  first: 30 * MINUTE,
  factor: 1.3,
  longest: HOUR,
  stop: 24 * HOUR,
  request: (job) => ({
    method: 'GET',
    url: `${STATUS_URL}?requestId=${encodeURIComponent(job)}`,
    headers: { authorization: BEARER },
  }),
  read,
}
