/** The flag of an event that the platform's own tag told as well, in the shopper's browser. */
export const tagFired = (slug: string): string => `tag_fired:${slug}`

/** The flag of an event whose tag was to fire, and whose script a blocker or the network kept away. */
export const tagBlocked = (slug: string): string => `tag_blocked:${slug}`
