import type { EventName } from '../event/names.ts'

/** So many events of one kind refused for the same reason, and none taken: it is the kind, not these events. */
const OF_A_KIND = 5
/** A search for the event to blame is given up when more than this share of a batch, and more than a few, are to blame. */
const SHARE = 0.1
const FEW = 5

/** What a round of requests has refused so far. */
export interface Refusals {
  note(name: EventName, verdict: { readonly outcome: string; readonly code?: string }): void
  /** The reason for which the platform takes none of these kinds any more: the others of them need not be risked. */
  heldFor(names: readonly EventName[]): string | undefined
  /** Too many of the round are to blame for finding them one by one. */
  isHopeless(): boolean
}

/** Counts the refusals of a round of so many events. */
export const createRefusals = (events: number): Refusals => {
  const kinds = new Map<EventName, { isTaken: boolean; readonly codes: Map<string, number> }>()
  let refused = 0
  const reasonOf = (name: EventName): string | undefined => {
    const kind = kinds.get(name)
    if (kind === undefined || kind.isTaken) return undefined
    return [...kind.codes].find(([, count]) => count >= OF_A_KIND)?.[0]
  }
  return {
    note(name, { outcome, code = '' }) {
      if (outcome !== 'accepted' && outcome !== 'rejected') return
      const kind = kinds.get(name) ?? { isTaken: false, codes: new Map<string, number>() }
      kinds.set(name, kind)
      if (outcome === 'accepted') kind.isTaken = true
      else {
        refused++
        kind.codes.set(code, (kind.codes.get(code) ?? 0) + 1)
      }
    },
    heldFor(names) {
      if (refused < OF_A_KIND) return undefined
      const reasons = names.map(reasonOf)
      return reasons.includes(undefined) ? undefined : reasons[0]
    },
    isHopeless: () => refused > FEW && refused > SHARE * events,
  }
}
