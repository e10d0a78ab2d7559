import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { purchaseDeliveries, webhook } from './webhooks.ts'

const hook = (webhookId: string) =>
  webhook(
    'orders/create',
    { id: 1, note: 'ü' },
    { shop: 'demo.myshopify.com', secret: 'hush', webhookId, eventId: 'event-1', triggeredAt: Date.UTC(2026, 10, 20) },
  )

it('signs the raw bytes and carries every header that Shopify sends', () => {
  const { body, headers } = hook('delivery-1')
  expect(headers).toEqual({
    'content-type': 'application/json',
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-topic': 'orders/create',
    'x-shopify-hmac-sha256': createHmac('sha256', 'hush').update(Buffer.from(body, 'utf8')).digest('base64'),
    'x-shopify-shop-domain': 'demo.myshopify.com',
    'x-shopify-api-version': '2026-07',
    'x-shopify-webhook-id': 'delivery-1',
    'x-shopify-event-id': 'event-1',
    'x-shopify-triggered-at': '2026-11-20T00:00:00.000000Z',
  })
})

it('delivers a purchase out of order and once in duplicate', () => {
  const arrivals = purchaseDeliveries({ created: hook('created'), updated: hook('updated'), paid: hook('paid') })
  expect(arrivals.map((one) => one.webhookId)).toEqual(['updated', 'created', 'created', 'paid'])
})
