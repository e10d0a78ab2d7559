import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Shop, shopFrom } from '../event/event.ts'
import { purchaseId, refundId } from '../event/event-ids.ts'
import { StoreFault } from '../store/store.ts'
import { type Carts, startCarts } from './carts.ts'
import { NOW, SHOP, type Small, smallWorld } from './double.ts'
import { type Answer, type Intake, takeBeacon, takeWebhook } from './intake.ts'
import { type Projector, startProjector } from './projector.ts'

const SECRET = 'the-secret'
const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../sources/samples/${name}.json`, import.meta.url), 'utf8'))
const ORDER: Record<string, unknown> = { ...sample('order_create'), cart_token: 'cart-of-the-order' }
const REFUND = sample('refund_create')

let world: Small
let projector: Projector
let carts: Carts
let intake: Intake
beforeEach(async () => {
  world = await smallWorld()
  projector = await startProjector(world.runtime)
  carts = startCarts(world.runtime, projector)
  intake = {
    runtime: world.runtime,
    projector,
    carts,
    secrets: [SECRET],
    dropped: { count: 0 },
    shops: new Map(),
    keys: new Map(),
  }
})
afterEach(async () => {
  await Promise.all([carts.stop(), world.clock.turn(0)])
  await projector.stop()
})

let deliveries = 0
const webhook = (topic: string, body: object, shop: string = SHOP): Promise<Answer> => {
  const bytes = Buffer.from(JSON.stringify(body))
  return takeWebhook(intake, {
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shop,
      'x-shopify-webhook-id': `delivery-${++deliveries}`,
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(bytes).digest('base64'),
    },
    body: bytes,
  })
}
const beacon = (body: object): Promise<Answer> =>
  takeBeacon(intake, {
    body: Buffer.from(JSON.stringify({ v: 1, shop: SHOP, ...body })),
    ip: '203.0.113.7',
    userAgent: 'Phone/1.0',
  })
const eventOf = async (id: ReturnType<typeof purchaseId>) => {
  const seq = await world.store.seqOf(SHOP, id)
  return seq === undefined ? undefined : (await world.store.read(SHOP, seq - 1, 1))[0]
}

describe('a choice of consent that comes by itself', () => {
  const refused = { analytics: true, marketing: false, preferences: false, saleOfData: true }
  const choose = (marketing: boolean, seconds = 0) =>
    beacon({
      events: [],
      clientId: 'phone',
      consent: { ...refused, marketing },
      sentAt: new Date(NOW + seconds * 1000).toISOString(),
    })
  const known = async () => (await world.store.identities(SHOP, ['client:phone'])).get('client:phone')?.consent

  it('is written when it is answered, and is no event', async () => {
    expect(await choose(false)).toEqual({ status: 204 })
    expect(await known()).toMatchObject({ ...refused, source: 'web-pixel', at: new Date(NOW).toISOString() })
    expect(await world.store.head(SHOP)).toBe(0)
  })

  it('that was made before the one that is known changes nothing', async () => {
    await choose(false, 60)
    await choose(true, 30)
    expect(await known()).toMatchObject({ marketing: false })
    await choose(true, 90)
    expect(await known()).toMatchObject({ marketing: true })
  })

  it('that refuses counts though a clock was set back since the browser allowed it', async () => {
    await choose(true, 60)
    await choose(false, -3600)
    expect(await known()).toMatchObject({ marketing: false, at: new Date(NOW + 60_001).toISOString() })
    await choose(false, -3500)
    expect(await known()).toMatchObject({ at: new Date(NOW + 60_001).toISOString() })
    await choose(true, 90)
    expect(await known()).toMatchObject({ marketing: true })
  })

  it('stands against what the browser’s earlier events said, though they are looked at later', async () => {
    const event = { id: 'sh-000001', clientId: 'phone', name: 'page_viewed', timestamp: new Date(NOW).toISOString() }
    await beacon({ events: [{ ...event, context: {} }], consent: { ...refused, marketing: true } })
    await choose(false, 1)
    await world.clock.turn(3000)
    expect(await known()).toMatchObject({ marketing: false })
    expect((await world.store.identities(SHOP, ['client:phone'])).get('client:phone')).toMatchObject({
      ip: '203.0.113.7',
    })
  })

  it('is not acknowledged when it could not be written', async () => {
    world.store.saveProjection = () => Promise.reject(new StoreFault('full', 'full'))
    await expect(choose(false)).rejects.toThrow(StoreFault)
  })
})

describe('the shop that a signed body names', () => {
  it.each([
    ['customers/redact', { shop_id: 1, shop_domain: 'other.myshopify.com', customer: { id: 1 } }],
    ['shop/update', { domain: 'northfern.example', myshopify_domain: 'other.myshopify.com' }],
    ['app/uninstalled', { domain: 'other.myshopify.com' }],
  ])('is another than the header says: %s is answered 401 and not stored', async (topic, body) => {
    expect(await webhook(topic, body)).toMatchObject({ status: 401 })
    expect(await world.store.message(SHOP, `delivery-${deliveries}`)).toBeUndefined()
    const unknown = await webhook(topic, body, 'third.myshopify.com')
    expect(unknown.status).toBe(topic === 'customers/redact' ? 401 : 200)
    expect(await world.store.shops()).toHaveLength(1)
  })

  it('is the one of the header: the message is taken', async () => {
    expect(await webhook('shop/update', { domain: 'northfern.example', myshopify_domain: SHOP })).toEqual({
      status: 200,
    })
    expect(await world.store.message(SHOP, `delivery-${deliveries}`)).toBeDefined()
  })
})

it('a compliance request of a shop that was installed a moment ago changes nothing of it', async () => {
  const fresh = shopFrom('fresh.myshopify.com') as Shop
  const facts = { country: 'US', currency: 'USD' }
  await webhook('orders/create', ORDER, fresh)
  expect(intake.dropped.count).toBe(1)
  await world.store.saveShop({ shop: fresh, facts, installedAt: NOW })
  expect(await webhook('customers/redact', { shop_domain: fresh }, fresh)).toEqual({ status: 200 })
  expect(await world.store.shop(fresh)).toMatchObject({ facts, installedAt: NOW })
})

describe('erasing a customer', () => {
  const customer = String((ORDER.customer as { id: number }).id)
  const order = purchaseId(String(ORDER.id))
  const refund = refundId(String(REFUND.id))

  it.each([
    ['after its order', ['orders/create', 'refunds/create'] as const],
    ['before its order', ['refunds/create', 'orders/create'] as const],
  ])('takes a refund that came %s, and its message', async (_, topics) => {
    for (const topic of topics) await webhook(topic, topic === 'orders/create' ? ORDER : REFUND)
    const messages = [`delivery-${deliveries - 1}`, `delivery-${deliveries}`]
    await world.clock.turn(3000)
    expect((await eventOf(refund))?.event).toBeDefined()
    await projector.forget(SHOP, [customer])
    expect((await eventOf(refund))?.gone).toBe('redacted')
    expect((await eventOf(order))?.gone).toBe('redacted')
    for (const message of messages) expect(await world.store.message(SHOP, message)).toBeUndefined()
  })

  it('takes the cart of the order: its states, what it gained, and what is remembered of it', async () => {
    const cart = { ...sample('cart_update'), token: 'cart-of-the-order', id: 'cart-of-the-order' }
    await webhook('carts/update', { ...cart, updated_at: new Date(NOW).toISOString() })
    await webhook('orders/create', ORDER)
    await world.clock.turn(60_000)
    expect((await world.store.identities(SHOP, ['cart:cart-of-the-order'])).size).toBe(1)
    const before = await world.store.read(SHOP, 0, 9)
    expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['cart_updated', 'product_added']))
    await projector.forget(SHOP, [customer])
    expect((await world.store.identities(SHOP, ['cart:cart-of-the-order'])).size).toBe(0)
    expect((await world.store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(before.map(() => 'redacted'))
  })
})
