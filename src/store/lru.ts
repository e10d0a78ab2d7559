/** A map that forgets what was longest unused when it is full. */
export interface Lru<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  clear(): void
}

export const lru = <Key, Value>(limit: number): Lru<Key, Value> => {
  const entries = new Map<Key, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      // A Map keeps the order of insertion: what is put in again becomes the youngest.
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      if (entries.size >= limit) for (const oldest of entries.keys()) if (entries.delete(oldest)) break
      entries.set(key, value)
    },
    clear: () => entries.clear(),
  }
}
