import { entryOf, sealEntry } from '../entry-rows.ts'
import type { ShopErasure } from '../erasure.ts'
import {
  keyFor,
  newShopState,
  type Person,
  personOf,
  type Sealed,
  type ShopState,
  sealFor,
  unseal,
} from './shop-state.ts'

/** A shop after its data was erased: a new one that was only heard of, or the same one without its past. */
export const erasedShop = (state: ShopState, { before, note }: ShopErasure): ShopState => {
  const { shop, policy } = state.record
  const after = before === undefined ? newShopState({ shop, facts: {}, policy, installedAt: 0 }) : state
  if (before !== undefined) erasePast(state, before)
  after.entries.set(`${note.kind}\n${note.key}`, {
    ...note,
    version: 1,
    until: undefined,
    person: undefined,
    sealed: sealEntry({ shop, key: after.key }, note.kind, note.key, note.value),
  })
  return after
}

/** Everybody gets a new salt, under which what came since is sealed again; what came before has no key any more. */
const erasePast = (state: ShopState, before: number): void => {
  const old = new Map([...state.people.values()].map((person) => [person, person.name]))
  state.people.clear()
  const again = (sealed: Sealed, at: number): Sealed => {
    const content = unseal(state, sealed)
    const name = sealed.person && old.get(sealed.person)
    const made =
      content && name !== undefined && sealFor(state, personOf(state, name, at), content, sealed.table, sealed.row)
    return made || sealed
  }
  for (const [place, row] of state.events.entries()) {
    if (row.receivedAt < before || !row.sealed) continue
    const sealed = again(row.sealed, row.receivedAt)
    state.events[place] = { ...row, sealed, person: sealed.person ?? row.person }
  }
  for (const [id, rows] of state.parts)
    state.parts.set(
      id,
      rows.flatMap((row) => (row.receivedAt < before ? [] : [{ ...row, sealed: again(row.sealed, row.receivedAt) }])),
    )
  for (const [id, row] of state.messages)
    if (row.message.receivedAt < before) state.messages.delete(id)
    else state.messages.set(id, { ...row, body: again(row.body, row.message.receivedAt) })
  for (const [key, row] of state.parked) {
    const at = state.events[row.parked.seq - 1]?.receivedAt ?? 0
    if (row.copy && at >= before) state.parked.set(key, { ...row, copy: again(row.copy, at) })
  }
  // What is asked in the name of others still has to be done.
  for (const [place, row] of state.entries) {
    const name = row.person && old.get(row.person)
    const key = row.person && keyFor(state, row.person)
    if (row.kind !== 'data_request_open' || row.at < before || name === undefined || !key) continue
    const value = entryOf({ shop: state.record.shop, key }, row.kind, row)?.value
    const person = personOf(state, name, row.at)
    const sealing = keyFor(state, person)
    if (!sealing) continue
    const sealed = sealEntry({ shop: state.record.shop, key: sealing }, row.kind, row.key, value)
    state.entries.set(place, { ...row, person, sealed })
  }
  for (const person of old.keys()) forget(person)
  dropPast(state, before)
}

const forget = (person: Person): void => {
  person.salt = undefined
  person.name = ''
}

const dropPast = (state: ShopState, before: number): void => {
  const first = state.events.find((row) => row.receivedAt >= before)?.seq ?? Number.POSITIVE_INFINITY
  state.identities.clear()
  state.attempts = state.attempts.filter((attempt) => attempt.at >= before)
  for (const [key, rollup] of state.rollups) if (rollup.bucket < before) state.rollups.delete(key)
  for (const [id, { order, at }] of state.orders)
    if (order.seq === undefined ? at < before : order.seq < first) state.orders.delete(id)
  for (const [key, { person }] of state.entries) if (person && !person.salt) state.entries.delete(key)
  for (const [a, others] of state.links)
    for (const b of others)
      if (!state.people.has(a) && !state.people.has(b)) {
        others.delete(b)
        if (others.size === 0) state.links.delete(a)
      }
}
