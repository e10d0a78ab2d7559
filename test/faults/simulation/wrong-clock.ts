import type { Event } from '../../../src/event/event.ts'

/**
 * While the server's clock is behind, every browser's seems to be ahead and is set back to ours: the fact that is told
 * again then has another time, and is another one.
 */
export const isOfWrongClock = ({ flags }: Event): boolean => flags.includes('clock_ahead')
