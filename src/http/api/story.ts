import { type Outcome, type OutcomeState, stateOf } from '../../destinations/outcomes.ts'
import type { EventName } from '../../event/names.ts'
import type { Json } from '../../lib/json.ts'
import { compact } from '../../lib/json.ts'
import type { AttemptStory, DeliveryStory, EventStory } from '../../pipeline/story.ts'
import type { ParkedKind } from '../../store/store.ts'

/** An event's story on the wire. Documents travel as indented text: the dashboard shows them and reads nothing in them. */
export interface WireStory {
  readonly seq: number
  readonly name: EventName
  readonly platformNames: Readonly<Record<string, string | null>>
  readonly receivedAt: number
  readonly arrived: readonly {
    readonly source: string
    readonly topic?: string
    readonly at: number
    readonly body?: string
  }[]
  readonly event?: string
  readonly gone?: 'expired' | 'redacted' | 'damaged'
  readonly parts: readonly { readonly receivedAt: number; readonly joined: boolean; readonly event: string }[]
  readonly deliveries: readonly WireDelivery[]
}

export interface WireDelivery {
  readonly connection: number
  readonly destination: { readonly slug: string; readonly name: string }
  /** Which of the platform's accounts. */
  readonly account?: string
  readonly state: OutcomeState
  readonly outcome: Outcome | 'waiting'
  readonly explained: string
  readonly parked?: {
    readonly kind: ParkedKind
    readonly due: number
    readonly tries: number
    readonly code?: string
    readonly message?: string
  }
  readonly attempts: readonly AttemptStory[]
  readonly request?: {
    readonly method: string
    readonly url: string
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly body?: string
    readonly exact: boolean
  }
}

/** `accounts`: the platform's account of each connection, by its number. */
export const storyToWire = (story: EventStory, accounts: ReadonlyMap<number, string | undefined>): WireStory =>
  compact<WireStory>({
    seq: story.seq,
    name: story.name,
    platformNames: story.platformNames,
    receivedAt: story.receivedAt,
    arrived: story.arrived.map(({ source, topic, at, body }) =>
      compact<WireStory['arrived'][number]>({ source, topic, at, body: document(body) }),
    ),
    event: document(story.event),
    gone: story.gone,
    parts: story.parts.map(({ receivedAt, joined, event }) => ({ receivedAt, joined, event: document(event) ?? '' })),
    deliveries: story.deliveries.map((delivery) => deliveryToWire(delivery, accounts.get(delivery.connection))),
  })

const deliveryToWire = (delivery: DeliveryStory, account: string | undefined): WireDelivery =>
  compact<WireDelivery>({
    connection: delivery.connection,
    destination: delivery.destination,
    account,
    state: delivery.outcome === 'waiting' ? 'waiting' : stateOf(delivery.outcome),
    outcome: delivery.outcome,
    explained: delivery.explained,
    parked: delivery.parked,
    attempts: delivery.attempts,
    request:
      delivery.request &&
      compact<NonNullable<WireDelivery['request']>>({
        method: delivery.request.method,
        url: delivery.request.url,
        headers: Object.entries(delivery.request.headers).map(([name, value]) => ({ name, value })),
        body: document(delivery.request.body),
        exact: delivery.request.exact,
      }),
  })

const document = (json: Json | undefined): string | undefined =>
  json === undefined ? undefined : JSON.stringify(json, null, 2)
