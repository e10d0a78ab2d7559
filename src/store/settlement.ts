import type { Shop } from '../event/event.ts'
import type { Poll } from './poll.ts'
import type { RollupDelta } from './rollup.ts'
import type { ConnectionId, Lane, NewEvent, NewParked } from './store.ts'

/** What one pass over a stretch of a lane decided. All of it is committed together. */
export interface Settlement {
  readonly shop: Shop
  readonly connection: ConnectionId
  /** The epoch of the lease under which it was made, where several processes deliver: an earlier owner's is `Fenced`. */
  readonly fence?: number
  /**
   * The stretch: numbers position+1 … position+outcomes.length get these bytes; 0, which only tasks write, leaves what is
   * there. Absent: only parked events change.
   */
  readonly stretch?: { readonly lane: number; readonly from: number; readonly outcomes: Uint8Array }
  /** A lane that could not send: when it is due again. Also resets (0, 0) after success. */
  readonly lane?: Pick<Lane, 'lane' | 'due' | 'tries' | 'unsureSince' | 'unsureUntil'>
  /**
   * The live lane jumps to the log's head, and what lies between becomes a catch-up lane of its own (`backlog`): fresh
   * events do not wait behind old ones. A catch-up lane that has come to its end goes by itself.
   */
  readonly cut?: { readonly lane: number }
  readonly park: readonly NewParked[]
  /** Bytes that change: parked events that ended, whose row goes (dead ones are parked as dead in `park`), polled and replayed ones. */
  readonly overwrite: readonly { readonly seq: number; readonly outcome: number }[]
  /** How many numbers of the stretch its task picked. */
  readonly picked?: number
  readonly attempts: readonly NewAttempt[]
  readonly rollups: readonly RollupDelta[]
  /** Joined results kept at the first send, with the subject that seals them. */
  readonly joined: readonly NewEvent[]
  /** Jobs that are to be asked about. One that is known is replaced: it is asked about again later. */
  readonly polls?: readonly Poll[]
  /** Jobs that need no more asking. */
  readonly polled?: readonly string[]
}

export interface NewAttempt {
  readonly at: number
  readonly ms: number
  readonly from: number
  readonly to: number
  /** Exactly which numbers it carried, ascending. */
  readonly seqs: readonly number[]
  readonly settingsVersion: number
  readonly revision: number
  /** SHA-256 of the request body, hex. */
  readonly bodyHash: string
  readonly bytes: number
  readonly status: number
  /** At most 2 KiB, secrets and personal data taken out. */
  readonly answer: string
  readonly accepted: number
  readonly refused: number
  readonly carriesOrder: boolean
}

export interface Attempt extends NewAttempt {
  readonly id: number
  readonly connection: ConnectionId
}
