import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, outcomeOf } from '../../src/destinations/outcomes.ts'
import type { EventId } from '../../src/event/event.ts'
import type { Demo } from '../../src/runtimes/demo.ts'
import type { Connection, ShopRecord } from '../../src/store/store.ts'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { checkOut, fillCart, IPHONE } from '../browser/shopping.ts'
import { conversions, until } from '../harness.ts'

/** The page that says what is recovered; its table is what this test sees. */
const PAGE = join(import.meta.dirname, '../../docs/what-is-recovered.md')

/** Germany stands for regions where consent must be asked for, the United States for the others. */
const REGIONS = { US: 'no', DE: 'yes' } as const
const LANDING = '/products/trail-lantern'
const COUNTRIES = ['US', 'DE'] as const
type Country = keyof typeof REGIONS

interface Kind {
  readonly name: string
  /** What the demo store is told of the visitor. */
  readonly query: string
  /** The platforms' tags do not run, so there is no word of theirs to wait for. */
  readonly withoutTags?: true
  /** What happens between the click on the ad and the purchase. */
  readonly meanwhile?: (page: Page) => Promise<Page>
}

/**
 * Safari forgets what scripts stored: seven days, one after a click on an ad. Shopify's own id of a browser is a cookie
 * of its server and stays. The demo store's session is that of one visit, and the visit is over.
 */
const aWeekLaterInSafari = async (page: Page): Promise<Page> => {
  const context = page.context()
  await context.clearCookies({ name: /^(?!_demo_client$)/ })
  await page.close()
  return context.newPage()
}

const KINDS: readonly Kind[] = [
  { name: 'No blocker, consent given', query: 'consent=accept' },
  { name: 'Blocks the platforms’ tags', query: 'consent=accept&blocker=tag', withoutTags: true },
  { name: 'Blocks the pixel as well', query: 'consent=accept&blocker=all', withoutTags: true },
  { name: 'Refuses', query: 'consent=refuse', withoutTags: true },
  { name: 'Safari, buys a week after the click', query: 'consent=accept', meanwhile: aWeekLaterInSafari },
]

/** The cells of a row, in their order. */
interface Seen {
  readonly tag: string
  readonly pixel: string
  readonly server: string
  readonly counted: string
}

describe('what each kind of visitor delivers', { timeout: 2 * PATIENCE }, () => {
  let world: BrowsedDemo
  let demo: Demo
  let shop: ShopRecord
  let pinterest: Connection
  beforeAll(async () => {
    world = await startBrowsedDemo()
    demo = world.demo
    const [first] = await demo.engine.runtime.store.shops()
    if (!first) throw new Error('the demo shop is missing')
    shop = first
    const connected = await demo.engine.runtime.store.connections(shop.shop)
    const found = connected.find(({ destination }) => destination === 'pinterest')
    if (!found) throw new Error('the connection to Pinterest is missing')
    pinterest = found
    // The others would be sent to as well, and nobody looks.
    for (const other of connected)
      if (other.id !== pinterest.id) await demo.engine.runtime.store.removeConnection(shop.shop, other.id)
  }, 90_000)
  afterAll(() => world?.stop())

  /** Clicks on an ad and buys; resolves with what is to be asked about it once the platform has everything. */
  const walk = async (kind: Kind, country: Country): Promise<() => Promise<Seen>> => {
    const click = `click-${KINDS.indexOf(kind)}-${country}`
    const context = await world.browser.newContext(IPHONE)
    const tagged: string[] = []
    context.on('request', (request) => {
      if (request.url().includes('ct.pinterest.com')) tagged.push(request.postData() ?? '')
    })
    const told = `${kind.query}&country=${country}`
    let page = await context.newPage()
    await fillCart(demo, page, `${told}&epik=${click}`, LANDING)
    if (kind.meanwhile) {
      page = await kind.meanwhile(page)
      await fillCart(demo, page, told, LANDING)
    }
    const { id } = await checkOut(demo, page)
    if (!kind.withoutTags)
      await until('what the tag sends on the thank-you page', () => tagged.some((form) => form.includes(id)))
    await context.close()
    return async () => {
      const outcome = await outcomeAt(id)
      const all = await conversions(demo)
      const bought = all.find((one) => one.eventId === id)
      const tag = tagged.find((form) => form.includes(id))
      const isSent = outcome === 'delivered'
      return {
        tag: tag === undefined ? 'nothing' : tag.includes(click) ? 'purchase with click' : 'purchase',
        pixel: all.some((one) => one.sources.server > 0 && one.name === 'page_visit' && one.clickId === click)
          ? 'visit with click'
          : 'nothing',
        server: !isSent ? 'not sent' : bought?.clickId === click ? 'purchase with click' : 'purchase',
        counted: !isSent ? 'neither' : bought?.sources.tag ? 'once' : 'recovered',
      }
    }
  }

  /** What became of a purchase at Pinterest, once that is final. */
  const outcomeAt = async (id: EventId): Promise<Outcome> => {
    const { store } = demo.engine.runtime
    return until('a decision about the order', async () => {
      const seq = await store.seqOf(shop.shop, id)
      const byte = seq === undefined ? 0 : (await store.ledger(shop.shop, pinterest.id, seq, seq))[0]
      const name = outcomeOf(byte ?? 0)
      return name !== 'parked' && name
    })
  }

  it('is what the page about it says, and no more', async () => {
    const walks = await Promise.all(
      COUNTRIES.map(async (country) => {
        const asks: (() => Promise<Seen>)[] = []
        for (const kind of KINDS) asks.push(await walk(kind, country))
        return asks
      }),
    )
    const rows: string[] = []
    for (const [place, country] of COUNTRIES.entries())
      for (const [index, { name }] of KINDS.entries()) {
        const seen = await walks[place]?.[index]?.()
        rows.push(`| ${[name, REGIONS[country], ...Object.values(seen ?? {})].join(' | ')} |`)
      }
    const [, table = ''] = /<!-- walked -->\n([\s\S]*?)<!-- \/walked -->/.exec(readFileSync(PAGE, 'utf8')) ?? []
    expect(table.trim().split('\n').slice(2)).toEqual(rows)
  })

  it('counts a purchase as told by no browser where the pixel was silent and it went out all the same', async () => {
    const recovered = (await demo.engine.runtime.store.rollups(shop.shop, 0))
      .filter(({ name, connection }) => name === 'order_placed' && connection === pinterest.id)
      .map((rollup) => rollup.recovered?.noBrowser.count ?? 0)
    expect(recovered.reduce((all, count) => all + count, 0)).toBe(1)
  })
})
