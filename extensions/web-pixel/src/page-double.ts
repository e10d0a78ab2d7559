import { afterEach, beforeEach, expect, vi } from 'vitest'

/** The page that a pixel is loaded into, as Shopify has it, with a clock and a network that a test holds. */

export const HREF = 'https://northfernsupply.example/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ'

const context = {
  document: {
    characterSet: 'UTF-8',
    location: { href: HREF, origin: 'https://northfernsupply.example', pathname: '/products/trail-lantern' },
    referrer: 'https://www.pinterest.com/',
    title: 'Trail Lantern',
  },
  navigator: { cookieEnabled: true, language: 'en-US', languages: ['en-US'], userAgent: 'Mozilla/5.0 (test)' },
  window: { innerHeight: 664, screen: { width: 390, height: 844 }, scrollX: 0 },
}

export const init = {
  context,
  data: {
    customer: { id: '7450000000001', email: 'maya.okafor@example.com', phone: null, firstName: 'Maya' },
    cart: { id: 'gid://shopify/Cart/hWN7k2QmZr4TtXb9LcVfPdSa?key=0f1e2d3c' },
    shop: {
      myshopifyDomain: 'demo.myshopify.com',
      countryCode: 'US',
      name: 'North Fern Supply',
      paymentSettings: { currencyCode: 'USD' },
      storefrontUrl: 'https://northfernsupply.example',
    },
    purchasingCompany: null,
  },
  customerPrivacy: {
    analyticsProcessingAllowed: true,
    marketingAllowed: true,
    preferencesProcessingAllowed: false,
    saleOfDataAllowed: true,
  },
}

export const event = (name: string, data: object = {}, seq = 1) => ({
  id: `sh-00000000-0000-4000-8000-00000000000${seq}`,
  clientId: '8d1f6c1e-6d0a-4e5c-9a63-0b7f6f7c2a11',
  name,
  type: 'standard',
  seq,
  timestamp: '2026-11-21T02:00:00.000Z',
  context,
  data,
})

/** Shopify's side: the page that a pixel is loaded into. */
export const loadPixel = async (
  page: {
    cookies?: string | ((name?: string) => string | Promise<string>)
    session?: Map<string, string>
    settings?: object
    init?: object
  } = {},
) => {
  const subscribers = new Map<string, (event: unknown) => Promise<void>>()
  let onConsent: (event: unknown) => void = () => {}
  const session = page.session ?? new Map<string, string>()
  const cookies = page.cookies ?? ''
  vi.stubGlobal('shopify', {
    extend: (_point: string, render: (api: unknown) => void) =>
      render({
        analytics: {
          subscribe: (name: string, take: (event: unknown) => Promise<void>) => subscribers.set(name, take),
        },
        browser: {
          cookie: { get: async (name?: string) => (typeof cookies === 'function' ? cookies(name) : cookies) },
          sessionStorage: {
            getItem: async (key: string) => session.get(key) ?? null,
            setItem: async (key: string, value: string) => session.set(key, value),
            removeItem: async (key: string) => session.delete(key),
          },
        },
        customerPrivacy: { subscribe: (_name: string, take: (event: unknown) => void) => (onConsent = take) },
        init: page.init ?? init,
        settings: page.settings ?? { beaconUrl: 'https://converlay.example.com/b/1' },
      }),
  })
  vi.resetModules()
  await import('./index.ts')
  const take = (kind: string) => subscribers.get(kind) ?? expect.fail(`the pixel did not subscribe to ${kind}`)
  return {
    session,
    subscribed: [...subscribers.keys()],
    standard: (published: object) => take('all_standard_events')(published),
    custom: (published: object) => take('all_custom_events')(published),
    consent: (customerPrivacy: object) => onConsent({ customerPrivacy }),
  }
}

export const fetched = vi.fn<(address: string, request: RequestInit) => Promise<Response>>()
export const bodies = () => fetched.mock.calls.map(([, request]) => JSON.parse(String(request.body)))

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T02:00:01.000Z') })
  fetched.mockReset().mockImplementation(async () => new Response(null, { status: 204 }))
  vi.stubGlobal('fetch', fetched)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

export const settled = async (...published: Promise<void>[]) => {
  await vi.runAllTimersAsync()
  await Promise.all(published)
}
