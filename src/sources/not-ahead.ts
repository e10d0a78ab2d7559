import { MINUTE } from '../lib/duration.ts'
import { instant } from './instant.ts'

/** How far a sender's clock may be ahead of ours before it is set back. */
const CLOCK_TOLERANCE = 5 * MINUTE

/** A moment that somebody else's clock told, set back where it is too far ahead of ours. */
export const notAhead = (receivedAt: string | undefined, at: string | undefined): string | undefined => {
  const received = instant(receivedAt)
  if (at === undefined || received === undefined || at <= received) return at
  const latest = new Date(Date.parse(received) + CLOCK_TOLERANCE).toISOString()
  return at <= latest ? at : latest
}
