import {
  EXPLAINED,
  OUTCOMES,
  type Outcome,
  type OutcomeState,
  outcomeOf,
  stateOf,
} from '../../destinations/outcomes.ts'
import type { Event } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { compact } from '../../lib/json.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import type { Connection, Lane, ParkedEvent, ShopRecord, Store, StoredEvent, StoredPart } from '../../store/store.ts'
import { accountOf } from './account.ts'

/** One line of the list of newest events. */
export interface RecentEvent {
  readonly seq: number
  readonly name: EventName
  readonly receivedAt: number
  readonly gone?: 'expired' | 'redacted' | 'damaged'
  readonly orderName?: string
  readonly value?: string
  readonly currency?: string
  /** What is known of the shopper's answer about marketing. */
  readonly consent: 'given' | 'refused' | 'unknown'
  readonly outcomes: readonly EventOutcome[]
}

export interface EventOutcome {
  readonly connection: number
  readonly destination: { readonly slug: string; readonly name: string }
  /** Which of the platform's accounts. */
  readonly account?: string
  readonly state: OutcomeState
  readonly outcome: Outcome | 'waiting'
  readonly explained: string
}

/** Parked events that are looked up for their reason; an older one is told as waiting, without more. */
const PARKED_LOOKED_UP = 500

/** Numbers that lie no further apart than this are read from the ledger in one piece. */
const ONE_PIECE = 16_384

/** What became of some events at every connection; they stand newest first. */
export const recentEvents = async (
  { store, destinations }: Runtime,
  { shop }: ShopRecord,
  stored: readonly StoredEvent[],
): Promise<readonly RecentEvent[]> => {
  const seqs = stored.map(({ seq }) => seq)
  if (seqs.length === 0) return []
  const [connections, lanes] = await Promise.all([store.connections(shop), store.lanes(shop)])
  const ids = stored.flatMap(({ event }) => (event ? [event.id] : []))
  const parts = await store.parts(shop, ids)
  const columns = await Promise.all(
    connections.map(async (connection) => {
      const bytes = await bytesAt(store, connection, seqs)
      const parked = [...bytes.values()].includes(OUTCOMES.parked)
        ? await store.parked(shop, connection.id, PARKED_LOOKED_UP)
        : []
      const definition = destinations.get(connection.destination)
      const destination = { slug: connection.destination, name: definition?.name ?? connection.destination }
      return { connection, destination, account: accountOf(definition, connection), bytes, parked }
    }),
  )
  return stored.map((event) =>
    recentEvent(
      event,
      event.event && parts.get(event.event.id),
      columns.map(({ connection, destination, account, bytes, parked }) =>
        compact<EventOutcome>({
          connection: connection.id,
          destination,
          account,
          ...told(event.seq, bytes.get(event.seq) ?? 0, connection, lanes, parked),
        }),
      ),
    ),
  )
}

/** The ledger's bytes of some numbers, which descend. */
const bytesAt = async (
  store: Store,
  { shop, id }: Connection,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, number>> => {
  const [newest = 0] = seqs
  const oldest = seqs.at(-1) ?? 0
  if (newest - oldest > ONE_PIECE)
    return new Map(
      await Promise.all(seqs.map(async (seq) => [seq, (await store.ledger(shop, id, seq, seq))[0] ?? 0] as const)),
    )
  const bytes = await store.ledger(shop, id, oldest, newest)
  return new Map(seqs.map((seq) => [seq, bytes[seq - oldest] ?? 0]))
}

const recentEvent = (
  { seq, name, receivedAt, event, gone }: StoredEvent,
  parts: readonly StoredPart[] = [],
  outcomes: readonly EventOutcome[],
): RecentEvent => {
  // What was sent is the joined result; until then the event itself, with a consent that only a part may know.
  const joined = parts.findLast((part) => part.joined)?.event ?? event
  const marketing = [joined, ...parts.map((part) => part.event)].find((one) => one?.consent)?.consent?.marketing
  return compact<RecentEvent>({
    seq,
    name,
    receivedAt,
    gone,
    ...moneyOf(joined),
    consent: marketing === undefined ? 'unknown' : marketing ? 'given' : 'refused',
    outcomes,
  })
}

const moneyOf = (event: Event | undefined) => ({
  orderName: event?.commerce?.orderName,
  value: event?.commerce?.value,
  currency: event?.commerce?.currency,
})

/** A ledger byte in words. No byte: still in line, or older than the connection. */
const told = (
  seq: number,
  byte: number,
  connection: Connection,
  lanes: readonly Lane[],
  parked: readonly ParkedEvent[],
): Pick<EventOutcome, 'state' | 'outcome' | 'explained'> => {
  if (byte !== 0) {
    const outcome = outcomeOf(byte)
    // A byte of a later version, read by an earlier one after a step back.
    if (outcome === undefined) return { state: 'skipped', outcome: 'not_accepted', explained: `Outcome ${byte}.` }
    const why = outcome === 'parked' ? parked.find((event) => event.seq === seq) : undefined
    return { state: stateOf(outcome), outcome, explained: why ? parkedInWords(why) : EXPLAINED[outcome] }
  }
  const inLane = lanes.some(
    ({ connection: id, from, to }) => id === connection.id && seq >= from && (to === undefined || seq <= to),
  )
  if (!inLane) return { state: 'skipped', outcome: 'before_connection', explained: EXPLAINED.before_connection }
  const paused = connection.state === 'active' ? '' : ' The connection is not active.'
  return { state: 'waiting', outcome: 'waiting', explained: `In line to be sent.${paused}` }
}

const parkedInWords = ({ kind, tries, message }: ParkedEvent): string => {
  const because = message === undefined ? '' : ` ${message}`
  switch (kind) {
    case 'hold':
      return 'Waiting a moment for the browser’s part of the story.'
    case 'person':
      return `Waiting for you.${because}`
    default:
      return `To be sent again after ${tries} ${tries === 1 ? 'try' : 'tries'}.${because}`
  }
}
