import { SECOND } from '../lib/duration.ts'
import { type Store, StoreFault } from '../store/store.ts'
import type { Clock } from './runtime.ts'

/** How soon a settlement that could not be written is tried again. */
const AGAIN = SECOND

/**
 * A settlement tells what has happened at a platform already. Forgotten, its events would be sent again, and again after
 * every further failure. So while the store cannot write for a time (its disk is full), the connection's pass waits here,
 * with one round in memory, and goes on when it is written. `enough` ends the waiting: the process stops.
 */
export const settleInTheEnd = (store: Store, clock: Clock, enough: AbortSignal): Store => ({
  ...store,
  async settle(settlement) {
    for (;;) {
      try {
        return await store.settle(settlement)
      } catch (fault) {
        if (!(fault instanceof StoreFault) || fault.kind === 'broken' || enough.aborted) throw fault
        await clock.sleep(AGAIN, enough)
      }
    }
  },
})
