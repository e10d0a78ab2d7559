import type { Shop } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { type EventRow, nameIndex, whenOccurred } from '../event-rows.ts'
import type { Appended, Arrival, NewEvent, NewMessage } from '../store.ts'

/**
 * How arrivals travel to the worker thread. Structured clone pays per object, so a whole group is one flat array of
 * text and numbers: bodies are written as JSON once, here, and sealed over there without being parsed.
 */
export type Packed = (string | number | Uint8Array | null)[]

export interface PackedArrival {
  readonly shop: Shop
  readonly message: NewMessage | undefined
  readonly events: readonly EventRow[]
  readonly parts: readonly EventRow[]
  readonly orders: readonly OrderChange[]
}

const packEvent = (into: Packed, { event, subject, receivedAt }: NewEvent): void => {
  into.push(event.id, nameIndex(event.name), subject, receivedAt, whenOccurred(event, receivedAt))
  into.push(JSON.stringify(event))
}

/** An arrival's fields; a group is those of its arrivals one after the other. */
export const pack = ({ shop, message, events, parts, orders }: Arrival): Packed => {
  const into: Packed = []
  into.push(shop, events.length, parts.length, orders.length === 0 ? null : JSON.stringify(orders))
  if (message) {
    into.push(message.topic, message.webhookId, message.eventId ?? null, message.receivedAt)
    // A copy, because cloning a view clones all of the memory that it looks into.
    into.push(new Uint8Array(message.body))
  } else into.push(null)
  for (const event of events) packEvent(into, event)
  for (const part of parts) packEvent(into, part)
  return into
}

/** Reads a group back. The array's layout is known to this file alone, which is why its fields need no checks. */
export const unpack = (packed: Packed): PackedArrival[] => {
  const arrivals: PackedArrival[] = []
  let at = 0
  const next = <T>(): T => packed[at++] as T
  const event = (): EventRow => ({
    id: next<string>(),
    name: next<number>(),
    subject: next<string>(),
    receivedAt: next<number>(),
    occurredAt: next<number>(),
    text: next<string>(),
  })
  const several = (count: number): EventRow[] => {
    const events: EventRow[] = []
    for (let i = 0; i < count; i++) events.push(event())
    return events
  }
  while (at < packed.length) {
    const shop = next<Shop>()
    const eventCount = next<number>()
    const partCount = next<number>()
    const orders = next<string | null>()
    const topic = next<string | null>()
    arrivals.push({
      shop,
      message: topic === null ? undefined : message(topic, next(), next(), next(), next()),
      events: several(eventCount),
      parts: several(partCount),
      orders: orders === null ? [] : (JSON.parse(orders) as OrderChange[]),
    })
  }
  return arrivals
}

const message = (
  topic: string,
  webhookId: string,
  eventId: string | null,
  receivedAt: number,
  body: Uint8Array,
): NewMessage => ({
  source: 'shopify-webhook',
  topic,
  webhookId,
  ...(eventId !== null && { eventId }),
  receivedAt,
  body,
})

/**
 * Answers travel as one array of numbers. Per arrival: 0 fresh, 1 repeated, 2 refused because the shop is unknown, 3 failed
 * by a bug; after the first two one number per event, negative when it was known before.
 */
export const FRESH = 0
export const REPEATED = 1
export const REFUSED = 2
export const FAILED = 3

/** Reads the answers of a group, one arrival after the other. */
export const answersOf = (answers: Float64Array): ((events: number) => Appended | typeof REFUSED | typeof FAILED) => {
  let at = 0
  return (events) => {
    const kind = answers[at++]
    if (kind === REFUSED || kind === FAILED) return kind
    const told: { seq: number; fresh: boolean }[] = []
    for (let i = 0; i < events; i++) {
      const seq = answers[at++] ?? 0
      told.push({ seq: Math.abs(seq), fresh: seq > 0 })
    }
    return { repeated: kind === REPEATED, events: told }
  }
}
