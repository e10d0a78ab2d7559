import type { ConnectionId, Lane, LaneKind } from './store.ts'
import type { Choice } from './task.ts'

/** A row of `lanes`, with what its task chooses. */
export interface LaneRow {
  readonly connection: ConnectionId
  readonly lane: number
  readonly kind: LaneKind
  readonly first: number
  readonly last: number | null
  readonly position: number
  readonly due: number
  readonly tries: number
  readonly unsure_since: number | null
  readonly unsure_until: number | null
  readonly unsure_to: number | null
  readonly task: number | null
  readonly choice: string | null
}

export const laneOf = (row: LaneRow): Lane => ({
  connection: row.connection,
  lane: row.lane,
  kind: row.kind,
  from: row.first,
  ...(row.last !== null && { to: row.last }),
  position: row.position,
  due: row.due,
  tries: row.tries,
  ...(row.unsure_since !== null && { unsureSince: row.unsure_since }),
  ...(row.unsure_until !== null && { unsureUntil: row.unsure_until }),
  ...(row.unsure_to !== null && row.unsure_to > row.position && { unsureTo: row.unsure_to }),
  ...(row.task !== null && row.choice !== null && { task: { id: row.task, choice: JSON.parse(row.choice) as Choice } }),
})
