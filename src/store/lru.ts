/** A map that forgets what was not used for long when it is full. */
export interface Lru<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  clear(): void
}

/**
 * Two halves: what is used moves to the young one, and when that is full the old one is forgotten as a whole. A hit in
 * the young half costs one look-up; moving every hit to the end of one map costs three.
 */
export const lru = <Key, Value>(limit: number): Lru<Key, Value> => {
  let young = new Map<Key, Value>()
  let old = new Map<Key, Value>()
  const set = (key: Key, value: Value): void => {
    if (young.size >= limit / 2) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    get(key) {
      const fresh = young.get(key)
      if (fresh !== undefined) return fresh
      const value = old.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
    set,
    clear() {
      young = new Map()
      old = new Map()
    },
  }
}
