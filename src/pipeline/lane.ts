import { MINUTE } from '../lib/duration.ts'
import type { Poll } from '../store/poll.ts'
import type { Lane } from '../store/store.ts'
import { dueAt, waitAfter } from './backoff.ts'
import { exchange, type Fate, failureOf, type Sendable } from './exchange.ts'
import type { Failure } from './failure.ts'
import { countResults } from './metered.ts'
import { orderTurns } from './order-turn.ts'
import {
  type Before,
  decide,
  isSendable,
  joinedOf,
  keptAttempts,
  newestOfOrder,
  type Outlet,
  oneRoundEach,
  resultOf,
} from './outlet.ts'
import type { Prepared } from './prepare.ts'
import { bytesOf, type Result, settle } from './settle.ts'
import { tellTrouble } from './trouble.ts'
import { type Feed, replaces, type View, viewOf } from './view.ts'

/**
 * Takes a lane's next stretch: waits for company (linger), sends, and settles position, ledger, parked and rollups in
 * one transaction. A request that failed as a whole leaves the lane where it is, with a time and a count; only
 * verdicts about single events park them. Returns when to come again.
 */
export const deliverLane = async (outlet: Outlet, lane: Lane, feed: Feed): Promise<number | undefined> => {
  const { runtime, destination } = outlet
  const now = runtime.clock.now()
  const due = dueAt(lane.due, now)
  if (due > now) return due
  const bulk = isBulk(outlet, lane)
  const view = await viewOf(outlet, lane, feed, roomOf(outlet, bulk))
  const oldest = view.events[0]
  if (!oldest) return passOver(outlet, lane, view)

  const { stretch, sendables, full, more, last } = await take(outlet, lane, view, bulk)
  // What came by a clock that was set back since has no time to wait for.
  const ripe = oldest.receivedAt + destination.limits.linger
  if (!full && ripe > now && oldest.receivedAt <= now) return ripe

  const { fates, attempts, polls } = await exchange(outlet, sendables, {
    singly: false,
    retry: lane.tries > 0,
    whole: lane.unsureSince !== undefined,
    bulk,
  })
  const failure = failureOf(fates)
  // After an outage a few events go first.
  const partly = sendables.some(({ index }) => !fates.has(index))
  // What stands before the first event of a failed request is settled; the rest stays in the lane. An accepted event
  // behind it is sent again with the same id, which the platform merges; where it would count it twice, see `beyond`.
  const beyond = beyondRepeat(outlet, sendables, fates)
  const end = failure || partly ? firstFailed(sendables, fates, beyond) : Number.POSITIVE_INFINITY
  const settled = stretch.flatMap((decided): Result[] => {
    if (seqOf(decided) >= end) return []
    if (!isSendable(decided)) return [decided]
    const fate = fates.get(decided.index)
    const before = beforeOf(lane, decided.prepared, now)
    const result = resultOf(outlet, decided, fate, before)
    return [result ?? leftBehind(outlet, decided, before, fate, failure)]
  })
  const sent = sendables.filter(({ index }) => index < end && fates.get(index)?.outcome === 'accepted')
  // What stays in the lane is sent again, and then it is that job which counts.
  const asked = polls.flatMap((poll) => {
    const seqs = poll.seqs.map((seq) => (seq < end ? seq : 0))
    return seqs.some((seq) => seq > 0) ? [{ ...poll, seqs }] : []
  })
  const cut = lane.kind === 'live' && !failure && (more || partly) && isBehind(view.events, now)
  const upTo = Math.min(last, end - 1)
  // Only what was in a request may be there; what was not sent any more after it is in no doubt.
  const doubt = sendables.some(({ index }) => index >= end && isUnknown(fates.get(index)))
  await write(outlet, lane, { settled, was: view.was, attempts, sent, polls: asked, failure, doubt, upTo, cut })
  if (!failure) return full || more || partly ? now : undefined
  return runtime.clock.now() + 1
}

/** Nobody knows whether the platform has it. */
const isUnknown = (fate: Fate | undefined): boolean => fate?.outcome === 'failed' && fate.ambiguous

const seqOf = (decided: Sendable | Result): number => (isSendable(decided) ? decided.index : decided.seq)

/** A stretch without anything to send, which a task's lane leaves as it is. */
const passOver = async (outlet: Outlet, lane: Lane, { reach, was }: View): Promise<number | undefined> => {
  if (reach === lane.position) return undefined
  const nothing = { settled: [], was, attempts: [], sent: [], polls: [], failure: undefined, cut: false }
  await write(outlet, lane, { ...nothing, doubt: false, upTo: reach })
  return outlet.runtime.clock.now()
}

/** A live lane further behind than this leaves what it has not sent to a lane of its own: platforms discount late events. */
const BEHIND = 10 * MINUTE

/** Whether the next events of a lane that can send again are old. */
const isBehind = (available: readonly Prepared[], now: number): boolean =>
  (available.at(-1)?.receivedAt ?? now) < now - BEHIND

/** Backlogs go through the platform's interface for them, unless nobody knows what was sent: then each goes by itself. */
const isBulk = ({ destination }: Outlet, lane: Lane): boolean =>
  lane.kind !== 'live' && destination.limits.bulk !== undefined && lane.unsureSince === undefined

/** As many events as one round of requests can carry. */
const roomOf = ({ destination: { limits } }: Outlet, bulk: boolean): number => {
  const { batch, inFlight } = (bulk ? limits.bulk : undefined) ?? limits
  return batch * inFlight
}

/**
 * What earlier rounds of a lane did with an event. Only what had come by then can have been in the requests of unknown
 * outcome, and none of it before it came.
 */
const beforeOf = (
  { tries, unsureSince, unsureUntil = unsureSince }: Lane,
  { receivedAt }: Prepared,
  now: number,
): Before =>
  unsureSince !== undefined && unsureUntil !== undefined && receivedAt <= unsureUntil
    ? { tries, unsureSince: Math.min(now, Math.max(unsureSince, receivedAt)) }
    : { tries }

/** What came as history is for a backfill or a replay; whatever follows the log as it grows passes it. */
const isHistory = ({ kind }: Lane, { event }: Prepared): boolean =>
  event?.origin === 'backfill' && (kind === 'live' || kind === 'backlog')

const beforeConnection = ({ seq, name, receivedAt, event }: Prepared): Result => ({
  seq,
  name,
  receivedAt,
  event,
  outcome: 'before_connection',
})

/** As much of the log as one round of requests can carry, each event decided. */
const take = async (outlet: Outlet, lane: Lane, { events: available, reach }: View, bulk: boolean) => {
  const now = outlet.runtime.clock.now()
  const decided: (Sendable | Result)[] = []
  let sending = 0
  const room = roomOf(outlet, bulk)
  const turns = await orderTurns(outlet, available)
  for (const prepared of available) {
    if (sending >= room) break
    const before = beforeOf(lane, prepared, now)
    const one = isHistory(lane, prepared)
      ? beforeConnection(prepared)
      : decide(outlet, prepared, { ...before, turn: turns.get(prepared.seq) })
    // What is in doubt counts, whatever becomes of it: no more than one round can have been on its way.
    if (isSendable(one) || before.unsureSince !== undefined) sending++
    decided.push(one)
  }
  const { go, superseded } = newestOfOrder(outlet, decided.filter(isSendable))
  const { go: sendables, later } = oneRoundEach(outlet, go, ({ prepared }) => beforeOf(lane, prepared, now))
  const replaced = new Map([...superseded, ...later].map((result) => [result.seq, result]))
  const stretch = decided.map((one) => (isSendable(one) ? (replaced.get(one.index) ?? one) : one))
  // A read is limited as well: the log may go on beyond what is at hand, however much of that is skipped.
  const whole = stretch.length === available.length
  const more = !whole || reach < (lane.to ?? outlet.shop.head)
  const lastTaken = stretch.at(-1)
  const last = whole || lastTaken === undefined ? reach : seqOf(lastTaken)
  return { stretch, sendables, full: more || sendables.length >= outlet.destination.limits.batch, more, last }
}

/**
 * The highest number that may not be sent again from the lane, because the platform counts repeats: it was accepted, or
 * nobody knows. Up to there all is settled, and what failed among it is parked.
 */
const beyondRepeat = (
  { destination }: Outlet,
  sendables: readonly Sendable[],
  fates: ReadonlyMap<number, Fate>,
): number =>
  Math.max(
    0,
    ...sendables.flatMap(({ index, prepared }) => {
      const fate = fates.get(index)
      const taken = fate?.outcome === 'accepted' || (fate?.outcome === 'failed' && fate.ambiguous)
      return taken && destination.dedup(prepared.name) === undefined ? [index] : []
    }),
  )

const firstFailed = (sendables: readonly Sendable[], fates: ReadonlyMap<number, Fate>, beyond: number): number =>
  Math.min(
    ...sendables.flatMap(({ index }) =>
      index > beyond && (fates.get(index)?.outcome ?? 'failed') === 'failed' ? [index] : [],
    ),
  )

/** An event of a failed request, or of one that was not sent any more, in front of one that may not be repeated. */
const leftBehind = (
  { runtime, destination }: Outlet,
  { prepared: { seq, name, receivedAt, event } }: Sendable,
  before: Before,
  fate: Fate | undefined,
  failure: Failure | undefined,
): Result => {
  const now = runtime.clock.now()
  const isUnsure = fate?.outcome === 'failed' && fate.ambiguous && destination.dedup(name) === undefined
  const unsureSince = before.unsureSince ?? (isUnsure ? now : undefined)
  return {
    seq,
    name,
    receivedAt,
    event,
    outcome: 'parked',
    parked: {
      kind: 'retry',
      due: now + (failure ? waitAfter(failure, 1, runtime.clock.random()) : 0),
      tries: failure?.uncharged ? 0 : 1,
      ...(unsureSince === undefined ? {} : { unsureSince }),
    },
    ...(failure === undefined ? {} : { code: failure.code, message: failure.message }),
  }
}

/** What came of a stretch. */
interface Round {
  readonly settled: readonly Result[]
  /** What a task's events were before. */
  readonly was: View['was']
  readonly attempts: Parameters<typeof settle>[1]
  readonly sent: readonly Sendable[]
  readonly polls: readonly Poll[]
  readonly failure: Failure | undefined
  /** The platform may have some of what stays in the lane. */
  readonly doubt: boolean
  /** The number up to which the lane has come. */
  readonly upTo: number
  readonly cut: boolean
}

const write = async (
  outlet: Outlet,
  lane: Lane,
  { settled, was, attempts, sent, polls, failure, doubt, upTo, cut }: Round,
): Promise<void> => {
  const { runtime, shop, connection, destination } = outlet
  const now = runtime.clock.now()
  const results = settled.flatMap((result) => {
    const before = was.get(result.seq)
    if (!replaces(before, result.outcome)) return []
    return before === undefined ? [result] : [{ ...result, was: before }]
  })
  const rest = settle(results, keptAttempts(outlet, attempts), joinedOf(outlet, sent, now), now, destination.slug)
  const from = lane.position + 1
  const tries = failure?.uncharged ? lane.tries : failure ? lane.tries + 1 : 0
  const stays = failure !== undefined || upTo < (lane.unsureTo ?? 0)
  const unsureSince = doubt ? (lane.unsureSince ?? now) : stays ? lane.unsureSince : undefined
  const unsureUntil = doubt ? now : stays ? lane.unsureUntil : undefined
  await runtime.store.settle({
    shop: shop.shop,
    connection: connection.id,
    ...(upTo >= from ? { stretch: { lane: lane.lane, from, outcomes: bytesOf(results, from, upTo) } } : {}),
    ...(lane.task ? { picked: settled.length } : {}),
    ...(failure || lane.due > 0 || lane.tries > 0 || lane.unsureSince !== undefined
      ? {
          lane: {
            lane: lane.lane,
            due: failure ? now + waitAfter(failure, tries, runtime.clock.random()) : 0,
            tries,
            ...(unsureSince === undefined ? {} : { unsureSince }),
            ...(unsureUntil === undefined ? {} : { unsureUntil }),
          },
        }
      : {}),
    ...rest,
    polls,
    ...(cut ? { cut: { lane: lane.lane } } : {}),
  })
  countResults(outlet, results, failure)
  await tellTrouble(outlet, attempts.length, failure)
  runtime.wake.settled(shop.shop)
}
