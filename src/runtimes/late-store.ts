import { SECOND } from '../lib/duration.ts'
import type { IntakeStore } from '../pipeline/intake.ts'
import { type Store, StoreFault } from '../store/store.ts'

/** How often a store that is away is tried again. */
const TRY = SECOND

export interface LateStore<S extends Store> {
  readonly store: IntakeStore
  /** Opens it, once for however many ask. Rejects when it is away, and may be asked again, or refuses to be opened. */
  open(): Promise<S>
  close(): Promise<void>
}

/**
 * A store that may not be there yet, or be away for a while: capture begins without it. Whoever asks while it is away
 * learns so at once; one of them a second tries whether it is back.
 */
export const lateStore = <S extends Store>(
  openNow: () => Promise<S>,
  monotonic: () => number = () => performance.now(),
): LateStore<S> => {
  let opening: Promise<S> | undefined
  let tryAt = 0
  let isAway = false
  let isTrying = false

  const open = (): Promise<S> => {
    opening ??= openNow().catch((fault: unknown) => {
      opening = undefined
      throw fault
    })
    return opening
  }

  const ask = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    if (isAway && (isTrying || monotonic() < tryAt)) throw new StoreFault('away', 'PostgreSQL cannot be reached.')
    const tries = isAway
    isTrying ||= tries
    try {
      const answer = await work(await open())
      isAway = false
      return answer
    } catch (fault) {
      if (fault instanceof StoreFault && fault.kind === 'away') {
        isAway = true
        tryAt = monotonic() + TRY
      }
      throw fault
    } finally {
      if (tries) isTrying = false
    }
  }

  return {
    store: {
      shop: (shop) => ask((store) => store.shop(shop)),
      saveShop: (shop) => ask((store) => store.saveShop(shop)),
      append: (arrival) => ask((store) => store.append(arrival)),
      entries: (shop, kind, query) => ask((store) => store.entries(shop, kind, query)),
      entry: (shop, kind, key) => ask((store) => store.entry(shop, kind, key)),
      saveEntry: (shop, kind, key, value, change) => ask((store) => store.saveEntry(shop, kind, key, value, change)),
      health: () => ask((store) => store.health()),
    },
    open,
    close: async () => (await opening?.catch(() => undefined))?.close(),
  }
}
