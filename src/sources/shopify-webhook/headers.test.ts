import { describe, expect, it } from 'vitest'
import { readWebhookHeaders } from './headers.ts'

const ALL = {
  topic: 'orders/create',
  hmac: 'W9zBRr9gdU5qBCQIlcQHWgCJPsgHxYcV6XlnZFhHSzg=',
  shop: 'demo.myshopify.com',
  apiVersion: '2026-10',
  webhookId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
  eventId: '98880550-7158-44d4-b7cd-2c97c8a091b5',
  triggeredAt: '2026-11-21T02:06:40.123456789Z',
  name: 'main',
}
const spelled = (prefix: string) => ({
  [`${prefix}Topic`]: ALL.topic,
  [`${prefix}Hmac-Sha256`]: ALL.hmac,
  [`${prefix}Shop-Domain`]: ALL.shop,
  [`${prefix}API-Version`]: ALL.apiVersion,
  [`${prefix}Webhook-Id`]: ALL.webhookId,
  [`${prefix}Event-Id`]: ALL.eventId,
  [`${prefix}Triggered-At`]: ALL.triggeredAt,
  [`${prefix}Name`]: ALL.name,
})

describe('a webhook’s headers', () => {
  it('are read with and without X-, in any case', () => {
    expect(readWebhookHeaders(spelled('X-Shopify-'))).toEqual(ALL)
    expect(readWebhookHeaders(spelled('x-shopify-'))).toEqual(ALL)
    expect(readWebhookHeaders(spelled('shopify-'))).toEqual(ALL)
  })

  it('are absent where they are missing, empty, far too long or there twice', () => {
    expect(readWebhookHeaders({})).toEqual({})
    expect(
      readWebhookHeaders({
        'x-shopify-topic': '',
        'x-shopify-webhook-id': 'x'.repeat(1000),
        'x-shopify-event-id': ['a', 'b'],
        'x-shopify-name': ['once'],
        host: 'converlay.example.com',
      }),
    ).toEqual({ name: 'once' })
  })

  it('may stand there with and without X- when both say the same, and are absent when they do not', () => {
    expect(readWebhookHeaders({ ...spelled('x-shopify-'), ...spelled('shopify-') })).toEqual(ALL)
    const { topic: _, ...rest } = ALL
    const other = { 'Shopify-Topic': 'orders/updated' }
    expect(readWebhookHeaders({ ...spelled('X-Shopify-'), ...other })).toEqual(rest)
    expect(readWebhookHeaders({ ...other, ...spelled('X-Shopify-') })).toEqual(rest)
    expect(readWebhookHeaders({ ...spelled('X-Shopify-'), 'Shopify-Topic': ['a/b', 'a/b'] })).toEqual(rest)
  })

  it('do not let a foreign host or an odd topic pass', () => {
    for (const shop of ['evil.example.com', 'x.myshopify.com.evil.example', 'a_b.myshopify.com', 'x.myshopify.com/'])
      expect(readWebhookHeaders({ 'x-shopify-shop-domain': shop })).toEqual({})
    expect(readWebhookHeaders({ 'x-shopify-topic': '../../etc/passwd' })).toEqual({})
  })
})
