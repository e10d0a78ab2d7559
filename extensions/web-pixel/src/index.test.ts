import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it, vi } from 'vitest'
import { bodies, event, fetched, HREF, init, loadPixel, settled } from './page-double.ts'

describe('the web pixel', () => {
  it('posts what was published with what the visit is known by', async () => {
    const pixel = await loadPixel({
      cookies: '_fbp=fb.1.1.2; other=secret; _ga=GA1.1.1.2; _ga_ABCDEF=GS1.1.1700000000.1',
    })
    await settled(pixel.standard(event('product_viewed', { productVariant: { id: '44120000000111' } })))
    expect(bodies()).toEqual([
      {
        v: 1,
        shop: 'demo.myshopify.com',
        sentAt: '2026-11-21T02:00:01.050Z',
        events: [
          {
            id: 'sh-00000000-0000-4000-8000-000000000001',
            clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
            name: 'product_viewed',
            type: 'standard',
            seq: 1,
            timestamp: '2026-11-21T02:00:00.000Z',
            context: {
              document: { location: { href: HREF }, referrer: 'https://www.pinterest.com/', title: 'Trail Lantern' },
              navigator: { userAgent: 'Mozilla/5.0 (test)', language: 'en-US' },
              window: { screen: { width: 390, height: 844 } },
            },
            data: { productVariant: { id: '44120000000111' } },
          },
        ],
        consent: { analytics: true, marketing: true, preferences: false, saleOfData: true },
        cookies: { _fbp: 'fb.1.1.2', _ga: 'GA1.1.1.2', _ga_ABCDEF: 'GS1.1.1700000000.1' },
        landing: { url: HREF, referrer: 'https://www.pinterest.com/', at: '2026-11-21T02:00:01.000Z' },
        customer: { id: '7450000000001', email: 'maya.okafor@example.com' },
        cart: { token: 'gid://shopify/Cart/hWN7k2QmZr4TtXb9LcVfPdSa' },
        store: { country: 'US', currency: 'USD', url: 'https://northfernsupply.example' },
      },
    ])
  })

  it('posts to the address of its settings as text that needs no preflight and outlives the page', async () => {
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed')))
    const [address, request] = fetched.mock.calls[0] ?? []
    expect(address).toBe('https://converlay.example.com/b/1')
    expect(request).toMatchObject({ method: 'POST', keepalive: true })
    expect(request?.headers).toBeUndefined()
    expect(typeof request?.body).toBe('string')
  })

  it('sends events of one moment together', async () => {
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed', {}, 1)), pixel.standard(event('product_viewed', {}, 2)))
    expect(bodies().map((body) => body.events.map(({ name }: { name: string }) => name))).toEqual([
      ['page_viewed', 'product_viewed'],
    ])
  })

  it('forwards the events that the theme publishes', async () => {
    const pixel = await loadPixel()
    const { data: _, ...bare } = event('wishlist_added')
    await settled(pixel.custom({ ...bare, type: 'custom', customData: { productId: '8120000000011' } }))
    expect(bodies()[0].events[0]).toMatchObject({
      name: 'wishlist_added',
      type: 'custom',
      customData: { productId: '8120000000011' },
    })
  })

  it('asks for each cookie by name where the page does not tell all at once', async () => {
    const pixel = await loadPixel({ cookies: (name) => (name === '_epik' ? 'dj0yJnU9' : '') })
    await settled(pixel.standard(event('page_viewed')))
    expect(bodies()[0].cookies).toEqual({ _epik: 'dj0yJnU9' })
  })

  it('keeps the first page of the visit over later pages', async () => {
    const session = new Map([
      [
        'converlay_landing',
        JSON.stringify({ url: 'https://northfernsupply.example/?epik=first', referrer: '', at: 'then' }),
      ],
    ])
    const pixel = await loadPixel({ session })
    await settled(pixel.standard(event('page_viewed')))
    expect(bodies()[0].landing).toEqual({
      url: 'https://northfernsupply.example/?epik=first',
      referrer: '',
      at: 'then',
    })
  })

  it('sends what was seen before a change of consent with the consent of before', async () => {
    const pixel = await loadPixel()
    const before = pixel.standard(event('page_viewed', {}, 1))
    pixel.consent({ ...init.customerPrivacy, marketingAllowed: false })
    const after = pixel.standard(event('product_viewed', {}, 2))
    await settled(before, after)
    const told = bodies().filter(({ events }) => events.length > 0)
    expect(told.map((body) => [body.events[0].name, body.consent.marketing])).toEqual([
      ['page_viewed', true],
      ['product_viewed', false],
    ])
  })

  it('tells a change of consent at once, by itself, for the browser that its events named', async () => {
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed')))
    fetched.mockClear()
    pixel.consent({ ...init.customerPrivacy, marketingAllowed: false, saleOfDataAllowed: false })
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', keepalive: true })
    expect(bodies()).toEqual([
      {
        v: 1,
        shop: 'demo.myshopify.com',
        sentAt: new Date().toISOString(),
        clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
        consent: { analytics: true, marketing: false, preferences: false, saleOfData: false },
        events: [],
      },
    ])
    await settled()
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('tells a change of consent before the first event with that event', async () => {
    const pixel = await loadPixel()
    pixel.consent({ ...init.customerPrivacy, marketingAllowed: false })
    expect(fetched).not.toHaveBeenCalled()
    await settled(pixel.standard(event('page_viewed')))
    expect(bodies().map((body) => body.consent.marketing)).toEqual([false])
  })

  it('tells the browser’s global opt-out', async () => {
    vi.stubGlobal('navigator', { globalPrivacyControl: true })
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed')))
    expect(bodies()[0].consent.gpc).toBe(true)
  })

  it('learns the cart from a viewed cart when there was none at first', async () => {
    const pixel = await loadPixel({ init: { ...init, data: { ...init.data, cart: null, customer: null } } })
    await settled(pixel.standard(event('cart_viewed', { cart: { id: 'hWN8?key=1', lines: [] } })))
    expect(bodies()[0].cart).toEqual({ token: 'hWN8' })
    expect(bodies()[0]).not.toHaveProperty('customer')
  })

  it('cuts the lists of collections and searches to twenty products', async () => {
    const pixel = await loadPixel()
    const productVariants = Array.from({ length: 50 }, (_, index) => ({ id: String(index) }))
    await settled(
      pixel.standard(event('collection_viewed', { collection: { id: '1', title: 'Camp', productVariants } }, 1)),
      pixel.standard(event('search_submitted', { searchResult: { query: 'lantern', productVariants } }, 2)),
    )
    const [collection, search] = bodies()[0].events
    expect(collection.data.collection).toMatchObject({ id: '1', title: 'Camp' })
    expect(collection.data.collection.productVariants).toHaveLength(20)
    expect(search.data.searchResult.productVariants).toHaveLength(20)
  })

  it('splits what is more than 60 KiB into several beacons and loses nothing', async () => {
    const pixel = await loadPixel()
    const many = Array.from({ length: 9 }, (_, index) => event('page_viewed', { note: 'ü'.repeat(7000) }, index))
    await settled(...many.map((one) => pixel.standard(one)))
    const sizes = fetched.mock.calls.map(([, request]) => new TextEncoder().encode(String(request.body)).length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60 * 1024)
    expect(bodies().flatMap((body) => body.events.map(({ seq }: { seq: number }) => seq))).toEqual(
      many.map(({ seq }) => seq),
    )
  })

  it('leaves out one event that fits into no beacon and sends the others', async () => {
    const pixel = await loadPixel()
    await settled(
      pixel.standard(event('page_viewed', { note: 'x'.repeat(70_000) }, 1)),
      pixel.standard(event('product_viewed', {}, 2)),
    )
    expect(bodies().flatMap((body) => body.events.map(({ name }: { name: string }) => name))).toEqual([
      'product_viewed',
    ])
  })

  it('sends again without keepalive what the browser refuses to send with it', async () => {
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed')))
    expect(fetched.mock.calls.map(([, request]) => request.keepalive)).toEqual([true, undefined])
    expect(bodies()[0]).toEqual(bodies()[1])
  })

  it('tells all standard events of a visit, from the first page to the purchase', async () => {
    const names = [
      'page_viewed',
      'product_viewed',
      'collection_viewed',
      'search_submitted',
      'cart_viewed',
      'product_added_to_cart',
      'product_removed_from_cart',
      'checkout_started',
      'checkout_contact_info_submitted',
      'checkout_address_info_submitted',
      'checkout_shipping_info_submitted',
      'payment_info_submitted',
      'checkout_completed',
    ]
    const pixel = await loadPixel()
    await settled(...names.map((name, index) => pixel.standard(event(name, { checkout: { token: 'c1' } }, index))))
    expect(bodies().flatMap((body) => body.events.map(({ name }: { name: string }) => name))).toEqual(names)
    expect(bodies()[0].events.at(-1).data).toEqual({ checkout: { token: 'c1', lineItems: [] } })
  })

  it('goes without cookies and landing page when the page does not answer', async () => {
    const never = () => new Promise<never>(() => {})
    const pixel = await loadPixel({ cookies: never })
    await settled(pixel.standard(event('page_viewed')))
    expect(bodies()[0]).toMatchObject({ cookies: {}, landing: { url: HREF } })
  })

  it('does nothing without an address to send to', async () => {
    const pixel = await loadPixel({ settings: {} })
    expect(pixel.subscribed).toEqual([])
  })

  it('is a bundle of at most 20 kB', async () => {
    vi.useRealTimers()
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      write: false,
    })
    expect(outputFiles[0]?.contents.length).toBeGreaterThan(1000)
    expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(20_000)
  })
})
