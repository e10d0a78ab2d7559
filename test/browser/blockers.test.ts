import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from '../../src/runtimes/demo.ts'
import { until } from '../harness.ts'
import { type Blocked, listsNamed, startBlocked } from './blocker.ts'
import { PATIENCE, startTestDemo } from './browsed-demo.ts'

/** What the platforms' own tags load and where they report to. */
const TAGS = {
  Pinterest: ['https://s.pinimg.com/ct/core.js', 'https://ct.pinterest.com/v3/'],
  Meta: ['https://connect.facebook.net/en_US/fbevents.js', 'https://www.facebook.com/tr/'],
  Google: [
    'https://www.googletagmanager.com/gtag/js?id=AW-123456789',
    'https://www.google-analytics.com/g/collect?v=2&tid=G-TEST123456',
    'https://www.googleadservices.com/pagead/conversion/123456789/',
  ],
  TikTok: ['https://analytics.tiktok.com/i18n/pixel/events.js', 'https://analytics.tiktok.com/api/v2/pixel'],
  Snapchat: ['https://sc-static.net/scevent.min.js', 'https://tr.snapchat.com/p'],
  Reddit: ['https://www.redditstatic.com/ads/pixel.js', 'https://alb.reddit.com/rp.gif'],
  Klaviyo: ['https://a.klaviyo.com/client/events/?company_id=ABC123'],
  Criteo: ['https://dynamic.criteo.com/js/ld/ld.js?a=12345', 'https://sslwidget.criteo.com/event?a=12345'],
} as const

/**
 * What Shopify itself loads on a store's own address before an app's pixel can run, as the lists' patterns have it, and
 * its script that knows the visitor's consent.
 */
const SHOPIFY = [
  '/web-pixels@1209bdd7/app/web-pixel-1234567890@abc/sandbox/modern/',
  '/web-pixel-1234567890@abc/sandbox/worker.modern.js',
  '/wpm/strict/app/web-pixel-1234567890@abc/sandbox/worker.modern.js',
  '/cdn/shopifycloud/consent-tracking-api/v0.2/consent-tracking-api.js',
]

describe(`a browser with the lists ${listsNamed()}`, { timeout: PATIENCE }, () => {
  let folder: string
  let demo: Demo
  let blocked: Blocked
  let page: Page
  let store: string
  let beacons: readonly string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'converlay-blocked-'))
    demo = await startTestDemo(join(folder, 'data'))
    store = `http://northfern.localhost:${demo.store.port}`
    const { port, pathname } = new URL(demo.engine.addresses.beacon)
    // Another site, the store's own host, a host below it, and one whose name the lists have no reason to know.
    const hosts = ['converlay.localhost', 'northfern.localhost', 'events.northfern.localhost', 'events.fern-agency.com']
    beacons = hosts.map((host) => `http://${host}:${port}${pathname}`)
    blocked = await startBlocked(folder, [
      ...beacons,
      demo.engine.addresses.beacon,
      ...storeAddresses(),
      ...embedded(),
      ...listed(),
    ])
    page = await blocked.context.newPage()
  }, 90_000)
  afterAll(async () => {
    await blocked?.context.close()
    await demo?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const listed = () => [...Object.values(TAGS).flat(), ...SHOPIFY.map((path) => store + path)]
  /** Where Shopify serves an embed's script, and where the capture embed posts on the store's own address. */
  const embedded = () => [
    'https://cdn.shopify.com/extensions/019a1b2c-0000-7000-8000-000000000000/converlay-12/assets/converlay-visits.js',
    `${store}/apps/visit`,
  ]
  const storeAddresses = () =>
    ['/', '/assets/storefront.js', '/assets/pixel-worker.js', '/assets/pixel.js', '/cart/add'].map(
      (path) => store + path,
    )

  /** Those of the addresses that the blocker stopped, loaded as a script where they are one, else posted to as tags do. */
  const stopped = async (addresses: readonly string[]): Promise<readonly string[]> => {
    const byBlocker = new Set<string>()
    const note = (request: Request) => {
      if (request.failure()?.errorText === 'net::ERR_BLOCKED_BY_CLIENT') byBlocker.add(request.url())
    }
    page.on('requestfailed', note)
    await page.evaluate(`Promise.all(${JSON.stringify(addresses)}.map((address) =>
      new URL(address).pathname.endsWith('.js')
        ? new Promise((done) => {
            const script = document.createElement('script')
            script.onload = script.onerror = done
            script.src = address
            document.head.append(script)
          })
        : fetch(address, { method: 'POST', body: '{}', mode: 'no-cors', keepalive: true }).catch(() => {})))`)
    page.off('requestfailed', note)
    return addresses.filter((address) => byBlocker.has(address))
  }

  it('lets our beacon through at every host, and the shopper’s visit with it', async () => {
    await page.goto(`${store}/products/trail-lantern?consent=accept`)
    expect(await stopped(beacons)).toEqual([])
    const { store: log } = demo.engine.runtime
    const [shop] = await log.shops()
    if (!shop) throw new Error('the demo shop is missing')
    await until('the product view, told by the pixel', async () =>
      (await log.newest(shop.shop, 50)).some(({ name }) => name === 'product_viewed'),
    )
  })

  it('lets the capture embed through, its script and what it posts', async () => {
    expect(await stopped(embedded())).toEqual([])
  })

  it.each(Object.entries(TAGS))('stops the tag of %s', async (_platform, addresses) => {
    expect(await stopped(addresses)).toEqual(addresses)
  })

  it('stops Shopify’s own pixel sandbox and consent script at the store’s own address: such visitors have no pixel', async () => {
    const addresses = SHOPIFY.map((path) => store + path)
    expect(await stopped(addresses)).toEqual(addresses)
  })

  it('stops nothing of all this when its lists are switched off', async () => {
    await blocked.switchOff()
    expect(await stopped(listed())).toEqual([])
    console.log(`${listsNamed()}: ${blocked.rules} of their rules can meet the ${listed().length} addresses tried here`)
  })
})
