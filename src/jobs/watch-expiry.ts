import { DAY, HOUR } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { expiryOf } from '../pipeline/expiring.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { waitingOf } from '../pipeline/waiting.ts'
import { RETENTION_SETTING, retentionOf } from '../store/keeping-times.ts'
import type { ConnectionId } from '../store/store.ts'

const EVERY = HOUR
/** One connection is told of once in this time. */
const AGAIN = DAY

/** Logs connections whose waiting events will soon be lost; the dashboard and `doctor` say it whenever somebody looks. */
export const watchExpiry = (
  runtime: Pick<Runtime, 'store' | 'clock' | 'log' | 'destinations'>,
): { stop(): Promise<void> } => {
  const { store, clock, log, destinations } = runtime
  const stopping = new AbortController()
  const told = new Map<ConnectionId, number>()

  const look = async (): Promise<void> => {
    const kept = retentionOf(await store.setting(RETENTION_SETTING))
    for (const shop of await store.shops()) {
      if (shop.installedAt === 0) continue
      for (const waiting of await waitingOf(store, shop)) {
        const { id, destination } = waiting.connection
        const limits = destinations.get(destination)?.limits
        const now = clock.now()
        const at = limits && expiryOf(waiting, limits, kept, now)
        if (at === undefined || now < (told.get(id) ?? Number.NEGATIVE_INFINITY) + AGAIN) continue
        told.set(id, now)
        const since = new Date(at).toISOString()
        log.warn('events that wait begin to expire', { shop: shop.shop, destination, connection: id, since })
      }
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch((fault: unknown) =>
        log.warn('what will expire could not be looked up', { fault: whatFailed(fault) }),
      )
      await clock.sleep(EVERY, stopping.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
