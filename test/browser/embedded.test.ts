import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserPath } from '../browser-path.ts'
import { ACCOUNT, until } from '../harness.ts'
import { SHOP, type ShopifyWorld, startShopifyWorld } from '../shopify-world.ts'
import { PATIENCE } from './browsed-demo.ts'

const ADMIN = 'https://admin.shopify.com/store/demo/apps/converlay'

/** As the real one: each call of the page to its own server carries a fresh session token. */
const APP_BRIDGE = `
  const plain = window.fetch
  window.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', 'Bearer ' + (await window.sessionTokenOfTheTest()))
    return plain(input, { ...init, headers })
  }`

describe('the dashboard inside Shopify’s admin, in a real browser', () => {
  let world: ShopifyWorld
  let browser: Browser
  beforeAll(async () => {
    world = await startShopifyWorld()
    browser = await chromium.launch({
      executablePath: browserPath(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        // The app stands on this machine, which a page of the internet may not show in a frame otherwise.
        '--disable-features=LocalNetworkAccessChecks',
      ],
    })
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })

  /** A page at this address whose frame holds the app, as the admin opens it now. */
  const framing = async (address: string, failed: (fault: string | undefined) => void = () => {}): Promise<Page> => {
    const page = await (await browser.newContext()).newPage()
    page.on('requestfailed', (request) => failed(request.failure()?.errorText))
    await page.exposeFunction('sessionTokenOfTheTest', () => world.shopify.sessionToken(SHOP))
    await page.route('https://cdn.shopify.com/shopifycloud/app-bridge.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: APP_BRIDGE }),
    )
    const app = `${world.engine.addresses.dashboard}/?${world.shopify.launch(SHOP)}`
    await page.route(address, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>Admin</title><iframe src="${app.replaceAll('&', '&amp;')}" width="1200" height="800"></iframe>`,
      }),
    )
    await page.goto(address)
    return page
  }

  it(
    'is installed by being opened and follows what happens; when it is uninstalled the dashboard says so',
    async () => {
      world.shopify.install(SHOP)
      const page = await framing(ADMIN)
      const app = page.frameLocator('iframe')
      await app.getByRole('navigation').getByText(SHOP).waitFor({ timeout: PATIENCE })
      await until('the pixel’s record', () => world.shopify.accounts.installation(SHOP)?.pixel)
      expect(await app.getByRole('button', { name: 'Sign out' }).count()).toBe(0)

      const body = { destination: 'pinterest', settings: ACCOUNT }
      await world.api(SHOP, `/shops/${SHOP}/connections`, { method: 'POST', body })
      await app.getByRole('link', { name: 'Platforms' }).click()
      await app.getByRole('region', { name: /^Pinterest connection/ }).waitFor({ timeout: PATIENCE })

      // The admin shows it no more then; the dashboard's own page tells why nothing is sent.
      await page.goto(`${world.engine.addresses.dashboard}/s/${SHOP}`)
      await page.getByText('Live', { exact: true }).waitFor({ timeout: PATIENCE })
      await world.shopify.uninstall(SHOP)
      await page.getByText('Converlay was uninstalled from the store').first().waitFor({ timeout: PATIENCE })
      await page.context().close()
    },
    PATIENCE * 2,
  )

  it(
    'does not appear in a frame of anybody else',
    async () => {
      world.shopify.install(SHOP)
      const page = await framing('https://evil.example/')
      await until('the frame to be refused', () =>
        page.frames().some((frame) => frame.url().startsWith('chrome-error:')),
      )
      await page.context().close()
    },
    PATIENCE,
  )
})
