import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shopFrom } from '../../src/event/event.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'
import { conversions, until } from '../harness.ts'

describe('the pages of the dashboard', () => {
  let world: BrowsedDemo
  let page: Page
  const faults: string[] = []
  const open = async (path: string) => {
    await page.goto(`${world.demo.engine.addresses.dashboard}/s/demo.myshopify.com${path}`)
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
  }

  beforeAll(async () => {
    world = await startBrowsedDemo()
    await world.demo.driveShoppers({ count: 8, seed: 3 })
    await until('a delivered purchase', async () => (await conversions(world.demo, 'checkout')).length > 0)
    const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 } })
    page = await context.newPage()
    page.on('pageerror', (fault) => faults.push(fault.message))
  }, 90_000)
  afterAll(async () => {
    await world?.stop()
    expect(faults).toEqual([])
  })

  it(
    'are all reached from the navigation, by keyboard on a desk and behind a button on a phone',
    async () => {
      await open('')
      await page.getByRole('heading', { name: /^Everything is working/ }).waitFor()
      const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()
      expect(names).toEqual(
        expect.arrayContaining(['Home', 'Platforms', 'Events', 'Match quality', 'Dead letters', 'Stores']),
      )
      await page.getByRole('link', { name: 'Dead letters' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'No dead letters' }).waitFor()
      expect(await page.title()).toBe('Dead letters · demo.myshopify.com · Converlay')
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('button', { name: 'Show the pages' }).click()
      await page.getByRole('link', { name: 'Stores' }).click()
      await page.getByRole('link', { name: 'Open demo.myshopify.com' }).waitFor()
      await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'hidden' })
      await page.setViewportSize({ width: 1280, height: 900 })
    },
    PATIENCE,
  )

  it(
    'answer on the first one whether it works, and account for every order at every platform',
    async () => {
      await open('')
      const orders = page.getByRole('region', { name: 'Today’s orders at every platform' })
      await orders
        .getByText(/^\d+ delivered · \$/)
        .first()
        .waitFor()
      expect(await page.getByText('unexplained').count()).toBe(0)
      await page.getByRole('heading', { name: 'Accounted for' }).waitFor()
      await page.getByText('100%', { exact: true }).first().waitFor()
      await page.getByText('Product view, add to cart, checkout and purchase were all seen').waitFor()
      expect(await hindrances(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'find an order’s events by its name and by its buyer, whose address stays out of the browser’s address',
    async () => {
      await open('/events')
      const purchase = page
        .getByRole('row')
        .filter({ has: page.getByRole('link', { name: 'Purchase' }) })
        .first()
      const name = (await purchase.getByText(/^#\d+$/).innerText()).trim()
      const find = page.getByLabel('Order, event ID or email')
      await find.fill(name)
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: 'Page view' }).first().waitFor({ state: 'detached' })
      expect(await page.getByRole('row').filter({ hasText: name }).count()).toBeGreaterThan(0)
      expect(page.url()).toContain(encodeURIComponent(name))
      expect(await hindrances(page)).toEqual([])

      const { store } = world.demo.engine.runtime
      const shop = shopFrom('demo.myshopify.com')
      const newest = shop ? await store.newest(shop, 100) : []
      const order = newest.find((one) => one.event?.commerce?.orderName === name && one.event.identity?.email)
      const email = order?.event?.identity?.email ?? ''
      await find.fill(email.toUpperCase())
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('row').filter({ hasText: name }).first().waitFor()
      expect(page.url()).not.toContain('%40')

      await page.getByRole('button', { name: 'Clear all' }).click()
      await page.getByPlaceholder('Anything').click()
      await page.getByRole('option', { name: 'Dead' }).click()
      await page.getByRole('heading', { name: 'No event fits' }).waitFor()
      expect(await hindrances(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'tell an event’s story in the order of time, with a request that the sandbox takes from a terminal',
    async () => {
      await open('/events?name=order_placed')
      await page.getByRole('link', { name: 'Purchase' }).first().click()
      const timeline = page.getByRole('region', { name: 'Timeline' })
      await timeline.getByText('Sent to Pinterest 549755885175').waitFor()
      await timeline
        .getByText(/Answered 200 after/)
        .first()
        .waitFor()
      const seq = page.url().split('/').at(-1)
      const answer = await page.request.get(
        `${world.demo.engine.addresses.dashboard}/api/shops/demo.myshopify.com/events/${seq}/curl/1`,
      )
      const { command } = (await answer.json()) as { command: string }
      expect(command).toMatch(
        /^curl -X POST 'http:\/\/[^ ]+\/api\.pinterest\.com\/v5\/ad_accounts\/549755885175\/events'/,
      )
      const [, url = ''] = /-X POST '([^']+)'/.exec(command) ?? []
      const headers = Object.fromEntries(
        [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, key, value]) => [key, value]),
      )
      const [, body = ''] = /--data-raw '([\s\S]+)'$/.exec(command) ?? []
      const taken = await fetch(url, { method: 'POST', headers, body })
      expect([taken.status, await taken.json()]).toMatchObject([200, { num_events_processed: 1 }])
      expect(await hindrances(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'estimate the match quality of each platform and say what would raise it',
    async () => {
      await open('/match-quality')
      await page.getByRole('heading', { name: 'What would raise it most' }).waitFor()
      await page
        .getByText(/is missing in \d+% of “Purchase”/)
        .first()
        .waitFor()
      await page.getByRole('link', { name: /^Meta/ }).click()
      await page.getByRole('heading', { name: 'Meta', exact: true }).waitFor()
      await page.getByRole('table', { name: 'Share of sent events with each identifier' }).first().waitFor()
      expect(await hindrances(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'show how it went with a platform over the days, by event, and how the line stands',
    async () => {
      await open('/connections/1')
      await page.getByRole('img', { name: /^Delivered, skipped, waiting and dead events per day/ }).waitFor()
      await page.getByRole('table').getByText('checkout').first().waitFor()
      await page.getByText('Requests go through.').waitFor()
      await page.getByRole('region', { name: 'Last answers' }).getByText('status 200').first().waitFor()
      expect(await hindrances(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'say since when there is no connection to Converlay, and leave what was shown',
    async () => {
      await open('/platforms')
      await page.getByText('Live', { exact: true }).waitFor()
      await page.context().setOffline(true)
      await page.evaluate('window.dispatchEvent(new Event("offline"))')
      await page.getByText(/^No connection to Converlay since/).waitFor()
      await page.getByRole('region', { name: /^Pinterest connection/ }).waitFor()
      await page.context().setOffline(false)
      await page.getByText('Live', { exact: true }).waitFor()
    },
    PATIENCE,
  )
})
