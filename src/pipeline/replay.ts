import type { Destination } from '../destinations/destination.ts'
import { OUTCOMES, type Outcome, outcomeOf, stateOf } from '../destinations/outcomes.ts'
import type { Shop } from '../event/event.ts'
import { EVENT_NAMES, type EventName } from '../event/names.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import type { Connection, Store } from '../store/store.ts'
import type { Choice, NewTask, Task } from '../store/task.ts'

/** What is to be sent once more. */
export interface Replay {
  /** Received from this moment on, and before that one; ms since 1970. Absent: from the first, up to the newest. */
  readonly from?: number
  readonly until?: number
  /** Absent: events of any name. */
  readonly names?: readonly EventName[]
  /** What they ended as; absent: all that failed and can still be read. What is delivered goes only when it is asked for. */
  readonly outcomes?: readonly Outcome[]
  /** Single ones, by number. */
  readonly seqs?: readonly number[]
  /** Of dead letters, those with this code, and with these words. */
  readonly code?: string
  readonly message?: string
}

/** A replay or backfill that could begin: what it would look at, how much it would send, and what to think of first. */
export interface Plan {
  readonly task: NewTask
  /** How many events ended as what. */
  readonly counts: Counts
  readonly total: number
  /** They may be fewer: they are too many to be looked at one by one for what was chosen beside their outcome. */
  readonly atMost: boolean
  readonly warnings: readonly string[]
}

export type Counts = Readonly<Partial<Record<Outcome | 'never_sent', number>>>

/** Why not, in a sentence that says what to do. */
export interface Refused {
  readonly refused: string
}

/** Most single numbers of one replay. */
export const MOST_SEQS = 10_000

/** Failed for a reason that may be gone by now. What was erased or stopped on purpose stays so. */
const FAILED: readonly Outcome[] = ['rejected', 'ambiguous', 'expired', 'mapper_crash', 'api_version']
/** What ended for good: the body is gone, or the person or the merchant said so. */
const NEVER_AGAIN: ReadonlySet<Outcome> = new Set(['parked', 'redacted', 'uninstalled', 'connection_removed'])

interface At {
  readonly store: Store
  readonly now: number
  readonly connection: Connection
  readonly destination: Destination
}

/** Plans a replay; nothing begins yet. */
export const planReplay = async (at: At, asked: Replay): Promise<Plan | Refused> => {
  const { store, now, connection } = at
  const { shop } = connection
  const head = await store.head(shop)
  const seqs = asked.seqs && [...new Set(asked.seqs)].sort((a, b) => a - b)
  if (seqs && seqs.length > MOST_SEQS)
    return { refused: `Choose at most ${MOST_SEQS} single events, or a stretch of time.` }
  const outcomes = asked.outcomes ?? FAILED
  const final = outcomes.find((outcome) => NEVER_AGAIN.has(outcome))
  if (final !== undefined) return { refused: `Events that ended as ${final} are not sent again.` }
  const from = seqs ? (seqs[0] ?? 1) : asked.from === undefined ? 1 : await seqAt(store, shop, asked.from)
  const to = seqs ? (seqs.at(-1) ?? 0) : asked.until === undefined ? head : (await seqAt(store, shop, asked.until)) - 1
  if (from > Math.min(to, head)) return { refused: 'There is no event in this stretch of time.' }
  const { names, code, message } = asked
  const choice: Choice = {
    outcomes: outcomes.map((outcome) => OUTCOMES[outcome]),
    ...(names ? { names } : {}),
    ...(seqs ? { seqs } : {}),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  }
  const within = { shop, connection: connection.id, kind: 'replay', choice, createdAt: now } as const
  const found = await countedIn(store, { ...within, from, to: Math.min(to, head) })
  const total = totalOf(found.counts)
  if (total === 0)
    return { refused: 'Nothing in it is to be sent again: none of these events ended as what you chose.' }
  const { counts, atMost } = found
  const task: NewTask = { ...within, from: found.first, to: found.last }
  return { task, counts, total, atMost, warnings: await warningsOf(at, task, counts) }
}

/**
 * Plans a backfill: what arrived in the last days before the connection was made, no older than the platform takes.
 * Platforms that can be told so are told that these events are history.
 */
export const planBackfill = async (at: At, days: number): Promise<Plan | Refused> => {
  const { store, now, connection, destination } = at
  const { shop } = connection
  const lanes = (await store.lanes(shop)).filter((lane) => lane.connection === connection.id)
  const live = lanes.find(({ kind }) => kind === 'live')
  const age = Math.min(days * DAY, destination.limits.maxAge)
  const from = await seqAt(store, shop, now - age)
  const to = (live?.from ?? 1) - 1
  const none = { refused: 'Nothing arrived in this time before the platform was connected.' }
  if (from > to) return none
  const choice = { outcomes: [0] }
  const task: NewTask = { shop, connection: connection.id, kind: 'backfill', from, to, choice, createdAt: now }
  const { counts } = await countedIn(store, task)
  if (totalOf(counts) === 0) return none
  const warnings =
    age < days * DAY
      ? [
          `${destination.name} takes events of the last ${inWords(destination.limits.maxAge)} only; older ones are left out.`,
        ]
      : []
  return { task, counts, total: totalOf(counts), atMost: false, warnings }
}

/** Begins what was planned. */
export const begin = async (store: Store, { task }: Plan): Promise<Task | Refused> =>
  (await store.openTask(task)) ?? {
    refused: 'These events are on their way already, or the connection is no longer there.',
  }

export const isRefused = <Other extends object>(planned: Other | Refused): planned is Refused => 'refused' in planned

/** Events of a shop whose ledger is read in one piece, a byte each. */
const PIECE = 100_000

/** Most events that are looked at one by one for what their outcome does not tell. */
const LOOKED_AT = 5000
const LOOK = 500

interface Counted {
  readonly counts: Counts
  readonly atMost: boolean
  /** The first and the last number that is chosen by its outcome. */
  readonly first: number
  readonly last: number
}

const countedIn = async (store: Store, task: NewTask): Promise<Counted> => {
  const { shop, connection, from, to, choice } = task
  const wanted = new Set(choice.outcomes)
  const single = choice.seqs && new Set(choice.seqs)
  const looks = choice.names !== undefined || choice.code !== undefined
  const counts: { -readonly [Name in keyof Counts]: Counts[Name] } = {}
  const chosen: number[] = []
  let first = 0
  let last = 0
  for (let start = from; start <= to; start += PIECE) {
    const bytes = await store.ledger(shop, connection, start, Math.min(to, start + PIECE - 1))
    for (const [place, byte] of bytes.entries()) {
      const seq = start + place
      if (!wanted.has(byte) || (single && !single.has(seq))) continue
      first ||= seq
      last = seq
      if (looks && chosen.length <= LOOKED_AT) chosen.push(seq)
      const outcome = outcomeNamed(byte)
      counts[outcome] = (counts[outcome] ?? 0) + 1
    }
  }
  if (!looks || chosen.length > LOOKED_AT) return { counts, atMost: looks, first, last }
  const exact: typeof counts = {}
  for (let at = 0; at < chosen.length; at += LOOK)
    for (const byte of await fitting(store, task, chosen.slice(at, at + LOOK))) {
      const outcome = outcomeNamed(byte)
      exact[outcome] = (exact[outcome] ?? 0) + 1
    }
  return { counts: exact, atMost: false, first, last }
}

const outcomeNamed = (byte: number): Outcome | 'never_sent' =>
  byte === 0 ? 'never_sent' : (outcomeOf(byte) ?? 'rejected')

/** The bytes of those of some numbers that have the chosen names and died of the chosen cause. */
const fitting = async (
  store: Store,
  { shop, connection, choice: { names, code, message } }: NewTask,
  seqs: readonly number[],
): Promise<readonly number[]> => {
  const letters = code === undefined ? [] : await store.parkedSeqs(shop, connection, seqs)
  const died = letters.filter((one) => one.code === code && (message === undefined || one.message === message))
  const left = code === undefined ? seqs : died.map(({ seq }) => seq)
  const named = names && (await store.readSeqs(shop, left)).filter(({ name }) => names.includes(name))
  const chosen = named ? named.map(({ seq }) => seq) : left
  const [first = 1] = chosen
  const bytes = await store.ledger(shop, connection, first, chosen.at(-1) ?? 0)
  return chosen.map((seq) => bytes[seq - first] ?? 0)
}

const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** What a person should know before: repeats that count twice, and events that have grown too old. */
const warningsOf = async (at: At, task: NewTask, counts: Counts): Promise<readonly string[]> => {
  const { store, now, destination } = at
  const warnings: string[] = []
  const names = (task.choice.names ?? EVENT_NAMES).filter((name) => destination.accepts[name] !== null)
  const oldest = await receivedAt(store, task.shop, task.from)
  if (mayRepeat(counts)) {
    const windows = names.map((name) => destination.dedup(name)?.window)
    const shortest = Math.min(...windows.map((window) => window ?? 0))
    if (windows.includes(undefined))
      warnings.push(`${destination.name} counts repeats: what it has already is counted twice.`)
    else if (oldest !== undefined && oldest < now - shortest + HOUR)
      warnings.push(
        `${destination.name} merges repeats for ${inWords(shortest)}: what it has already and is older is counted twice.`,
      )
  }
  if (oldest !== undefined && oldest < now - destination.limits.maxAge)
    warnings.push(
      `${destination.name} takes events of the last ${inWords(destination.limits.maxAge)} only; older ones stay what they are.`,
    )
  return warnings
}

/** Whether the platform has some of what would be sent, or may have it. */
export const mayRepeat = (counts: Counts): boolean =>
  Object.keys(counts).some((outcome) => isArrived(outcome as Outcome | 'never_sent'))

/** Whether the platform has it, or may have it. */
const isArrived = (outcome: Outcome | 'never_sent'): boolean =>
  outcome === 'ambiguous' || (outcome !== 'never_sent' && stateOf(outcome) === 'delivered')

const inWords = (ms: number): string =>
  ms % DAY === 0 && ms > 2 * DAY ? `${ms / DAY} days` : `${Math.round(ms / HOUR)} hours`

const receivedAt = async (store: Store, shop: Shop, seq: number): Promise<number | undefined> =>
  (await store.read(shop, seq - 1, 1))[0]?.receivedAt

/** The first number that was received at a moment or later: numbers are in the order of arrival, nearly. */
export const seqAt = async (store: Store, shop: Shop, at: number): Promise<number> => {
  let low = 1
  let high = (await store.head(shop)) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const received = await receivedAt(store, shop, middle)
    if (received !== undefined && received < at) low = middle + 1
    else high = middle
  }
  return low
}
