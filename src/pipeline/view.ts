import { type Outcome, outcomeOf, stateOf } from '../destinations/outcomes.ts'
import type { Lane, StoredEvent } from '../store/store.ts'
import type { Choice } from '../store/task.ts'
import type { Outlet } from './outlet.ts'
import { type Prepared, prepare } from './prepare.ts'

/** A shop's prepared events, read once for all connections that ask in one look at the shop. */
export interface Feed {
  /**
   * Those after a number, ascending; about `wanted` of them where there are so many, fewer while many shops are read,
   * more where another connection has asked for more. With `all` not fewer.
   */
  after(after: number, wanted: number, all?: boolean): Promise<readonly Prepared[]>
  /** Those of these numbers that the log has, in their order. */
  these(seqs: readonly number[]): Promise<readonly Prepared[]>
}

/** What a lane has before it. */
export interface View {
  /** What may be sent, ascending. */
  readonly events: readonly Prepared[]
  /** Up to this number there is nothing else; the lane's position where there is nothing at all. */
  readonly reach: number
  /** What the ledger says of those of them that were settled before. */
  readonly was: ReadonlyMap<number, Outcome>
}

/** Numbers of a task that are looked at in one pass: a byte each, so nearly all of them are passed unread. */
const SCAN = 16_384

const NOTHING: ReadonlyMap<number, Outcome> = new Map()

/** The next events of a lane, about `wanted` of them: all that follow, or of a task's lane those that it chooses. */
export const viewOf = async (outlet: Outlet, lane: Lane, feed: Feed, wanted: number): Promise<View> => {
  if (lane.task) return chosen(outlet, lane, lane.task.choice, wanted)
  const { to = Number.POSITIVE_INFINITY } = lane
  // No more than was asked for, though others of the shop read more at once: a round that ends in a kill is in doubt as
  // far as one round reaches, and no further. For the same reason all of it is read where there is doubt.
  const read = await feed.after(lane.position, wanted, lane.unsureSince !== undefined)
  const events = read.filter(({ seq }) => seq <= to).slice(0, wanted)
  return { events, reach: events.at(-1)?.seq ?? lane.position, was: NOTHING }
}

const chosen = async (outlet: Outlet, { position, to }: Lane, choice: Choice, wanted: number): Promise<View> => {
  const { runtime, shop, connection } = outlet
  const { store, clock } = runtime
  const first = position + 1
  const end = Math.min(to ?? shop.head, position + SCAN)
  const bytes = await store.ledger(shop.shop, connection.id, first, end)
  const seqs = choiceIn(bytes, first, choice)
  const taken = seqs.slice(0, wanted)
  const reach = taken.length < seqs.length ? (taken.at(-1) ?? end) : end
  if (taken.length === 0) return { events: [], reach, was: NOTHING }
  const stored = (await store.readSeqs(shop.shop, await ofCause(outlet, taken, choice))).filter(
    ({ name }) => choice.names?.includes(name) ?? true,
  )
  const gone = stored.flatMap(({ seq, event }) => (event ? [] : [seq]))
  const letters = gone.length === 0 ? [] : await store.parkedSeqs(shop.shop, connection.id, gone)
  const copies = new Map(letters.flatMap(({ seq, copy }) => (copy ? [[seq, copy] as const] : [])))
  // A body that is gone leaves what is known of the event as it is, unless its dead letter kept a copy.
  const readable = stored.flatMap(({ gone: _, ...one }): StoredEvent[] => {
    const event = one.event ?? copies.get(one.seq)
    return event ? [{ ...one, event }] : []
  })
  const was = taken.flatMap((seq) => {
    const outcome = outcomeOf(bytes[seq - first] ?? 0)
    return outcome === undefined ? [] : [[seq, outcome] as const]
  })
  return { events: await prepare(store, shop, readable, clock.now(), runtime.catalogue), reach, was: new Map(was) }
}

/** Of some numbers those whose dead letters have the chosen code and words, where a cause is chosen. */
const ofCause = async (
  { runtime: { store }, shop, connection }: Outlet,
  seqs: readonly number[],
  { code, message }: Choice,
): Promise<readonly number[]> => {
  if (code === undefined) return seqs
  const letters = await store.parkedSeqs(shop.shop, connection.id, seqs)
  const own = letters.filter((one) => one.code === code && (message === undefined || one.message === message))
  return own.map(({ seq }) => seq)
}

/** The chosen numbers of a stretch of the ledger that begins at `first`, ascending. */
const choiceIn = (bytes: Uint8Array, first: number, { outcomes, seqs }: Choice): readonly number[] => {
  const wanted = new Set(outcomes)
  const within = seqs?.filter((seq) => seq >= first && seq < first + bytes.length)
  const candidates = within ?? Array.from(bytes, (_, at) => first + at)
  return candidates.filter((seq) => wanted.has(bytes[seq - first] ?? 0))
}

/**
 * Whether what a replay came to takes the place of what was known before. What arrived once did arrive, whatever
 * becomes of a repeat that is not sent; and why an event was refused says more than that it is too old by now.
 */
export const replaces = (was: Outcome | undefined, outcome: Outcome): boolean => {
  if (was === undefined || stateOf(outcome) === 'delivered') return true
  if (stateOf(was) === 'delivered') return false
  if (outcome === 'parked') return true
  return outcome !== 'too_old' && outcome !== 'expired'
}
