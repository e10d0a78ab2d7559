/** A list that forgets its oldest entries. */
export interface Newest<T> {
  add(entry: T): void
  /** Oldest first. */
  all(): readonly T[]
  clear(): void
}

/** Keeps the newest entries, `most` in weight altogether; an entry weighs 1 unless told. The newest always stays. */
export const createNewest = <T>(most: number, weightOf: (entry: T) => number = () => 1): Newest<T> => {
  const entries: T[] = []
  let weight = 0
  return {
    add: (entry) => {
      entries.push(entry)
      weight += weightOf(entry)
      while (weight > most && entries.length > 1) {
        const oldest = entries.shift()
        weight -= oldest === undefined ? 0 : weightOf(oldest)
      }
    },
    all: () => entries,
    clear: () => {
      entries.length = 0
      weight = 0
    },
  }
}
