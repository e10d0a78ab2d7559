import { createHash, randomBytes } from 'node:crypto'
import { DAY, MINUTE } from '../lib/duration.ts'

/** Signed-in browsers. Only hashes of their ids are kept, in memory: a restart signs everybody out. */
export interface Sessions {
  /** A new session's id, for the cookie. */
  open(now: number): string
  valid(id: string | undefined, now: number): boolean
  end(id: string | undefined): void
}

export const SESSION_LIFE = 7 * DAY
/** The oldest goes when one more signs in. */
const MOST_SESSIONS = 100

export const memorySessions = (): Sessions => {
  const until = new Map<string, number>()
  // Looked up by hash, so that the time of a lookup tells nothing about ids that exist.
  const key = (id: string) => createHash('sha256').update(id).digest('hex')
  return {
    open: (now) => {
      const id = randomBytes(32).toString('base64url')
      if (until.size >= MOST_SESSIONS) for (const oldest of until.keys().take(1)) until.delete(oldest)
      until.set(key(id), now + SESSION_LIFE)
      return id
    },
    valid: (id, now) => id !== undefined && now < (until.get(key(id)) ?? 0),
    end: (id) => {
      if (id !== undefined) until.delete(key(id))
    },
  }
}

/** Counts tries per address: ten, then a wait. */
export interface Throttle {
  /** Counts a try; false when the address has to wait. Called before the costly check, so parallel tries count too. */
  admit(address: string, now: number): boolean
  /** A success clears the address. */
  clear(address: string): void
}

export const MOST_TRIES = 10
export const WAIT = 15 * MINUTE
/** Addresses remembered; the oldest is forgotten first. */
const MOST_ADDRESSES = 10_000

export const memoryThrottle = (): Throttle => {
  const tries = new Map<string, { count: number; until: number }>()
  return {
    admit: (address, now) => {
      const known = tries.get(address)
      const current = known && now < known.until ? known : { count: 0, until: now + WAIT }
      if (current.count >= MOST_TRIES) return false
      current.count++
      tries.delete(address)
      tries.set(address, current)
      if (tries.size > MOST_ADDRESSES) for (const oldest of tries.keys().take(1)) tries.delete(oldest)
      return true
    },
    clear: (address) => {
      tries.delete(address)
    },
  }
}
