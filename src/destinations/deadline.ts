import type { Event } from '../event/event.ts'
import { tagFired } from '../event/tag-flags.ts'
import { HOUR } from '../lib/duration.ts'
import type { Destination } from './destination.ts'

/** How old an event may be for a platform, ms. */
export const maxAgeOf = ({ limits, maxAges = [] }: Pick<Destination, 'limits' | 'maxAges'>, event: Event): number =>
  maxAges.find(({ holds }) => holds(event))?.maxAge ?? limits.maxAge

/**
 * Until when (ms since 1970) the platform takes our copy of an event for the one that its tag sent, less an hour for its
 * clock and ours, of short windows less a quarter; undefined where no tag fired. After that it would be counted twice.
 */
export const twinMergedUntil = (
  { slug, dedup }: Pick<Destination, 'slug' | 'dedup'>,
  event: Event,
): number | undefined => {
  if (!event.flags.includes(tagFired(slug))) return undefined
  const window = dedup(event.name)?.twinWindow ?? 0
  return Date.parse(event.occurredAt) + window - Math.min(HOUR, window / 4)
}
