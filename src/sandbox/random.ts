import { hash } from 'node:crypto'

/** A seeded source of chance: the same seed gives the same journeys and ids everywhere. */
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

/**
 * sfc32 over a state that SHA-256 makes of the seed. With mulberry32, whose whole state is one counter, neighbouring
 * shoppers share sequences: one of 40 seeds left 89 % of its purchases without consent instead of about 18 %.
 */
export const seededRandom = (seed: string): Random => {
  const state = hash('sha256', seed, 'buffer')
  let a = state.readUInt32LE(0)
  let b = state.readUInt32LE(4)
  let c = state.readUInt32LE(8)
  let counter = state.readUInt32LE(12)
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
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
