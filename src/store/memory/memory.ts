import { DEFAULT_POLICY } from '../../event/consent.ts'
import { seenFromSeveralSides } from '../../event/event-ids.ts'
import { readOutcomes } from '../ledger-rows.ts'
import { eventOf } from '../sealing.ts'
import type { Connection, ConnectionId, IdentityRecord, ShopRecord, Store, StoredEvent } from '../store.ts'
import { StoreFault } from '../store.ts'
import { bareSubject, isContact, linkName, spellings } from '../subject-names.ts'
import { append, readParts } from './append.ts'
import { deadCauses } from './dead-causes.ts'
import { addRollup, doubtLanes, parkedEvent, settle } from './delivery.ts'
import { entryOperations } from './entries.ts'
import { erasedShop } from './erasing.ts'
import { orderOperations } from './orders.ts'
import { retainShop } from './retention.ts'
import {
  erasePeople,
  type LogRow,
  linkedPeople,
  newShopState,
  personOf,
  type ShopState,
  sealFor,
  unseal,
  unsealText,
} from './shop-state.ts'
import { cancelTask, openTask } from './tasks.ts'

const recordOf = (state: ShopState): ShopRecord => ({ ...state.record, head: state.events.length })

const storedEvent = (state: ShopState, { seq, name, receivedAt, person, sealed }: LogRow): StoredEvent => {
  const clear = { seq, name, receivedAt, subject: person.name }
  if (!person.salt) return { ...clear, event: undefined, gone: 'redacted' }
  const text = sealed && unsealText(state, sealed)
  return text === undefined ? { ...clear, event: undefined, gone: 'expired' } : { ...clear, event: eventOf(text) }
}

/** What a process leaves behind for the next one. */
export interface MemoryDisk {
  readonly states: Map<string, ShopState>
  readonly settings: Map<string, string>
  lastConnection: number
  lastAttempt: number
  /** Opened and not closed yet. */
  open: boolean
}

export const newDisk = (): MemoryDisk => ({
  states: new Map(),
  settings: new Map(),
  lastConnection: 0,
  lastAttempt: 0,
  open: false,
})

/**
 * The store in plain maps: for tests, and for trying things out. It seals and erases like the real ones. A disk that is
 * opened again without having been closed belonged to a process that was killed: what was on its way is in doubt.
 */
export const openMemory = (disk: MemoryDisk = newDisk(), clock: () => number = Date.now): Store => {
  const { states, settings } = disk
  let closed = false
  if (disk.open) for (const state of states.values()) doubtLanes(state, clock())
  disk.open = true

  const find = (shop: string): ShopState | undefined => {
    if (closed) throw new StoreFault('broken', 'The store is closed.')
    return states.get(shop)
  }
  const need = (shop: string): ShopState => {
    const state = find(shop)
    if (!state) throw new Error(`The shop ${shop} is not in the store.`)
    return state
  }

  return {
    async saveShop({ shop, facts, policy, installedAt }) {
      const known = find(shop)
      if (known && installedAt > 0) {
        const { record } = known
        known.record = {
          shop,
          facts,
          policy: policy ?? record.policy,
          installedAt: record.installedAt || installedAt,
        }
      }
      const state = known ?? newShopState({ shop, facts, policy: policy ?? DEFAULT_POLICY, installedAt })
      states.set(shop, state)
      return recordOf(state)
    },
    async shop(shop) {
      const state = find(shop)
      return state && recordOf(state)
    },
    shops: async () => [...states.values()].map(recordOf),
    async addConnection(added) {
      const state = need(added.shop)
      const id = ++disk.lastConnection as ConnectionId
      const connection: Connection = { ...structuredClone(added), id, state: 'active', settingsVersion: 1 }
      state.connections.set(id, connection)
      const head = state.events.length
      state.lanes.push({ connection: id, lane: 1, kind: 'live', from: head + 1, position: head, due: 0, tries: 0 })
      return connection
    },
    async updateConnection(shop, id, change) {
      const state = find(shop)
      const known = state?.connections.get(id)
      if (!state || !known) return undefined
      const { trouble: before, refusedSince: since, ...rest } = known
      const mended = change.settings !== undefined || change.state === 'active'
      const trouble = change.trouble === undefined ? before : change.trouble
      const refusedSince = change.refusedSince === undefined ? (mended ? undefined : since) : change.refusedSince
      const connection: Connection = {
        ...rest,
        ...(change.state !== undefined && { state: change.state }),
        ...(change.settings !== undefined && {
          settings: structuredClone(change.settings),
          settingsVersion: known.settingsVersion + 1,
        }),
        ...(typeof trouble === 'string' && { trouble }),
        ...(typeof refusedSince === 'number' && { refusedSince }),
      }
      state.connections.set(id, connection)
      if (mended) state.lanes = state.lanes.map((lane) => (lane.connection === id ? { ...lane, due: 0 } : lane))
      return connection
    },
    async removeConnection(shop, id) {
      const state = find(shop)
      if (!state?.connections.delete(id)) return false
      state.lanes = state.lanes.filter((lane) => lane.connection !== id)
      for (const [key, row] of state.parked) if (row.connection === id) state.parked.delete(key)
      for (const [key, row] of state.polls) if (row.connection === id) state.polls.delete(key)
      state.tokens.delete(id)
      state.tasks = state.tasks.filter((task) => task.connection !== id)
      return true
    },
    connections: async (shop) => [...(find(shop)?.connections.values() ?? [])],

    append: async (arrival) => append(need(arrival.shop), arrival),
    head: async (shop) => find(shop)?.events.length ?? 0,
    async read(shop, after, limit) {
      const state = find(shop)
      return (
        state?.events.slice(Math.max(0, after), Math.max(0, after) + limit).map((row) => storedEvent(state, row)) ?? []
      )
    },
    async readSeqs(shop, seqs) {
      const state = find(shop)
      const wanted = new Set(seqs)
      return state?.events.filter(({ seq }) => wanted.has(seq)).map((row) => storedEvent(state, row)) ?? []
    },
    async eventsOf(shop, people, after, limit) {
      const state = find(shop)
      const names = new Set(people.flatMap(spellings))
      return (
        state?.events
          .slice(Math.max(0, after), Math.max(0, after) + limit)
          .filter(({ person }) => names.has(person.name))
          .map((row) => storedEvent(state, row)) ?? []
      )
    },
    async newest(shop, limit, below = Number.MAX_SAFE_INTEGER, only) {
      const state = find(shop)
      const seqs = only?.seqs && new Set(only.seqs)
      const rows = state?.events.filter(
        ({ seq, name }) =>
          seq < below &&
          (!only || (seq >= only.from && (only.names?.includes(name) ?? true) && (seqs?.has(seq) ?? true))),
      )
      return state && rows
        ? rows
            .reverse()
            .slice(0, limit)
            .map((row) => storedEvent(state, row))
        : []
    },
    async seqOf(shop, id) {
      const ids = find(shop)?.ids
      const shared = ids?.get(id)
      if (shared || seenFromSeveralSides(id)) return shared?.seq
      for (const [key, row] of ids ?? []) if (!row.shared && key.slice(key.indexOf(' ') + 1) === id) return row.seq
      return undefined
    },
    async parts(shop, ids) {
      const state = find(shop)
      return new Map(
        ids.flatMap((id) => {
          const parts = state ? readParts(state, id) : []
          return parts.length > 0 ? [[id, parts] as const] : []
        }),
      )
    },
    async unprojected(limit) {
      return [...states.values()]
        .flatMap((state) =>
          state.events
            .slice(state.projected)
            .map((row) => ({ shop: state.record.shop, event: storedEvent(state, row) })),
        )
        .slice(0, limit)
    },

    async unprojectedParts(margin, limit) {
      const projected = [...states.values()].map((state) => state.events[state.projected - 1]?.receivedAt ?? 0)
      const since = Math.max(0, ...projected) - margin
      return [...states.values()]
        .flatMap((state) =>
          [...state.parts.keys()]
            .flatMap((id) => readParts(state, id))
            .filter((part) => !part.joined && part.receivedAt >= since)
            .map((part) => ({ shop: state.record.shop, part })),
        )
        .sort((a, b) => a.part.receivedAt - b.part.receivedAt)
        .slice(-limit)
    },

    async identities(shop, keys) {
      const state = find(shop)
      return new Map(
        keys.flatMap((key) => {
          const row = state?.identities.get(key)
          const text = state && row && unsealText(state, row.sealed)
          return text ? [[key, JSON.parse(text) as IdentityRecord] as const] : []
        }),
      )
    },
    async saveProjection({ changes, links, arrivals, projected }) {
      for (const { shop } of [...changes, ...links, ...arrivals, ...projected]) need(shop)
      for (const { shop, key, record } of changes) {
        const state = need(shop)
        const sealed = sealFor(
          state,
          personOf(state, bareSubject(key), record.seenAt),
          JSON.stringify(record),
          'identities',
          key,
        )
        const hasAddress = record.ip !== undefined || record.userAgent !== undefined
        if (sealed)
          state.identities.set(key, {
            sealed,
            seenAt: record.seenAt,
            ...(hasAddress && { addressAt: record.addressAt ?? record.seenAt }),
          })
      }
      for (const { shop, a, b } of links) {
        const { key, links: known } = need(shop)
        const [one, other] = [linkName(key, a), linkName(key, b)]
        for (const [from, to] of [[one, other] as const, [other, one] as const])
          known.set(from, (known.get(from) ?? new Set<string>()).add(to))
      }
      for (const { shop, ...arrived } of arrivals)
        addRollup(need(shop), undefined, { ...arrived, outcome: 0, value: 0 })
      for (const { shop, seq } of projected) need(shop).projected = Math.max(need(shop).projected, seq)
    },

    lanes: async (shop) => (find(shop)?.lanes ?? []).map(({ settledAt: _, ...lane }) => lane),
    settle: async (settlement) => settle(need(settlement.shop), settlement, clock(), () => ++disk.lastAttempt),
    async openTask(task) {
      const state = find(task.shop)
      return state && openTask(state, task)
    },
    tasks: async (shop, { connection, limit }) =>
      (find(shop)?.tasks ?? [])
        .filter((task) => connection === undefined || task.connection === connection)
        .slice(0, limit),
    async cancelTask(shop, id, at) {
      const state = find(shop)
      return state !== undefined && cancelTask(state, id, at)
    },
    async parked(shop, connection, limit, dueBefore = Number.MAX_SAFE_INTEGER) {
      const state = find(shop)
      return [...(state?.parked.values() ?? [])]
        .filter((row) => row.connection === connection && row.parked.kind !== 'dead' && row.parked.due < dueBefore)
        .sort((a, b) => a.parked.due - b.parked.due || a.parked.seq - b.parked.seq)
        .slice(0, limit)
        .flatMap((row) => (state ? [parkedEvent(state, row)] : []))
    },
    async deadLetters(shop, connection, limit) {
      const state = find(shop)
      return [...(state?.parked.values() ?? [])]
        .filter((row) => row.connection === connection && row.parked.kind === 'dead')
        .sort((a, b) => b.parked.parkedAt - a.parked.parkedAt || b.parked.seq - a.parked.seq)
        .slice(0, limit)
        .flatMap((row) => (state ? [parkedEvent(state, row)] : []))
    },
    async deadCauses(shop, connection, limit) {
      const state = find(shop)
      return state ? deadCauses(state, connection).slice(0, limit) : []
    },
    async parkedSeqs(shop, connection, seqs) {
      const state = find(shop)
      return [...seqs]
        .sort((a, b) => a - b)
        .flatMap((seq) => {
          const row = state?.parked.get(`${connection} ${seq}`)
          return state && row ? [parkedEvent(state, row)] : []
        })
    },
    polls: async (shop, connection, limit) =>
      [...(find(shop)?.polls.values() ?? [])]
        .filter((row) => row.connection === connection)
        .map(({ poll }) => poll)
        .sort((a, b) => a.due - b.due || (a.job < b.job ? -1 : 1))
        .slice(0, limit),
    async token(shop, connection) {
      const state = find(shop)
      const row = state?.tokens.get(connection)
      const token = state && row && unsealText(state, row.sealed)
      return token === undefined || row === undefined ? undefined : { ...row.kept, token }
    },
    async saveToken(shop, connection, { token, ...kept }) {
      const state = find(shop)
      const sealed = state && sealFor(state, undefined, token, 'tokens', connection)
      if (state?.connections.has(connection) && sealed) state.tokens.set(connection, { kept, sealed })
    },
    ledger: async (shop, connection, from, to) => readOutcomes(find(shop)?.ledger.get(connection) ?? [], from, to),
    attempts: async (shop, { connection, seq, limit }) =>
      (find(shop)?.attempts ?? [])
        .filter(
          (attempt) =>
            (connection === undefined || attempt.connection === connection) &&
            (seq === undefined || attempt.seqs.includes(seq)),
        )
        .slice(0, limit),
    ...orderOperations(find),
    async message(shop, webhookId) {
      const state = find(shop)
      const row = state?.messages.get(webhookId)
      const body = state && row && unseal(state, row.body)
      return body && row && { ...row.message, body }
    },
    rollups: async (shop, since) =>
      [...(find(shop)?.rollups.values() ?? [])]
        .filter((rollup) => rollup.bucket >= since)
        .sort((a, b) => a.bucket - b.bucket),

    ...entryOperations(find, need),
    async setting(name) {
      const text = settings.get(name)
      return text === undefined ? undefined : JSON.parse(text)
    },
    async saveSetting(name, value) {
      if (value === undefined) settings.delete(name)
      else settings.set(name, JSON.stringify(value))
    },
    async retain(policy, now, limit) {
      let gone = 0
      for (const state of states.values()) gone += retainShop(state, policy, now, limit)
      return gone
    },
    async linked(shop, names) {
      const state = find(shop)
      return state ? [...linkedPeople(state, names)].filter((name) => !isContact(name)) : []
    },
    async erase(shop, names) {
      const state = find(shop)
      return state ? erasePeople(state, names) : 0
    },
    async eraseShop(shop, erasure) {
      const state = find(shop)
      if (state) states.set(shop, erasedShop(state, erasure))
    },
    failed: new Promise(() => {}),
    async health() {
      const events = [...states.values()].reduce((sum, state) => sum + state.events.length, 0)
      return { engine: 'memory', version: '1', durability: 'none', events, bytes: 0 }
    },
    async close() {
      closed = true
      disk.open = false
    },
  }
}
