import type { Lane, Poll } from '../store/store.ts'
import { waitAfter } from './backoff.ts'
import { exchange, type Failure, type Fate, failureOf, type Sendable } from './exchange.ts'
import { orderTurns } from './order-turn.ts'
import { decide, isSendable, joinedOf, keptAttempts, newestOfOrder, type Outlet, resultOf } from './outlet.ts'
import type { Prepared } from './prepare.ts'
import { type Result, settle } from './settle.ts'
import { tellTrouble } from './trouble.ts'

/** The prepared events after a number, ascending, at least `wanted` of them where there are so many. */
export type Feed = (after: number, wanted: number) => Promise<readonly Prepared[]>

/**
 * Takes a lane's next stretch: waits for company (linger), sends, and settles position, ledger, parked and rollups in
 * one transaction. A request that failed as a whole leaves the lane where it is, with a time and a count; only
 * verdicts about single events park them. Returns when to come again.
 */
export const deliverLane = async (outlet: Outlet, lane: Lane, feed: Feed): Promise<number | undefined> => {
  const { runtime, destination } = outlet
  const now = runtime.clock.now()
  if (lane.due > now) return lane.due
  const available = await feed(lane.position, roomOf(outlet))
  const oldest = available[0]
  if (!oldest) return undefined

  const { stretch, sendables, full, more } = await take(outlet, lane, available)
  const ripe = oldest.receivedAt + destination.limits.linger
  if (!full && ripe > now) return ripe

  const { fates, attempts, polls } = await exchange(outlet, sendables, { singly: false })
  const failure = failureOf(fates)
  // What stands before the first event of a failed request is settled; the rest stays in the lane. An accepted event
  // behind it is sent again with the same id, which the platform merges; where it would count it twice, see `beyond`.
  const beyond = beyondRepeat(outlet, sendables, fates)
  const end = failure ? firstFailed(sendables, fates, beyond) : Number.POSITIVE_INFINITY
  const settled = stretch.flatMap((decided): Result[] => {
    const seq = isSendable(decided) ? decided.index : decided.seq
    if (seq >= end) return []
    if (!isSendable(decided)) return [decided]
    const fate = fates.get(seq)
    const result = resultOf(outlet, decided, fate, { tries: lane.tries })
    return [result ?? leftBehind(outlet, decided, fate, failure)]
  })
  const sent = sendables.filter(({ index }) => index < end && fates.get(index)?.outcome === 'accepted')
  const asked = polls.filter(({ seqs }) => seqs.every((seq) => seq < end))
  await write(outlet, lane, settled, attempts, sent, asked, failure, end)
  if (!failure) return full || more ? now : undefined
  return runtime.clock.now() + 1
}

/** As many events as one round of requests can carry. */
const roomOf = ({ destination: { limits } }: Outlet): number => limits.batch * limits.inFlight

/** As much of the log as one round of requests can carry, each event decided. */
const take = async (outlet: Outlet, { tries, unsureSince }: Lane, available: readonly Prepared[]) => {
  const decided: (Sendable | Result)[] = []
  let sending = 0
  const room = roomOf(outlet)
  const turns = await orderTurns(outlet, available)
  for (const prepared of available) {
    if (sending >= room) break
    // Only what had come by then can have been in the request of unknown outcome.
    const unsure = unsureSince !== undefined && prepared.receivedAt <= unsureSince
    const turn = turns.get(prepared.seq)
    const one = decide(outlet, prepared, unsure ? { tries, unsureSince, turn } : { tries, turn })
    if (isSendable(one)) sending++
    decided.push(one)
  }
  const { go: sendables, superseded } = newestOfOrder(outlet, decided.filter(isSendable))
  const replaced = new Map(superseded.map((result) => [result.seq, result]))
  const stretch = decided.map((one) => (isSendable(one) ? (replaced.get(one.index) ?? one) : one))
  // A read is limited as well: the log may go on beyond what is at hand, however much of that is skipped.
  const more = stretch.length < available.length || (available.at(-1)?.seq ?? 0) < outlet.shop.head
  return { stretch, sendables, full: more || sendables.length >= outlet.destination.limits.batch, more }
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
  fate: Fate | undefined,
  failure: Failure | undefined,
): Result => {
  const now = runtime.clock.now()
  const unsure = fate?.outcome === 'failed' && fate.ambiguous && destination.dedup(name) === undefined
  return {
    seq,
    name,
    receivedAt,
    event,
    outcome: 'parked',
    parked: {
      kind: 'retry',
      due: now + (failure ? waitAfter(failure, 1, runtime.clock.random()) : 0),
      tries: 1,
      ...(unsure ? { unsureSince: now } : {}),
    },
    ...(failure === undefined ? {} : { code: failure.code, message: failure.message }),
  }
}

const write = async (
  outlet: Outlet,
  lane: Lane,
  settled: readonly Result[],
  attempts: Parameters<typeof settle>[1],
  sent: readonly Sendable[],
  polls: readonly Poll[],
  failure: Failure | undefined,
  end: number,
): Promise<void> => {
  const { runtime, shop, connection } = outlet
  const now = runtime.clock.now()
  const { outcomes, ...rest } = settle(settled, keptAttempts(outlet, attempts), joinedOf(sent, now), now)
  const tries = failure?.unasked ? lane.tries : failure ? lane.tries + 1 : 0
  // Whatever the platform may have and that is not parked above is still in the lane.
  const doubt = failure?.ambiguous === true && end !== Number.POSITIVE_INFINITY
  const unsureSince = doubt ? (lane.unsureSince ?? now) : failure ? lane.unsureSince : undefined
  await runtime.store.settle({
    shop: shop.shop,
    connection: connection.id,
    ...(outcomes.length > 0 ? { stretch: { lane: lane.lane, from: lane.position + 1, outcomes } } : {}),
    ...(failure || lane.tries > 0 || lane.unsureSince !== undefined
      ? {
          lane: {
            lane: lane.lane,
            due: failure ? now + waitAfter(failure, tries, runtime.clock.random()) : 0,
            tries,
            ...(unsureSince === undefined ? {} : { unsureSince }),
          },
        }
      : {}),
    ...rest,
    polls,
  })
  await tellTrouble(outlet, attempts.length, failure)
  runtime.wake.settled(shop.shop)
}
