import type { Shop } from '../event/event.ts'
import type { Store } from '../store/store.ts'

/** How far a shop's orders are compared; the entry `progress` of this key. Instants in ms since 1970. */
export interface ReconcileState {
  /** All that changed up to here is known. */
  readonly until?: number
  /** When the last look over a week began. */
  readonly weekAt?: number
  /** Somebody is at it, and has it to itself until then. */
  readonly leasedUntil?: number
  /** Somebody wants a look from `since` on. */
  readonly asked?: { readonly at: number; readonly since: number }
  readonly last?: ReconcileResult
}

/** What the last look came to; `asked` is the moment of the wish that it fulfilled. */
export interface ReconcileResult {
  readonly at: number
  readonly since: number
  readonly orders: number
  readonly found: number
  readonly problem?: string
  readonly asked?: number
}

export const RECONCILE = 'reconcile'

export const reconcileState = async (
  store: Pick<Store, 'entry'>,
  shop: Shop,
): Promise<{ readonly state: ReconcileState; readonly version: number }> => {
  const entry = await store.entry(shop, 'progress', RECONCILE)
  return { state: (entry?.value ?? {}) as ReconcileState, version: entry?.version ?? 0 }
}

/** Wants a shop's orders compared from a moment on, by whichever process does that. Returns the wish's own moment. */
export const askToReconcile = async (
  store: Pick<Store, 'entry' | 'saveEntry'>,
  shop: Shop,
  since: number,
  now: number,
): Promise<number> => {
  for (;;) {
    const { state, version } = await reconcileState(store, shop)
    const wish: ReconcileState = { ...state, asked: { at: now, since } }
    if (await store.saveEntry(shop, 'progress', RECONCILE, wish, { at: now, was: version })) return now
  }
}
