/** A seeded source of chance (mulberry32): the same seed gives the same journeys and ids everywhere. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** Whole number from low to high, both included. */
  between(low: number, high: number): number
  pick<T>(values: readonly [T, ...T[]]): T
  chance(share: number): boolean
  /** Lower-case hexadecimal digits. */
  hex(length: number): string
  /** A UUID of version 4. */
  uuid(): string
  /** Letters and digits as in Shopify's tokens. */
  token(length: number): string
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join('')
  return {
    next,
    between,
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0],
    chance: (share) => next() < share,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + Math.floor(next() * 4)).toString(16)}${hex(3)}-${hex(12)}`,
    token: (length) => Array.from({ length }, () => LETTERS.charAt(between(0, LETTERS.length - 1))).join(''),
  }
}
