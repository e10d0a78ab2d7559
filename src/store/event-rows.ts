import type { Event } from '../event/event.ts'
import { EVENT_NAMES, type EventName } from '../event/names.ts'
import type { NewEvent } from './store.ts'

/** An event on its way into the log or among the parts. */
export interface EventRow {
  readonly id: string
  /** Index in EVENT_NAMES. */
  readonly name: number
  readonly subject: string
  readonly receivedAt: number
  readonly occurredAt: number
  /** JSON. */
  readonly text: string
}

const NAME_INDEX: ReadonlyMap<string, number> = new Map(EVENT_NAMES.map((name, index) => [name, index]))

export const nameIndex = (name: EventName): number => NAME_INDEX.get(name) ?? 0

/** The event's own time, ms; that of its receipt when it tells none. */
export const whenOccurred = (event: Event, receivedAt: number): number => Date.parse(event.occurredAt) || receivedAt

export const eventRow = ({ event, subject, receivedAt }: NewEvent): EventRow => ({
  id: event.id,
  name: nameIndex(event.name),
  subject,
  receivedAt,
  occurredAt: whenOccurred(event, receivedAt),
  text: JSON.stringify(event),
})
