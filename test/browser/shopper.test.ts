import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { type Demo, startDemo } from '../../src/runtimes/demo.ts'
import { browserPath } from '../browser-path.ts'
import { conversions, until } from '../harness.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1'

describe('a shopper in a real browser walks through the demo store', () => {
  let demo: Demo
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'converlay-browser-'))
    demo = await startDemo(
      {
        dataDir: folder,
        masterKey: randomBytes(32),
        port: 0,
        dashboardHost: '127.0.0.1',
        captureHost: '127.0.0.1',
        captureUrl: undefined,
        shopifySecrets: [],
        trustedProxies: [],
        logLevel: 'silent',
      },
      silentLog,
      { hold: 2000, attemptSample: 1 },
    )
    browser = await chromium.launch({
      executablePath: browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    })
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => demo.sandbox.reset())

  /** From an ad to the thank-you page; returns the order's event id. */
  const buy = async (query: string): Promise<{ context: BrowserContext; page: Page; id: string }> => {
    const context = await browser.newContext({ userAgent: IPHONE, viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    await page.goto(`${demo.store.url}/?${query}`)
    await page.getByRole('link', { name: /Trail Lantern/ }).click()
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page
      .getByText(/in your cart|added/i)
      .first()
      .waitFor()
    await page.goto(`${demo.store.url}/cart`)
    await page.getByRole('button', { name: 'Check out' }).click()
    const before = new Set(demo.store.orders().map((order) => order.id))
    for (const step of [1, 2, 3, 4]) {
      const section = page.locator(`[data-step="${step}"]`)
      await section.getByRole('button').click()
    }
    await page.getByText(/Order #\d+ is confirmed/).waitFor()
    const order = demo.store.orders().find((one) => !before.has(one.id))
    if (!order) throw new Error('no order was placed')
    await demo.store.settled()
    return { context, page, id: `pur_${order.id}` }
  }

  const counted = (id: string) =>
    until('the purchase at the platform', async () => {
      const found = (await conversions(demo, 'checkout')).find((one) => one.eventId === id)
      return found?.sources.includes('server') && found
    })

  it('tag and server are merged into one checkout, with click id, address, browser, hashed email and phone', async () => {
    const { context, id } = await buy('epik=demo-click-from-an-ad&consent=accept')
    const bought = await counted(id)
    expect(bought.sources.toSorted()).toEqual(['server', 'tag'])
    expect(bought).toMatchObject({ clickId: 'demo-click-from-an-ad', userAgent: IPHONE })
    expect(bought.ip).toMatch(/^[\d.:a-f]+$/)
    expect(bought.em?.[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(bought.ph?.[0]).toMatch(/^[0-9a-f]{64}$/)
    expect((await conversions(demo, 'checkout')).length).toBe(1)
    expect((await conversions(demo)).map((one) => one.name)).toEqual(
      expect.arrayContaining(['page_visit', 'add_to_cart', 'initiate_checkout', 'checkout']),
    )
    await context.close()
  })

  it('with the tag blocked the server alone still brings the purchase, once', async () => {
    const { context, id } = await buy('epik=demo-click-behind-a-blocker&consent=accept&blocker=tag')
    expect(await counted(id)).toMatchObject({ sources: ['server'], count: 1, clickId: 'demo-click-behind-a-blocker' })
    expect((await conversions(demo, 'checkout')).length).toBe(1)
    await context.close()
  })

  it('without consent nothing reaches the platform, and the dashboard says why', async () => {
    const { context, page, id } = await buy('epik=demo-click-refused&consent=refuse&country=DE')
    const { store } = demo.engine.runtime
    const [shop] = await store.shops()
    const [connection] = shop ? await store.connections(shop.shop) : []
    if (!shop || !connection) throw new Error('the demo shop is missing')
    await until('a decision about the order', async () => {
      const seq = await store.seqOf(shop.shop, id as never)
      return seq !== undefined && ((await store.ledger(shop.shop, connection.id, seq, seq))[0] ?? 0) > 1
    })
    expect(await conversions(demo, 'checkout')).toEqual([])
    const order = demo.store.orders().at(-1)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(demo.engine.addresses.dashboard)
    await page
      .getByText('#' + order?.number)
      .first()
      .click()
    await page
      .getByText(/refused marketing|consent is required/i)
      .first()
      .waitFor()
    await context.close()
  })
})
