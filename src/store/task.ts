import type { Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import type { ConnectionId } from './store.ts'

/** replay: sent once more. backfill: from before the connection, sent for the first time. */
export type TaskKind = 'replay' | 'backfill'

/** A stretch of a connection's past that is to be sent, by catch-up lanes of its own. */
export interface NewTask {
  readonly shop: Shop
  readonly connection: ConnectionId
  readonly kind: TaskKind
  /** First and last number. */
  readonly from: number
  readonly to: number
  readonly choice: Choice
  /** ms since 1970. */
  readonly createdAt: number
}

/** Which numbers of the stretch go; all others are passed and stay what they are. */
export interface Choice {
  /** Bytes of the ledger, 0 for a number that has none. */
  readonly outcomes: readonly number[]
  /** Absent: events of any name. */
  readonly names?: readonly EventName[]
  /** Absent: any of the stretch. Ascending. */
  readonly seqs?: readonly number[]
  /** Of dead letters, those with this code, and with these words. */
  readonly code?: string
  readonly message?: string
}

export interface Task extends NewTask {
  readonly id: number
  /** Numbers that its lanes had to pass when it began. */
  readonly total: number
  /** How many of them are passed, and how many of these were picked. */
  readonly passed: number
  readonly picked: number
  /** running, until all are passed or somebody cancels. */
  readonly state: 'running' | 'done' | 'cancelled'
  readonly endedAt?: number
}
