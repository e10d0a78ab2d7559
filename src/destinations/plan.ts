import type { Event } from '../event/event.ts'
import type { CommonSettings } from './common-settings.ts'
import {
  type Destination,
  type How,
  isSkip,
  type Limits,
  type Packing,
  type Planned,
  type Skip,
  type Verdict,
} from './destination.ts'

/** An event as items, or the reason why not. */
export type Mapped = { readonly items: readonly unknown[] } | Skip

/** Maps an event that may go. Throws only for a bug in the definition; who calls it counts that as `mapper_crash`. */
export const mapEvent = (destination: Destination, settings: CommonSettings, event: Event, how: How): Mapped => {
  const items = destination.toItems(event, settings, how)
  return isSkip(items) ? items : { items }
}

/** An event's items under the number by which the caller knows the event. Callers' entries may carry more. */
export interface Entry {
  readonly index: number
  readonly items: readonly unknown[]
}

/** A request with its items and, beside each item, the entry it came from. */
export interface PlannedRequest<E extends Entry> extends Planned {
  readonly owners: readonly E[]
  /** The owners, each once. */
  readonly entries: readonly E[]
}

/**
 * Requests for many events: items that may share one are together, in the events' order, within the destination's
 * limits. `singly` puts every item into a request of its own.
 */
export const planRequests = <E extends Entry>(
  destination: Destination,
  settings: CommonSettings,
  entries: readonly E[],
  how: Packing,
): readonly PlannedRequest<E>[] => {
  const groups = new Map<string, { items: unknown[]; owners: E[] }>()
  for (const entry of entries) {
    for (const item of entry.items) {
      const key = destination.groupOf(item)
      let group = groups.get(key)
      if (group === undefined) {
        group = { items: [], owners: [] }
        groups.set(key, group)
      }
      group.items.push(item)
      group.owners.push(entry)
    }
  }
  const requests: PlannedRequest<E>[] = []
  for (const group of groups.values()) {
    let from = 0
    for (const { request, items } of destination.toRequests(group.items, settings, how)) {
      const owners = group.owners.slice(from, from + items.length)
      requests.push({ request, items, owners, entries: [...new Set(owners)] })
      from += items.length
    }
  }
  return requests
}

/** An item that is larger than a request may be cannot be sent at all. The whole request shows it: such an item goes alone. */
export const isTooLarge = ({ request, items }: Planned, { bytes }: Pick<Limits, 'bytes'>): boolean =>
  items.length === 1 && Buffer.byteLength(request.body ?? '') > bytes

/** Why such an item is not sent. */
export const TOO_LARGE: Skip = { skip: 'invalid_field', field: 'size' }

/** One verdict for every event of a request out of one for every item: an event is delivered when all its items are. */
export const verdictsByEntry = <E extends Entry>(
  { owners }: PlannedRequest<E>,
  verdicts: readonly Verdict[],
): ReadonlyMap<E, Verdict> => {
  if (verdicts.length !== owners.length) throw new Error('a destination gave another number of verdicts than items')
  const byEntry = new Map<E, Verdict>()
  for (const [place, owner] of owners.entries()) {
    const verdict = verdicts[place]
    if (verdict === undefined) continue
    const known = byEntry.get(owner)
    byEntry.set(owner, known === undefined ? verdict : together(known, verdict))
  }
  return byEntry
}

/** Which of two verdicts speaks for their event: what is still open wins over what is decided, a refusal over success. */
const RANK: Readonly<Record<Verdict['outcome'], number>> = {
  accepted: 0,
  rejected: 1,
  retry: 2,
  singly: 3,
  unauthorized: 4,
}

/** The verdict on an event of which two items were judged, in one request or in several. */
export const together = (a: Verdict, b: Verdict): Verdict => {
  if (a.outcome === 'retry' && b.outcome === 'retry') return (a.after ?? 0) >= (b.after ?? 0) ? a : b
  // Both accepted: what either has to say is kept, the earlier before the later.
  if (a.outcome === 'accepted' && b.outcome === 'accepted') return { ...b, ...a }
  return RANK[b.outcome] > RANK[a.outcome] ? b : a
}
