import { DAY, HOUR } from '../../lib/duration.ts'
import { byEventId, type MergeRule } from '../kit/conversions.ts'

/** Server events that come later than this are handled as offline (help centre, Segment, Tealium). */
const LATE = HOUR

export const OFFLINE = 'offline'

/** Offline events, and those of the web that come more than an hour late, are not merged with the tag's. */
export const isOffline = (actionSource: string, occurredAt: number, receivedAt: number): boolean =>
  actionSource === 'offline' || receivedAt - occurredAt > LATE

/** Name and event id. Official pages say 48 h, Segment's documentation 24 h; the stricter one counts here. */
export const MERGING: MergeRule = {
  key: (sighting) => (sighting.marks?.includes(OFFLINE) ? undefined : byEventId(sighting)),
  window: DAY,
}
