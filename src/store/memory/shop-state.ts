import type { EventId, Shop } from '../../event/event.ts'
import { purchaseId } from '../../event/event-ids.ts'
import type { EventName } from '../../event/names.ts'
import { blindIndex, type Key, newKey, subjectKey } from '../../lib/seal.ts'
import type { EntryKind } from '../entry.ts'
import type { EntryRow } from '../entry-rows.ts'
import type { LedgerRow } from '../ledger-rows.ts'
import type { KeptToken, Poll } from '../poll.ts'
import type { Rollup } from '../rollup.ts'
import { openRow, type SealedTable, sealRow } from '../sealing.ts'
import type { Attempt } from '../settlement.ts'
import type {
  Connection,
  ConnectionId,
  IdentityKey,
  Lane,
  NewParked,
  OrderRecord,
  ShopRecord,
  StoredMessage,
} from '../store.ts'
import { bareSubject, emailOf, isContact, linkName, ordersAmong, spellings } from '../subject-names.ts'
import type { Task } from '../task.ts'

/** A person whose rows are sealed; without salt they cannot be opened. */
export interface Person {
  name: string
  salt: Uint8Array | undefined
  /** Derived from the salt when it was first needed. */
  key?: Key | undefined
  /** When something was last sealed for them, ms. */
  seenAt: number
}

/** Bytes under a person's key, or under the shop's own where there is no person. */
export interface Sealed {
  readonly person: Person | undefined
  readonly table: SealedTable
  readonly row: string | number
  readonly bytes: Uint8Array
  /** What was found in it. */
  text?: string
}

export interface LogRow {
  readonly seq: number
  readonly name: EventName
  readonly receivedAt: number
  readonly person: Person
  sealed: Sealed | undefined
}

export interface PartRow {
  readonly receivedAt: number
  readonly joined: boolean
  /** Sightings count from 1; the joined result is 0. */
  readonly n: number
  readonly claim: string | undefined
  readonly sealed: Sealed
}

export interface ParkedRow {
  readonly connection: ConnectionId
  readonly parked: Omit<NewParked, 'copy'>
  readonly copy: Sealed | undefined
}

/** Everything the store knows about one shop. */
export interface ShopState {
  record: Omit<ShopRecord, 'head'>
  readonly key: Uint8Array
  readonly people: Map<string, Person>
  readonly links: Map<string, Set<string>>
  readonly events: LogRow[]
  /** Event ids as unique-ids.ts keys them -> number and, for retention, when it arrived or the second's start. */
  readonly ids: Map<string, { readonly seq: number; readonly at: number; readonly shared: boolean }>
  readonly parts: Map<EventId, PartRow[]>
  readonly messages: Map<string, { readonly message: Omit<StoredMessage, 'body'>; readonly body: Sealed }>
  readonly identities: Map<
    IdentityKey,
    { readonly sealed: Sealed; readonly seenAt: number; readonly addressAt?: number }
  >
  readonly connections: Map<ConnectionId, Connection>
  lanes: (Lane & { readonly settledAt?: number })[]
  readonly ledger: Map<ConnectionId, LedgerRow[]>
  readonly parked: Map<string, ParkedRow>
  readonly polls: Map<string, { readonly connection: ConnectionId; readonly poll: Poll }>
  readonly tokens: Map<ConnectionId, { readonly kept: Omit<KeptToken, 'token'>; readonly sealed: Sealed }>
  readonly entries: Map<
    string,
    EntryRow & { readonly kind: EntryKind; readonly until: number | undefined; readonly person: Person | undefined }
  >
  tasks: Task[]
  attempts: Attempt[]
  /** `email`: the blind index of the buyer's address, hex. */
  readonly orders: Map<string, { readonly order: OrderRecord; readonly at: number; readonly email?: string }>
  readonly refunds: Set<string>
  readonly rollups: Map<string, Rollup>
  readonly settled: { readonly at: number; readonly seq: number }[]
  projected: number
  cleared: number
}

export const newShopState = (record: Omit<ShopRecord, 'head'>): ShopState => ({
  record,
  key: newKey(),
  people: new Map(),
  links: new Map(),
  events: [],
  ids: new Map(),
  parts: new Map(),
  messages: new Map(),
  identities: new Map(),
  connections: new Map(),
  lanes: [],
  ledger: new Map(),
  parked: new Map(),
  polls: new Map(),
  tokens: new Map(),
  entries: new Map(),
  tasks: [],
  attempts: [],
  orders: new Map(),
  refunds: new Set(),
  rollups: new Map(),
  settled: [],
  projected: 0,
  cleared: 0,
})

export const personOf = (state: ShopState, name: string, at: number): Person => {
  const known = state.people.get(name)
  if (known) known.seenAt = Math.max(known.seenAt, at)
  if (known) return known
  const person = { name, salt: newKey(), seenAt: at }
  state.people.set(name, person)
  return person
}

const shopOf = (state: ShopState): Shop => state.record.shop

/** The key of a person's rows, or the shop's own; undefined when the person was erased. */
export const keyFor = (state: ShopState, person: Person | undefined): Key | undefined => {
  if (!person) return state.key
  if (!person.salt) return undefined
  person.key ??= subjectKey(state.key, person.salt)
  return person.key
}

export const sealFor = (
  state: ShopState,
  person: Person | undefined,
  content: string | Uint8Array,
  table: SealedTable,
  row: string | number,
): Sealed | undefined => {
  const key = keyFor(state, person)
  return key && { person, table, row, bytes: sealRow(key, content, shopOf(state), table, row) }
}

export const unseal = (state: ShopState, { person, table, row, bytes }: Sealed): Uint8Array | undefined => {
  const key = keyFor(state, person)
  return key && openRow(key, bytes, shopOf(state), table, row)
}

/** Opened once; but not any more when the key is gone. */
export const unsealText = (state: ShopState, sealed: Sealed): string | undefined => {
  if (!keyFor(state, sealed.person)) return undefined
  sealed.text ??= Buffer.from(unseal(state, sealed) ?? []).toString()
  return sealed.text
}

/** Whether anything is sealed for somebody of this name. */
const isLiving = (state: ShopState, name: string): boolean => spellings(name).some((one) => state.people.has(one))

/** Forgets up to `limit` people; a link goes with the second of the two that it joins. The number of people that went. */
export const forgetPeople = (state: ShopState, before: number, limit: number): number => {
  const due = [...state.people.values()].filter(({ seenAt }) => seenAt < before).slice(0, limit)
  for (const { name } of due) state.people.delete(name)
  for (const { name } of due) {
    const gone = bareSubject(name)
    if (isLiving(state, gone)) continue
    for (const other of state.links.get(gone) ?? []) if (!isLiving(state, other)) unlink(state, gone, other)
  }
  return due.length
}

const unlink = (state: ShopState, a: string, b: string): void => {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const linked = state.links.get(from)
    linked?.delete(to)
    if (linked?.size === 0) state.links.delete(from)
  }
}

/** These people and everybody linked to them, however far, as names of links. */
export const linkedPeople = (state: ShopState, names: readonly string[]): ReadonlySet<string> => {
  const people = new Set(names.map((name) => linkName(state.key, name)))
  for (const name of names) {
    const address = emailOf(name)
    const email = address === undefined ? undefined : blindIndex(state.key, address).toString('hex')
    for (const [id, order] of state.orders) if (email !== undefined && order.email === email) people.add(purchaseId(id))
  }
  // A Set hands out what is added while it is walked.
  for (const person of people)
    for (const other of state.links.get(person) ?? []) if (!isContact(other)) people.add(other)
  return people
}

/** Takes the salts of these people and of everybody linked to them. */
export const erasePeople = (state: ShopState, names: readonly string[]): number => {
  const people = linkedPeople(state, names)
  let gone = 0
  for (const person of people) {
    for (const name of spellings(person)) {
      const known = state.people.get(name)
      if (!known) continue
      known.salt = undefined
      known.name = ''
      state.people.delete(name)
      for (const [row, { person: whose }] of state.entries) if (whose === known) state.entries.delete(row)
      gone++
    }
    for (const other of state.links.get(person) ?? []) state.links.get(other)?.delete(person)
    state.links.delete(person)
  }
  for (const id of ordersAmong([...people])) {
    const row = state.orders.get(id)
    if (row) state.orders.set(id, { order: row.order, at: row.at })
  }
  return gone
}
