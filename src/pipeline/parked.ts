import type { Poll } from '../store/poll.ts'
import type { ParkedEvent } from '../store/store.ts'
import { dueAt, waitAfter } from './backoff.ts'
import { exchange, failureOf, type Sendable } from './exchange.ts'
import type { Failure } from './failure.ts'
import { countResults } from './metered.ts'
import { orderTurns } from './order-turn.ts'
import {
  decide,
  isSendable,
  joinedOf,
  keptAttempts,
  newestOfOrder,
  type Outlet,
  oneRoundEach,
  resultOf,
} from './outlet.ts'
import { type Result, settle } from './settle.ts'
import { tellTrouble } from './trouble.ts'
import type { Feed } from './view.ts'

/** Most parked events looked at in one pass. */
const LOOK = 1000

/**
 * Sends what was parked: purchases whose hold ended or whose visit became known, events that are to be retried, and
 * those that must travel alone. Returns when the next one is due.
 */
export const deliverParked = async (outlet: Outlet, feed: Feed): Promise<number | undefined> => {
  const { runtime, shop, connection, destination } = outlet
  const now = runtime.clock.now()
  const parked = await runtime.store.parked(shop.shop, connection.id, LOOK)
  const ready = parked.filter((one) => one.kind !== 'person' && (one.kind === 'hold' || dueAt(one.due, now) <= now))
  if (ready.length === 0) return nearest(parked, now)

  const prepared = new Map((await feed.these(ready.map(({ seq }) => seq))).map((one) => [one.seq, one]))
  const results: Result[] = []
  const attempts: Parameters<typeof settle>[1][number][] = []
  const sent: Sendable[] = []
  let failure: Failure | undefined
  let due = now
  const together: Sendable[] = []
  const alone: Sendable[] = []
  const rows = new Map(ready.map((one) => [one.seq, one]))
  const polls: Poll[] = []
  const turns = await orderTurns(outlet, [...prepared.values()])
  for (const one of ready) {
    const event = prepared.get(one.seq)
    if (!event) continue
    const decided = decide(outlet, event, { ...one, turn: turns.get(one.seq) })
    if (isSendable(decided)) (one.kind === 'singly' ? alone : together).push(decided)
    // Still held: its row stays as it is, unless it waits for its turn and looks again.
    else if (decided.outcome !== 'parked' || decided.parked?.due !== one.due)
      results.push({ ...decided, was: 'parked' })
  }
  const { go: newest, superseded } = newestOfOrder(outlet, [...together, ...alone])
  const { go, later } = oneRoundEach(
    outlet,
    newest.toSorted((a, b) => a.index - b.index),
    ({ index }) => rows.get(index),
  )
  for (const result of [...superseded, ...later]) results.push({ ...result, was: 'parked' })
  const goes = new Set(go)
  for (const [batch, singly] of [
    [together.filter((one) => goes.has(one)), false],
    [alone.filter((one) => goes.has(one)), true],
  ] as const) {
    if (batch.length === 0) continue
    if (failure) {
      // The platform is not answering: those that travel alone wait as long as the others.
      for (const sendable of batch) {
        const before = rows.get(sendable.index)
        if (before) results.push(waiting(sendable, before, due, failure, undefined))
      }
      continue
    }
    const most = Math.max(...batch.map(({ index }) => rows.get(index)?.tries ?? 0))
    const round = await exchange(outlet, batch, { singly, retry: most > 0 })
    attempts.push(...round.attempts)
    polls.push(...round.polls.map((poll) => ({ ...poll, sendings: most + 1 })))
    failure = failureOf(round.fates)
    due = runtime.clock.now() + (failure ? waitAfter(failure, most + 1, runtime.clock.random()) : 0)
    for (const sendable of batch) {
      const before = rows.get(sendable.index)
      const fate = round.fates.get(sendable.index)
      // Without a fate and a failure it was not its turn, and its row stays as it is.
      if (!before || !(fate || failure)) continue
      const result = resultOf(outlet, sendable, fate, before)
      if (fate?.outcome === 'accepted') sent.push(sendable)
      if (result) results.push({ ...result, was: 'parked' })
      else
        results.push(
          waiting(sendable, before, due, failure, fate?.outcome === 'failed' && fate.ambiguous ? now : undefined),
        )
    }
  }
  if (results.length > 0 || attempts.length > 0) {
    const rest = settle(results, keptAttempts(outlet, attempts), joinedOf(outlet, sent, now), now, destination.slug)
    await runtime.store.settle({ shop: shop.shop, connection: connection.id, ...rest, polls })
    countResults(outlet, results, failure)
    await tellTrouble(outlet, attempts.length, failure)
    runtime.wake.settled(shop.shop)
  }
  // Of more than were looked at, others may be due by now. Where nothing moved they are not: rows come by their time.
  return parked.length === LOOK && results.length > 0 ? now + 1 : nearest(stillParked(parked, results), now)
}

/** What is parked once these results are written. */
const stillParked = (parked: readonly ParkedEvent[], results: readonly Result[]): readonly ParkedDue[] => {
  const changed = new Map(results.map((result) => [result.seq, result]))
  return parked.flatMap((one): readonly ParkedDue[] => {
    const result = changed.get(one.seq)
    if (result === undefined) return [one]
    return result.outcome === 'parked' && result.parked ? [result.parked] : []
  })
}

type ParkedDue = Pick<ParkedEvent, 'kind' | 'due'>

/** A request that failed as a whole blames no event: they wait together, and a hold that was over stays over. */
const waiting = (
  { prepared: { seq, name, receivedAt, event } }: Sendable,
  before: ParkedEvent,
  due: number,
  failure: Failure | undefined,
  unsureSince: number | undefined,
): Result => {
  const unsure = before.unsureSince ?? unsureSince
  return {
    seq,
    name,
    receivedAt,
    event,
    outcome: 'parked',
    parked: {
      kind: before.kind === 'singly' ? 'singly' : 'retry',
      due,
      tries: failure?.uncharged ? before.tries : before.tries + 1,
      ...(unsure === undefined ? {} : { unsureSince: unsure }),
    },
    was: 'parked',
  }
}

const nearest = (parked: readonly ParkedDue[], now: number): number | undefined => {
  const dues = parked.filter((one) => one.kind !== 'person').map((one) => Math.max(dueAt(one.due, now), now + 1))
  return dues.length === 0 ? undefined : Math.min(...dues)
}
