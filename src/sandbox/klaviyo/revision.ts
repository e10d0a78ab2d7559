import { invalid, type Problem, UNKNOWN_REVISION } from './errors.ts'

/** The newest; since this one events have `backfill`. */
export const NEWEST = '2026-07-15'

/** Those that the sheet names. */
const REVISIONS: ReadonlySet<string> = new Set([NEWEST, '2026-04-15', '2024-10-15', '2024-06-15'])

/** Each is served for two years from its date. */
const isRetired = (revision: string, now: number): boolean =>
  now >= Date.UTC(Number(revision.slice(0, 4)) + 2, Number(revision.slice(5, 7)) - 1, Number(revision.slice(8)))

/**
 * The real platform serves a retired or unknown revision with another one, unless the request opts out of that by a
 * header; here it is always refused, because then a change comes unasked.
 */
export const revisionProblem = (revision: string | undefined, now: number): Problem | undefined => {
  if (revision === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(revision))
    return invalid('The header revision is required in the form YYYY-MM-DD.')
  return REVISIONS.has(revision) && !isRetired(revision, now) ? undefined : UNKNOWN_REVISION
}
