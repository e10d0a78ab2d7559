import type { EventName } from '../../event/names.ts'
import { layOutcomes, ROW_LENGTH, toldRuns } from '../ledger-rows.ts'
import type { RollupDelta } from '../rollup.ts'
import { addCounts } from '../rollup-rows.ts'
import { eventOf } from '../sealing.ts'
import type { Settlement } from '../settlement.ts'
import type { ConnectionId, Lane, NewParked, ParkedEvent } from '../store.ts'
import { keepJoined } from './append.ts'
import { type ParkedRow, type ShopState, sealFor, unsealText } from './shop-state.ts'
import { addProgress } from './tasks.ts'

/**
 * After a kill nobody knows what was on its way: every lane's next stretch may have been sent since the lane was last
 * settled, and what was parked and due may have gone again.
 */
export const doubtLanes = (state: ShopState, now: number): void => {
  state.lanes = state.lanes.map((lane) => ({
    ...lane,
    unsureSince: lane.unsureSince ?? lane.settledAt ?? now,
    unsureUntil: now,
  }))
  for (const [key, row] of state.parked) {
    const { kind, due, unsureSince, parkedAt } = row.parked
    const mayHaveGone = kind === 'hold' || ((kind === 'retry' || kind === 'singly') && due <= now)
    if (mayHaveGone) state.parked.set(key, { ...row, parked: { ...row.parked, unsureSince: unsureSince ?? parkedAt } })
  }
}

/** Nothing here changes before everything is known to fit. */
export const settle = (state: ShopState, settlement: Settlement, now: number, attemptId: () => number): void => {
  const { connection, stretch } = settlement
  if (!state.connections.has(connection)) return
  if (stretch) {
    const lane = advance(state, connection, stretch, now)
    if (lane.task) addProgress(state, lane.task.id, stretch.outcomes.length, settlement.picked ?? 0)
  }
  const told = settlement.lane
  if (told)
    state.lanes = state.lanes.map((lane) => {
      if (lane.connection !== connection || lane.lane !== told.lane) return lane
      const { unsureSince: _, unsureUntil: __, ...rest } = lane
      return { ...rest, ...told }
    })
  if (settlement.cut) cut(state, connection, settlement.cut.lane)
  if (stretch)
    state.lanes = state.lanes.filter(
      (lane) => lane.connection !== connection || lane.to === undefined || lane.position < lane.to,
    )
  for (const { seq, outcome } of settlement.overwrite) {
    state.parked.delete(`${connection} ${seq}`)
    write(state, connection, seq, Uint8Array.of(outcome))
  }
  for (const parked of settlement.park) park(state, connection, parked)
  for (const attempt of settlement.attempts) state.attempts.unshift({ ...attempt, connection, id: attemptId() })
  for (const delta of settlement.rollups) addRollup(state, connection, delta)
  for (const joined of settlement.joined) keepJoined(state, joined)
  for (const job of settlement.polled ?? []) state.polls.delete(`${connection} ${job}`)
  for (const poll of settlement.polls ?? []) state.polls.set(`${connection} ${poll.job}`, { connection, poll })
}

const advance = (
  state: ShopState,
  connection: ConnectionId,
  stretch: NonNullable<Settlement['stretch']>,
  now: number,
): Lane => {
  const to = stretch.from + stretch.outcomes.length - 1
  if (to > state.events.length) throw new Error(`A settlement of ${stretch.from}..${to} goes beyond the log's head.`)
  const index = state.lanes.findIndex(
    (lane) =>
      lane.connection === connection &&
      lane.lane === stretch.lane &&
      lane.position === stretch.from - 1 &&
      (lane.to === undefined || lane.to >= to),
  )
  const lane = state.lanes[index]
  if (!lane) throw new Error(`A settlement of ${stretch.from}..${to} does not continue lane ${stretch.lane}.`)
  state.lanes[index] = { ...lane, position: to, settledAt: now }
  for (const run of toldRuns(stretch.from, stretch.outcomes)) write(state, connection, run.from, run.outcomes)
  return lane
}

const cut = (state: ShopState, connection: ConnectionId, number: number): void => {
  const own = state.lanes.filter((lane) => lane.connection === connection)
  const live = own.find((lane) => lane.lane === number && lane.kind === 'live')
  const head = state.events.length
  if (!live || live.position >= head) return
  const next = Math.max(...own.map(({ lane }) => lane)) + 1
  const { position } = live
  state.lanes = state.lanes.map((lane) => (lane === live ? { ...lane, position: head } : lane))
  state.lanes.push({
    connection,
    lane: next,
    kind: 'backlog',
    from: position + 1,
    to: head,
    position,
    due: 0,
    tries: 0,
  })
}

const write = (state: ShopState, connection: ConnectionId, from: number, outcomes: Uint8Array): void => {
  const rows = state.ledger.get(connection) ?? []
  const near = rows.filter((row) => row.from >= from - ROW_LENGTH && row.from < from + outcomes.length)
  const changed = layOutcomes(near, from, outcomes)
  const kept = rows.filter((row) => !changed.some((other) => other.from === row.from))
  state.ledger.set(
    connection,
    [...kept, ...changed].sort((a, b) => a.from - b.from),
  )
}

const park = (state: ShopState, connection: ConnectionId, { copy, ...parked }: NewParked): void => {
  const person = state.events[parked.seq - 1]?.person
  const row = `${connection} ${parked.seq}`
  const sealed = copy && person && sealFor(state, person, JSON.stringify(copy), 'parked', row)
  state.parked.set(row, { connection, parked, copy: sealed })
}

export const parkedEvent = (state: ShopState, { connection, parked, copy }: ParkedRow): ParkedEvent => {
  const text = copy && unsealText(state, copy)
  return { ...parked, connection, ...(text !== undefined && { copy: eventOf(text) }) }
}

export const addRollup = (state: ShopState, connection: ConnectionId | undefined, delta: RollupDelta): void => {
  const { bucket, name, outcome, ...counts }: { bucket: number; name: EventName; outcome: number } & RollupDelta = delta
  const key = `${bucket} ${connection ?? 0} ${name} ${outcome}`
  const known = state.rollups.get(key)
  const total = known ? addCounts(known, counts) : counts
  state.rollups.set(key, { bucket, ...(connection !== undefined && { connection }), name, outcome, ...total })
}
