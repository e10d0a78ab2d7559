import { randomUUID } from 'node:crypto'
import { createDeliverer, type Delivery } from '../shopify/deliver.ts'
import { type Topic, type Webhook, webhook } from '../shopify/webhooks.ts'
import type { DemoStoreOptions } from './demo-store.ts'

/** The webhooks of the demo store on their way to the app. */
export interface Outbox {
  /** A signed webhook of its own; not sent yet. */
  hook(topic: Topic, payload: unknown): Webhook
  /** Sends one after the other, so that the order told here is the order of arrival. */
  deliver(webhooks: readonly Webhook[]): void
  /** Every delivery that has ended. */
  deliveries(): readonly Delivery[]
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

export const createOutbox = (
  options: Pick<DemoStoreOptions, 'webhookUrl' | 'webhookSecret' | 'shop'>,
  now: () => number,
): Outbox => {
  const deliverer = createDeliverer(() => options.webhookUrl)
  const ended: Delivery[] = []
  const pending = new Set<Promise<void>>()

  return {
    hook: (topic, payload) =>
      webhook(topic, payload, {
        shop: options.shop,
        secret: options.webhookSecret,
        webhookId: randomUUID(),
        eventId: randomUUID(),
        triggeredAt: now(),
      }),
    deliver: (webhooks) => {
      const work = (async () => {
        for (const one of webhooks) ended.push(await deliverer.deliver(one))
      })()
      pending.add(work)
      work.finally(() => pending.delete(work))
    },
    deliveries: () => ended,
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending)
    },
    close: async () => {
      await deliverer.close()
      await Promise.all(pending)
    },
  }
}
