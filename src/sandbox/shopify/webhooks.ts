import { createHmac } from 'node:crypto'

export type Topic =
  | 'carts/create'
  | 'carts/update'
  | 'checkouts/create'
  | 'checkouts/update'
  | 'orders/create'
  | 'orders/paid'
  | 'orders/updated'
  | 'refunds/create'
  | 'app/uninstalled'
  | 'app/scopes_update'
  | 'shop/update'
  | 'shop/redact'

/** One webhook as data: a retry or a duplicate is the same value sent again. */
export interface Webhook {
  readonly topic: Topic
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly webhookId: string
}

export const WEBHOOK_API_VERSION = '2026-07'

/** The base64 HMAC-SHA256 of the body, as in X-Shopify-Hmac-Sha256. */
export const sign = (body: string, secret: string): string => createHmac('sha256', secret).update(body).digest('base64')

/** A signed webhook. `webhookId` is the delivery's own id, `eventId` that of the merchant's or buyer's action. */
export const webhook = (
  topic: Topic,
  payload: unknown,
  about: {
    readonly shop: string
    readonly secret: string
    readonly webhookId: string
    readonly eventId: string
    /** ms since 1970. */
    readonly triggeredAt: number
  },
): Webhook => {
  const body = JSON.stringify(payload)
  return {
    topic,
    body,
    webhookId: about.webhookId,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': sign(body, about.secret),
      'x-shopify-shop-domain': about.shop,
      'x-shopify-api-version': WEBHOOK_API_VERSION,
      'x-shopify-webhook-id': about.webhookId,
      'x-shopify-event-id': about.eventId,
      // Microseconds, as Shopify writes them.
      'x-shopify-triggered-at': new Date(about.triggeredAt).toISOString().replace('Z', '000Z'),
    },
  }
}

/**
 * The webhooks of one purchase as they may arrive: orders/updated overtakes orders/create, and orders/create comes
 * twice under one webhook id. Neither may matter.
 */
export const purchaseDeliveries = (hooks: {
  readonly created: Webhook
  readonly updated: Webhook
  readonly paid: Webhook
}): readonly Webhook[] => [hooks.updated, hooks.created, hooks.created, hooks.paid]
