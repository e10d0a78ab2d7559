import type { Outcome } from '../destinations/outcomes.ts'
import type { EventName } from '../event/names.ts'
import type { Json } from '../lib/json.ts'
import type { ConnectionId, ParkedKind } from '../store/store.ts'

/**
 * Everything that is known about one event, told for a person: what arrived, what it means, what was decided for each
 * connection and why, and what the platform answered. Personal data and secrets are masked before they get in here.
 * Instants are ms since 1970.
 */
export interface EventStory {
  readonly seq: number
  readonly name: EventName
  /** Destination slug -> the platform's name for the event; null where the platform has no such event. */
  readonly platformNames: Readonly<Record<string, string | null>>
  readonly receivedAt: number
  /** The messages that told of it, in order of arrival. */
  readonly arrived: readonly Sighting[]
  /** The canonical event as it stands now, parts laid over it; absent when its body is gone. */
  readonly event?: Json
  readonly gone?: 'expired' | 'redacted' | 'damaged'
  readonly parts: readonly { readonly receivedAt: number; readonly joined: boolean; readonly event: Json }[]
  readonly deliveries: readonly DeliveryStory[]
}

/** One message that told of the event. */
export interface Sighting {
  /** e.g. "shopify-webhook" or "web-pixel". */
  readonly source: string
  readonly topic?: string
  readonly at: number
  /** While the message is kept. */
  readonly body?: Json
}

/** What became of the event at one connection. */
export interface DeliveryStory {
  readonly connection: ConnectionId
  readonly destination: { readonly slug: string; readonly name: string }
  /** "waiting" for a number that no lane has passed yet. */
  readonly outcome: Outcome | 'waiting'
  /** The outcome in plain words. */
  readonly explained: string
  readonly parked?: {
    readonly kind: ParkedKind
    readonly due: number
    readonly tries: number
    readonly code?: string
    readonly message?: string
  }
  readonly attempts: readonly AttemptStory[]
  /** The request that carried it, or would carry it now. */
  readonly request?: RequestStory
}

/** One request that carried the event. `status` 0 = no answer came. */
export interface AttemptStory {
  readonly at: number
  readonly ms: number
  readonly status: number
  readonly answer: string
  /** The request carried so many events, and `answer` is this one's part of what was said about them. */
  readonly outOf?: number
  readonly accepted: number
  readonly refused: number
}

export interface RequestStory {
  readonly method: string
  readonly url: string
  /** Secrets masked. */
  readonly headers: Readonly<Record<string, string>>
  /** Only this event's part of the body; hashes are personal data too and masked. */
  readonly body?: Json
  /** The body rendered again has the hash of the body that was sent; otherwise it only shows what would go now. */
  readonly exact: boolean
}
