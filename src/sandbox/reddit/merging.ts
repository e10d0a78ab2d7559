import { DAY } from '../../lib/duration.ts'
import type { Conversion, MergeRule, Sighted } from '../kit/conversions.ts'

/** How much a copy tells: metadata and match keys. */
const richness = ({ value, currency, orderId, contentIds, identifiers }: Sighted | Conversion): number =>
  [value, currency, orderId, contentIds?.[0]].filter((one) => one !== undefined).length +
  Object.keys(identifiers).length

/**
 * Type (an own event: its name) and conversion id. The marks keep own events apart from types of the same name, and
 * events of other sources than the website from the tag's. The guess by session that Reddit makes without a conversion
 * id is left out: nobody may count on it. The richer copy is kept.
 */
export const MERGING: MergeRule = {
  key: ({ name, eventId, marks = [] }) =>
    eventId === undefined ? undefined : JSON.stringify([name, eventId, ...marks]),
  window: 2 * DAY,
  replaces: (kept, later) => richness(later) > richness(kept),
}
