import type { Destination, Verdict } from '../destinations/destination.ts'
import { type Entry, isTooLarge, type PlannedRequest, planRequests, verdictsByEntry } from '../destinations/plan.ts'
import { saysRetired } from '../destinations/sunset.ts'
import { testingOf } from '../destinations/testing.ts'
import type { HttpResponse } from '../lib/http.ts'
import { whatFailed } from '../lib/log.ts'
import type { Poll } from '../store/poll.ts'
import type { NewAttempt } from '../store/settlement.ts'
import { attemptOf } from './attempt-record.ts'
import { authorizedSend } from './authorize.ts'
import { chargeOf, crowded, type Failure, faredIn, leftAlone, notOurs, outOfQuota, whollyFailed } from './failure.ts'
import { hearQuota, partOf, quotaOf } from './limiter.ts'
import { redactAnswer } from './mask.ts'
import type { Outlet } from './outlet.ts'
import type { Prepared } from './prepare.ts'
import { createRefusals } from './refusals.ts'

/** An event on its way out, with what it became for this platform; its index is its number in the log. */
export interface Sendable extends Entry {
  readonly prepared: Prepared
}

/** What a round of requests did to one event. */
export type Fate =
  | Exclude<Verdict, { outcome: 'singly' } | { outcome: 'unauthorized' }>
  | { readonly outcome: 'left' }
  | { readonly outcome: 'too_large' }
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
 * the event is found; once the halvings are spent, or too many are to blame, the rest is `left`, to be sent singly later. After a request that
 * failed as a whole nothing more is sent: the platform is not answering. What was not sent has no fate.
 */
export const exchange = async (
  outlet: Pick<Outlet, 'runtime' | 'shop' | 'connection' | 'destination' | 'settings'>,
  sendables: readonly Sendable[],
  { singly: alone, retry, whole: all = false, bulk = false }: Manner,
): Promise<Exchange> => {
  const { runtime, connection, destination, settings } = outlet
  // Nothing to send says nothing of the platform, and asks nothing of it.
  if (sendables.length === 0) return { fates: new Map(), attempts: [], polls: [] }
  const pass = runtime.breakers.enter(outlet, retry)
  if (pass.wait > 0) return { fates: allOf(sendables, leftAlone(destination, pass.wait)), attempts: [], polls: [] }
  const send = authorizedSend(outlet)
  const { rate, inFlight, batch, bytes } = (bulk ? destination.limits.bulk : undefined) ?? destination.limits
  const testing = testingOf(outlet)
  const quota = quotaOf(outlet, testing?.rate ?? rate)
  const quotas = pass.share < 1 ? [partOf(quota, pass.share), quota] : [quota]
  const polls: Poll[] = []
  const fates = new Map<number, Fate>()
  const attempts: NewAttempt[] = []
  const refusals = createRefusals(sendables.length)
  /** Nothing more is sent. */
  let failed = false
  /** Nothing more is begun: there is no quota or no room for it. What has its turn goes. */
  let over = false
  let halvings = 0

  // An event whose items travelled in several requests is delivered when all of them are.
  const put = (seq: number, fate: Fate) => {
    const known = fates.get(seq)
    if (known?.outcome === 'accepted' && fate.outcome === 'accepted') fates.set(seq, { ...fate, ...known })
    else if (!known || known.outcome === 'accepted') fates.set(seq, fate)
  }

  const putAll = ({ entries }: PlannedRequest<Sendable>, fate: Fate) => {
    for (const { index } of entries) put(index, fate)
  }
  const stop = (planned: PlannedRequest<Sendable>, failure: Failure) => {
    failed = true
    putAll(planned, failure)
  }
  const putOff = (planned: PlannedRequest<Sendable>, failure: Failure) => {
    over = true
    putAll(planned, failure)
  }

  const sendPlanned = async (planned: PlannedRequest<Sendable>): Promise<void> => {
    if (failed || over) return
    if (isTooLarge(planned, { bytes })) return putAll(planned, { outcome: 'too_large' })
    const held = refusals.heldFor(planned.entries.map(({ prepared }) => prepared.name))
    if (held !== undefined) return putAll(planned, refusedKind(destination, held))
    for (const one of quotas) {
      const wait = await runtime.limiter.turn(one)
      if (wait > 0) return putOff(planned, outOfQuota(destination, wait))
    }
    const leave = await runtime.slots.take(destination)
    if (leave === undefined) return putOff(planned, crowded(destination))
    if (failed) return leave()
    const at = runtime.clock.now()
    const response = await send(planned.request).finally(leave)
    if (response.withheld) return stop(planned, notOurs)
    const isTooMany = hearQuota(outlet, quota, response)
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
    const isRetired = saysRetired(destination, response)
    const blame = pass.tell(faredIn(whole, response, isTooMany, isRetired))
    if (whole) {
      // What else there is to send waits as well, and others under the same quota need not find out by themselves.
      if (whole.after !== undefined && !response.unsent) runtime.limiter.pause(quota, whole.after)
      return stop(planned, { ...whole, ...chargeOf(outlet, response, blame), ...(isRetired ? { isRetired } : {}) })
    }
    const poll = pollOf(planned, verdicts, destination, at)
    if (poll) polls.push(poll)
    const blameless: Sendable[] = []
    let blamed = false
    for (const [entry, verdict] of verdictsByEntry(planned, verdicts)) {
      if (verdict.outcome === 'singly') blameless.push(entry)
      else {
        blamed ||= verdict.outcome === 'rejected'
        refusals.note(entry.prepared.name, verdict)
        put(entry.index, perEvent(verdict))
      }
    }
    if (blameless.length === 0) return
    const middle = Math.ceil(blameless.length / 2)
    // Where the platform named who is to blame, the others only have to be sent again.
    const parts = blamed || blameless.length === 1 ? [blameless] : [blameless.slice(0, middle), blameless.slice(middle)]
    for (const half of parts) {
      if (halvings >= HALVINGS || refusals.isHopeless()) for (const { index } of half) put(index, { outcome: 'left' })
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
      for (let next = queue.shift(); next && !failed && !over; next = queue.shift()) await sendPlanned(next)
    }
    await Promise.all(Array.from({ length: Math.min(pass.probe ? 1 : inFlight, queue.length) }, lane))
  }

  await sendAll(pass.probe && !all ? sendables.slice(0, Math.min(PROBE, batch)) : sendables, alone)
  return { fates, attempts, polls }
}

const allOf = (sendables: readonly Sendable[], fate: Fate): ReadonlyMap<number, Fate> =>
  new Map(sendables.map(({ index }) => [index, fate]))

/** Of a kind of which the platform refused several and took none: who knows what is wrong with it, not these events. */
const refusedKind = ({ name }: Destination, code: string): Fate => ({
  outcome: 'retry',
  code,
  message: `${name} refused every event of this kind that was sent just now.`,
})

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
    runtime.log.error('reading an answer crashed', {
      destination: destination.slug,
      status: response.status,
      fault: whatFailed(fault),
    })
    return planned.items.map(() => ({ outcome: 'retry', code: 'unreadable_answer' }))
  }
}

export const redacted = (verdict: Verdict): Verdict => {
  if (verdict.outcome === 'accepted') return verdict.note ? { ...verdict, note: redactAnswer(verdict.note) } : verdict
  return verdict.message === undefined ? verdict : { ...verdict, message: redactAnswer(verdict.message).slice(0, 500) }
}

/**
 * The failure that ended a round: of several requests that were out together the one that was asked to wait longest, since
 * what is written down of it has to hold when nobody remembers the others; else the first.
 */
export const failureOf = (fates: ReadonlyMap<number, Fate>): Failure | undefined => {
  let longest: Failure | undefined
  for (const fate of fates.values())
    if (fate.outcome === 'failed' && (!longest || (fate.after ?? 0) > (longest.after ?? 0))) longest = fate
  return longest
}

const perEvent = (verdict: Exclude<Verdict, { outcome: 'singly' }>): Fate =>
  verdict.outcome === 'unauthorized'
    ? { outcome: 'failed', code: verdict.code, message: verdict.message, unauthorized: true, ambiguous: false }
    : verdict
