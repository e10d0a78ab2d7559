/** The joined result of an event has this number; sightings count from 1. */
export const JOINED = 0

/** What a part's envelope is bound to: its event and its number. */
export const partName = (event: Uint8Array, n: number): string => `${Buffer.from(event).toString('hex')}/${n}`
