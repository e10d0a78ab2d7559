import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHOP } from '../pipeline/double.ts'
import { PROXY_PATH } from './capture.ts'
import { type CaptureWorld, captureWorld, refused, SECRET } from './capture-double.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await captureWorld()
})
afterEach(() => world.stop())

const seen = (name: string, number = 1, data: object = {}) => ({
  id: `cv-00000000-0000-4000-8000-00000000000${number}`,
  clientId: 'cv-visitor',
  name,
  type: 'standard',
  timestamp: '2026-11-22T10:00:00.000Z',
  context: {
    document: { location: { href: 'https://northfern.example/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ' } },
    navigator: { userAgent: 'Browser/1.0' },
  },
  data,
})
const told = (more: object = {}) => ({ v: 1, events: [seen('page_viewed')], country: 'US', ...more })

/** What Shopify makes of a post to the store's own address. */
const passedOn = (
  body: object,
  { secret = SECRET, late = 0, ...headers }: { secret?: string; late?: number } & Record<string, unknown> = {},
) => {
  const pairs = {
    logged_in_customer_id: '',
    path_prefix: '/apps/visit',
    shop: SHOP,
    timestamp: String(Math.floor(world.clock.now() / 1000) - late),
  }
  const text = Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('')
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  return world.ask(
    'POST',
    `${PROXY_PATH}?${new URLSearchParams({ ...pairs, signature })}`,
    { 'x-forwarded-for': '203.0.113.9, 198.51.100.1', 'user-agent': 'Shopify', ...headers } as Record<string, string>,
    JSON.stringify(body),
  )
}
const kept = async () => (await world.store.read(SHOP, 0, 9)).map(({ event }) => event)

describe('the capture embed, passed on by Shopify', () => {
  it('tells page and product views, with the visitor’s address and browser and not Shopify’s', async () => {
    const body = told({ events: [seen('page_viewed', 1), seen('product_viewed', 2)] })
    expect((await passedOn(body)).status).toBe(204)
    expect(await kept()).toMatchObject([
      {
        name: 'page_viewed',
        seenBy: ['web-pixel:page_viewed'],
        flags: ['capture_embed'],
        identity: { clientId: 'cv-visitor', ip: '203.0.113.9', userAgent: 'Browser/1.0' },
        ids: { epik: 'dj0yJnU9RXhhbXBsZQ' },
      },
      { name: 'product_viewed' },
    ])
  })

  it('speaks for the store that Shopify names, whatever it says itself', async () => {
    await passedOn(told({ shop: 'other.myshopify.com' }))
    expect(await kept()).toMatchObject([{ shop: SHOP }])
  })

  it('may not tell of carts, checkouts and orders', async () => {
    const checkout = { checkout: { token: 'c1', order: { id: '1' } } }
    await passedOn(
      told({
        events: [
          seen('product_added_to_cart'),
          seen('checkout_started', 2, checkout),
          seen('checkout_completed', 3, checkout),
        ],
      }),
    )
    expect(await kept()).toEqual([])
  })

  it.each([
    ['leaves nothing of a visitor whose answer is not known where consent must be asked for', { country: 'DE' }, 0],
    ['leaves nothing of a visitor who refused', { consent: { analytics: true, marketing: false } }, 0],
    [
      'leaves nothing of a visitor who allowed one purpose of two, where consent must be asked for',
      { country: 'DE', consent: { marketing: true } },
      0,
    ],
    ['is kept of a visitor who allowed it', { country: 'DE', consent: { analytics: true, marketing: true } }, 1],
    ['counts as where the store is when it does not say where the visitor shops', { country: undefined }, 1],
  ])('%s', async (_what, more, count) => {
    expect((await passedOn(told(more))).status).toBe(204)
    expect(await kept()).toHaveLength(count)
  })

  it('is refused without Shopify’s signature, and a minute and a half later', async () => {
    expect(refused(await passedOn(told(), { secret: 'guessed' }))).toBe(401)
    expect(refused(await passedOn(told(), { late: 91 }))).toBe(401)
    expect(refused(await world.ask('POST', PROXY_PATH, {}, JSON.stringify(told())))).toBe(401)
    expect(refused(await world.ask('GET', PROXY_PATH))).toBe(405)
    expect(await kept()).toEqual([])
  })
})
