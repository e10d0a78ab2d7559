import type { FaultKind } from '../store.ts'
import type { Operations } from './operations.ts'
import type { Packed } from './pack.ts'

/** What the worker thread is started with. */
export interface WorkerStart {
  /** The data folder. */
  readonly folder: string
  readonly masterKey: Uint8Array
  readonly role: Role
  /** Largest size of the database file. */
  readonly maxBytes: number | undefined
  /** Room kept for a full disk, 0 for none. */
  readonly reserveBytes: number
}

/** server: the one process that runs on this folder. tool: a short command beside it. */
export type Role = 'server' | 'tool'

/** A batch of arrivals and how many events it holds. */
export interface Append {
  readonly id: number
  readonly append: Packed
  readonly events: number
}

export interface Call {
  readonly id: number
  readonly operation: keyof Operations
  readonly values: readonly unknown[]
}

export type Request = Append | Call | { readonly id: number; readonly close: true }

/** The first reply of a worker has id 0 and tells whether the store opened; a later one that the disk failed unasked. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: FaultKind; readonly message: string }
  | { readonly id: number; readonly bug: string }

export const OPENED = 0

/** The id of a reply that nobody asked for: another process has written to the database. */
export const OTHERS_WROTE = -1
