import type { Event } from './event.ts'

/** The messages that anybody can send: beacons, and what comes with a key that stands in a page. */
const FROM_ANYBODY = ['web-pixel', 'track-public'] as const

/** Whether such a message told of it: then it is a hint about its own browser and nothing else. */
export const fromBrowser = (event: Event): boolean =>
  event.seenBy.some((by) => FROM_ANYBODY.some((source) => by.startsWith(source)))
