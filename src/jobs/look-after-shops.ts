import { HOUR } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { installationOf } from '../pipeline/installation.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import type { Shopify } from '../shopify/shopify.ts'

const EVERY = HOUR

/**
 * Sees every hour that each installed shop has its pixel's record, with the address to which it sends, and repairs it. The
 * webhooks need no look: they are subscribed to by the app itself, for all of its shops, and Shopify deletes only
 * subscriptions that were made through its API (platform sheet 2.4).
 */
export const lookAfterShops = (
  { store, clock, log }: Pick<Runtime, 'store' | 'clock' | 'log'>,
  shopify: Pick<Shopify, 'loaded'>,
): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const look = async (): Promise<void> => {
    for (const { shop, installedAt } of await store.shops()) {
      if (installedAt === 0 || stopping.signal.aborted) continue
      if ((await installationOf(store, shop))?.state === 'installed') await shopify.loaded(shop)
    }
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(EVERY, stopping.signal)
      if (stopping.signal.aborted) return
      await look().catch((fault: unknown) =>
        log.warn('installed shops could not be looked at', { fault: whatFailed(fault) }),
      )
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
