import type { EntryKind } from './entry.ts'

/** How a shop's data is erased. */
export interface ShopErasure {
  /**
   * Only what came before this moment, ms: the shop was installed again since. Absent: all of it, connections and keys
   * included; the shop is then one that was only heard of.
   */
  readonly before?: number
  /** What says afterwards that it was done; written in the same transaction. */
  readonly note: { readonly kind: EntryKind; readonly key: string; readonly value: unknown; readonly at: number }
}
