import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Shop } from '../../src/event/event.ts'
import { purchaseId } from '../../src/event/event-ids.ts'
import { tagBlocked, tagFired } from '../../src/event/tag-flags.ts'
import type { Demo } from '../../src/runtimes/demo.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'
import { until } from '../harness.ts'

/** Each platform's names of what the shopper does below, by the demo's browser tags and by the server. */
const TOLD_TWICE = {
  pinterest: ['view_category', 'page_visit', 'add_to_cart', 'initiate_checkout', 'checkout'],
  meta: ['PageView', 'ViewCategory', 'ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase'],
  tiktok: ['ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase'],
  snapchat: ['PAGE_VIEW', 'LIST_VIEW', 'VIEW_CONTENT', 'ADD_CART', 'START_CHECKOUT', 'PURCHASE'],
  reddit: ['PAGE_VISIT', 'VIEW_CONTENT', 'ADD_TO_CART', 'InitiateCheckout', 'PURCHASE'],
} as const
/** Take a purchase for another by the order's id. The server's word to Google Ads comes late, after its linger. */
const GOOGLE = ['ga4', 'google-ads'] as const
const PLATFORMS = Object.keys(TOLD_TWICE) as (keyof typeof TOLD_TWICE)[]

describe('the browser tags of the theme embed and the custom pixel', { timeout: PATIENCE }, () => {
  let world: BrowsedDemo
  let demo: Demo
  let context: BrowserContext

  beforeAll(async () => {
    world = await startBrowsedDemo()
    demo = world.demo
    // The merchant says that a Google tag is on the store; then the custom pixel fires it, and the server tells orders only.
    const { store } = demo.engine.runtime
    const shop = await demoShop()
    const ga4 = (await store.connections(shop)).find(({ destination }) => destination === 'ga4')
    if (ga4) await store.updateConnection(shop, ga4.id, { settings: { ...Object(ga4.settings), googleTag: true } })
  }, 90_000)
  afterAll(() => world?.stop())

  const demoShop = async (): Promise<Shop> => {
    const [known] = await demo.engine.runtime.store.shops()
    return known?.shop ?? expect.fail('the demo shop is missing')
  }

  const visitor = async (): Promise<Page> => {
    context = await world.browser.newContext({ viewport: { width: 1024, height: 800 } })
    return context.newPage()
  }

  const fillCart = async (page: Page, query: string): Promise<void> => {
    await page.goto(`${demo.store.url}/?${query}`)
    await page.getByRole('link', { name: /Trail Lantern/ }).click()
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByText(/is in your cart/).waitFor()
  }

  const checkOut = async (page: Page): Promise<string> => {
    const before = demo.store.orders().length
    await page.goto(`${demo.store.url}/cart`)
    await page.getByRole('button', { name: 'Check out' }).click()
    for (const step of [1, 2, 3, 4]) await page.locator(`[data-step="${step}"]`).getByRole('button').click()
    await page.getByText(/Order #\d+ is confirmed/).waitFor()
    await demo.store.settled()
    return demo.store.orders()[before]?.id ?? ''
  }

  const counted = (slug: (typeof PLATFORMS)[number] | (typeof GOOGLE)[number]) => demo.sandbox[slug].conversions()
  const purchases = (id: string) =>
    PLATFORMS.map((slug) => counted(slug).filter(({ eventId }) => eventId === `pur_${id}`))
  const byTags = () => PLATFORMS.flatMap((slug) => counted(slug).filter(({ sources }) => sources.tag > 0))

  /** Which tags the shopper's browser reported at a purchase, as the event's parts have it. */
  const reported = (order: string): Promise<readonly string[]> =>
    until('the report of tags', async () => {
      const id = purchaseId(order)
      const parts = (await demo.engine.runtime.store.parts(await demoShop(), [id])).get(id) ?? []
      const flags = parts.flatMap(({ event }) => event.flags).filter((flag) => flag.startsWith('tag_'))
      return flags.length > 0 && [...new Set(flags)].sort()
    })

  let first: string

  it('are told under the server’s names and ids, so that each platform counts everything once', async () => {
    const page = await visitor()
    await fillCart(page, 'consent=accept&country=US&fbclid=click')
    first = await checkOut(page)
    for (const slug of PLATFORMS) {
      const seen = await until(`tag and server at ${slug}`, () => {
        const told = counted(slug).filter(({ sources }) => sources.tag > 0)
        const names = new Set(told.filter(({ merged }) => merged).map(({ name }) => name))
        return TOLD_TWICE[slug].every((name) => names.has(name)) && told.every(({ merged }) => merged) && told
      })
      expect(seen.map(({ name, sources }) => [slug, name, sources])).toEqual(
        seen.map(({ name }) => [slug, name, { tag: 1, server: 1 }]),
      )
    }
    expect(purchases(first).map((found) => found.length)).toEqual(PLATFORMS.map(() => 1))
    expect(await reported(first)).toEqual([...PLATFORMS, ...GOOGLE].map(tagFired).sort())
    await until('the purchase at Criteo with the id that the embed asked for', () =>
      demo.sandbox.criteo
        .conversions()
        .some(({ orderId, identifiers }) => orderId === first && identifiers.mapped_user_id?.[0]?.startsWith('k-')),
    )
    await context.close()
  })

  it('after a refusal none fires, and the order carries the refusal', async () => {
    const before = byTags().length
    const page = await visitor()
    await fillCart(page, 'consent=refuse&country=DE')
    const order = await checkOut(page)
    const { store } = demo.engine.runtime
    const placed = await until('the order', async () => {
      const seq = await store.seqOf(await demoShop(), purchaseId(order))
      return seq === undefined ? undefined : (await store.read(await demoShop(), seq - 1, 1))[0]
    })
    expect(placed.event?.consent).toMatchObject({ marketing: false, saleOfData: false, source: 'cart-attribute' })
    expect(byTags().length).toBe(before)
    expect(purchases(order).flat()).toEqual([])
    expect(
      await page.evaluate('Object.keys(sessionStorage).filter((key) => key.startsWith("converlay_tags"))'),
    ).toEqual([])
    await context.close()
  })

  it('where a blocker keeps the scripts away the server tells alone, and knows that it did', async () => {
    const page = await visitor()
    await fillCart(page, 'consent=accept&country=US&blocker=tag')
    const order = await checkOut(page)
    await until('the purchase at every platform', () => purchases(order).every((found) => found.length === 1))
    for (const [found] of purchases(order)) expect(found?.sources).toEqual({ tag: 0, server: 1 })
    expect(await reported(order)).toEqual([...PLATFORMS, ...GOOGLE].map(tagBlocked).sort())
    await context.close()
  })

  it('of the checkout are offered to copy on the connection’s page', async () => {
    const page = await visitor()
    const shop = await demoShop()
    const [connection] = await demo.engine.runtime.store.connections(shop)
    await page.goto(`${demo.engine.addresses.dashboard}/s/${shop}/connections/${connection?.id}`)
    await page.getByRole('button', { name: 'Make the custom pixel' }).click()
    await page.getByText(/Fires the tags of .*Pinterest/).waitFor()
    await page.getByRole('button', { name: 'Copy the custom pixel' }).waitFor()
    expect(await hindrances(page)).toEqual([])
    await context.close()
  })

  it('at Google merge by the order’s number', async () => {
    for (const slug of GOOGLE) {
      const found = await until(`tag and server at ${slug}`, () => {
        const found = counted(slug).filter(({ orderId }) => orderId === first)
        return found.some(({ merged }) => merged) && found
      })
      expect(found.map(({ sources }) => sources)).toEqual([{ tag: 1, server: 1 }])
    }
  })
})
