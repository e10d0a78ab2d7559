import type { Shop } from '../event/event.ts'
import type { ConnectionId } from './store.ts'
import type { Choice, Task, TaskKind } from './task.ts'

/** A row of `tasks`. */
export interface TaskRow {
  readonly id: number
  readonly connection: ConnectionId
  readonly kind: TaskKind
  readonly first: number
  readonly last: number
  readonly choice: string
  readonly created_at: number
  readonly total: number
  readonly passed: number
  readonly picked: number
  readonly state: Task['state']
  readonly ended_at: number | null
}

export const taskOf = (shop: Shop, row: TaskRow): Task => ({
  shop,
  id: row.id,
  connection: row.connection,
  kind: row.kind,
  from: row.first,
  to: row.last,
  choice: JSON.parse(row.choice) as Choice,
  createdAt: row.created_at,
  total: row.total,
  passed: row.passed,
  picked: row.picked,
  state: row.state,
  ...(row.ended_at !== null && { endedAt: row.ended_at }),
})
