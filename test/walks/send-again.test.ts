import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_SHOP } from '../../src/runtimes/demo.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'
import { conversions, until } from '../harness.ts'

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 900 }

describe('sending again, in a real browser', () => {
  let world: BrowsedDemo
  let page: Page
  const fault = (mode?: string) =>
    fetch(`${world.demo.sandbox.url}/control/${mode ? 'faults' : 'reset'}`, {
      method: 'POST',
      body: JSON.stringify({ platform: 'pinterest', mode }),
    })
  const connections = async () => {
    const { store } = world.demo.engine.runtime
    const [shop] = await store.shops()
    if (!shop) throw new Error('the demo shop is missing')
    return { store, shop: shop.shop, all: await store.connections(shop.shop) }
  }
  const connectionTo = async (slug: string) => {
    const { store, shop, all } = await connections()
    const connection = all.find(({ destination }) => destination === slug)
    if (!connection) throw new Error(`no connection to ${slug}`)
    return { store, shop, connection }
  }
  /** Nobody is hindered, at a desk and on a phone. */
  const look = async (what: string) => {
    for (const size of [PHONE, DESK]) {
      await page.setViewportSize(size)
      expect(await hindrances(page), `${what}, ${size.width} px`).toEqual([])
    }
  }

  beforeAll(async () => {
    world = await startBrowsedDemo()
    await fault('200-errors')
    await world.demo.driveShoppers({ count: 6, seed: 3 })
    const { store, shop, connection } = await connectionTo('pinterest')
    await until('refused purchases', async () => {
      const causes = await store.deadCauses(shop, connection.id, 9)
      const waiting = await store.parked(shop, connection.id, 9)
      return waiting.length === 0 && causes.some(({ purchases }) => purchases.length > 0)
    })
    page = await (await world.browser.newContext({ viewport: DESK })).newPage()
  }, 120_000)
  afterAll(() => world?.stop())

  it(
    'what a platform refused is shown by its cause, cured, sent again and delivered',
    async () => {
      const { store, shop, connection } = await connectionTo('pinterest')
      await page.goto(`${world.demo.engine.addresses.dashboard}/s/${DEMO_SHOP}/platforms`)
      const card = page.getByRole('region', { name: /^Pinterest connection/ })
      await card.getByRole('button', { name: /^Pinterest 549755885175/ }).click()
      await card.getByRole('link', { name: 'Settings and sending again' }).click()
      const failed = page.getByRole('region', { name: 'What failed' })
      await failed.getByText(/purchases worth \$[\d,.]+/).waitFor()
      await look('dead letters')

      // One of them by itself, which is refused again.
      await failed.getByRole('link', { name: 'See the newest one' }).first().click()
      await page.getByRole('button', { name: 'Send again' }).first().waitFor()
      await look('an event that failed')
      await page.getByRole('button', { name: 'Send again' }).first().click()
      await until('the first task', async () => (await store.tasks(shop, { limit: 9 }))[0]?.state === 'done')
      await page.goBack()

      await fault()
      await page.getByLabel('Conversion access token').fill('pina_sandbox_token')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByText('Saved.').waitFor()
      expect(await page.getByLabel('Conversion access token').inputValue()).toBe('')
      // The most frequent cause by its own button, the others together.
      await failed
        .getByRole('button', { name: /^Send \d+ events? again$/ })
        .first()
        .click()
      const tasks = page.getByRole('region', { name: 'Running and past' })
      const done = tasks.getByText(/Done · (\d+) of \1 looked at/)
      await done.nth(1).waitFor()
      await failed.getByRole('button', { name: 'Send all again' }).click()
      await done.nth(2).waitFor()
      await failed.getByText('Nothing has failed.').waitFor()
      await look('after all was sent')
      expect(await store.deadLetters(shop, connection.id, 9)).toEqual([])
      expect((await conversions(world.demo, 'checkout')).length).toBeGreaterThan(0)
    },
    PATIENCE * 2,
  )

  it(
    'what is chosen to be sent again is counted and warned of before the button',
    async () => {
      const again = page.getByRole('region', { name: 'Send again' })
      await again.getByRole('combobox', { name: 'What became of them' }).click()
      await page.getByRole('option', { name: 'Delivered' }).click()
      await page.keyboard.press('Escape')
      await again.getByRole('button', { name: 'See what would be sent' }).click()
      await again.getByText(/\d+ events would be sent/).waitFor()
      await look('a plan')
      const send = again.getByRole('button', { name: /^Send \d+ events$/ })
      expect(await send.isDisabled()).toBe(true)
      await again.getByLabel('Some of them may be there already').check()
      expect(await send.isDisabled()).toBe(false)
      await again.getByRole('button', { name: 'Change' }).click()
    },
    PATIENCE,
  )

  it(
    'pausing tells what waits, test mode what it means, and both are left again',
    async () => {
      const sending = page.getByRole('region', { name: 'Sending' })
      await sending.getByRole('button', { name: 'Pause' }).click()
      await sending.getByText('Paused: events are kept in line').waitFor()
      await world.demo.driveShoppers({ count: 1, seed: 5 })
      await sending.getByText(/\d+ events? waiting, the oldest since/).waitFor()
      await look('paused')
      const mode = page.getByRole('region', { name: 'Test mode' })
      await mode.getByRole('button', { name: 'Switch on' }).click()
      await mode.getByText('Test mode: nothing is counted').waitFor()
      await look('test mode')
      await sending.getByRole('button', { name: 'Resume' }).click()
      const { store, shop, connection } = await connectionTo('pinterest')
      await until('tested events', async () => {
        const bytes = await store.ledger(shop, connection.id, 1, await store.head(shop))
        return bytes.includes(33)
      })
      await sending.getByText('Nothing is waiting.').waitFor()
      await mode.getByRole('button', { name: 'Switch off' }).click()
      await mode.getByText(/only tested and can be sent for real now/).waitFor()
      await mode.getByRole('button', { name: /^Send \d+ events?$/ }).click()
      await until('no tested event', async () => {
        const bytes = await store.ledger(shop, connection.id, 1, await store.head(shop))
        return !bytes.includes(33)
      })
    },
    PATIENCE * 2,
  )

  it(
    'what came in before a platform was connected is offered on connecting it, and sent',
    async () => {
      const { store, shop, connection: old } = await connectionTo('snapchat')
      await store.removeConnection(shop, old.id)
      await page.goto(`${world.demo.engine.addresses.dashboard}/s/${DEMO_SHOP}/connect/snapchat`)
      await page.getByLabel('Pixel ID').fill('3ff2a6f1-1111-4000-8000-000000000001')
      await page.getByLabel('Conversions API token').fill('snap_sandbox_token')
      await page.getByRole('button', { name: 'Save and connect' }).click()
      await page.getByText(/\d+ events of the last 7 days are here\. Send them too\?/).waitFor()
      await look('the offer')
      await page.getByRole('button', { name: 'Send them too' }).click()
      await page
        .getByRole('region', { name: 'Running and past' })
        .getByText(/Filled in/)
        .waitFor()
      const { connection } = await connectionTo('snapchat')
      const bytes = await store.ledger(shop, connection.id, 1, await store.head(shop))
      expect(bytes.includes(2)).toBe(true)
    },
    PATIENCE,
  )
})
