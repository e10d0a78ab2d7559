import { type Shop, shopFrom } from '../../event/event.ts'
import { compact } from '../../lib/json.ts'

export interface WebhookHeaders {
  /** Lower case, "orders/create". */
  readonly topic?: string
  readonly hmac?: string
  readonly shop?: Shop
  readonly apiVersion?: string
  /** Per delivery, constant over retries: the idempotency key. */
  readonly webhookId?: string
  /** Shared by all deliveries of one merchant action. */
  readonly eventId?: string
  readonly triggeredAt?: string
  /** The subscription's own name. */
  readonly name?: string
}

type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>

const LONGEST = 256
const TOPIC = /^[a-z0-9_]{1,60}\/[a-z0-9_]{1,60}$/

/**
 * Shopify's headers, in any case and with or without `X-`: its next generation of webhooks drops the prefix. A header
 * that stands there twice, or with and without the prefix and another value, is taken for absent, since nobody can say
 * which one was meant.
 */
export const readWebhookHeaders = (headers: HeaderValues): WebhookHeaders => {
  const found = new Map<string, string>()
  const unclear = new Set<string>()
  for (const name in headers) {
    const short = /^(?:x-)?shopify-(.+)$/.exec(name.toLowerCase())?.[1]
    const values = [headers[name] ?? []].flat()
    const text = values[0]?.trim()
    if (short === undefined || !text) continue
    if (values.length > 1 || text.length > LONGEST || text !== (found.get(short) ?? text)) unclear.add(short)
    found.set(short, text)
  }
  for (const short of unclear) found.delete(short)
  const topic = found.get('topic')?.toLowerCase()
  return compact<WebhookHeaders>({
    topic: topic !== undefined && TOPIC.test(topic) ? topic : undefined,
    hmac: found.get('hmac-sha256'),
    shop: shopFrom(found.get('shop-domain')),
    apiVersion: found.get('api-version'),
    webhookId: found.get('webhook-id'),
    eventId: found.get('event-id'),
    triggeredAt: found.get('triggered-at'),
    name: found.get('name'),
  })
}
