import { expect, it } from 'vitest'
import { decodePixel } from './decode.ts'

const decode = (customData: object) =>
  decodePixel(
    { source: 'web-pixel', receivedAt: '2026-11-21T02:00:01.000Z' },
    {
      v: 1,
      shop: 'demo.myshopify.com',
      events: [
        {
          id: 'sh-00000000-0000-4000-8000-000000000001',
          clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
          name: 'converlay:tags',
          type: 'custom',
          timestamp: '2026-11-21T02:00:00.000Z',
          customData: customData as never,
        },
      ],
    },
  )

it('a report of tags is a part of the event that they told, and no event', () => {
  const { events, parts } = decode({
    event: 'product_viewed',
    id: 'tag-0a1b2c',
    fired: ['meta'],
    blocked: ['pinterest'],
  })
  expect(events).toEqual([])
  expect(parts).toMatchObject([
    {
      id: 'tag-0a1b2c',
      name: 'product_viewed',
      part: true,
      flags: ['tag_fired:meta', 'tag_blocked:pinterest'],
      identity: { clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11' },
    },
  ])
})

it('of a purchase it names the checkout, by which it is believed', () => {
  const { parts } = decode({ event: 'checkout_completed', order: '6001', checkout: 'hush', fired: ['meta'] })
  expect(parts).toMatchObject([
    { id: 'pur_6001', name: 'order_placed', commerce: { orderId: '6001', checkoutToken: 'hush' } },
  ])
  expect(decode({ event: 'checkout_started', checkout: 'hush', fired: ['meta'] }).parts).toMatchObject([
    { id: 'ic_hush', name: 'checkout_started' },
  ])
})

it.each([
  ['an order without its checkout', { event: 'checkout_completed', order: '6001', fired: ['meta'] }],
  ['another fact’s id', { event: 'page_viewed', id: 'pur_6001', fired: ['meta'] }],
  ['an event that no tag tells', { event: 'alert_displayed', id: 'tag-0a1b2c', fired: ['meta'] }],
  ['no platform', { event: 'page_viewed', id: 'tag-0a1b2c', fired: ['a b', 7], blocked: 'meta' }],
])('says nothing with %s', (_, customData) => {
  const { parts, nothing } = decode(customData)
  expect(parts).toEqual([])
  expect(nothing).toBe('A report of tags does not say of which event, or of which platforms.')
})
