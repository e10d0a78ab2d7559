import type { Event } from './event.ts'

/** The flag of an event that the platform's own tag told as well, in the shopper's browser. */
export const tagFired = (slug: string): string => `tag_fired:${slug}`

/** The flag of an event whose tag was to fire, and whose script a blocker or the network kept away. */
export const tagBlocked = (slug: string): string => `tag_blocked:${slug}`

/**
 * What the shopper's browser said of a platform's tag at an event: one word that it fired outweighs others. `silent`:
 * nothing was said, because Converlay's tags are off, the page was left too soon or all scripts were blocked.
 */
export const tagSignal = ({ flags }: Pick<Event, 'flags'>, slug: string): 'fired' | 'blocked' | 'silent' =>
  flags.includes(tagFired(slug)) ? 'fired' : flags.includes(tagBlocked(slug)) ? 'blocked' : 'silent'
