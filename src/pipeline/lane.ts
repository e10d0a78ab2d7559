import type { Lane } from '../store/store.ts'
import { laneWait } from './backoff.ts'
import { exchange, type Failure, type Fate, failureOf, type Sendable } from './exchange.ts'
import { decide, isSendable, joinedOf, keptAttempts, type Outlet, resultOf } from './outlet.ts'
import type { Prepared } from './prepare.ts'
import { type Result, settle } from './settle.ts'
import { tellTrouble } from './trouble.ts'

/** The prepared events after a number, ascending. */
export type Feed = (after: number) => Promise<readonly Prepared[]>

/**
 * Takes a lane's next stretch: waits for company (linger), sends, and settles position, ledger, parked and rollups in
 * one transaction. A request that failed as a whole leaves the lane where it is, with a time and a count; only
 * verdicts about single events park them. Returns when to come again.
 */
export const deliverLane = async (outlet: Outlet, lane: Lane, feed: Feed): Promise<number | undefined> => {
  const { runtime, destination } = outlet
  const now = runtime.clock.now()
  if (lane.due > now) return lane.due
  const available = await feed(lane.position)
  const oldest = available[0]
  if (!oldest) return undefined

  const { stretch, sendables, full, more } = take(outlet, lane, available)
  const ripe = oldest.receivedAt + destination.limits.linger
  if (!full && ripe > now) return ripe

  const { fates, attempts } = await exchange(runtime, outlet.connection, destination, outlet.settings, sendables, {
    singly: false,
  })
  const failure = failureOf(fates)
  // What stands before the first event of a failed request is settled; the rest stays in the lane. An accepted event
  // behind it is sent again with the same id, which the platform merges.
  const end = failure ? firstFailed(sendables, fates) : Number.POSITIVE_INFINITY
  const settled = stretch.flatMap((decided): Result[] => {
    const seq = isSendable(decided) ? decided.index : decided.seq
    if (seq >= end) return []
    const result = isSendable(decided) ? resultOf(outlet, decided, fates.get(seq), { tries: lane.tries }) : decided
    if (!result) throw new Error(`number ${seq} was sent and has no result`)
    return [result]
  })
  const sent = sendables.filter(({ index }) => index < end && fates.get(index)?.outcome === 'accepted')
  await write(outlet, lane, settled, attempts, sent, failure)
  if (!failure) return full || more ? now : undefined
  return runtime.clock.now() + 1
}

/** As much of the log as one round of requests can carry, each event decided. */
const take = (outlet: Outlet, { tries, unsureSince }: Lane, available: readonly Prepared[]) => {
  const stretch: (Sendable | Result)[] = []
  const sendables: Sendable[] = []
  const room = outlet.destination.limits.batch * outlet.destination.limits.inFlight
  for (const prepared of available) {
    if (sendables.length >= room) break
    // Only what had come by then can have been in the request of unknown outcome.
    const unsure = unsureSince !== undefined && prepared.receivedAt <= unsureSince
    const decided = decide(outlet, prepared, unsure ? { tries, unsureSince } : { tries })
    if (isSendable(decided)) sendables.push(decided)
    stretch.push(decided)
  }
  // A read is limited as well: the log may go on beyond what is at hand, however much of that is skipped.
  const more = stretch.length < available.length || (available.at(-1)?.seq ?? 0) < outlet.shop.head
  return { stretch, sendables, full: more || sendables.length >= outlet.destination.limits.batch, more }
}

const firstFailed = (sendables: readonly Sendable[], fates: ReadonlyMap<number, Fate>): number =>
  Math.min(...sendables.flatMap(({ index }) => ((fates.get(index)?.outcome ?? 'failed') === 'failed' ? [index] : [])))

const write = async (
  outlet: Outlet,
  lane: Lane,
  settled: readonly Result[],
  attempts: Parameters<typeof settle>[1],
  sent: readonly Sendable[],
  failure: Failure | undefined,
): Promise<void> => {
  const { runtime, shop, connection } = outlet
  const now = runtime.clock.now()
  const { outcomes, ...rest } = settle(settled, keptAttempts(outlet, attempts), joinedOf(sent, now), now)
  const tries = failure ? lane.tries + 1 : 0
  const unsureSince = failure?.ambiguous ? (lane.unsureSince ?? now) : failure ? lane.unsureSince : undefined
  await runtime.store.settle({
    shop: shop.shop,
    connection: connection.id,
    ...(outcomes.length > 0 ? { stretch: { lane: lane.lane, from: lane.position + 1, outcomes } } : {}),
    ...(failure || lane.tries > 0 || lane.unsureSince !== undefined
      ? {
          lane: {
            lane: lane.lane,
            due: failure ? now + laneWait(tries, failure.after, runtime.clock.random()) : 0,
            tries,
            ...(unsureSince === undefined ? {} : { unsureSince }),
          },
        }
      : {}),
    ...rest,
  })
  await tellTrouble(outlet, attempts.length, failure)
  runtime.wake.settled(shop.shop)
}
