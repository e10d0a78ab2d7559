import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_SHOP } from '../../src/runtimes/demo.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'
import { conversions, until } from '../harness.ts'

describe('the dashboard in a real browser', () => {
  let world: BrowsedDemo
  beforeAll(async () => {
    world = await startBrowsedDemo()
    await world.demo.driveShoppers({ count: 8, seed: 3 })
    await until('a delivered purchase', async () => (await conversions(world.demo, 'checkout')).length > 0)
  }, 90_000)
  afterAll(() => world?.stop())

  it.each([
    ['a phone', { width: 390, height: 844 }],
    ['a desk', { width: 1280, height: 900 }],
  ])(
    'hinders nobody and does what its buttons say, on %s',
    async (_where, viewport) => {
      const context = await world.browser.newContext({ viewport })
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', (fault) => faults.push(fault.message))
      const at = `${world.demo.engine.addresses.dashboard}/s/demo.myshopify.com`
      await page.goto(`${at}/platforms`)
      await page.getByText('Delivered').first().waitFor()
      expect(await hindrances(page)).toEqual([])

      const card = page.getByRole('region', { name: /^Pinterest connection/ }).filter({ hasText: '549755885175' })
      await card.getByRole('button', { name: /^Pinterest 549755885175/ }).click()
      await card.getByRole('button', { name: 'Test connection' }).click()
      await card.getByText('It works').waitFor()
      await card.getByText('Pinterest accepts the token').waitFor()

      await card.getByRole('button', { name: 'Pause', exact: true }).click()
      await card.getByText('Paused: events are kept in line').waitFor()
      expect(await hindrances(page)).toEqual([])
      await card.getByRole('button', { name: 'Resume' }).click()
      await card.getByRole('button', { name: 'Pause', exact: true }).waitFor()
      expect(await card.getByText('Paused').count()).toBe(0)

      await page.goto(`${at}/events`)
      await page.getByRole('link', { name: 'Purchase' }).first().waitFor()
      expect(await hindrances(page)).toEqual([])
      await page.getByRole('link', { name: 'Purchase' }).first().click()
      await page.getByRole('heading', { name: 'What arrived' }).waitFor()
      await page.getByText('Webhook from Shopify').first().waitFor()
      for (const folded of await page.locator('summary').all()) await folded.click()
      expect(await hindrances(page)).toEqual([])
      await page.getByRole('link', { name: 'All events' }).click()
      await page.getByRole('heading', { name: 'Events', exact: true }).waitFor()

      await page.goto(`${at}/platforms`)
      await card.waitFor()
      const before = await page.getByRole('region', { name: /^Pinterest connection/ }).count()
      await page.getByRole('link', { name: 'Connect a platform' }).click()
      expect(await hindrances(page)).toEqual([])
      for (const name of ['Google Ads', 'Klaviyo']) {
        await page.getByRole('link', { name }).click()
        await page.getByText('More settings').click()
        if (name === 'Google Ads') {
          await page.getByLabel('Customer ID').first().fill('123-456-7890')
          await page.getByLabel('Service account key').fill('no key file')
          await page.getByRole('textbox', { name: 'Purchase', exact: true }).fill('AW-1')
          await page.getByRole('button', { name: 'Save and connect' }).click()
          await page.getByText('The ID of a conversion action has digits only').waitFor()
        }
        expect(await hindrances(page), name).toEqual([])
        await page.goBack()
      }
      await page.getByRole('main').getByRole('link', { name: 'Pinterest' }).click()
      await page.getByLabel('Ad account ID').fill('not a number')
      await page.getByLabel('Conversion access token').fill('pina_sandbox_token')
      await page.getByRole('button', { name: 'Save and connect' }).click()
      await page.getByText('The ad account ID has digits only').waitFor()
      expect(await page.locator(':focus').getAttribute('name')).toBe(
        await page.getByLabel('Ad account ID').getAttribute('name'),
      )
      expect(await hindrances(page)).toEqual([])
      await page.getByLabel('Ad account ID').fill('549755885175')
      await page.getByRole('button', { name: 'Save and connect' }).click()
      await page.getByText('This shop is connected to Pinterest 549755885175 already').waitFor()
      await page.getByLabel('Ad account ID').fill(String(viewport.width))
      await page.getByRole('button', { name: 'Save and connect' }).click()
      await page.getByText('Pinterest knows no ad account with this ID').waitFor()
      await page.getByRole('button', { name: 'Save anyway' }).click()
      await page.getByRole('heading', { name: 'Pinterest is connected' }).waitFor()
      expect(await hindrances(page)).toEqual([])
      await page.getByRole('button', { name: 'Not now' }).click()
      await page
        .getByRole('region', { name: /^Pinterest connection/ })
        .nth(before)
        .waitFor()
      expect(faults).toEqual([])
      await context.close()
    },
    PATIENCE * 2,
  )

  it(
    'erases somebody who asked for it, and the certificate says who had been sent some of it',
    async () => {
      const { store } = world.demo.engine.runtime
      const [shop] = await store.shops()
      if (!shop) throw new Error('the demo shop is missing')
      const newest = await store.newest(shop.shop, 500)
      const order = newest.find(({ name, event }) => name === 'order_placed' && event?.identity?.email)
      const page = await world.browser.newPage()
      await page.goto(`${world.demo.engine.addresses.dashboard}/s/${DEMO_SHOP}/requests`)
      await page.getByText('Nobody has asked for anything yet.').waitFor()
      expect(await hindrances(page)).toEqual([])
      await page.getByLabel('Number of the customer').fill('somebody')
      await page.getByRole('button', { name: 'Collect their data' }).click()
      await page.getByText('A customer is named by the number').waitFor()
      await page.getByLabel('Number of the customer').fill('')
      await page.getByLabel('Email address').fill(order?.event?.identity?.email ?? '')
      await page.getByRole('button', { name: 'Erase them' }).click()
      await page.getByText('That cannot be undone').waitFor()
      expect(await hindrances(page)).toEqual([])
      await page.getByRole('button', { name: 'Erase for good' }).click()
      await page.getByText('You had a customer erased').waitFor()
      await page.getByText('Certificate').click()
      await page.getByText(/only they can erase what they have: .*pinterest/).waitFor()
      expect(await hindrances(page)).toEqual([])
      const [erased] = await store.readSeqs(shop.shop, [order?.seq ?? 0])
      expect(erased?.gone).toBe('redacted')
      await page.close()
    },
    PATIENCE,
  )
})
