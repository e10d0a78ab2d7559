import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CaptureStub, isSigned, startCaptureStub } from '../capture-stub.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { createBooks } from '../shopify/admin/books.ts'
import { type DemoStore, startDemoStore } from './demo-store.ts'

const SECRET = 'hush'
let folder: string
let capture: CaptureStub
let sandbox: Sandbox
let store: DemoStore
const books = createBooks()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-store-'))
  const pixelPath = join(folder, 'pixel.js')
  await writeFile(pixelPath, 'shopify.extend("WebPixel::Render", () => {})')
  capture = await startCaptureStub()
  sandbox = await startSandbox({ port: 0 })
  store = await startDemoStore({
    port: 0,
    beaconUrl: `${capture.url}/b/1`,
    webhookUrl: `${capture.url}/webhooks/shopify`,
    webhookSecret: SECRET,
    shop: 'demo.myshopify.com',
    sandboxUrl: sandbox.url,
    pixelPath,
    books,
  })
})
afterAll(async () => {
  await Promise.all([store.close(), sandbox.close(), capture.close()])
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  capture.arrivals.length = 0
  capture.answerWith(() => 200)
})

/** A visitor without scripts: keeps the session cookie and follows by hand. */
const visitor = () => {
  let cookie = ''
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...(cookie ? { cookie } : {}), 'user-agent': 'Mozilla/5.0 (test)', 'accept-language': 'en-US,en' }
    const answer = await fetch(store.url + path, { redirect: 'manual', ...init, headers })
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('demo_session='))
    if (set) cookie = set.split(';')[0] ?? ''
    return answer
  }
  return {
    request,
    post: (path: string, fields: Record<string, string> = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields) }),
    pageData: async (path: string) => {
      const text = await (await request(path)).text()
      return JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(text)?.[1] ?? '')
    },
  }
}

const ADDRESS = { firstName: 'Maya', lastName: 'Okafor', address1: '1480 Larkspur Ave', zip: '97214', city: 'Portland' }

const buy = async (someone: ReturnType<typeof visitor>) => {
  await someone.request('/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ')
  await someone.post('/cart/add', { id: '44120000000111', quantity: '2' })
  const checkout = (await someone.post('/checkout')).headers.get('location') ?? ''
  const started = await someone.pageData(checkout)
  const { token } = started.events[1].data.checkout
  await someone.post(`/checkouts/${token}/contact`, { email: 'maya.okafor@example.com', phone: '+15035550142' })
  await someone.post(`/checkouts/${token}/address`, ADDRESS)
  await someone.post(`/checkouts/${token}/shipping`)
  const paid = (await (await someone.post(`/checkouts/${token}/payment`)).json()) as { goTo: string }
  const thanks = await someone.pageData(paid.goTo)
  await store.settled()
  return { token, started, thanks, goTo: paid.goTo }
}

const topics = () => capture.arrivals.map(({ headers }) => headers['x-shopify-topic'])

describe('a purchase', () => {
  it('is told by signed webhooks, out of order and one of them twice', async () => {
    const { token } = await buy(visitor())
    expect(topics()).toEqual([
      'carts/create',
      'checkouts/create',
      'checkouts/update',
      'checkouts/update',
      'checkouts/update',
      'orders/updated',
      'orders/create',
      'orders/create',
      'orders/paid',
    ])
    expect(capture.arrivals.every((arrival) => isSigned(arrival, SECRET))).toBe(true)
    const [first, second] = capture.arrivals.filter(({ headers }) => headers['x-shopify-topic'] === 'orders/create')
    expect(second?.headers['x-shopify-webhook-id']).toBe(first?.headers['x-shopify-webhook-id'])
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      checkout_token: token,
      email: 'maya.okafor@example.com',
      landing_site: '/products/trail-lantern?epik=dj0yJnU9RXhhbXBsZQ',
      client_details: { user_agent: 'Mozilla/5.0 (test)', browser_ip: expect.stringMatching(/^203\.0\.113\.\d+$/) },
      total_price: '105.99',
    })
  })

  it('is told to the pixels on its pages, with the token and id that the webhooks have', async () => {
    const { token, started, thanks } = await buy(visitor())
    const order = store.orders().at(-1)
    expect(started.events[1]).toMatchObject({ name: 'checkout_started', data: { checkout: { token } } })
    expect(thanks.events[1]).toMatchObject({
      name: 'checkout_completed',
      data: { checkout: { token, order: { id: order?.id } } },
    })
  })

  it('carries what apps noted on the cart, and not what they took back', async () => {
    const someone = visitor()
    const note = (attributes: object) =>
      someone.request('/cart/update.js', { method: 'POST', body: JSON.stringify({ attributes }) })
    await note({ _fbp: 'fb.1.1763690400000.123', _epik: 'click' })
    await note({ _epik: '' })
    await buy(someone)
    const created = capture.arrivals.find(({ headers }) => headers['x-shopify-topic'] === 'orders/create')
    expect(JSON.parse(created?.body ?? '').note_attributes).toEqual([{ name: '_fbp', value: 'fb.1.1763690400000.123' }])
  })

  it('is published once, however often the thank-you page is opened', async () => {
    const someone = visitor()
    const { goTo } = await buy(someone)
    const again = await someone.pageData(goTo)
    expect(again.events.map(({ name }: { name: string }) => name)).toEqual(['page_viewed'])
  })

  it('introduces the buyer to the platform', async () => {
    await buy(visitor())
    expect(await (await fetch(sandbox.url)).text()).toMatch(/one of [1-9]\d* people/)
  })

  it('and its refund are in Shopify’s books as the webhooks tell them', async () => {
    await buy(visitor())
    const order = store.orders().at(-1)
    expect(books.find(order?.id ?? '')).toMatchObject({ order, status: 'PAID', refunds: [] })
    store.refund(order?.id ?? '')
    await store.settled()
    const told = capture.arrivals.find(({ headers }) => headers['x-shopify-topic'] === 'refunds/create')
    const { id } = JSON.parse(told?.body ?? '') as { id: number }
    expect(books.find(order?.id ?? '')).toMatchObject({ status: 'REFUNDED', refunds: [{ id: String(id) }] })
  })

  it('can be refunded', async () => {
    await buy(visitor())
    const order = store.orders().at(-1)
    expect(store.refund(order?.id ?? '')).toBe(true)
    await store.settled()
    expect(topics().slice(-2)).toEqual(['refunds/create', 'orders/updated'])
    expect(store.refund('1')).toBe(false)
  })
})

it('delivers again, under the same id, what was not answered with a 2xx', async () => {
  let refusals = 1
  capture.answerWith(() => (refusals-- > 0 ? 503 : 200))
  await visitor().post('/cart/add', { id: '44120000000111' })
  await store.settled()
  const ids = capture.arrivals.map(({ headers }) => headers['x-shopify-webhook-id'])
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
  expect(store.deliveries().at(-1)).toMatchObject({ tries: 2, status: 200 })
})

describe('consent', () => {
  const ALL = { analyticsProcessingAllowed: true, marketingAllowed: true, preferencesProcessingAllowed: true }
  it.each([
    ['?country=US', { ...ALL, saleOfDataAllowed: true }],
    ['?country=DE', { analyticsProcessingAllowed: false, marketingAllowed: false, saleOfDataAllowed: false }],
    ['?country=DE&consent=accept', { ...ALL, saleOfDataAllowed: true }],
    ['?country=US&consent=optout', { ...ALL, saleOfDataAllowed: false }],
    ['?country=US&consent=refuse', { analyticsProcessingAllowed: false, marketingAllowed: false }],
  ])('%s', async (query, privacy) => {
    expect((await visitor().pageData(`/${query}`)).privacy).toMatchObject(privacy)
  })

  it('asks only where it must, and takes the answer', async () => {
    const someone = visitor()
    expect(await (await someone.request('/?country=DE')).text()).toContain('class="banner"')
    expect(await (await someone.post('/consent', { choice: 'accept' })).json()).toMatchObject({ privacy: ALL })
    expect(await (await someone.request('/')).text()).not.toContain('class="banner"')
    expect(await (await visitor().request('/?country=US')).text()).not.toContain('class="banner"')
  })
})

describe('pages', () => {
  it.each([
    ['/', ['page_viewed', 'collection_viewed']],
    ['/products/trail-lantern', ['page_viewed', 'product_viewed']],
    ['/search?q=wool', ['page_viewed', 'search_submitted']],
    ['/cart', ['page_viewed', 'cart_viewed']],
  ])('%s publishes %j', async (path, names) => {
    const { events } = await visitor().pageData(path)
    expect(events.map(({ name }: { name: string }) => name)).toEqual(names)
  })

  it('show prices in the currency of the country', async () => {
    expect(await (await visitor().request('/products/trail-lantern?country=JP')).text()).toContain('¥7,350')
  })

  it('escape what a visitor types', async () => {
    const text = await (
      await visitor().request(`/search?q=${encodeURIComponent('</script><script>alert(1)</script>')}`)
    ).text()
    expect(text).not.toContain('<script>alert')
  })

  it('answer 404 where nothing is', async () => {
    expect((await visitor().request('/products/none')).status).toBe(404)
    expect((await visitor().request('/nowhere')).status).toBe(404)
  })
})

describe('refuses', () => {
  it('quantities and products that do not exist', async () => {
    expect((await visitor().post('/cart/add', { id: '1' })).status).toBe(400)
    expect((await visitor().post('/cart/add', { id: '44120000000111', quantity: '1000' })).status).toBe(400)
  })

  it("forms of another site's page", async () => {
    const answer = await fetch(`${store.url}/shoppers`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ count: '1' }),
    })
    expect(answer.status).toBe(403)
  })
})

it('sends simulated shoppers from its footer', async () => {
  const answer = await visitor().post('/shoppers', { count: '3' })
  expect(await answer.json()).toEqual({
    message: expect.stringMatching(/^3 shoppers sent \d+ beacons and \d+ webhooks\..*Look at the Converlay dashboard/),
  })
})
