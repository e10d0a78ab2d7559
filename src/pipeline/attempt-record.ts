import { hash } from 'node:crypto'
import type { Verdict } from '../destinations/destination.ts'
import type { PlannedRequest } from '../destinations/plan.ts'
import { isOrderEvent } from '../event/names.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { NewAttempt } from '../store/settlement.ts'
import type { Sendable } from './exchange.ts'
import { redactAnswer } from './mask.ts'

/** What is kept of a request: which numbers it carried, and what was answered, without secrets and personal data. */
export const attemptOf = (
  planned: PlannedRequest<Sendable>,
  verdicts: readonly Verdict[],
  response: HttpResponse,
): Omit<NewAttempt, 'at' | 'ms' | 'settingsVersion' | 'revision'> => {
  const seqs = planned.entries.map((entry) => entry.index).sort((a, b) => a - b)
  const body = planned.request.body ?? ''
  const accepted = verdicts.filter((verdict) => verdict.outcome === 'accepted').length
  return {
    from: seqs[0] ?? 0,
    to: seqs.at(-1) ?? 0,
    seqs,
    bodyHash: hash('sha256', body, 'hex'),
    bytes: Buffer.byteLength(body),
    status: response.status,
    answer: redactAnswer(response.status === 0 ? (response.problem ?? 'no answer') : response.body),
    accepted,
    refused: verdicts.length - accepted,
    carriesOrder: planned.entries.some(({ prepared }) => isOrderEvent(prepared.event?.name ?? 'custom')),
  }
}
