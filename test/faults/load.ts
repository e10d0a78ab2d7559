import { createHmac, randomUUID } from 'node:crypto'
import type { Pool } from 'undici'
import type { EventId } from '../../src/event/event.ts'
import { SECRET, sample } from '../harness.ts'

/** Every request names its event in this header, for whoever reads a trace. */
export const EVENT_HEADER = 'x-event-of-request'

/** A 2xx is a promise. */
export const isTaken = (status: number): boolean => status >= 200 && status < 300

/**
 * Posts orders and beacons one after the other until told to stop or the process is gone; `told` hears how each was
 * answered.
 */
export const keepPosting = async (
  pool: Pool,
  signal: AbortSignal,
  next: () => number,
  told: (id: EventId, status: number) => void,
): Promise<void> => {
  while (!signal.aborted) {
    const n = next()
    const order = n % 4 === 0
    const now = new Date().toISOString()
    const id = (order ? `pur_${7_000_000_000_000 + n}` : `sh-kill-${n}-${'0'.repeat(6)}`) as EventId
    try {
      const { statusCode, body } = order
        ? await pool.request({ path: '/webhooks/shopify', method: 'POST', ...webhook(n, now, id) })
        : await pool.request({
            path: '/b/1',
            method: 'POST',
            headers: {
              [EVENT_HEADER]: id,
              'content-type': 'text/plain',
              'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/143.0',
              'x-forwarded-for': '198.51.100.7',
            },
            body: JSON.stringify({
              v: 1,
              shop: 'demo.myshopify.com',
              consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
              events: [
                {
                  id,
                  clientId: `client-${n % 50}`,
                  name: 'page_viewed',
                  timestamp: now,
                  context: { document: { location: { href: 'https://northfern.example/' } } },
                },
              ],
            }),
          })
      await body.dump()
      told(id, statusCode)
    } catch {
      // The process is gone; what was not answered was not promised.
      return
    }
  }
}

const template = JSON.stringify(sample('order_create'))

const webhook = (n: number, now: string, id: EventId) => {
  const order = {
    ...(JSON.parse(template) as object),
    id: 7_000_000_000_000 + n,
    checkout_token: `token${n}`,
    created_at: now,
    processed_at: now,
  }
  const body = JSON.stringify(order)
  return {
    body,
    headers: {
      [EVENT_HEADER]: id,
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'demo.myshopify.com',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    },
  }
}
