import type { Event } from '../event/event.ts'

/** Whether a beacon told of it: anybody can post one, so it is a hint about its own browser and nothing else. */
export const fromBrowser = (event: Event): boolean => event.seenBy.some((by) => by.startsWith('web-pixel'))
