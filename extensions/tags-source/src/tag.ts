import type { TagEvent, TagEventName, TagStart } from './told.ts'

/** A line of an event with its id in the platform's catalogue. */
export interface Named {
  readonly id: string
  readonly title?: string | undefined
  readonly vendor?: string | undefined
  readonly category?: string | undefined
  readonly price: number
  readonly quantity: number
}

/** A platform's browser tag. */
export interface Tag {
  /** That of the destination. */
  readonly slug: string
  /** The platform's own script: host and path. */
  readonly script: (account: string) => string
  /**
   * The platform's name of each event, the same as the server's, for only then are the two merged. Events that are not
   * here the server tells alone.
   */
  readonly names: Partial<Record<TagEventName, string>>
  /** Whether there is a way to tell the platform of an opt-out of sale; without one the tag stays silent then. */
  readonly limits: boolean
  /** Puts the platform's own waiting line in place and says who and what may be used; before the script is loaded. */
  start(start: TagStart): void
  track(name: string, event: TagEvent, items: readonly Named[], start: TagStart): void
  /** Whether the script that was loaded is the platform's: blockers put empty ones in its place. */
  isAlive?(): boolean
}

/** The page's globals: platforms put their functions there. */
export const page = globalThis as unknown as Record<string, unknown>

/** A platform's function with its waiting line, as its documented snippet makes it. */
export type Queue = ((...call: unknown[]) => void) & { [member: string]: unknown }

/**
 * Calls wait in a list of the function until the script is there and brings `forward`, the member that then takes them.
 * One that is there already, of another app or the theme, is used as it is.
 */
export const queued = (name: string, list: string, forward?: string): Queue => {
  const known = page[name]
  if (typeof known === 'function') return known as Queue
  const waiting: unknown[] = []
  const queue: Queue = Object.assign(
    (...call: unknown[]) => {
      const taken = forward === undefined ? undefined : queue[forward]
      if (typeof taken === 'function') taken.apply(queue, call)
      else waiting.push(call)
    },
    { [list]: waiting },
  )
  page[name] = queue
  return queue
}

/** The platform's function, whoever put it there by now. */
export const call = (name: string, ...rest: unknown[]): void => {
  const known = page[name]
  if (typeof known === 'function') known(...rest)
}

/** Whether the function under this name has the member that only the platform's script brings. */
export const hasMember = (name: string, member: string): boolean => {
  const known = page[name] as Queue | undefined
  return typeof known?.[member] === 'function'
}

/** Without what is undefined: some scripts write it out. */
export const told = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))
