import { hash } from 'node:crypto'
import type { Destination, Verdict } from '../destinations/destination.ts'
import { type Entry, type PlannedRequest, planRequests, verdictsByEntry } from '../destinations/plan.ts'
import { testingOf } from '../destinations/testing.ts'
import { isOrderEvent } from '../event/names.ts'
import { SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { Poll } from '../store/poll.ts'
import type { NewAttempt } from '../store/store.ts'
import { authorizedSend } from './authorize.ts'
import { type Blame, type Fared, isUnreached } from './breakers.ts'
import { quotaOf } from './limiter.ts'
import { redactAnswer } from './mask.ts'
import type { Outlet } from './outlet.ts'
import type { Prepared } from './prepare.ts'

/** An event on its way out, with what it became for this platform; its index is its number in the log. */
export interface Sendable extends Entry {
  readonly prepared: Prepared
}

/** The request as a whole got no usable answer. */
export interface Failure {
  readonly outcome: 'failed'
  readonly code: string
  readonly message: string
  /** ms that the platform asked to wait. */
  readonly after?: number
  readonly unauthorized: boolean
  /** The platform may have taken the events nevertheless. */
  readonly ambiguous: boolean
  /** Not this connection's failing, or none at all (no request was made): no try is counted. */
  readonly uncharged?: true
  /** Nor is anything said of it. */
  readonly untold?: true
}

/** What a round of requests did to one event. */
export type Fate =
  | Exclude<Verdict, { outcome: 'singly' } | { outcome: 'unauthorized' }>
  | { readonly outcome: 'left' }
  | Failure

export interface Exchange {
  readonly fates: ReadonlyMap<number, Fate>
  readonly attempts: readonly NewAttempt[]
  /** Jobs under which the platform will tell later what became of accepted events. */
  readonly polls: readonly Poll[]
}

/** Most requests spent on finding the event to blame in one stretch; 1,000 events need at most 21 for one bad one. */
const HALVINGS = 64

/** Most events that are risked to find out whether a platform works again. */
const PROBE = 50

/** How a round of requests goes out. `retry`: for events whose last request failed. */
export interface Manner {
  readonly singly: boolean
  readonly retry: boolean
  /** Nobody knows what was sent before: all of it goes, or nothing can be said of the rest. */
  readonly whole?: boolean
  /** Through the platform's interface for backlogs. */
  readonly bulk?: boolean
}

/**
 * Sends what is planned and reads the answers. A batch that was refused without saying who is to blame is halved until
 * the event is found; once the halvings are spent the rest is `left`, to be sent singly later. After a request that
 * failed as a whole nothing more is sent: the platform is not answering. What was not sent has no fate.
 */
export const exchange = async (
  outlet: Pick<Outlet, 'runtime' | 'shop' | 'connection' | 'destination' | 'settings'>,
  sendables: readonly Sendable[],
  { singly: alone, retry, whole: all = false, bulk = false }: Manner,
): Promise<Exchange> => {
  const { runtime, connection, destination, settings } = outlet
  const pass = runtime.breakers.enter(outlet, retry)
  if (pass.wait > 0) return { fates: allOf(sendables, closed(destination, pass.wait)), attempts: [], polls: [] }
  const send = authorizedSend(outlet)
  const { rate, inFlight, batch } = (bulk ? destination.limits.bulk : undefined) ?? destination.limits
  const testing = testingOf(outlet)
  const quota = quotaOf(outlet, testing?.rate ?? rate)
  const polls: Poll[] = []
  const fates = new Map<number, Fate>()
  const attempts: NewAttempt[] = []
  let failed = false
  let halvings = 0

  // An event whose items travelled in several requests is delivered when all of them are.
  const put = (seq: number, fate: Fate) => {
    const known = fates.get(seq)
    if (known?.outcome === 'accepted' && fate.outcome === 'accepted') fates.set(seq, { ...fate, ...known })
    else if (!known || known.outcome === 'accepted') fates.set(seq, fate)
  }

  const sendPlanned = async (planned: PlannedRequest<Sendable>): Promise<void> => {
    if (failed) return
    const wait = await runtime.limiter.turn(quota)
    if (wait > 0) {
      // Nothing was sent and nobody failed: the quota is used up for a while.
      failed = true
      for (const { index } of planned.entries) put(index, outOfQuota(destination, wait))
      return
    }
    if (failed) return
    const at = runtime.clock.now()
    const response = await send(planned.request)
    if (response.withheld) {
      failed = true
      for (const { index } of planned.entries) put(index, NOT_OURS)
      return
    }
    const verdicts = read(outlet, planned, response)
    const attempt = attemptOf(planned, verdicts, response)
    // Without a token nothing left us, and there is nothing to show.
    if (!response.unsent)
      attempts.push({
        ...attempt,
        at,
        ms: runtime.clock.now() - at,
        settingsVersion: connection.settingsVersion,
        revision: destination.revision,
      })
    const whole = whollyFailed(verdicts, response)
    const blame = pass.tell(faredIn(whole, response))
    if (whole) {
      failed = true
      // What else there is to send waits as well, and others under the same quota need not find out by themselves.
      if (whole.after !== undefined && !response.unsent) runtime.limiter.pause(quota, whole.after)
      const failure = { ...whole, ...chargeOf(outlet, response, blame) }
      for (const { index } of planned.entries) put(index, failure)
      return
    }
    const poll = pollOf(planned, verdicts, destination, at)
    if (poll) polls.push(poll)
    const blameless: Sendable[] = []
    let blamed = false
    for (const [entry, verdict] of verdictsByEntry(planned, verdicts)) {
      if (verdict.outcome === 'singly') blameless.push(entry)
      else {
        blamed ||= verdict.outcome === 'rejected'
        put(entry.index, perEvent(verdict))
      }
    }
    if (blameless.length === 0) return
    const middle = Math.ceil(blameless.length / 2)
    // Where the platform named who is to blame, the others only have to be sent again.
    const parts = blamed || blameless.length === 1 ? [blameless] : [blameless.slice(0, middle), blameless.slice(middle)]
    for (const half of parts) {
      if (halvings >= HALVINGS) for (const { index } of half) put(index, { outcome: 'left' })
      else {
        halvings++
        await sendAll(half, half.length === 1 && !blamed)
      }
    }
  }

  const sendAll = async (entries: readonly Sendable[], singly: boolean): Promise<void> => {
    const queue = [
      ...planRequests(destination, settings, entries, {
        singly,
        test: testing !== undefined,
        now: new Date(runtime.clock.now()),
        bulk,
      }),
    ]
    const lane = async () => {
      for (let next = queue.shift(); next && !failed; next = queue.shift()) await sendPlanned(next)
    }
    await Promise.all(Array.from({ length: Math.min(pass.probe ? 1 : inFlight, queue.length) }, lane))
  }

  await sendAll(pass.probe && !all ? sendables.slice(0, Math.min(PROBE, batch)) : sendables, alone)
  return { fates, attempts, polls }
}

/** The platform was not even asked. */
const unasked = (code: string, message: string, wait: number): Failure => ({
  outcome: 'failed',
  code,
  message,
  after: wait,
  unauthorized: false,
  ambiguous: false,
  uncharged: true,
  untold: true,
})

/** Another process goes on, a moment later. */
const NOT_OURS = unasked('not_ours', 'Another process delivers this shop.', SECOND)

const outOfQuota = ({ name }: Destination, wait: number): Failure =>
  unasked('quota', `${name} takes so many requests a second, and these are used up for a while.`, wait)

const closed = ({ name }: Destination, wait: number): Failure =>
  unasked('breaker', `${name} is left alone for a while, because it did not answer.`, wait)

const allOf = (sendables: readonly Sendable[], fate: Fate): ReadonlyMap<number, Fate> =>
  new Map(sendables.map(({ index }) => [index, fate]))

/** What a request says of whether the platform works: a quota and refused credentials are matters of their own. */
const faredIn = (whole: Failure | undefined, response: HttpResponse): Fared | undefined => {
  if (whole === undefined) return 'well'
  if (isUnreached(response)) return 'unreached'
  return whole.unauthorized || response.status === 429 ? undefined : 'failed'
}

/**
 * What never left us is no try, and it is not held against a connection that a platform fails for all, or that nothing
 * at all gets out. It is said, once it cannot be our own network any more.
 */
const chargeOf = (
  outlet: Parameters<typeof exchange>[0],
  response: HttpResponse,
  blame: Blame,
): Pick<Failure, 'uncharged' | 'untold'> => {
  const unreached = isUnreached(response)
  const untold = blame === 'network' || (unreached && !outlet.runtime.breakers.isLasting(outlet))
  return {
    ...(unreached || blame !== 'connection' ? { uncharged: true as const } : {}),
    ...(untold ? { untold: true as const } : {}),
  }
}

/** The job of a request that was accepted for later; its items and the events they came from, in the same order. */
const pollOf = (
  { owners }: PlannedRequest<Sendable>,
  verdicts: readonly Verdict[],
  { poll }: Destination,
  at: number,
): Poll | undefined => {
  const [job] = verdicts.flatMap((verdict) => (verdict.outcome === 'accepted' && verdict.poll ? [verdict.poll] : []))
  if (job === undefined || poll === undefined) return undefined
  return { job, seqs: owners.map(({ index }) => index), sentAt: at, due: at + poll.first, tries: 0, sendings: 1 }
}

/**
 * The verdicts, with nothing in them that came from a shopper or is secret: platforms quote what they refuse. A reader
 * that crashes is our bug; what became of the events is then unknown, and the lane waits as for any unreadable answer.
 */
const read = (
  { runtime, destination, settings }: Pick<Outlet, 'runtime' | 'destination' | 'settings'>,
  planned: PlannedRequest<Sendable>,
  response: HttpResponse,
): readonly Verdict[] => {
  const readResponse = testingOf({ destination, settings })?.readResponse ?? destination.readResponse
  try {
    return readResponse(response, planned.items).map(redacted)
  } catch (fault) {
    const what = fault instanceof Error ? fault.name : 'unknown'
    runtime.log.error('reading an answer crashed', { destination: destination.slug, status: response.status, what })
    return planned.items.map(() => ({ outcome: 'retry', code: 'unreadable_answer' }))
  }
}

export const redacted = (verdict: Verdict): Verdict => {
  if (verdict.outcome === 'accepted') return verdict.note ? { ...verdict, note: redactAnswer(verdict.note) } : verdict
  return verdict.message === undefined ? verdict : { ...verdict, message: redactAnswer(verdict.message).slice(0, 500) }
}

/** The failure that ended a round. */
export const failureOf = (fates: ReadonlyMap<number, Fate>): Failure | undefined => {
  for (const fate of fates.values()) if (fate.outcome === 'failed') return fate
  return undefined
}

/** What a gateway answers for a server that may have taken the request all the same. */
const GATEWAY: ReadonlySet<number> = new Set([502, 504, 524])

/** An answer for the whole request: no event is to blame, so none may pay for it. */
const whollyFailed = (verdicts: readonly Verdict[], response: HttpResponse): Failure | undefined => {
  const first = verdicts[0]
  // A single item that is to be retried counts too: nobody waits behind it, and in company it would be told apart.
  if (!first || !verdicts.every((verdict) => verdict.outcome === first.outcome)) return undefined
  if (first.outcome !== 'retry' && first.outcome !== 'unauthorized') return undefined
  return {
    outcome: 'failed',
    code: first.code,
    message: first.message ?? response.problem ?? `answered ${response.status}`,
    unauthorized: first.outcome === 'unauthorized',
    ambiguous:
      first.outcome === 'retry' &&
      (response.status === 0 ? response.ambiguous === true : response.status < 400 || GATEWAY.has(response.status)),
    ...(first.outcome === 'retry' && first.after !== undefined ? { after: first.after } : {}),
  }
}

const perEvent = (verdict: Exclude<Verdict, { outcome: 'singly' }>): Fate =>
  verdict.outcome === 'unauthorized'
    ? { outcome: 'failed', code: verdict.code, message: verdict.message, unauthorized: true, ambiguous: false }
    : verdict

const attemptOf = (
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
