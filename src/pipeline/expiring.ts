import { HOUR, SECOND } from '../lib/duration.ts'
import type { Retention } from '../store/keeping-times.ts'

/** The merchant is warned so long before the first event is lost. */
const WARNING = 72 * HOUR

/**
 * When the oldest event that waits at a connection can no longer be sent, because its platform takes none so old or its
 * body goes; ms since 1970. Undefined while that is far away. Where nothing lives for long, half of its life is far.
 */
export const expiryOf = (
  { oldest }: { readonly oldest?: number },
  { maxAge }: { readonly maxAge: number },
  { bodyAtMost }: Pick<Retention, 'bodyAtMost'>,
  now: number,
): number | undefined => {
  if (oldest === undefined) return undefined
  const life = Math.min(maxAge, bodyAtMost)
  return now >= oldest + life - Math.min(WARNING, life / 2) ? oldest + life : undefined
}

/** The same for a person. */
export const expiryNotice = (at: number, now: number): string => {
  const when = `${new Date(at - (at % (60 * SECOND))).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return at > now
    ? `Events that wait here begin to expire on ${when}: see to it that they can be sent before.`
    : `Events that wait here have begun to expire, since ${when}.`
}
