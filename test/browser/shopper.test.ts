import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXPLAINED, outcomeOf } from '../../src/destinations/outcomes.ts'
import type { EventId } from '../../src/event/event.ts'
import type { Demo } from '../../src/runtimes/demo.ts'
import { conversions, until } from '../harness.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from './browsed-demo.ts'
import { checkOut, fillCart, IPHONE, type Ordered } from './shopping.ts'

interface Bought extends Ordered {
  readonly context: BrowserContext
  readonly page: Page
}

describe('a shopper in a real browser walks through the demo store', { timeout: PATIENCE }, () => {
  let world: BrowsedDemo
  let demo: Demo

  beforeAll(async () => {
    world = await startBrowsedDemo()
    demo = world.demo
  }, 90_000)
  afterAll(() => world?.stop())
  beforeEach(() => demo.sandbox.reset())

  const aPhone = () => world.browser.newContext(IPHONE)

  const buy = async (query: string): Promise<Bought> => {
    const context = await aPhone()
    const page = await context.newPage()
    await fillCart(demo, page, query)
    return { context, page, ...(await checkOut(demo, page)) }
  }

  const counted = (id: EventId) =>
    until('the purchase at the platform', async () => {
      const found = (await conversions(demo, 'checkout')).find((one) => one.eventId === id)
      return (found?.sources.server ?? 0) > 0 && found
    })

  it('tag and server are merged into one checkout, with click id, address, browser, hashed email and phone', async () => {
    const { context, id } = await buy('epik=demo-click-from-an-ad&consent=accept')
    const bought = await counted(id)
    expect(bought).toMatchObject({ merged: true, sources: { tag: 1, server: 1 } })
    expect(bought).toMatchObject({ clickId: 'demo-click-from-an-ad', userAgent: IPHONE.userAgent })
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
    expect(await counted(id)).toMatchObject({ sources: { tag: 0, server: 1 }, clickId: 'demo-click-behind-a-blocker' })
    expect((await conversions(demo, 'checkout')).length).toBe(1)
    await context.close()
  })

  /** What became of an event at the shop's connection, once that is final. */
  const outcome = async (id: EventId) => {
    const { store } = demo.engine.runtime
    const [shop] = await store.shops()
    const [connection] = shop ? await store.connections(shop.shop) : []
    if (!shop || !connection) throw new Error('the demo shop is missing')
    return until('a decision about the order', async () => {
      const seq = await store.seqOf(shop.shop, id)
      const byte = seq === undefined ? 0 : (await store.ledger(shop.shop, connection.id, seq, seq))[0]
      const name = outcomeOf(byte ?? 0)
      return name !== 'parked' && name
    })
  }

  it('without consent nothing reaches the platform, and the dashboard says why', async () => {
    // Whoever refuses loads no pixel; the refusal comes with the order, as a note that the embed made on the cart.
    const { context, page, id, number } = await buy('epik=demo-click-refused&consent=refuse&country=DE')
    expect(await outcome(id)).toBe('no_consent')
    expect(await conversions(demo, 'checkout')).toEqual([])
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`${demo.engine.addresses.dashboard}/s/demo.myshopify.com/events`)
    const row = page
      .getByRole('row')
      .filter({ hasText: `#${number}` })
      .filter({ hasText: 'Purchase' })
    await row.getByRole('link', { name: 'Purchase', exact: true }).click()
    await page.getByText(EXPLAINED.no_consent).first().waitFor()
    await context.close()
  })

  it('a consent that is withdrawn on the way counts, although the pixel is gone afterwards', async () => {
    const context = await aPhone()
    const page = await context.newPage()
    // Where nobody has to be asked: were the withdrawal not known, this purchase would go out.
    await fillCart(demo, page, 'epik=demo-click-withdrawn&consent=accept&country=US')
    const { store } = demo.engine.runtime
    const [shop] = await store.shops()
    if (!shop) throw new Error('the demo shop is missing')
    const head = await store.head(shop.shop)
    await page.goto(`${demo.store.url}/cart`)
    await until('the cart, which tells whose it is', async () =>
      (await store.read(shop.shop, head, 100)).some(({ name }) => name === 'cart_viewed'),
    )
    // What a consent tool does when the shopper opens it again; the demo store's banner asks only once.
    await page.evaluate(`(() => {
      const form = document.querySelector('form[action="/shoppers"]')
      form.action = '/consent'
      form.innerHTML = '<input name="choice" value="refuse"><button>Withdraw</button>'
    })()`)
    const answered = page.waitForResponse(/\/consent$/)
    await page.getByRole('button', { name: 'Withdraw' }).click()
    await answered
    const { id } = await checkOut(demo, page)
    expect(await outcome(id)).toBe('no_consent')
    expect(await conversions(demo, 'checkout')).toEqual([])
    await context.close()
  })
})
