import { EventEmitter } from 'node:events'
import type { Shop } from '../event/event.ts'
import type { Log } from '../lib/log.ts'
import type { Wake } from '../pipeline/runtime.ts'
import type { Store } from '../store/store.ts'

/** What a command changed beside us is not said to us shop by shop: every shop is looked at. */
export const wakeAll = async (store: Pick<Store, 'shops'>, wake: Wake, log: Log): Promise<void> => {
  try {
    for (const { shop } of await store.shops()) wake.arrived(shop)
  } catch {
    // A store that fails is noticed by whoever needs it, and every shop is looked at now and then all the same.
    log.warn('changes of another process were not looked at', {})
  }
}

/** Wakes within one process. */
export const localWake = (): Wake => {
  const emitter = new EventEmitter()
  // One listener for delivery and one per open dashboard.
  emitter.setMaxListeners(1000)
  return {
    arrived: (shop) => void emitter.emit('arrived', shop),
    settled: (shop) => void emitter.emit('settled', shop),
    on(kind, listener: (shop: Shop) => void) {
      emitter.on(kind, listener)
      return () => void emitter.off(kind, listener)
    },
  }
}
