import type { Shop } from '../../event/event.ts'
import type { Entry, EntryKind } from '../entry.ts'
import { entryOf, sealEntry } from '../entry-rows.ts'
import type { Store } from '../store.ts'
import { keyFor, personOf, type ShopState } from './shop-state.ts'

const rowOf = (kind: EntryKind, key: string): string => `${kind}\n${key}`

type Row = ShopState['entries'] extends Map<string, infer R> ? R : never

const opened = (state: ShopState, row: Row): Entry | undefined => {
  const key = keyFor(state, row.person)
  return key && entryOf({ shop: state.record.shop, key }, row.kind, row)
}

export const entryOperations = (
  find: (shop: Shop) => ShopState | undefined,
  need: (shop: Shop) => ShopState,
): Pick<Store, 'entry' | 'entries' | 'saveEntry'> => ({
  async entry(shop, kind, key) {
    const state = find(shop)
    const row = state?.entries.get(rowOf(kind, key))
    return state && row && opened(state, row)
  },

  async entries(shop, kind, { limit, after, descending = false }) {
    const state = find(shop)
    if (!state) return []
    const rows = [...state.entries.values()]
      .filter((row) => row.kind === kind && (after === undefined || (descending ? row.key < after : row.key > after)))
      .sort((a, b) => (a.key < b.key === descending ? 1 : -1))
    return rows.slice(0, limit).flatMap((row) => opened(state, row) ?? [])
  },

  async saveEntry(shop, kind, key, value, { at, was, until, subject }) {
    const state = need(shop)
    const is = state.entries.get(rowOf(kind, key))?.version ?? 0
    if (was !== undefined && was !== is) return false
    if (value === undefined) state.entries.delete(rowOf(kind, key))
    else {
      const person = subject === undefined ? undefined : personOf(state, subject, at)
      const sealing = keyFor(state, person)
      if (!sealing) return false
      const sealed = sealEntry({ shop, key: sealing }, kind, key, value)
      state.entries.set(rowOf(kind, key), { key, version: is + 1, at, sealed, kind, until, person })
    }
    return true
  },
})
