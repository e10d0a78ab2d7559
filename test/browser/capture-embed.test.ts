import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PROXY_PATH } from '../../src/http/capture.ts'
import { type CaptureWorld, captureWorld, SECRET } from '../../src/http/capture-double.ts'
import { SHOP } from '../../src/pipeline/double.ts'
import { browserPath } from '../browser-path.ts'
import { until } from '../harness.ts'
import { PATIENCE } from './browsed-demo.ts'

const SCRIPT = readFileSync(
  new URL('../../extensions/capture-embed/assets/converlay-visits.js', import.meta.url),
  'utf8',
)
const STORE = 'https://northfern.example'
const LANTERN = `${STORE}/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ`

/** A visitor as the page meets one. */
interface Visitor {
  /** The market that the page is shown for, which need not be where the visitor is. */
  readonly country: string
  readonly timezoneId: string
  /** Shopify's answer about consent; absent: its script is blocked. */
  readonly privacy?: { readonly analytics: boolean; readonly marketing: boolean }
  /** The web pixel runs in spite of all. */
  readonly pixel?: boolean
  readonly hasCart?: boolean
}

const AMERICAN = { country: 'US', timezoneId: 'America/Los_Angeles' }
const GERMAN = { country: 'DE', timezoneId: 'Europe/Berlin' }

/** What the block writes into the page. */
const block = ({ country, hasCart = false }: Visitor) => ({
  country,
  asked: 'AT DE FR',
  hasCart,
  store: { country: 'US', currency: 'USD', url: STORE },
  variant: {
    id: '44120000000111',
    title: 'Green',
    price: { amount: 49, currencyCode: 'USD' },
    product: {
      id: '8120000000011',
      title: 'Trail Lantern',
      vendor: 'North Fern',
      type: 'Lanterns',
      url: '/products/trail-lantern',
    },
  },
})

const pageOf = (visitor: Visitor): string => {
  const { privacy, pixel } = visitor
  const said = privacy && {
    analyticsProcessingAllowed: privacy.analytics,
    marketingAllowed: privacy.marketing,
    preferencesProcessingAllowed: false,
    saleOfDataAllowed: privacy.marketing,
  }
  return `<!doctype html><title>Trail Lantern</title>
<script>
  const said = ${JSON.stringify(said ?? null)}
  window.Shopify = { loadFeatures: (features, done) => {
    if (said) Shopify.customerPrivacy = Object.fromEntries(Object.entries(said).map(([name, is]) => [name, () => is]))
    done()
  } }
  ${pixel ? "sessionStorage.setItem('converlay_landing', '{}')" : ''}
</script>
<script type="application/json" id="converlay-visits">${JSON.stringify(block(visitor))}</script>
<script>${SCRIPT}</script>`
}

describe('the capture embed in a real browser', { timeout: PATIENCE }, () => {
  let browser: Browser
  let world: CaptureWorld
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox', '--disable-gpu'] })
  }, 90_000)
  afterAll(() => browser?.close())
  beforeEach(async () => {
    world = await captureWorld()
  })
  afterEach(() => world.stop())

  /** As Shopify does with what is posted below /apps/visit. */
  const passOn = async (body: string): Promise<number> => {
    const pairs = {
      logged_in_customer_id: '',
      path_prefix: '/apps/visit',
      shop: SHOP,
      timestamp: String(Math.floor(world.clock.now() / 1000)),
    }
    const text = Object.entries(pairs)
      .map(([name, value]) => `${name}=${value}`)
      .join('')
    const signature = createHmac('sha256', SECRET).update(text).digest('hex')
    const path = `${PROXY_PATH}?${new URLSearchParams({ ...pairs, signature })}`
    const { status } = await world.ask('POST', path, { 'x-forwarded-for': '203.0.113.9, 198.51.100.1' }, body)
    return status
  }

  /** Looks at a product until the wait is over, or leaves before; what is in the log when so many posts came. */
  const look = async (visitor: Visitor, posts: number, leaves = false) => {
    const context = await browser.newContext({ timezoneId: visitor.timezoneId })
    const posted: Promise<number>[] = []
    await context.route(`${STORE}/**`, async (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/cart.js') return route.fulfill({ json: { token: 'hWN7k2QmZr4TtXb9LcVfPdSa?key=0f1e' } })
      if (pathname !== '/apps/visit') return route.fulfill({ contentType: 'text/html', body: pageOf(visitor) })
      const passed = passOn(route.request().postData() ?? '')
      posted.push(passed)
      await route.fulfill({ status: await passed })
    })
    const page = await context.newPage()
    await page.clock.install({ time: world.clock.now() })
    await page.goto(LANTERN)
    if (!leaves) await page.clock.runFor(5000)
    // Who leaves is told of then, unless that was done; where nothing may be told nothing is told then either.
    await page.evaluate("dispatchEvent(new Event('pagehide'))")
    await until(`${posts} posts`, () => posted.length >= posts)
    await context.close()
    const statuses = await Promise.all(posted)
    return { statuses, events: (await world.store.read(SHOP, 0, 9)).map(({ event }) => event) }
  }

  it('tells of a visitor whose pixel and consent script are blocked, where nobody need be asked', async () => {
    const { events } = await look({ ...AMERICAN, hasCart: true }, 1)
    expect(events.slice(0, 2)).toMatchObject([
      {
        name: 'page_viewed',
        flags: ['capture_embed'],
        identity: { ip: '203.0.113.9', clientId: expect.stringMatching(/^cv-/) },
        ids: { epik: 'dj0yJnU9RXhhbXBsZQ' },
        page: { title: 'Trail Lantern' },
        commerce: { cartToken: 'hWN7k2QmZr4TtXb9LcVfPdSa' },
      },
      { name: 'product_viewed', commerce: { items: [{ variantId: '44120000000111', price: '49.00' }] } },
    ])
  })

  it('tells of a visitor who leaves before the wait is over', async () => {
    const { events } = await look(AMERICAN, 1, true)
    expect(events.map((event) => event?.name)).toEqual(['page_viewed', 'product_viewed'])
  })

  it('tells what was allowed where consent must be asked for', async () => {
    const { events } = await look({ ...GERMAN, privacy: { analytics: true, marketing: true } }, 1)
    expect(events[0]).toMatchObject({ consent: { analytics: true, marketing: true, saleOfData: true } })
  })

  it.each<readonly [string, Visitor]>([
    ['whose answer is not known where consent must be asked for', GERMAN],
    ['in Europe whom the page shows another market', { ...AMERICAN, timezoneId: 'Europe/Berlin' }],
    ['who refused', { ...AMERICAN, privacy: { analytics: true, marketing: false } }],
    ['whose pixel runs: it tells more', { ...AMERICAN, pixel: true }],
  ])('posts nothing of a visitor %s', async (_what, visitor) => {
    expect(await look(visitor, 0)).toEqual({ statuses: [], events: [] })
  })
})
