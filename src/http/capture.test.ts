import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHOP } from '../pipeline/double.ts'
import { openRequests } from '../pipeline/requests.ts'
import { StoreFault } from '../store/store.ts'
import { BEACON_PATH, WEBHOOK_PATH } from './capture.ts'
import { BEACON, type CaptureWorld, captureWorld, OLD_SECRET, ORDER, refused, sign, VIEW } from './capture-double.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await captureWorld()
})
afterEach(() => world.stop())

describe('a webhook', () => {
  it('with a valid signature of a known shop is stored and answered 200', async () => {
    expect(await world.webhook(ORDER)).toMatchObject({ status: 200, text: '' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.id).toBe('pur_6120000000001')
    const kept = await world.store.message(SHOP, 'delivery-1')
    expect(Buffer.from(kept?.body ?? '').equals(ORDER)).toBe(true)
  })

  it('may be signed with the secret before the rotation', async () => {
    expect((await world.webhook(ORDER, { 'x-shopify-hmac-sha256': sign(ORDER, OLD_SECRET) })).status).toBe(200)
    expect(await world.head()).toBe(1)
  })

  it('may have headers without the prefix X-', async () => {
    const told = await world.ask(
      'POST',
      WEBHOOK_PATH,
      {
        'shopify-topic': 'orders/create',
        'shopify-shop-domain': SHOP,
        'shopify-webhook-id': 'delivery-2',
        'shopify-hmac-sha256': sign(ORDER),
      },
      ORDER,
    )
    expect(told.status).toBe(200)
    expect(await world.head()).toBe(1)
  })

  it.each([
    ['a signature of other bytes', { 'x-shopify-hmac-sha256': sign('other') }],
    ['a signature with another secret', { 'x-shopify-hmac-sha256': sign(ORDER, 'guessed') }],
    ['a signature that is none', { 'x-shopify-hmac-sha256': 'not base64' }],
    ['an empty signature', { 'x-shopify-hmac-sha256': '' }],
    ['two signatures', { 'x-shopify-hmac-sha256': [sign(ORDER), sign(ORDER)] }],
  ])('with %s is answered 401 and leaves nothing', async (_, headers) => {
    expect(refused(await world.webhook(ORDER, headers))).toBe(401)
    expect(await world.head()).toBe(0)
    expect(world.intake.dropped.count).toBe(0)
  })

  it('without a signature is answered 401', async () => {
    expect(refused(await world.ask('POST', WEBHOOK_PATH, { 'x-shopify-shop-domain': SHOP }, ORDER))).toBe(401)
  })

  it('of a shop we do not know is dropped and counted, and still answered 200', async () => {
    const unknown = { 'x-shopify-shop-domain': 'other.myshopify.com' }
    expect((await world.webhook(ORDER, unknown)).status).toBe(200)
    expect((await world.webhook('not even JSON', unknown)).status).toBe(200)
    expect((await world.webhook(ORDER, { 'x-shopify-shop-domain': 'evil.example.com' })).status).toBe(200)
    expect(world.intake.dropped.count).toBe(3)
    expect((await world.store.shops()).map(({ shop }) => shop)).toEqual([SHOP])
  })

  it.each(['customers/data_request', 'customers/redact', 'shop/redact'])(
    '%s of a shop we do not know is kept on record',
    async (topic) => {
      const body = JSON.stringify({ shop_domain: 'gone.myshopify.com' })
      expect((await world.webhook(body, { 'x-shopify-shop-domain': 'gone.myshopify.com' }, topic)).status).toBe(200)
      const [shop] = (await world.store.shops()).filter((one) => one.shop !== SHOP)
      if (!shop) expect.fail('the shop is not on record')
      expect(await openRequests(world.store, shop.shop, 9)).toMatchObject([{ request: { by: 'shopify' } }])
      expect(world.intake.dropped.count).toBe(0)
      expect(shop.installedAt).toBe(0)
    },
  )

  it('repeated is answered 200 and stored once', async () => {
    for (let n = 0; n < 3; n++) expect((await world.webhook(ORDER)).status).toBe(200)
    expect(await world.head()).toBe(1)
  })
})

describe('a beacon', () => {
  it('is stored and answered 204 to any page', async () => {
    const told = await world.beacon()
    expect(told).toMatchObject({ status: 204, text: '' })
    expect(told.headers['access-control-allow-origin']).toBe('*')
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.id).toBe('sh-000001')
  })

  it.each([
    ['a shop we do not know', { ...BEACON, shop: 'other.myshopify.com' }],
    ['no shop', { v: 1, events: [VIEW] }],
    ['a shop that is none', { ...BEACON, shop: { toString: 'x' } }],
    ['a list', [BEACON]],
  ])('of %s is answered 404 without a detail', async (_, body) => {
    const told = await world.beacon(body)
    expect([told.status, told.text]).toEqual([404, '{"error":"Not found."}\n'])
    expect(told.headers['access-control-allow-origin']).toBe('*')
  })

  it('of a shop that is on record but not installed is answered 404', async () => {
    const other = 'gone.myshopify.com' as typeof SHOP
    await world.store.saveShop({ shop: other, facts: {}, installedAt: 0 })
    expect((await world.beacon({ ...BEACON, shop: other })).status).toBe(404)
  })

  it('that holds nothing to keep is answered 204', async () => {
    expect((await world.beacon({ ...BEACON, events: [] })).status).toBe(204)
    expect(await world.head()).toBe(0)
  })

  it('may be announced with a preflight', async () => {
    const told = await world.ask('OPTIONS', BEACON_PATH, {
      origin: 'https://northfern.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    })
    expect(told.status).toBe(204)
    expect(told.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    })
  })

  it('has the address that the trusted proxy saw', async () => {
    await world.beacon(BEACON, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.identity).toMatchObject({
      ip: '203.0.113.9',
      userAgent: 'Phone/1.0',
    })
  })

  it('has the sender’s own address where no proxy is trusted, whatever the sender claims', async () => {
    await world.restart({ trustedProxies: [] })
    await world.beacon(BEACON, { 'x-forwarded-for': '198.51.100.1' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.identity?.ip).toBe('127.0.0.1')
  })
})

describe('the store', () => {
  const failWith = (fault: Error) => {
    world.store.append = () => Promise.reject(fault)
  }

  it.each([
    ['busy', new StoreFault('busy', 'more arrives than the disk takes'), '2'],
    ['full', new StoreFault('full', 'no space'), '60'],
    ['broken', new StoreFault('broken', 'EIO'), '30'],
    ['away', new StoreFault('away', 'connection refused'), '5'],
  ])('that is %s: 503 with Retry-After, nothing appended', async (_, fault, after) => {
    failWith(fault)
    for (const told of [await world.webhook(ORDER), await world.beacon()]) {
      expect(refused(told)).toBe(503)
      expect(told.headers['retry-after']).toBe(after)
    }
    expect(await world.head()).toBe(0)
    expect(await world.store.message(SHOP, 'delivery-1')).toBeUndefined()
  })

  it('that is full when a shop is looked up: 503 as well', async () => {
    world.store.shop = () => Promise.reject(new StoreFault('full', 'no space'))
    expect(refused(await world.beacon())).toBe(503)
    expect(refused(await world.webhook(ORDER))).toBe(503)
  })

  it('that works again takes the same webhook', async () => {
    const { append } = world.store
    failWith(new StoreFault('full', 'no space'))
    expect((await world.webhook(ORDER)).status).toBe(503)
    world.store.append = append
    expect((await world.webhook(ORDER)).status).toBe(200)
    expect(await world.head()).toBe(1)
  })

  it('that fails for a bug: 500 that gives nothing away', async () => {
    failWith(new Error('maya@example.com at row 7'))
    const told = await world.beacon()
    expect(refused(told)).toBe(500)
    expect(told.text).not.toContain('maya')
  })

  it('is waited for: no answer before the append has resolved', async () => {
    const { append } = world.store
    let flush = () => {}
    const flushed = new Promise<void>((resolve) => {
      flush = resolve
    })
    let reached = () => {}
    const appending = new Promise<void>((resolve) => {
      reached = resolve
    })
    world.store.append = async (arrival) => {
      reached()
      await flushed
      return append(arrival)
    }
    let answered = false
    const answer = world.beacon().then((told) => {
      answered = true
      return told
    })
    await appending
    // A whole request and answer of its own passes meanwhile.
    expect((await world.ask('GET', '/live')).status).toBe(200)
    expect(answered).toBe(false)
    flush()
    expect((await answer).status).toBe(204)
  })

  it('behind which too much waits to be learned: 503 until it has caught up', async () => {
    await world.restart({ behind: true })
    const told = await world.beacon()
    expect(refused(told)).toBe(503)
    expect(told.headers['retry-after']).toBe('5')
    expect(await world.head()).toBe(0)
  })
})

it('closing answers what is running and then lets kept-alive connections go', async () => {
  const { append } = world.store
  let flush = () => {}
  const flushed = new Promise<void>((resolve) => {
    flush = resolve
  })
  let reached = () => {}
  const appending = new Promise<void>((resolve) => {
    reached = resolve
  })
  world.store.append = async (arrival) => {
    reached()
    await flushed
    return append(arrival)
  }
  const answer = world.beacon()
  await appending
  const closed = world.closeCapture()
  flush()
  expect((await answer).status).toBe(204)
  await closed
})
