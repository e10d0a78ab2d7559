import { SECOND } from '../lib/duration.ts'
import type { IntakeStore } from '../pipeline/intake.ts'
import { type Store, StoreFault } from '../store/store.ts'

/** How often a store that is away is tried again. */
const TRY = SECOND

export interface LateStore {
  readonly store: IntakeStore
  /** Resolves when the store is open; rejects when it refuses to be opened, which no waiting mends. */
  readonly opened: Promise<Store>
  close(): Promise<void>
}

/**
 * A store that may not be there yet, or be away for a while: capture begins without it. Whoever asks while it is away
 * learns so at once; one of them a second tries whether it is back.
 */
export const lateStore = (open: () => Promise<Store>, monotonic: () => number = () => performance.now()): LateStore => {
  const opened = Promise.withResolvers<Store>()
  opened.promise.catch(() => {})
  let opening: Promise<Store> | undefined
  let tryAt = 0
  let isAway = false
  let isTrying = false

  const reach = (): Promise<Store> => {
    opening ??= open().then(
      (store) => {
        opened.resolve(store)
        return store
      },
      (fault: unknown) => {
        opening = undefined
        if (!(fault instanceof StoreFault)) opened.reject(fault)
        throw fault
      },
    )
    return opening
  }

  const ask = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    if (isAway && (isTrying || monotonic() < tryAt)) throw new StoreFault('away', 'PostgreSQL cannot be reached.')
    const tries = isAway
    isTrying ||= tries
    try {
      const answer = await work(await reach())
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
      health: () => ask((store) => store.health()),
    },
    opened: opened.promise,
    close: async () => (await opening?.catch(() => undefined))?.close(),
  }
}
