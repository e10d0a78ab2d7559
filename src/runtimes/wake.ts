import { EventEmitter } from 'node:events'
import type { Shop } from '../event/event.ts'
import type { Wake } from '../pipeline/runtime.ts'

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
